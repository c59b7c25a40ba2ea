"""Heads of units as the HR system has them (org_unit.leader_staff_no), in the current release."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from weakref import WeakKeyDictionary

from warehouse.access.reader import Cursor, Reader
from warehouse.authority import load_authority

__all__ = ["TABLE", "heads_by_unit", "units_led"]

#: Table of the personal file: person_key, unit_code, unit_name. A release of before it has none.
TABLE = "unit_leadership"

#: Reader → (release, its heads). Every request asks who is signed in, so a release is read once.
_KEPT: WeakKeyDictionary[Reader, tuple[str, Mapping[str, int]]] = WeakKeyDictionary()


def units_led(reader: Reader, person_key: int) -> list[str]:
    """The units this person heads, by their id in the annexes, else by their code."""
    return [unit for unit, holder in heads_by_unit(reader).items() if holder == person_key]


def heads_by_unit(reader: Reader) -> Mapping[str, int]:
    """Unit → person_key of its head. A unit with two heads in the data has none here."""
    with reader.open("personal") as (cursor, release):
        kept = _KEPT.get(reader)
        if kept is None or kept[0] != release.id:
            kept = (release.id, MappingProxyType(_read(cursor)))
            _KEPT[reader] = kept
    return kept[1]


def _read(cursor: Cursor) -> dict[str, int]:
    there = cursor.execute("select 1 from duckdb_tables() where table_name = ?", [TABLE]).fetchone()
    if there is None:
        return {}
    rows = cursor.execute(f"select unit_code, unit_name, person_key from {TABLE}").fetchall()
    ids = {name: unit for unit, name in load_authority().units.items()}
    found: dict[str, int] = {}
    twice = set()
    for code, name, key in rows:
        unit = ids.get(name, str(code))
        if found.setdefault(unit, key) != key:
            twice.add(unit)
    return {unit: key for unit, key in found.items() if unit not in twice}
