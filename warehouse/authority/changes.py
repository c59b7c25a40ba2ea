"""Dated changes to the annexes: an owner, a unit's name, a new row, a deadline, an edit window.

A change is an entry with its own day of effect, never an edit of `annexes.yaml`; what was in force
on any day can always be said. `changes.yaml` of the package comes first, `authority.yaml` of the
data home after it, and within one day the order of the entries counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from warehouse.authority.model import Authority, Dataset, System
from warehouse.authority.windows import read_window
from warehouse.errors import AuthorityError

__all__ = ["Change", "apply_changes", "read_changes"]

_KEYS = {
    "owner": ({"row", "owners"}, set()),
    "unit": ({"unit", "name"}, set()),
    "row": ({"row", "id", "name", "owners"}, set()),
    "deadline": ({"row", "deadline"}, set()),
    "window": ({"row", "window"}, set()),
}
_COMMON, _OPTIONAL = {"effective", "change", "document"}, {"note"}
_CODE = re.compile(r"(A2-[0-9]{2,3}|S[0-9]{2,3})")
_ID = re.compile(r"[a-z][a-z0-9_]{1,47}")


@dataclass(frozen=True)
class Change:
    """One entry. `kind` is owner, unit, row, deadline or window; `subject` the row's code or the
    unit's id; `values` the entry's other words. `place` names file and entry, for messages."""

    effective: date
    kind: str
    subject: str
    values: Mapping[str, Any]
    document: str
    note: str
    place: str


def read_changes(files: Iterable[Path]) -> tuple[Change, ...]:
    """The entries of all files that are there, in the order in which they take effect.

    Raises `AuthorityError` with every entry that cannot be understood.
    """
    found: list[Change] = []
    problems: list[str] = []
    for file in files:
        if not file.is_file():
            continue
        try:
            listed = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        except (yaml.YAMLError, UnicodeDecodeError):
            problems.append(f"{file.name} cannot be read as YAML in UTF-8")
            continue
        entries = listed.get("changes") if isinstance(listed, dict) else None
        if not isinstance(entries, list | None) or set(listed) - {"changes"}:
            problems.append(f"{file.name} must hold one list called changes and nothing else")
            continue
        for number, entry in enumerate(entries or [], 1):
            place = f"{file.name}, entry {number}"
            if faults := _faults(entry):
                problems += [f"{place}: {fault}" for fault in faults]
            else:
                found.append(_change(entry, place))
    if problems:
        raise AuthorityError(problems)
    return tuple(sorted(found, key=lambda change: change.effective))


def _faults(entry: Any) -> list[str]:
    if not isinstance(entry, dict) or entry.get("change") not in _KEYS:
        return [f"change must be one of {', '.join(_KEYS)}"]
    needed = _COMMON | _KEYS[entry["change"]][0]
    faults = [f"{key} is missing" for key in sorted(needed - set(entry))]
    faults += [f"{key} is not known here" for key in sorted(set(entry) - needed - _OPTIONAL)]
    if type(entry.get("effective", date.min)) is not date:
        faults.append("effective is no date, for example 2027-01-01")
    owners = entry.get("owners", ["one"])
    if not isinstance(owners, list) or not owners or len(set(map(str, owners))) != len(owners):
        faults.append("owners must be a list of units, each once")
    for key in sorted(set(entry) - {"effective", "owners"}):
        if not isinstance(entry[key], str) or not (entry[key].strip() or key == "note"):
            faults.append(f"{key} must be a text")
    return faults


def _change(entry: Mapping[str, Any], place: str) -> Change:
    subject = "unit" if entry["change"] == "unit" else "row"
    known = _COMMON | _OPTIONAL | {subject}
    return Change(
        effective=entry["effective"],
        kind=entry["change"],
        subject=entry[subject],
        values={key: value for key, value in entry.items() if key not in known},
        document=entry["document"],
        note=entry.get("note", ""),
        place=place,
    )


def apply_changes(issued: Authority, changes: Sequence[Change], on: date) -> Authority:
    """The annexes as `changes` leave them on the day `on`.

    Every change is tried, later ones too, so that a mistake is told when it is written and not on
    the day it takes effect. Raises `AuthorityError` with all of them.
    """
    problems: list[str] = []
    state = in_force = issued
    for change in changes:
        try:
            state = _apply(state, change)
        except ValueError as error:
            problems.append(f"{change.place}: {error}")
        if change.effective <= on:
            in_force = state
    if problems:
        raise AuthorityError(problems)
    return in_force


def _apply(state: Authority, change: Change) -> Authority:
    if change.effective < state.effective_from:
        raise ValueError(f"takes effect before the annexes ({state.effective_from})")
    owners = tuple(change.values.get("owners", ()))
    if unknown := [unit for unit in owners if unit not in state.units]:
        raise ValueError(f"no unit {', '.join(map(str, unknown))}; name it in an entry before")
    if change.kind == "unit":
        if not _ID.fullmatch(change.subject):
            raise ValueError("a unit's id is made of small letters, digits and _")
        return replace(state, units={**state.units, change.subject: change.values["name"]})
    if change.kind == "row":
        return _new_row(state, change, owners)
    return _changed_row(state, change, owners)


def _new_row(state: Authority, change: Change, owners: tuple[str, ...]) -> Authority:
    rows = [*state.systems, *state.datasets]
    if not _CODE.fullmatch(change.subject):
        raise ValueError("a new row is a base dataset (A2-24 …) or a system (S21 …)")
    if any(change.subject == row.code or change.values["id"] == row.id for row in rows):
        raise ValueError(f"{change.subject} or its id is there already")
    if not _ID.fullmatch(change.values["id"]):
        raise ValueError("an id is made of small letters, digits and _")
    identity = (change.values["id"], change.subject, change.values["name"])
    if change.subject.startswith("S"):
        return replace(state, systems=(*state.systems, System(*identity, _only(owners))))
    return replace(state, datasets=(*state.datasets, Dataset(*identity, owners)))


def _changed_row(state: Authority, change: Change, owners: tuple[str, ...]) -> Authority:
    code = change.subject
    if change.kind == "deadline":
        if not any(item.code == code for item in state.items):
            raise ValueError(f"there is no item {code}")
        deadline = change.values["deadline"]
        items = [replace(i, deadline=deadline) if i.code == code else i for i in state.items]
        return replace(state, items=tuple(items))
    if change.kind == "window":
        return _with_window(state, code, change.values["window"])
    if any(dataset.code == code for dataset in state.datasets):
        datasets = [replace(d, owner_ids=owners) if d.code == code else d for d in state.datasets]
        return replace(state, datasets=tuple(datasets))
    if any(row.code == code for row in (*state.systems, *state.items)):
        owner = _only(owners)
        return replace(
            state,
            systems=tuple(
                replace(s, owner_id=owner) if s.code == code else s for s in state.systems
            ),
            items=tuple(replace(i, owner_id=owner) if i.code == code else i for i in state.items),
        )
    raise ValueError(f"there is no row {code}")


def _with_window(state: Authority, code: str, note: str) -> Authority:
    """The item's note, which is where the annex says when it may be changed."""
    if read_window(note) is None:
        raise ValueError("a window is 权限长期开放, or 权限开放时间 with months as in 12月—1月")
    if not any(item.code == code for item in state.items):
        raise ValueError(f"there is no item {code}")
    items = [replace(item, note=note) if item.code == code else item for item in state.items]
    return replace(state, items=tuple(items))


def _only(owners: tuple[str, ...]) -> str:
    if len(owners) != 1:
        raise ValueError("one unit answers for a system or an item (Article 10)")
    return owners[0]
