"""Which figures a reader may see: the whole college for those who run it, for the head of a unit
the school's figures beside those of the own unit and of what is inside it.

A unit that has students or gives courses is a college of the school: its dean sees every figure of
the school. The head of any other unit sees those of the school for which that unit answers
(annex 2). Cells are left out by the query, so that nothing of another unit's leaves the file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warehouse.access.policy import Standing
from warehouse.access.reader import Cursor
from warehouse.authority import load_authority
from warehouse.errors import Forbidden

__all__ = ["SEE_ALL", "Reach", "reach_of"]

#: Roles that see every cell: running a college needs them.
SEE_ALL = frozenset({"leader", "working_group", "leading_group", "auditor"})
#: A unit that has either at its level is a college of the school.
_OF_COLLEGES = ("students_enrolled", "courses_offered")


@dataclass(frozen=True)
class Reach:
    """`units` are codes of the level `college`; `datasets` the rows of annex 2 whose school figures
    are open, None for all of them. `everything` overrides both."""

    everything: bool = False
    units: frozenset[str] = frozenset()
    datasets: frozenset[str] | None = frozenset()

    @property
    def keys(self) -> list[str]:
        """The units as pages name them: `college:201`."""
        return [f"college:{unit}" for unit in sorted(self.units)]

    def condition(self, values: str = "v", indicators: str = "i") -> tuple[str, list[Any]]:
        """SQL over indicator_value and its indicator that holds for open cells, and its
        parameters."""
        if self.everything:
            return "true", []
        units = sorted(self.units)
        school, parameters = f"{values}.level = 'school'", []
        if self.datasets is not None:
            school += f" and {indicators}.row_code in (select unnest(?::varchar[]))"
            parameters.append(sorted(self.datasets))
        mine = "(select unnest(?::varchar[]))"
        majors = (
            "(select distinct m.unit from indicator_value as m "
            f"where m.level = 'major' and m.parent_unit in {mine})"
        )
        below = (
            f"{values}.level = 'college' and {values}.unit in {mine}",
            f"{values}.level = 'major' and {values}.parent_unit in {mine}",
            f"{values}.level = 'class' and {values}.parent_unit in {majors}",
        )
        parts = " or ".join(f"({part})" for part in (school, *below))
        return f"({parts})", [*parameters, units, units, units]

    def require(self, key: str, cursor: Cursor) -> None:
        """Raise `Forbidden` unless the figures of a unit (`school`, `college:201`, `major:0101`)
        are open."""
        level, _, unit = key.partition(":")
        if self.everything or level == "school" or (level == "college" and unit in self.units):
            return
        if level == "major" and self.units:
            found = cursor.execute(
                "select 1 from indicator_value where level = 'major' and unit = ? "
                "and parent_unit in (select unnest(?::varchar[])) limit 1",
                [unit, sorted(self.units)],
            ).fetchall()
            if found:
                return
        raise Forbidden(
            "The figures of that unit are not open to you.",
            next_step="You see the school's and those of the unit that you head.",
        )


def reach_of(standing: Standing, cursor: Cursor, manifest: Mapping[str, Any]) -> Reach:
    """What the roles held today open in the statistics of a release; nothing without one."""
    if standing.names & SEE_ALL:
        return Reach(everything=True)
    headed = {held.unit for held in standing.roles if held.role == "unit_head" and held.unit}
    if not headed:
        return Reach()
    codes = _codes(cursor, headed)
    teaching = {
        unit
        for (unit,) in cursor.execute(
            "select distinct unit from indicator_value where level = 'college' "
            "and indicator in (select unnest(?::varchar[]))",
            [list(_OF_COLLEGES)],
        ).fetchall()
    }
    if codes & teaching:
        return Reach(units=frozenset(codes), datasets=None)
    owners = manifest.get("owners") or {
        dataset.code: dataset.owner_ids
        for dataset in load_authority(datetime.fromisoformat(manifest["as_of"])).datasets
    }
    answers_for = frozenset(row for row, units in owners.items() if headed & set(units))
    return Reach(units=frozenset(codes), datasets=answers_for)


def _codes(cursor: Cursor, headed: Collection[str]) -> set[str]:
    """Codes in the statistics of units that roles name by their id in the annexes, else by code. A
    name that two units bear opens neither."""
    named: dict[str, set[str]] = {}
    codes: set[str] = set()
    for unit, name in cursor.execute(
        "select distinct unit, unit_name from indicator_value where level = 'college'"
    ).fetchall():
        codes.add(unit)
        named.setdefault(name, set()).add(unit)
    titles = load_authority().units
    found = {unit for unit in headed if unit in codes}
    for unit in headed:
        bearing = named.get(titles.get(unit, ""), set())
        if len(bearing) == 1:
            found |= bearing
    return found
