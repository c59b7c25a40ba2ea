"""People under eighteen, on the day that the data of a release reach.

The law makes data of children under fourteen sensitive and asks for a guardian's consent (PIPL
Articles 28 and 31); Civil Code Article 17 calls everybody under eighteen a minor. A college has
few of them and no guardian at hand, so the school's own rule is the stricter and simpler one: a
grant holds no row of a minor, unless the application says why it needs them (`REASON` among its
`reasons`), which every signer then reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from warehouse.access.grant_scope import PERSON_KEY, WHO, Available, relation
from warehouse.access.reader import Reader
from warehouse.governance.applications import application_state
from warehouse.governance.appointments import school_day
from warehouse.state.models import Grant

__all__ = ["ADULT_AT", "CHILD_UNDER", "REASON", "asks_for_minors", "minors", "minors_sql", "wanted"]

ADULT_AT = 18
#: Below it a guardian must have consented to each handling.
CHILD_UNDER = 14
#: The key of an application's reasons under which it says why minors are needed.
REASON = "minors"

#: Reader → (release, person → birth date of who is under eighteen).
_KEPT: WeakKeyDictionary[Reader, tuple[str, dict[int, date]]] = WeakKeyDictionary()


def minors_sql(available: Available, day: date, *, catalog: str | None = None) -> str | None:
    """A query for person_key and birth_date of everybody under eighteen on that day, each once;
    None where the release has no birth dates."""
    parts = [
        f"select person_key, birth_date from {relation(table, catalog)} "
        "where birth_date is not null"
        for table in WHO.values()
        if {PERSON_KEY, "birth_date"} <= set(available.get(table, {}))
    ]
    if not parts:
        return None
    return (
        f"select person_key, max(birth_date) as birth_date from ({' union all '.join(parts)}) "
        f"where person_key is not null group by person_key "
        f"having max(birth_date) > date '{day.isoformat()}' - interval {ADULT_AT} year"
    )


def minors(reader: Reader) -> Mapping[int, date]:
    """person_key → birth date of everybody under eighteen in the current release."""
    with reader.open("authority") as (cursor, release):
        kept = _KEPT.get(reader)
        if kept is None or kept[0] != release.id:
            query = minors_sql(_available(cursor), release_day(release))
            rows = cursor.execute(query).fetchall() if query else []
            kept = (release.id, {key: _day(birth) for key, birth in rows})
            _KEPT[reader] = kept
    return kept[1]


def release_day(release: Any) -> date:
    """The day at the college that the data of a release reach."""
    return school_day(datetime.fromisoformat(release.manifest["as_of"]))


def asks_for_minors(opened: Session, grant: Grant) -> bool:
    """Whether the application behind a grant says why it needs people under eighteen."""
    if grant.application_id is None:
        return False
    return wanted(application_state(opened, grant.application_id).content.reasons)


def wanted(reasons: Mapping[str, str]) -> bool:
    return bool(reasons.get(REASON, "").strip())


def _available(cursor: Any) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in cursor.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where column_name in ('person_key', 'birth_date')"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
