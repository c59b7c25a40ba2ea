"""Persons of the current release: whom a number belongs to today, and what they are.

The only questions that access asks of `personal` before a session exists. They return keys and
kinds; the name is for the person's own page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from warehouse.access.reader import Cursor
from warehouse.errors import NotAdmitted, NotSignedIn

__all__ = [
    "Person",
    "PersonNumber",
    "find_number",
    "names_of",
    "number_spans",
    "person_of",
    "resolve_number",
    "who_held",
    "who_holds",
]


@dataclass(frozen=True)
class PersonNumber:
    """One span of a number: `valid_to` None while it lasts."""

    person_key: int
    kind: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Person:
    """A person of this release. `kinds` is a subset of student, staff; of who has left no number
    is theirs today, `left_on` is the first day after the last one, and their kinds are
    former_student, former_staff."""

    person_key: int
    name: str | None
    kinds: frozenset[str]
    left_on: date | None = None

    @property
    def annex_kinds(self) -> frozenset[str]:
        """Whose items these are, student's or staff's, also after leaving."""
        return frozenset(kind.removeprefix("former_") for kind in self.kinds)


def resolve_number(cursor: Cursor, number: str, today: date) -> int:
    """The one person whose number this is today. Raises `NotAdmitted` for none and for several."""
    return who_holds(number_spans(cursor, number), today)


def find_number(cursor: Cursor, number: str, today: date) -> int | None:
    """For an operator who names a person: whoever holds the number today, else the only one who
    ever did, else None. Never used to sign anybody in."""
    spans = number_spans(cursor, number)
    try:
        return who_holds(spans, today)
    except NotSignedIn:
        ever = {span.person_key for span in spans}
        return ever.pop() if len(ever) == 1 else None


def number_spans(cursor: Cursor, number: str) -> list[PersonNumber]:
    """Every span of a number in this release."""
    rows = cursor.execute(
        "select person_key, kind, valid_from, valid_to from person_number where number = ?",
        [number],
    ).fetchall()
    return [PersonNumber(*row) for row in rows]


def who_holds(spans: Iterable[PersonNumber], today: date) -> int:
    """Pure rule behind `resolve_number`.

    A span holds from its first day to the day before `valid_to`. A number that was given to
    somebody else later is the later person's; whoever had it before can no longer be told from
    a stranger by it. A number that several people hold today is nobody's.
    """
    holders = {
        span.person_key
        for span in spans
        if (span.valid_from is None or span.valid_from <= today)
        and (span.valid_to is None or today < span.valid_to)
    }
    if len(holders) == 1:
        return holders.pop()
    if holders:
        raise NotAdmitted(
            "Your number belongs to several people in the data, so nobody's record is opened.",
            next_step="Tell the personnel office or the student affairs office.",
        )
    raise NotAdmitted(
        "Your number is not known in the current release.",
        next_step="If you are new, come back after the next daily run; else tell the personnel "
        "office or the student affairs office.",
    )


def who_held(spans: Iterable[PersonNumber], today: date) -> PersonNumber | None:
    """The last span of a number that is over, where only one person ever had it; else None."""
    listed = list(spans)
    if not listed or len({span.person_key for span in listed}) != 1:
        return None
    last = max(listed, key=lambda span: span.valid_to or date.max)
    return last if last.valid_to is not None and last.valid_to <= today else None


def person_of(cursor: Cursor, person_key: int, today: date) -> Person | None:
    """Name and kinds of that day, or None where the person is not in this release."""
    row = cursor.execute(
        "select display_name, is_student, is_staff from person where person_key = ?", [person_key]
    ).fetchone()
    if row is None:
        return None
    kinds = {kind for kind, held in (("student", row[1]), ("staff", row[2])) if held}
    left_on = _left_on(cursor, person_key, today)
    if left_on is not None:
        kinds = {f"former_{kind}" for kind in kinds}
    return Person(person_key, row[0], frozenset(kinds), left_on)


def _left_on(cursor: Cursor, person_key: int, today: date) -> date | None:
    """The end of the last number of a person who has none today."""
    row = cursor.execute(
        "select max(coalesce(valid_to, date '9999-12-31')) from person_number where person_key = ?",
        [person_key],
    ).fetchone()
    return row[0] if row[0] is not None and row[0] <= today else None


def names_of(cursor: Cursor, keys: Iterable[int]) -> dict[int, str]:
    """person_key → name of those whom this release knows by one."""
    listed = sorted(set(keys))
    if not listed:
        return {}
    marks = ", ".join("?" for _ in listed)
    return dict(
        cursor.execute(
            "select person_key, display_name from person "
            f"where display_name is not null and person_key in ({marks})",
            listed,
        ).fetchall()
    )
