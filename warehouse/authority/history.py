"""What was decided about one row or one unit, from the annexes to the last entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from warehouse.authority.changes import Change, apply_changes
from warehouse.authority.model import Authority

__all__ = ["Entry", "history_of"]


@dataclass(frozen=True)
class Entry:
    """From `effective` on `what` holds, by `document`; `in_force`: whether that day has come."""

    effective: date
    what: str
    document: str
    note: str
    in_force: bool


def history_of(code: str, issued: Authority, changes: Sequence[Change], on: date) -> list[Entry]:
    """Of a row (A2-08, S01, A3-24) or a unit (its id), oldest first; `on` is the day asked for.

    Units bear the names they had on the day of the entry. Raises `KeyError` where there is no such
    row or unit.
    """
    found = []
    if (words := _issued_words(code, issued)) is not None:
        found.append(
            Entry(issued.effective_from, words, issued.number, "", issued.effective_from <= on)
        )
    found += [
        Entry(
            change.effective,
            _words(change, apply_changes(issued, changes, change.effective)),
            change.document,
            change.note,
            change.effective <= on,
        )
        for change in changes
        if change.subject == code
    ]
    if not found:
        raise KeyError(code)
    return found


def _issued_words(code: str, issued: Authority) -> str | None:
    if code in issued.units:
        return f"名称：{issued.unit_title(code)}"
    for dataset in issued.datasets:
        if dataset.code == code:
            return f"{dataset.title}，责任单位：{_names(dataset.owner_ids, issued)}"
    for system in issued.systems:
        if system.code == code:
            return f"{system.title}，责任单位：{_names((system.owner_id,), issued)}"
    for item in issued.items:
        if item.code == code:
            deadline = item.deadline or "（空）"
            return (
                f"{item.title}，负责部门：{_names((item.owner_id,), issued)}，完成时间：{deadline}"
            )
    return None


def _words(change: Change, then: Authority) -> str:
    values = change.values
    if change.kind == "unit":
        return f"名称：{values['name']}"
    if change.kind == "deadline":
        return f"完成时间：{values['deadline']}"
    if change.kind == "window":
        return f"修改权限：{values['window']}"
    owners = f"责任单位：{_names(values['owners'], then)}"
    return f"新增 {values['name']}，{owners}" if change.kind == "row" else owners


def _names(units: Sequence[str], authority: Authority) -> str:
    return "、".join(authority.unit_title(unit) for unit in units)
