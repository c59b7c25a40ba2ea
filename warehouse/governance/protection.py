"""Protected people: grants, searches and lists leave them out, on the word of a unit.

For somebody who is threatened, under witness protection or sought by a stalker. What their absence
reveals stands in docs/security.md. The reason is kept in the registry and in no log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from warehouse.errors import StateError, UsageError
from warehouse.governance.journal import Journal
from warehouse.governance.terms import ends_after
from warehouse.state.models import Protection

__all__ = [
    "hidden_among",
    "hidden_from",
    "protect",
    "protected_people",
    "protection_hash",
    "protections",
    "unprotect",
]


def protect(
    journal: Journal,
    person_key: int,
    *,
    owner_unit: str,
    owner: int,
    reason: str,
    actor: str,
    last_day: date | None = None,
    now: datetime | None = None,
) -> bool:
    """Leave a person out from now on, to the end of `last_day` where it is known.

    `owner` is the person of the unit who answers for it: they alone find the protected person by
    name, tell a unit that has to know, and say when it is over. Returns whether that changed
    anything: who is protected already stays so, on the first unit's word.
    """
    if owner == person_key:
        raise UsageError(
            "Nobody answers for their own protection.",
            next_step="Name somebody of the unit with --owner.",
        )
    if not reason.strip() or not owner_unit.strip():
        raise UsageError(
            "Protecting a person needs a reason and the unit that answers for it.",
            next_step="Give --reason and --unit.",
        )
    now = now or datetime.now(UTC)
    until = None
    if last_day is not None:
        until = ends_after(last_day)
        if until <= now:
            raise UsageError("The protection would end before it begins.")
    with journal.transaction() as entry:
        if entry.session.scalars(_LIVE_OF, {"now": now, "person_key": person_key}).first():
            return False
        entry.session.add(
            Protection(
                person_key=person_key,
                owner_unit=owner_unit.strip(),
                owner_key=owner,
                valid_from=now,
                valid_to=until,
                reason=reason.strip(),
                by=actor,
            )
        )
        entry.record(
            actor,
            "person.protect",
            subject=f"person:{person_key}",
            detail={"unit": owner_unit.strip(), "owner": f"person:{owner}"},
        )
    return True


def unprotect(
    journal: Journal, person_key: int, *, reason: str, actor: str, now: datetime | None = None
) -> None:
    """End the protection of a person now. Raises `StateError` where there is none."""
    if not reason.strip():
        raise UsageError("Ending a protection needs a reason.", next_step="Give --reason.")
    now = now or datetime.now(UTC)
    with journal.transaction() as entry:
        found = entry.session.scalars(_LIVE_OF, {"now": now, "person_key": person_key}).all()
        if not found:
            raise StateError("The person is not protected.")
        for row in found:
            row.valid_to = now
            row.reason += f" / {reason.strip()}"
        entry.record(actor, "person.unprotect", subject=f"person:{person_key}")


def protections(session: Session, now: datetime) -> list[Protection]:
    """The protections that hold now, oldest first."""
    return list(session.scalars(_LIVE, {"now": now}))


def protected_people(session: Session, now: datetime) -> frozenset[int]:
    """The person_key of everybody who is protected now."""
    return frozenset(row.person_key for row in protections(session, now))


def hidden_from(session: Session, viewer: int | None, now: datetime) -> frozenset[int]:
    """Whom this person is not shown: the protected, but for themself and those they answer for.
    `viewer` None: a list that is nobody's."""
    return hidden_among(protections(session, now), viewer)


def hidden_among(standing: Iterable[Protection], viewer: int | None) -> frozenset[int]:
    """`hidden_from`, of protections that were read already."""
    return frozenset(
        row.person_key
        for row in standing
        if viewer is None or viewer not in (row.person_key, row.owner_key)
    )


def protection_hash(people: Iterable[int]) -> str:
    """Equal where the same people are protected."""
    return hashlib.sha256(",".join(map(str, sorted(people))).encode()).hexdigest()


#: Made once, as they are asked before every answer of the gateway.
_LIVE = (
    select(Protection)
    .where(
        Protection.valid_from <= bindparam("now"),
        or_(Protection.valid_to.is_(None), Protection.valid_to > bindparam("now")),
    )
    .order_by(Protection.id)
)
_LIVE_OF = _LIVE.where(Protection.person_key == bindparam("person_key"))
