"""Persons who may not sign in for a while, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from warehouse.errors import StateError, UsageError
from warehouse.governance.journal import Journal
from warehouse.state.models import DisabledPerson, SignInSession

__all__ = ["disable", "enable", "is_disabled"]


def disable(
    journal: Journal, person_key: int, *, actor: str, reason: str, now: datetime | None = None
) -> int:
    """Shut a person out now and end their sessions. Returns how many sessions were ended.

    Doing it twice changes nothing. The reason stands in the registry, not in the log: it may be
    about the person.
    """
    if not reason.strip():
        raise UsageError("Disabling a person needs a reason.", next_step="Give --reason.")
    now = now or datetime.now(UTC)
    with journal.transaction() as entry:
        if not is_disabled(entry.session, person_key, now):
            entry.session.add(
                DisabledPerson(
                    person_key=person_key, valid_from=now, valid_to=None, reason=reason, by=actor
                )
            )
        ended = entry.session.execute(
            update(SignInSession)
            .where(SignInSession.person_key == person_key, SignInSession.ended_at.is_(None))
            .values(ended_at=now, end_reason="disabled")
        ).rowcount
        entry.record(
            actor,
            "person.disable",
            subject=f"person:{person_key}",
            detail={"sessions_ended": ended},
        )
    return ended


def enable(
    journal: Journal, person_key: int, *, actor: str, reason: str, now: datetime | None = None
) -> None:
    """Let a person in again; sessions that were ended stay ended."""
    if not reason.strip():
        raise UsageError("Enabling a person needs a reason.", next_step="Give --reason.")
    now = now or datetime.now(UTC)
    with journal.transaction() as entry:
        found = entry.session.scalars(_LIVE, {"person_key": person_key, "now": now}).all()
        if not found:
            raise StateError("The person is not disabled.")
        for row in found:
            row.valid_to = now
        entry.record(actor, "person.enable", subject=f"person:{person_key}")


def is_disabled(session: Session, person_key: int, now: datetime) -> bool:
    """Whether the person is shut out at that moment."""
    return session.scalars(_LIVE, {"person_key": person_key, "now": now}).first() is not None


#: Made once, as it is asked before every answer of the gateway.
_LIVE = select(DisabledPerson).where(
    DisabledPerson.person_key == bindparam("person_key"),
    DisabledPerson.valid_from <= bindparam("now"),
    or_(DisabledPerson.valid_to.is_(None), DisabledPerson.valid_to > bindparam("now")),
)
