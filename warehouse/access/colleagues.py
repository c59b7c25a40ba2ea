"""Colleagues whom a form names: by their exact number, and by key where a form names them already.

There is no search by name and no list: whoever does not know a person's number learns nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from warehouse.access.persons import number_spans, who_holds
from warehouse.access.reader import Cursor, Reader
from warehouse.errors import NotFound, NotSignedIn
from warehouse.governance.appointments import school_day
from warehouse.governance.protection import protected_people
from warehouse.state import session

__all__ = ["Colleague", "colleagues", "find_colleague"]

_KNOWN = """
select p.person_key,
  coalesce(f.staff_no, s.student_no) as number,
  p.display_name,
  coalesce(f.unit_name, s.college_name) as unit
from person as p
left join staff as f on f.person_key = p.person_key
left join student as s on s.person_key = p.person_key
where p.person_key in (select unnest(?::bigint[]))
"""


@dataclass(frozen=True)
class Colleague:
    """A person as another may know them: number, name, unit or college."""

    person_key: int
    number: str | None
    name: str | None
    unit: str | None

    @property
    def shown(self) -> dict[str, Any]:
        """Without the key, which is the college's own."""
        return {"number": self.number, "name": self.name, "unit": self.unit}


def find_colleague(reader: Reader, engine: Engine, number: str, now: datetime) -> Colleague:
    """Who holds this number today. Raises `NotFound` for a number that is nobody's, several
    people's, or a protected person's: the three are told apart by no word."""
    found = None
    with reader.open("personal") as (cursor, _release):
        try:
            key = who_holds(number_spans(cursor, number.strip()), school_day(now))
        except NotSignedIn:
            key = None
        if key is not None:
            found = _read(cursor, [key]).get(key)
    with session(engine, read_only=True) as opened:
        if found is not None and found.person_key in protected_people(opened, now):
            found = None
    if found is None:
        raise NotFound(
            "Nobody is found under that number.",
            next_step="Check the staff or student number; new people appear a day later.",
        )
    return Colleague(found.person_key, number.strip(), found.name, found.unit)


def colleagues(
    reader: Reader, keys: Iterable[int], *, hidden: Collection[int]
) -> dict[int, Colleague]:
    """Persons by key. One who left the data since has neither name nor number, and so has one of
    `hidden` (`governance.protection.hidden_from`): the two are told apart by no word."""
    asked = set(keys)
    wanted = sorted(asked.difference(hidden))
    with reader.open("personal") as (cursor, _release):
        known = _read(cursor, wanted)
    return {key: known.get(key, Colleague(key, None, None, None)) for key in sorted(asked)}


def _read(cursor: Cursor, keys: list[int]) -> dict[int, Colleague]:
    rows = cursor.execute(_KNOWN, [keys]).fetchall()
    return {row[0]: Colleague(*row) for row in rows}
