"""Mental-health data: for the person, and the counsellor on record. Nobody else, whatever role.

The record is `psych_counselling`. Who held a student's latest session is on record for that
student, so a session with somebody else moves the case. The case stays open for `CASE_DAYS` after
the latest session and while an alert stands, and ends when the counsellor holds no post any more
in a unit in which they held one on the day of that session. The number of days is ours: no rule of
the school names one.

The law is PIPL Articles 28 and 29 and Mental Health Law Article 23.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from warehouse.access.reader import Cursor, Reader

__all__ = ["CARE_TABLES", "CASE_DAYS", "PURPOSES", "Case", "case_of", "cases_of"]

#: Tables of the personal file that stand apart from all others, in the order they are shown.
CARE_TABLES = ("psych_alert", "psych_counselling", "psych_screening")
#: Days after the latest session, or after the end of an alert, in which a case is still open.
CASE_DAYS = 180
#: What a counsellor may open a case for. A choice, no text: words of a reason could tell of health.
PURPOSES = ("session", "crisis", "referral", "follow_up")

_LATEST = """
with latest as (
  select person_key, student_no, counsellor_key, session_date,
    row_number() over (partition by person_key order by session_date desc, session_id desc) as place
  from psych_counselling
),
alert as (
  select person_key, bool_or(closed_date is null) as stands, max(closed_date) as closed_date
  from psych_alert group by person_key
)
select l.counsellor_key, l.person_key, l.student_no, p.display_name, s.college_name, l.session_date,
  coalesce(a.stands, false), greatest(l.session_date, coalesce(a.closed_date, l.session_date))
from latest as l
left join alert as a on a.person_key = l.person_key
left join person as p on p.person_key = l.person_key
left join student as s on s.person_key = l.person_key and s.student_no = l.student_no
where l.place = 1 and l.counsellor_key is not null
order by l.session_date desc, l.student_no
"""
_POSTS = """
select person_key, unit_name, effective_date, end_date from staff_position
where person_key in (select distinct counsellor_key from psych_counselling)
"""
_NEEDED = frozenset({"psych_counselling", "psych_alert", "person", "student", "staff_position"})


@dataclass(frozen=True)
class Case:
    """A student whose counsellor on record somebody is. `until` is the last day on which the
    counsellor may open it, None while an alert stands."""

    person_key: int
    number: str
    name: str | None
    college: str | None
    last_session: date
    has_alert: bool
    until: date | None

    @property
    def shown(self) -> dict[str, Any]:
        """A line of the counsellor's list: without the key, which is the college's own."""
        return {
            "number": self.number,
            "name": self.name,
            "college": self.college,
            "last_session": self.last_session,
            "has_alert": self.has_alert,
            "until": self.until,
        }


@dataclass(frozen=True)
class _Post:
    unit: str | None
    begins: date
    ends: date | None

    def held_on(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True)
class _Book:
    cases: Mapping[int, tuple[Case, ...]]
    posts: Mapping[int, tuple[_Post, ...]]


#: Reader → (release, its book): every request asks who is a counsellor, a release is read once.
_KEPT: WeakKeyDictionary[Reader, tuple[str, _Book]] = WeakKeyDictionary()


def cases_of(
    reader: Reader, counsellor: int, today: date, *, hidden: Collection[int] = ()
) -> list[Case]:
    """The open cases of a counsellor, latest session first, without the people of `hidden` (who
    is protected is in no list). Empty for everybody who is no counsellor on record."""
    with reader.open("personal") as (cursor, release):
        kept = _KEPT.get(reader)
        if kept is None or kept[0] != release.id:
            kept = (release.id, _read(cursor))
            _KEPT[reader] = kept
    book = kept[1]
    posts = book.posts.get(counsellor, ())
    return [
        case
        for case in book.cases.get(counsellor, ())
        if case.person_key not in hidden and is_open(case, today) and _in_post(posts, case, today)
    ]


def case_of(
    reader: Reader, counsellor: int, number: str, today: date, *, hidden: Collection[int] = ()
) -> Case | None:
    """The open case of this counsellor with that student number. Another's case, one that is over,
    a protected person's and an unknown number are all None."""
    for case in cases_of(reader, counsellor, today, hidden=hidden):
        if case.number == number.strip():
            return case
    return None


def is_open(case: Case, today: date) -> bool:
    """Whether the days after the latest session are not over."""
    return case.until is None or today <= case.until


def _in_post(posts: Collection[_Post], case: Case, today: date) -> bool:
    then = {post.unit for post in posts if post.held_on(case.last_session)}
    return any(post.unit in then and post.held_on(today) for post in posts)


def _read(cursor: Cursor) -> _Book:
    present = {
        row[0] for row in cursor.execute("select table_name from duckdb_tables()").fetchall()
    }
    if not present >= _NEEDED:
        return _Book(MappingProxyType({}), MappingProxyType({}))
    cases: defaultdict[int, list[Case]] = defaultdict(list)
    for counsellor, key, number, name, college, session, stands, over in cursor.execute(
        _LATEST
    ).fetchall():
        until = None if stands else over + timedelta(days=CASE_DAYS)
        cases[counsellor].append(Case(key, number, name, college, session, stands, until))
    posts: defaultdict[int, list[_Post]] = defaultdict(list)
    for key, unit, begins, ends in cursor.execute(_POSTS).fetchall():
        if begins is not None:
            posts[key].append(_Post(unit, begins, ends))
    return _Book(
        MappingProxyType({key: tuple(found) for key, found in cases.items()}),
        MappingProxyType({key: tuple(found) for key, found in posts.items()}),
    )
