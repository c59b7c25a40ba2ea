"""Grants: what was authorised, and whether it holds at this moment.

`live_grant` is asked at every use; nothing about a grant is remembered between two uses. It is
derived each time from the application's events, the undertakings and the grant's own events, so an
expired term, a missing signature or an ended undertaking shuts it even if no job ever ran.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warehouse.errors import Conflict, Forbidden, NotFound, UsageError
from warehouse.governance.application import State
from warehouse.governance.appointments import school_day
from warehouse.governance.content import CHANNELS, PURPOSES
from warehouse.governance.journal import Journal, JournalEntry
from warehouse.governance.returns import overdue
from warehouse.governance.signed import signed_application
from warehouse.governance.terms import term_is_signed
from warehouse.governance.undertakings import missing_parties, user_is_bound
from warehouse.state.models import Grant, GrantEvent, ReturnReceipt

__all__ = [
    "CHANNELS",
    "PURPOSES",
    "STATES",
    "add_grant_event",
    "expires_at",
    "freeze_grant",
    "grant_events",
    "grants",
    "grants_of",
    "live_grant",
    "release_grant",
    "revoke_grant",
    "state_of",
]

#: Every word `state_of` can say, the first that holds in this order; only the last is open.
STATES = (
    "revoked",
    "frozen",
    "shut",
    "unapproved",
    "expired",
    "not_yet",
    "waiting",
    "return_overdue",
    "live",
)

_WHY = {
    "revoked": "has been revoked",
    "frozen": "is frozen while an incident is looked into",
    "shut": "is shut because its file did not match what was approved",
    "unapproved": "lacks the signatures of its application",
    "expired": "has expired",
    "not_yet": "is not yet in force",
    "waiting": "waits for the undertaking of the unit or its vendor",
    "return_overdue": "is shut until the return that is overdue has come in",
}
_NEXT = {
    "expired": "Ask your unit to apply for a new term.",
    "waiting": "The head of the unit signs the undertaking on the page of the application.",
    "return_overdue": "Send the derived data back with: campus return receive",
}


def state_of(session: Session, grant: Grant, now: datetime) -> str:
    """One word of `STATES`."""
    events = grant_events(session, grant.id)
    words = _standing(events, now)
    if words:
        return words[0]
    if grant.application_id is None:
        return "unapproved"
    application = signed_application(session, grant.application_id)
    if (
        application is None
        or not _as_approved(grant, application)
        or not term_is_signed(session, grant, application, events)
    ):
        return "unapproved"
    if expires_at(grant, events) <= now:
        return "expired"
    if grant.valid_from > now:
        return "not_yet"
    if missing_parties(session, grant.application_id, application):
        return "waiting"
    if grant.returns:
        received = session.scalars(
            select(ReturnReceipt.item).where(ReturnReceipt.grant_id == grant.id)
        ).all()
        if overdue(grant.returns, received, school_day(now)):
            return "return_overdue"
    return "live"


def _as_approved(grant: Grant, application: State) -> bool:
    """Whether the grant says, word for word, what was signed."""
    signed = application.content.document
    return (
        application.content_sha256 == grant.content_sha256
        and grant.unit_code == signed["unit"]
        and grant.purpose == signed["purpose"]
        and grant.columns == signed["columns"]
        and grant.rows == signed["rows"]
        and grant.people == signed["users"]
        and grant.channels == signed["channels"]
        and grant.returns == signed["returns"]
        and grant.limits == signed["limits"]
    )


def _standing(events: Sequence[GrantEvent], now: datetime) -> list[str]:
    """What the grant's own events say, worst first: revoked for good, frozen until every incident
    that froze it has released it, shut until it was reopened."""
    past = [event for event in events if event.at <= now]
    words = ["revoked"] if any(event.kind == "revoked" for event in past) else []
    frozen = {event.cause for event in past if event.kind == "frozen"}
    for event in past:
        if event.kind == "frozen":
            frozen.add(event.cause)
        elif event.kind == "released":
            frozen.discard(event.cause)
    words += ["frozen"] if frozen else []
    door = [event.kind for event in past if event.kind in ("shut", "reopened")]
    words += ["shut"] if door and door[-1] == "shut" else []
    return words


def expires_at(grant: Grant, events: Sequence[GrantEvent]) -> datetime:
    """The end of the term, by the latest extension where there is one."""
    later = [event.until for event in events if event.kind == "extended" and event.until]
    return later[-1] if later else grant.expires_at


def grant_events(session: Session, grant_id: str) -> list[GrantEvent]:
    """Events of one grant in their order."""
    return list(
        session.scalars(
            select(GrantEvent).where(GrantEvent.grant_id == grant_id).order_by(GrantEvent.seq)
        )
    )


def add_grant_event(
    entry: JournalEntry,
    grant_id: str,
    kind: str,
    *,
    by: str,
    at: datetime,
    reason: str = "",
    cause: str | None = None,
    until: datetime | None = None,
) -> None:
    """Write one event of a grant and its entry in the log, in the caller's transaction."""
    grant = entry.session.get(Grant, grant_id, with_for_update=True)
    if grant is None:
        raise NotFound("There is no such grant.", next_step="See: campus grant list")
    last = entry.session.scalar(
        select(func.max(GrantEvent.seq)).where(GrantEvent.grant_id == grant_id)
    )
    entry.session.add(
        GrantEvent(
            grant_id=grant_id,
            seq=(last or 0) + 1,
            at=at,
            kind=kind,
            until=until,
            cause=cause,
            reason=reason,
            by=by,
        )
    )
    entry.session.flush()
    entry.record(
        by,
        f"grant.{_VERBS[kind]}",
        detail={
            "grant": grant_id,
            "cause": cause,
            "until": until.astimezone(UTC).isoformat() if until else None,
        },
    )


_VERBS = {
    "extended": "extend",
    "revoked": "revoke",
    "frozen": "freeze",
    "released": "release",
    "shut": "shut",
    "reopened": "reopen",
}


def revoke_grant(
    journal: Journal, grant_id: str, *, actor: str, reason: str, now: datetime | None = None
) -> None:
    """End a grant at once and for good. Its file is removed by `access.grant_files.sweep`."""
    if not reason.strip():
        raise UsageError("Revoking a grant needs a reason.", next_step="Give --reason.")
    now = now or datetime.now(UTC)
    with journal.transaction() as entry:
        if "revoked" in _standing(grant_events(entry.session, grant_id), now):
            raise Conflict(f"The grant {grant_id} is revoked already.")
        add_grant_event(entry, grant_id, "revoked", by=actor, at=now, reason=reason.strip())


def freeze_grant(
    entry: JournalEntry, grant_id: str, *, actor: str, cause: str, reason: str, now: datetime
) -> None:
    """Shut a grant while an incident (`cause`) is looked into."""
    add_grant_event(entry, grant_id, "frozen", by=actor, at=now, reason=reason, cause=cause)


def release_grant(
    entry: JournalEntry, grant_id: str, *, actor: str, cause: str, reason: str, now: datetime
) -> None:
    """Undo the freeze of one incident; others that froze it still hold."""
    add_grant_event(entry, grant_id, "released", by=actor, at=now, reason=reason, cause=cause)


def grants(session: Session) -> list[Grant]:
    """Every grant there ever was, newest first."""
    return list(session.scalars(select(Grant).order_by(Grant.created_at.desc(), Grant.id)))


def grants_of(session: Session, person_key: int, now: datetime, channel: str) -> list[Grant]:
    """The live grants that this person may use over this channel now."""
    return [
        grant
        for grant in grants(session)
        if person_key in grant.people
        and channel in grant.channels
        and state_of(session, grant, now) == "live"
        and user_is_bound(session, str(grant.application_id), grant.content_sha256, person_key)
    ]


def live_grant(
    session: Session, grant_id: str, person_key: int, now: datetime, *, channel: str
) -> Grant:
    """The grant, if this person may use it now over this channel.

    Raises `NotFound` for a grant that does not name the person: whether it exists is not theirs
    to know. Raises `Forbidden` for one that names them and does not hold, with the reason.
    """
    grant = session.get(Grant, grant_id)
    if grant is None or person_key not in grant.people:
        raise NotFound(
            "You hold no such grant.", next_step="Your live grants are listed beside the query."
        )
    state = state_of(session, grant, now)
    if state != "live":
        raise Forbidden(f"The grant {grant.id} {_WHY[state]}.", next_step=_NEXT.get(state))
    if not user_is_bound(session, str(grant.application_id), grant.content_sha256, person_key):
        raise Forbidden(
            "You have not signed the confidentiality undertaking for this grant.",
            next_step="Sign it on the page of undertakings.",
        )
    if channel not in grant.channels:
        raise Forbidden(f"The grant {grant.id} does not allow {channel}.")
    return grant
