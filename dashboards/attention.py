"""What a leader should look at first: off target, changed markedly, unsigned, overdue.

Pure. It weighs what the gateway gives and puts the worst first; the words are the page's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dashboards.figures import Cell, Figures, target_state

__all__ = ["Notice", "first", "notices"]

#: A change that is worth a word: of a share in points, of anything else by its own size.
_POINTS, _SHARE = 5.0, 0.1
#: Fewer more or less of what is counted one by one is chance, however large a share it is.
_COUNTED = 5
#: Word of a sheet → how much it weighs. What an owner objects to is worse than silence.
_SIGNATURES = {"rejected": 2.3, "changed": 1.9, "unsigned": 0.9}


@dataclass(frozen=True)
class Notice:
    """One thing to look at. `state` colours it; `weight` orders it, the heaviest first.

    off and changed name an indicator and its cell; unsigned the datasets (rows of annex 2) with the
    period each and the word for their sheet; overdue the late deliveries of one unit.
    """

    kind: Literal["off", "changed", "unsigned", "overdue"]
    state: Literal["bad", "watch"]
    weight: float
    indicator: Mapping[str, Any] | None = None
    cell: Cell | None = None
    word: str = ""
    sheets: tuple[tuple[str, str], ...] = ()
    deliveries: tuple[Mapping[str, Any], ...] = ()


def notices(
    figures: Figures, scope: str, year: str, late: Iterable[Mapping[str, Any]] = ()
) -> list[Notice]:
    """Everything that wants a look in a unit, as of a year, the worst first. A year that is not
    over is not judged; the one before it is."""
    found = [
        notice
        for indicator, latest in figures.shown(scope, year)
        if (cell := figures.finished(latest)) is not None
        and (notice := _off(indicator, cell) or _changed(figures, indicator, cell)) is not None
    ]
    found += _unsigned(figures, scope, year)
    found += _overdue(late)
    return sorted(found, key=lambda one: (-one.weight, one.kind, _name(one)))


def first(found: Sequence[Notice], limit: int = 4) -> list[Notice]:
    """The few that a start page has room for, the worst first: the worst of each kind, then what
    weighs most, so that a late delivery is not crowded out by many figures off target."""
    of_kind = {notice.kind: notice for notice in reversed(found)}
    worst = [notice for notice in found if of_kind[notice.kind] is notice]
    rest = [notice for notice in found if notice not in worst]
    chosen = (worst + rest)[:limit]
    return sorted(chosen, key=lambda one: (-one.weight, one.kind, _name(one)))


def _name(notice: Notice) -> str:
    return notice.indicator["id"] if notice.indicator else ""


def _off(indicator: Mapping[str, Any], cell: Cell) -> Notice | None:
    state = target_state(indicator, cell.value)
    if state not in ("bad", "watch") or cell.value is None:
        return None
    distance = abs(cell.value - indicator["target"]) / (abs(indicator["target"]) or 1)
    if state == "bad":
        return Notice("off", "bad", 2.0 + min(distance, 1.0), indicator, cell)
    return Notice("off", "watch", 1.0 + min(distance, 1.0), indicator, cell)


def _changed(figures: Figures, indicator: Mapping[str, Any], cell: Cell) -> Notice | None:
    before = figures.before(cell)
    if before is None or cell.value is None or not before.value:
        return None
    change = cell.value - before.value
    if "%" in indicator["unit"]:
        size, least = abs(change) / 100, _POINTS / 100
    else:
        size = abs(change) / abs(before.value)
        least = _SHARE
    counted = cell.denominator is None and "元" not in indicator["unit"]
    if size < least or (counted and abs(change) < _COUNTED):
        return None
    good = {"higher": change > 0, "lower": change < 0}.get(indicator.get("direction") or "")
    weight = (1.2 + 0.8 * min(size, 1.0)) if good is False else 0.3 + 0.5 * min(size, 1.0)
    return Notice("changed", "watch", weight, indicator, cell)


def _unsigned(figures: Figures, scope: str, year: str) -> list[Notice]:
    """The last closed period of each dataset that the page shows: each objection and each change
    after signing by itself, silence together."""
    shown = {indicator.get("row_code") for indicator, _ in figures.shown(scope, year)}
    last: dict[str, tuple[str, str]] = {}
    for row, periods in figures.sign_offs.items():
        closed = sorted(
            period
            for period, word in periods.items()
            if word in (*_SIGNATURES, "signed") and period[:4] <= year
        )
        if row in shown and closed:
            last[row] = (closed[-1], periods[closed[-1]])
    found = [
        Notice("unsigned", "watch", _SIGNATURES[word], word=word, sheets=((row, period),))
        for row, (period, word) in sorted(last.items())
        if word in ("rejected", "changed")
    ]
    silent = tuple((row, period) for row, (period, word) in last.items() if word == "unsigned")
    if silent:
        weight = _SIGNATURES["unsigned"] + 0.05 * len(silent)
        found.append(
            Notice("unsigned", "watch", weight, word="unsigned", sheets=tuple(sorted(silent)))
        )
    return found


def _overdue(late: Iterable[Mapping[str, Any]]) -> list[Notice]:
    """One notice for each unit that is late, its latest delivery first."""
    by_unit: dict[str, list[Mapping[str, Any]]] = {}
    for delivery in sorted(late, key=lambda one: (-one["days"], one["table"])):
        by_unit.setdefault(delivery["owner"], []).append(delivery)
    return [
        Notice(
            "overdue",
            "bad",
            1.0 + min(deliveries[0]["days"] / 30, 1.0) + 0.05 * len(deliveries),
            deliveries=tuple(deliveries),
        )
        for deliveries in by_unit.values()
    ]
