"""Units that a person belongs to by the release: whose head signs what they apply for themself, and
as whose member they are told of to those whose data they see."""

from __future__ import annotations

from warehouse.access.policy import Standing
from warehouse.access.reader import Reader
from warehouse.authority import load_authority

__all__ = ["office_of", "own_units"]

#: Table of the personal file → its columns with the code and, where it has one, the unit's name.
_PLACES = {
    "staff": (("unit_code", "unit_name"), ("college_code", "college_name")),
    "student": (("college_code", "college_name"),),
}


def own_units(reader: Reader, person_key: int) -> dict[str, str]:
    """Unit → name, by its id in the annexes, else by its code: unit and college of a member of
    staff, college of a student. A unit without a name is named by its code."""
    with reader.open("personal") as (cursor, _release):
        there = set(
            cursor.execute("select table_name, column_name from duckdb_columns()").fetchall()
        )
        rows: list[tuple[str | None, str | None]] = []
        for table, places in _PLACES.items():
            for place in places:
                chosen = [name if (table, name) in there else "null" for name in place]
                if any(name != "null" for name in chosen):
                    rows += cursor.execute(
                        f"select distinct {', '.join(chosen)} from {table} where person_key = ?",
                        [person_key],
                    ).fetchall()
    ids = {name: unit for unit, name in load_authority().units.items()}
    found: dict[str, str] = {}
    for code, name in rows:
        unit = ids.get(name or "") or code
        if unit is not None and (name is not None or unit not in found):
            found[unit] = name or unit
    return found


#: In which role somebody is told of who holds several: the one that opens most first.
_FIRST = (
    "working_group",
    "leading_group",
    "auditor",
    "supervising_leader",
    "unit_head",
    "unit_officer",
    "analyst",
    "leader",
)


def office_of(reader: Reader, standing: Standing) -> dict[str, str]:
    """`{"role", "unit"}` for the log: as what somebody acts towards those whose data they see. Of
    who holds no role, staff or student and the unit they belong to."""
    held = {one.role: one.unit for one in standing.roles}
    role = next((name for name in _FIRST if name in held), None)
    if role is not None and held[role]:
        return {"role": role, "unit": str(held[role])}
    unit = next(iter(own_units(reader, standing.person_key)), None)
    kind = role or ("staff" if "staff" in standing.kinds else "student")
    return {"role": kind, **({"unit": unit} if unit else {})}
