"""Whom a set of people holds, kept for good: `state.uses` says how.

Written where a grant's file is built and where a release becomes current, in the transaction of the
entry that tells of it; a version is made only when somebody has come or gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from warehouse.access.reader import Cursor
from warehouse.audit.concern import keys_hash
from warehouse.state.models import GrantBuild
from warehouse.state.uses import EVERYBODY, PeopleMember, PeopleSet, PeopleVersion

__all__ = ["build_version", "everybody_version", "note_everybody", "note_people", "set_of_grant"]

#: Keys named in one statement: databases bound its parameters.
_AT_ONCE = 500


def set_of_grant(grant_id: str) -> str:
    """The name of the set of people in a grant's file, which is the subject of its entries."""
    return f"grant:{grant_id}"


def note_people(
    opened: Session, name: str, release: str, keys: Collection[int], now: datetime
) -> int:
    """The version of the set that holds exactly these people, made where the latest does not.

    The caller holds the transaction of the audit log, so that versions of a set come one after the
    other.
    """
    found = opened.scalar(select(PeopleSet).where(PeopleSet.name == name))
    if found is None:
        found = PeopleSet(name=name)
        opened.add(found)
        opened.flush()
    last = _latest(opened, found.no)
    wanted, digest = set(keys), keys_hash(keys)
    if last is not None and last.sha256 == digest:
        return last.id
    held = (PeopleMember.set_no == found.no) & PeopleMember.until.is_(None)
    before = set(opened.scalars(select(PeopleMember.person_key).where(held)))
    entered, left = sorted(wanted - before), sorted(before - wanted)
    made = PeopleVersion(
        set_no=found.no, release=release, made_at=now, sha256=digest,
        people=len(wanted), entered=len(entered), left=len(left),
    )  # fmt: skip
    opened.add(made)
    opened.flush()
    for some in _parts(left):
        opened.execute(
            update(PeopleMember)
            .where(held, PeopleMember.person_key.in_(some))
            .values(until=made.id)
            .execution_options(synchronize_session=False)
        )
    for some in _parts(entered):
        rows = [{"person_key": key, "set_no": found.no, "since": made.id} for key in some]
        opened.execute(insert(PeopleMember), rows)
    return made.id


def note_everybody(opened: Session, cursor: Cursor, release: str, now: datetime) -> int:
    """The version of everybody whom a release knows, read from its personal file."""
    rows = cursor.execute("select distinct person_key from person order by person_key").fetchall()
    return note_people(opened, EVERYBODY, release, [key for (key,) in rows], now)


def everybody_version(opened: Session) -> int | None:
    """Whom the current release knows; None before any was noted."""
    no = opened.scalar(select(PeopleSet.no).where(PeopleSet.name == EVERYBODY))
    last = _latest(opened, no) if no is not None else None
    return last.id if last is not None else None


def build_version(opened: Session, grant_id: str, release: str) -> int | None:
    """Whom the file of a grant holds at this moment; None where there is none."""
    build = opened.get(GrantBuild, (grant_id, release))
    return build.people_version if build is not None else None


def _latest(opened: Session, set_no: int) -> PeopleVersion | None:
    return opened.scalars(
        select(PeopleVersion)
        .where(PeopleVersion.set_no == set_no)
        .order_by(PeopleVersion.id.desc())
        .limit(1)
    ).first()


def _parts(keys: list[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
