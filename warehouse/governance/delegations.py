"""Delegations in force: who stands in for a holder, for whom a deputy stands in; ending one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import or_
from sqlalchemy.orm import Session, aliased

from warehouse.errors import NotFound
from warehouse.governance.appointments import live, school_day
from warehouse.governance.journal import Journal
from warehouse.state.models import Appointment

__all__ = ["delegations", "end_delegation"]


def delegations(
    session: Session, day: date, *, holder_key: int | None = None, deputy_key: int | None = None
) -> list[tuple[Appointment, Appointment]]:
    """(delegation, the appointment it stands on) of that day, newest first: those that a holder
    made, or that a deputy has. A delegation ends with the appointment behind it."""
    own = aliased(Appointment)
    found = (
        live(day)
        .join(own, Appointment.delegated_from == own.id)
        .where(own.valid_from <= day, or_(own.valid_to.is_(None), own.valid_to >= day))
        .add_columns(own)
        .order_by(Appointment.id.desc())
    )
    if holder_key is not None:
        found = found.where(own.person_key == holder_key)
    if deputy_key is not None:
        found = found.where(Appointment.person_key == deputy_key)
    return [(made, behind) for made, behind in session.execute(found)]


def end_delegation(
    journal: Journal, delegation_id: int, holder_key: int, *, actor: str, now: datetime
) -> bool:
    """End a delegation of this holder at once. False where it had ended.

    The last day is yesterday, as with `appointments.end_appointment`. Raises `NotFound` for
    anything that is no delegation of theirs.
    """
    today = school_day(now)
    with journal.transaction() as entry:
        made = entry.session.get(Appointment, delegation_id, with_for_update=True)
        behind = made and entry.session.get(Appointment, made.delegated_from or 0)
        if made is None or behind is None or behind.person_key != holder_key:
            raise NotFound("You have no such delegation.", next_step="Open the page again.")
        if made.valid_to is not None and made.valid_to < today:
            return False
        made.valid_to = today - timedelta(days=1)
        entry.record(
            actor,
            "role.end",
            subject=f"person:{made.person_key}",
            detail={
                "appointment": made.id,
                "for": behind.id,
                "role": made.role,
                "unit": made.unit_code,
            },
        )
    return True
