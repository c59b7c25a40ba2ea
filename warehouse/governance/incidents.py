"""Suspected leaks (Article 23): a record of what was found and done, and the grants it freezes.

A frozen grant is refused at its next use and keeps its files, which are evidence. It is open again
when every incident that froze it has released it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warehouse.errors import NotFound, StateError, UsageError
from warehouse.governance.appointments import school_day
from warehouse.governance.grants import freeze_grant, release_grant
from warehouse.governance.journal import Journal, JournalEntry
from warehouse.state.models import Grant, Incident, IncidentEvent

__all__ = [
    "close_incident",
    "frozen_by",
    "incident_events",
    "incidents",
    "is_closed",
    "note_incident",
    "open_incident",
    "release_from",
]


def open_incident(
    journal: Journal,
    title: str,
    text: str,
    grants: Iterable[str],
    *,
    actor: str,
    now: datetime | None = None,
) -> str:
    """Record a suspicion and freeze the grants it names, all or none. Returns the incident's id.

    Raises `UsageError` without a title, `NotFound` for a grant that is not there.
    """
    now = now or datetime.now(UTC)
    if not title.strip():
        raise UsageError("An incident needs a title.")
    with journal.transaction() as entry:
        incident = Incident(
            id=f"i{school_day(now):%Y%m%d}-{secrets.token_hex(4)}",
            opened_at=now,
            title=title.strip(),
            opened_by=actor,
        )
        entry.session.add(incident)
        entry.session.flush()
        entry.record(actor, "incident.open", detail={"incident": incident.id})
        if text.strip():
            _write(entry, incident.id, "noted", actor, now, text=text.strip())
        for grant_id in dict.fromkeys(grants):
            _freeze(entry, incident.id, grant_id, actor, now)
    return incident.id


def note_incident(
    journal: Journal,
    incident_id: str,
    text: str,
    *,
    actor: str,
    grants: Iterable[str] = (),
    now: datetime | None = None,
) -> None:
    """Add what was found, and freeze further grants."""
    now, text, grants = now or datetime.now(UTC), text.strip(), list(dict.fromkeys(grants))
    if not text and not grants:
        raise UsageError("Say what was found, or name a grant to freeze.")
    with journal.transaction() as entry:
        _refuse_closed(entry.session, incident_id)
        if text:
            _write(entry, incident_id, "noted", actor, now, text=text)
            entry.record(actor, "incident.note", detail={"incident": incident_id})
        frozen = frozen_by(entry.session, incident_id)
        for grant_id in grants:
            if grant_id not in frozen:
                _freeze(entry, incident_id, grant_id, actor, now)


def release_from(
    journal: Journal,
    incident_id: str,
    grant_id: str,
    *,
    actor: str,
    reason: str,
    now: datetime | None = None,
) -> None:
    """Undo what the incident did to one grant. Raises `StateError` where it does not hold it."""
    now = now or datetime.now(UTC)
    if not reason.strip():
        raise UsageError("Releasing a grant needs a reason.", next_step="Give --reason.")
    with journal.transaction() as entry:
        _refuse_closed(entry.session, incident_id)
        _release(entry, incident_id, grant_id, actor, reason.strip(), now)


def close_incident(
    journal: Journal, incident_id: str, *, actor: str, text: str, now: datetime | None = None
) -> None:
    """End the record with its result. Grants that it still holds must be released or revoked
    first, so that none stays frozen by something nobody works on."""
    now = now or datetime.now(UTC)
    if not text.strip():
        raise UsageError("Closing an incident needs its result.", next_step="Give --result.")
    with journal.transaction() as entry:
        _refuse_closed(entry.session, incident_id)
        if held := frozen_by(entry.session, incident_id):
            raise StateError(
                f"The incident still freezes: {', '.join(held)}.",
                next_step=f"First: campus incident release {incident_id} GRANT --reason …; "
                "revoke what must not be used again before that.",
            )
        _write(entry, incident_id, "closed", actor, now, text=text.strip())
        entry.record(actor, "incident.close", detail={"incident": incident_id})


def incidents(session: Session) -> list[Incident]:
    """Every incident, newest first."""
    return list(session.scalars(select(Incident).order_by(Incident.opened_at.desc(), Incident.id)))


def incident_events(session: Session, incident_id: str) -> list[IncidentEvent]:
    """What was found and done, in order. Raises `NotFound` for an unknown incident."""
    if session.get(Incident, incident_id) is None:
        raise NotFound("There is no such incident.", next_step="See: campus incident list")
    return list(
        session.scalars(
            select(IncidentEvent)
            .where(IncidentEvent.incident_id == incident_id)
            .order_by(IncidentEvent.seq)
        )
    )


def frozen_by(session: Session, incident_id: str) -> list[str]:
    """The grants that the incident holds now."""
    held: dict[str, None] = {}
    for event in incident_events(session, incident_id):
        if event.kind == "froze":
            held[str(event.grant_id)] = None
        elif event.kind == "released":
            held.pop(str(event.grant_id), None)
    return list(held)


def is_closed(session: Session, incident_id: str) -> bool:
    """Whether the incident has ended."""
    return any(event.kind == "closed" for event in incident_events(session, incident_id))


def _refuse_closed(session: Session, incident_id: str) -> None:
    """Holds the incident's row, so that of two that write at once the second sees the first."""
    session.get(Incident, incident_id, with_for_update=True, populate_existing=True)
    if is_closed(session, incident_id):
        raise StateError("The incident is closed.", next_step="Open a new one that names it.")


def _freeze(
    entry: JournalEntry, incident_id: str, grant_id: str, actor: str, now: datetime
) -> None:
    if entry.session.get(Grant, grant_id) is None:
        raise NotFound("There is no such grant.", next_step="See: campus grant list")
    freeze_grant(entry, grant_id, actor=actor, cause=f"incident:{incident_id}", reason="", now=now)
    _write(entry, incident_id, "froze", actor, now, grant_id=grant_id)


def _release(
    entry: JournalEntry, incident_id: str, grant_id: str, actor: str, reason: str, now: datetime
) -> None:
    if grant_id not in frozen_by(entry.session, incident_id):
        raise StateError(f"The incident does not freeze {grant_id}.")
    release_grant(
        entry, grant_id, actor=actor, cause=f"incident:{incident_id}", reason=reason, now=now
    )
    _write(entry, incident_id, "released", actor, now, grant_id=grant_id, text=reason)


def _write(
    entry: JournalEntry,
    incident_id: str,
    kind: str,
    actor: str,
    now: datetime,
    *,
    text: str = "",
    grant_id: str | None = None,
) -> None:
    last = entry.session.scalar(
        select(func.max(IncidentEvent.seq)).where(IncidentEvent.incident_id == incident_id)
    )
    entry.session.add(
        IncidentEvent(
            incident_id=incident_id, seq=(last or 0) + 1, at=now, kind=kind,
            grant_id=grant_id, text=text, by=actor,
        )
    )  # fmt: skip
    entry.session.flush()
