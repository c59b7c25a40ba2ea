"""Who received the old value under a grant, and is told that it changed.

A grant had it when its columns name the place and its file held the person at some time since the
value was first released. Lists of people stand beside the files that are still there; for a grant
whose files are gone, who is in its scope today is asked instead, and noted as such.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.access.grant_people import people_of
from warehouse.access.grant_scope import people_sql
from warehouse.access.reader import Reader
from warehouse.engine import EngineError
from warehouse.governance.journal import Journal
from warehouse.governance.notices import notify
from warehouse.governance.protection import protected_people
from warehouse.governance.roles import holders
from warehouse.settings import Settings
from warehouse.state.corrections import Correction, CorrectionTold
from warehouse.state.models import Grant, GrantBuild

__all__ = ["covers", "tell_receivers"]


def covers(
    columns: Mapping[str, Collection[str]],
    available: Mapping[str, Collection[str]],
    source_table: str,
    column: str | None,
) -> bool:
    """Whether a grant of these columns ('dataset.table' → names) gives the place; pure.

    A column that the authoritative table does not have under that name (it was given another) may
    be any of the granted ones, so it counts as given.
    """
    for table, names in columns.items():
        if table.partition(".")[2] != source_table:
            continue
        if column is None or column in names or column not in available.get(table, ()):
            return True
    return False


def tell_receivers(
    journal: Journal,
    settings: Settings,
    reader: Reader,
    row: Correction,
    since: str,
    before: str,
    *,
    actor: str,
    now: datetime,
) -> int:
    """Write down and notify the units that had the old value: in a release from `since` on,
    earlier than `before`. Returns how many grants were told now; none is told twice.

    The notice names the grant and nobody. A unit's contacts are told, else its head, else the
    working group.
    """
    with journal.transaction() as entry:
        told = set(
            entry.session.scalars(
                select(CorrectionTold.grant_id).where(CorrectionTold.correction_id == row.id)
            )
        )
        found = _receivers(entry.session, settings, reader, row, (since, before), now)
        for grant, sure in found:
            if grant.id in told:
                continue
            entry.session.add(
                CorrectionTold(
                    correction_id=row.id, grant_id=grant.id, unit_code=grant.unit_code, at=now,
                    sure=int(sure),
                )
            )  # fmt: skip
            people = _contacts(entry.session, grant.unit_code, now)
            notify(entry.session, people, "correction.told", now, grant=grant.id)
            entry.record(
                actor,
                "correction.tell",
                subject=f"person:{row.person_key}",
                detail={"correction": row.id, "grant": grant.id, "unit": grant.unit_code},
            )
        return sum(grant.id not in told for grant, _sure in found)


def _receivers(
    opened: Session,
    settings: Settings,
    reader: Reader,
    row: Correction,
    span: tuple[str, str],
    now: datetime,
) -> list[tuple[Grant, bool]]:
    releases: dict[str, list[str]] = {}
    for build in opened.scalars(
        select(GrantBuild).where(GrantBuild.release >= span[0], GrantBuild.release < span[1])
    ):
        releases.setdefault(build.grant_id, []).append(build.release)
    grants = opened.scalars(select(Grant).where(Grant.id.in_(sorted(releases))).order_by(Grant.id))
    hidden = row.person_key in protected_people(opened, now)
    found = []
    with reader.open("authority") as (cursor, _release):
        available: dict[str, set[str]] = {}
        for schema, table, column in cursor.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal"
        ).fetchall():
            available.setdefault(f"{schema}.{table}", set()).add(column)
        for grant in grants:
            if not covers(grant.columns, available, row.source_table, row.column_name):
                continue
            lists = [people_of(settings, grant.id, one) for one in releases[grant.id]]
            if any(people is not None and row.person_key in people for people in lists):
                found.append((grant, True))
            elif None in lists and not hidden and _in_scope(cursor, grant, row.person_key):
                found.append((grant, False))
    return found


def _in_scope(cursor: Any, grant: Grant, person_key: int) -> bool:
    """Whether the grant's scope holds the person today. One whose scope cannot be asked any more
    (its columns are gone) counts as having had them: told once too often harms nobody."""
    scope = people_sql(grant.rows)
    if scope is None:
        return True
    try:
        asked = f"select 1 from ({scope}) where person_key = ?"
        return cursor.execute(asked, [person_key]).fetchone() is not None
    except EngineError:
        return True


def _contacts(opened: Session, unit: str, now: datetime) -> set[int]:
    for role, of in (("unit_officer", unit), ("unit_head", unit), ("working_group", None)):
        if people := {one.person_key for one in holders(opened, role, of, now)}:
            return people
    return set()
