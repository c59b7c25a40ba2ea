"""Grants: which unit may use which columns and rows, who of it, for what and until when.

`live` is asked at every use; nothing about a grant is remembered between two uses.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.errors import Forbidden, NotFound, StateError, UsageError
from warehouse.governance.journal import Journal
from warehouse.state.models import Grant

__all__ = [
    "CHANNELS",
    "PURPOSES",
    "create_grant",
    "grants",
    "grants_of",
    "live_grant",
    "revoke_grant",
    "state_of",
]

#: Article 22.
PURPOSES = ("teaching", "research", "management", "legal_case")
CHANNELS = ("sql", "file", "interface")


def create_grant(
    journal: Journal,
    *,
    unit: str,
    purpose: str,
    text: str,
    columns: Mapping[str, Sequence[str]],
    row_filter: Mapping[str, Sequence[str]],
    people: Sequence[int],
    until: datetime,
    actor: str,
    channels: Sequence[str] = ("sql",),
    now: datetime | None = None,
) -> Grant:
    """Register a grant. `columns` is 'dataset.table' → column names, already checked against the
    authority file (`access.grant_files.check_scope`). Raises `UsageError` naming every fault."""
    now = now or datetime.now(UTC)
    problems = []
    if purpose not in PURPOSES:
        problems.append(f"purpose is one of {', '.join(PURPOSES)} (Article 22)")
    if not text.strip():
        problems.append("the purpose must be described (--text)")
    if not columns or not all(columns.values()):
        problems.append("at least one column must be named (--column)")
    if not people:
        problems.append("at least one person must be named (--person)")
    if until <= now:
        problems.append("the term must lie in the future (--until)")
    if unknown := sorted(set(channels) - set(CHANNELS)):
        problems.append(f"unknown channel {', '.join(unknown)}")
    if problems:
        raise UsageError("The grant cannot be made: " + "; ".join(problems) + ".")
    grant = Grant(
        id=f"g{now:%Y%m%d}-{secrets.token_hex(4)}",
        unit_code=unit,
        purpose=purpose,
        purpose_text=text,
        columns={table: list(names) for table, names in sorted(columns.items())},
        row_filter={column: list(values) for column, values in sorted(row_filter.items())},
        people=sorted(set(people)),
        channels=sorted(set(channels)),
        valid_from=now,
        expires_at=until,
        created_by=actor,
        created_at=now,
    )
    with journal.transaction() as entry:
        entry.session.add(grant)
        entry.session.flush()
        entry.record(
            actor,
            "grant.create",
            detail={
                "grant": grant.id,
                "unit": unit,
                "purpose": purpose,
                "columns": grant.columns,
                "people": len(grant.people),
                "until": until.astimezone(UTC).isoformat(),
            },
        )
    return grant


def revoke_grant(
    journal: Journal, grant_id: str, *, actor: str, reason: str, now: datetime | None = None
) -> None:
    """End a grant at once. Its file is removed by `access.grant_files.sweep`."""
    if not reason.strip():
        raise UsageError("Revoking a grant needs a reason.", next_step="Give --reason.")
    now = now or datetime.now(UTC)
    with journal.transaction() as entry:
        grant = entry.session.get(Grant, grant_id)
        if grant is None:
            raise NotFound("There is no such grant.", next_step="See: campus grant list")
        if grant.revoked_at is not None:
            raise StateError(f"The grant {grant_id} is revoked already.")
        grant.revoked_at, grant.revoked_reason = now, reason
        entry.record(actor, "grant.revoke", detail={"grant": grant_id})


def state_of(grant: Grant, now: datetime) -> str:
    """live | revoked | expired | not_yet"""
    if grant.revoked_at is not None and grant.revoked_at <= now:
        return "revoked"
    if grant.expires_at <= now:
        return "expired"
    return "live" if grant.valid_from <= now else "not_yet"


def grants(session: Session) -> list[Grant]:
    """Every grant there ever was, newest first."""
    return list(session.scalars(select(Grant).order_by(Grant.created_at.desc(), Grant.id)))


def grants_of(session: Session, person_key: int, now: datetime, channel: str) -> list[Grant]:
    """The live grants that name this person and open this channel."""
    return [
        grant
        for grant in grants(session)
        if state_of(grant, now) == "live"
        and person_key in grant.people
        and channel in grant.channels
    ]


def live_grant(
    session: Session, grant_id: str, person_key: int, now: datetime, *, channel: str
) -> Grant:
    """The grant, if this person may use it now over this channel.

    Raises `NotFound` for a grant that does not name the person: whether it exists is not theirs
    to know. Raises `Forbidden` for their own one that is expired, revoked or not for the channel.
    """
    grant = session.get(Grant, grant_id)
    if grant is None or person_key not in grant.people:
        raise NotFound(
            "You hold no such grant.", next_step="Your live grants are listed beside the query."
        )
    state = state_of(grant, now)
    if state != "live":
        raise Forbidden(
            f"The grant {grant.id} is {state.replace('_', ' ')}.",
            next_step="Ask your unit to apply for a new term.",
        )
    if channel not in grant.channels:
        raise Forbidden(f"The grant {grant.id} does not allow {channel}.")
    return grant
