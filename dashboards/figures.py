"""Statistics as pages need them: which cells there are, what came before, whether a target is met.

Pure: it sorts and compares what the warehouse computed, and computes no figure itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

__all__ = ["Cell", "Figures", "Scope", "read_figures", "target_state"]

LEVELS = ("school", "college", "major", "class")
#: How far from its target, as a share of it, a figure still counts as "watch".
_NEAR = 0.05
#: Last days of a calendar year and of an academic year.
_LAST_DAYS = ("12-31", "08-31")
#: What leaders look at first; everything else follows by its row of annex 2.
_FIRST = (
    "students_enrolled",
    "staff_employed",
    "full_time_teachers",
    "student_teacher_ratio",
    "tuition_collection_rate",
    "courses_offered",
)


@dataclass(frozen=True)
class Scope:
    """One unit at one level: the whole school, a college, a major, a class."""

    level: str
    unit: str
    name: str = ""
    parent: str | None = None

    @property
    def key(self) -> str:
        return "school" if self.level == "school" else f"{self.level}:{self.unit}"


@dataclass(frozen=True)
class Cell:
    """One figure. None means that the warehouse has no value or, where it is suppressed, shows
    none: nothing here fills it in from other cells."""

    indicator: str
    period: str
    scope: Scope
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    as_of_date: str | None = None
    is_suppressed: bool = False


@dataclass(frozen=True)
class Figures:
    """All cells of one answer, in the order of its indicators."""

    indicators: Sequence[Mapping[str, Any]] = ()
    cells: Mapping[tuple[str, str, str], Cell] = field(default_factory=dict)
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    sign_offs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    "Row of annex 2 → period → signed, unsigned, changed, rejected or running."
    reach: Mapping[str, Any] = field(default_factory=dict)
    "How far the reader sees: everything, or the school for some datasets beside some units."

    def joined(self, other: Figures) -> Figures:
        """These cells and another answer's: a page asks first for the school, then for the parts of
        what it shows."""
        return replace(
            self, cells={**self.cells, **other.cells}, scopes={**self.scopes, **other.scopes}
        )

    def signed(self, indicator: Mapping[str, Any], cell: Cell) -> str:
        """Whether the owner units stand behind a figure; `unknown` where that cannot be said."""
        return self.sign_offs.get(indicator.get("row_code") or "", {}).get(cell.period, "unknown")

    def indicator(self, name: str) -> Mapping[str, Any]:
        for indicator in self.indicators:
            if indicator["id"] == name:
                return indicator
        raise KeyError(name)

    def cell(self, indicator: str, scope: str, year: str) -> Cell | None:
        return self.cells.get((indicator, scope, year))

    def years(self) -> list[str]:
        """Years that have any cell, oldest first: `2025` stands for 2025 and for 2025-2026."""
        return sorted({key[2] for key in self.cells})

    def series(self, indicator: str, scope: str) -> list[Cell]:
        """The cells of an indicator over the years, oldest first."""
        return list(self._series.get((indicator, scope), ()))

    @cached_property
    def _series(self) -> dict[tuple[str, str], list[Cell]]:
        held: dict[tuple[str, str], list[Cell]] = {}
        for key in sorted(self.cells, key=lambda key: key[2]):
            held.setdefault(key[:2], []).append(self.cells[key])
        return held

    def before(self, cell: Cell) -> Cell | None:
        """The same figure a period earlier."""
        series = self.series(cell.indicator, cell.scope.key)
        place = series.index(cell)
        return series[place - 1] if place else None

    def unfinished(self, cell: Cell) -> bool:
        """Whether the cell counts what happens over a year that is not over: the year before
        reached its last day, this one has not. Such a figure is no match for the one before."""
        before = self.before(cell)
        if before is None or not before.as_of_date or not cell.as_of_date:
            return False
        ended = before.as_of_date[5:] in _LAST_DAYS
        return ended and cell.as_of_date[5:] != before.as_of_date[5:]

    def state(self, indicator: Mapping[str, Any], cell: Cell | None) -> str:
        """Whether the target is met, see `target_state`; `plain` of a year that is not over: it
        has not missed yet what it can still reach."""
        if cell is None or self.unfinished(cell):
            return "plain"
        return target_state(indicator, cell.value)

    def finished(self, cell: Cell) -> Cell | None:
        """The cell, or the one before where its year is not over."""
        return self.before(cell) if self.unfinished(cell) else cell

    def inside(self, scope: str) -> list[Scope]:
        """The units directly below, by name: colleges of the school, majors of a college."""
        here = self.scopes.get(scope)
        if here is None or here.level not in LEVELS[:-1]:
            return []
        below = LEVELS[LEVELS.index(here.level) + 1]
        found = [
            other
            for other in self.scopes.values()
            if other.level == below and (here.level == "school" or other.parent == here.unit)
        ]
        return sorted(found, key=lambda other: other.unit)

    def around(self, scope: str) -> str | None:
        """The unit above; None for the school."""
        here = self.scopes.get(scope)
        if here is None or here.level == "school":
            return None
        above = LEVELS[LEVELS.index(here.level) - 1]
        key = "school" if above == "school" else f"{above}:{here.parent}"
        return key if key in self.scopes else "school"

    def shown(self, scope: str, year: str) -> list[tuple[Mapping[str, Any], Cell]]:
        """Each indicator that has a cell for the unit, at this year or its latest before."""
        pairs = []
        for indicator in self.indicators:
            cell = self.latest(indicator["id"], scope, year)
            if cell is not None:
                pairs.append((indicator, cell))
        return pairs

    def rows(self) -> list[str]:
        """Rows of annex 2 that have an indicator, in their order."""
        return sorted(
            {str(indicator.get("row_code") or "") for indicator in self.indicators} - {""}
        )

    def latest(self, indicator: str, scope: str, year: str) -> Cell | None:
        """The last cell up to a year that has a value or holds one back."""
        held = [
            cell
            for cell in self.series(indicator, scope)
            if (cell.value is not None or cell.is_suppressed) and cell.period[:4] <= year
        ]
        return held[-1] if held else None


def read_figures(answer: Mapping[str, Any]) -> Figures:
    """The gateway's answer, arranged. Where a year has a census and a later running count, the
    later one is that year's."""
    named = [
        Scope(row["level"], str(row["unit"]), row.get("unit_name") or "", row.get("parent_unit"))
        for row in answer.get("units", ())
    ]
    scopes: dict[str, Scope] = {scope.key: scope for scope in named}
    cells: dict[tuple[str, str, str], Cell] = {}
    rows = sorted(answer.get("values", ()), key=lambda row: str(row.get("as_of_date") or ""))
    for row in rows:
        scope = Scope(
            row["level"], str(row["unit"]), row.get("unit_name") or "", row.get("parent_unit")
        )
        scopes.setdefault(scope.key, scope)
        cell = Cell(
            row["indicator"],
            str(row["period"]),
            scope,
            row.get("value"),
            row.get("numerator"),
            row.get("denominator"),
            row.get("as_of_date"),
            bool(row.get("is_suppressed")),
        )
        cells[(cell.indicator, scope.key, cell.period[:4])] = cell
    indicators = tuple(sorted(answer.get("indicators", ()), key=_rank))
    return Figures(
        indicators, cells, scopes, answer.get("sign_offs") or {}, answer.get("reach") or {}
    )


def _rank(indicator: Mapping[str, Any]) -> tuple[int, str, str]:
    name = indicator["id"]
    place = _FIRST.index(name) if name in _FIRST else len(_FIRST)
    return place, str(indicator.get("row_code") or ""), name


def target_state(indicator: Mapping[str, Any], value: float | None) -> str:
    """`good`, `watch` (missed by little), `bad`, or `plain` where there is no target."""
    target, operator = indicator.get("target"), indicator.get("target_operator")
    if target is None or value is None or not operator:
        return "plain"
    operator = {"≤": "<=", "≥": ">=", "＜": "<", "＞": ">"}.get(operator, operator)
    met = {
        "<=": value <= target,
        ">=": value >= target,
        "<": value < target,
        ">": value > target,
        "=": value == target,
    }.get(operator)
    if met is None:
        return "plain"
    if met:
        return "good"
    return "watch" if abs(value - target) <= abs(target) * _NEAR else "bad"
