"""Whose data an entry of the log concerns beside its subject, and the two indexes of that.

An entry's subject is a person, or a set of people by its name (`grant:<id>`, `everybody`). Of a set
the entry holds its versions: whom it held when it was used. Persons that an answer names one by
one (who was found under a number, the users of an application) are listed in `audit_person`; the
entry itself holds how many they are and a hash over them, which the chain covers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from warehouse.state.uses import AuditPerson, PeopleUse, PeopleVersion

__all__ = ["Concern", "Counted", "index_concerns", "keys_hash", "named", "of_sets"]

_SCHOOL = ZoneInfo("Asia/Shanghai")
_UPSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Concern:
    """`people` are keys of persons; `versions` are ids of `PeopleVersion`. `about` is what of the
    set was used, where the action does not say it (the format of an export, a mart)."""

    people: tuple[int, ...] = ()
    versions: tuple[int, ...] = ()
    about: str = ""

    def noted(self) -> dict[str, Any]:
        """What the entry's detail says of it."""
        found: dict[str, Any] = {}
        if self.people:
            found["people"] = {"count": len(self.people), "sha256": keys_hash(self.people)}
        if self.versions:
            found["versions"] = list(self.versions)
        return found


def named(people: Iterable[int]) -> Concern:
    """The persons that an answer names."""
    return Concern(people=tuple(sorted(set(people))))


def of_sets(versions: Iterable[int], about: str = "") -> Concern:
    """Whoever these versions hold."""
    return Concern(versions=tuple(sorted(set(versions))), about=about)


def keys_hash(keys: Collection[int]) -> str:
    """sha256 over the keys in order, each as eight bytes."""
    digest = hashlib.sha256()
    for key in sorted(keys):
        digest.update(key.to_bytes(8, "big", signed=True))
    return digest.hexdigest()


@dataclass(frozen=True)
class Counted:
    """An entry that was written, as far as the indexes of whom it concerns need it."""

    seq: int
    actor: str
    action: str
    result: str
    concern: Concern


def index_concerns(
    transaction: Session | Connection, at: datetime, entries: Sequence[Counted]
) -> None:
    """Note whom each entry concerns, in the transaction that writes it."""
    persons = [
        {"person_key": key, "seq": entry.seq} for entry in entries for key in entry.concern.people
    ]
    if persons:
        transaction.execute(insert(AuditPerson.__table__), persons)
    if any(entry.concern.versions for entry in entries):
        _count(transaction, at.astimezone(UTC).astimezone(_SCHOOL).date(), entries)


def _count(transaction: Session | Connection, day: date, entries: Sequence[Counted]) -> None:
    sets = _sets_of(transaction, {v for entry in entries for v in entry.concern.versions})
    table = PeopleUse.__table__
    held = transaction.connection() if isinstance(transaction, Session) else transaction
    add = _UPSERT[held.dialect.name](table)
    counted = add.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key.columns],
        set_={"count": table.c["count"] + 1, "last_seq": add.excluded.last_seq},
    )
    for entry in entries:
        # Where a file was exchanged while it was read, both versions are: nobody is left out.
        for version in entry.concern.versions:
            row = {
                "set_no": sets[version],
                "day": day,
                "version": version,
                "action": entry.action,
                "actor_kind": entry.actor.partition(":")[0],
                "about": entry.concern.about,
                "result": entry.result,
                "count": 1,
                "last_seq": entry.seq,
            }
            held.execute(counted, row)


def _sets_of(transaction: Session | Connection, versions: Collection[int]) -> Mapping[int, int]:
    wanted = select(PeopleVersion.id, PeopleVersion.set_no).where(PeopleVersion.id.in_(versions))
    return {row.id: row.set_no for row in transaction.execute(wanted)}
