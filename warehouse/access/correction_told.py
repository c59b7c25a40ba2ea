"""Who received the old value under a grant, and is told that it changed.

A grant had it when its columns name the place and its file held the person in a release from the
one on that showed the value first. Whom a file held is on record for good (`state.uses`), whether
the grant lives or not; of files from before that record, who is in the scope today is asked
instead, and noted as such.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.access.grant_scope import people_sql
from warehouse.access.people_sets import set_of_grant
from warehouse.access.reader import Reader
from warehouse.audit import person
from warehouse.engine import EngineError
from warehouse.governance.journal import Journal
from warehouse.governance.notices import notify
from warehouse.governance.protection import protected_people
from warehouse.governance.roles import holders
from warehouse.state.corrections import Correction, CorrectionTold
from warehouse.state.models import Grant, GrantBuild
from warehouse.state.uses import PeopleMember, PeopleSet

__all__ = ["SILENT", "covers", "tell_receivers"]

#: A grant for a court or the police is told of, and its person hears nothing of it here: that it
#: exists may not be known to them yet.
SILENT = "legal_case"


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
        found = _receivers(entry.session, reader, row, (since, before), now)
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
            # What stands under a person's name is shown to them.
            entry.record(
                actor,
                "correction.tell",
                subject=None if grant.purpose == SILENT else person(row.person_key),
                detail={"correction": row.id, "grant": grant.id},
            )
        return sum(grant.id not in told for grant, _sure in found)


def _receivers(
    opened: Session, reader: Reader, row: Correction, span: tuple[str, str], now: datetime
) -> list[tuple[Grant, bool]]:
    """Grants with whether it is known that they held the person."""
    versions: dict[str, list[int | None]] = {}
    for build in opened.scalars(
        select(GrantBuild).where(GrantBuild.release >= span[0], GrantBuild.release < span[1])
    ):
        versions.setdefault(build.grant_id, []).append(build.people_version)
    grants = opened.scalars(select(Grant).where(Grant.id.in_(sorted(versions))).order_by(Grant.id))
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
            known = versions[grant.id]
            if _held(opened, grant.id, row.person_key, known):
                found.append((grant, True))
            elif None in known and not hidden and _in_scope(cursor, grant, row.person_key):
                found.append((grant, False))
    return found


def _held(opened: Session, grant_id: str, person_key: int, versions: Sequence[int | None]) -> bool:
    """Whether the person was in one of these versions of the grant's set of people."""
    spans = opened.execute(
        select(PeopleMember.since, PeopleMember.until)
        .join(PeopleSet, PeopleSet.no == PeopleMember.set_no)
        .where(PeopleSet.name == set_of_grant(grant_id), PeopleMember.person_key == person_key)
    ).all()
    return any(
        version is not None and since <= version and (until is None or version < until)
        for version in versions
        for since, until in spans
    )


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
