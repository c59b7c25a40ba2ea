"""Roles: who was appointed to what, for which days, by whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from warehouse.errors import StateError, UsageError
from warehouse.governance.journal import Journal
from warehouse.state.models import Appointment

__all__ = ["ROLES", "appoint", "appointments", "end_appointment", "roles_on", "school_day"]

ROLES = ("leader", "analyst", "unit_officer", "working_group", "leading_group", "auditor")
_UNIT_ROLES = frozenset({"unit_officer"})
_BEIJING = ZoneInfo("Asia/Shanghai")


def school_day(moment: datetime) -> date:
    """The calendar day at the college."""
    return moment.astimezone(_BEIJING).date()


def appoint(
    journal: Journal,
    person_key: int,
    role: str,
    *,
    actor: str,
    unit: str | None = None,
    until: date | None = None,
    now: datetime | None = None,
) -> int:
    """Appoint from today, `until` included (None: until ended). Returns the appointment's id.

    The same role for the same unit twice is one appointment with the later wish for its end.
    Raises `UsageError` for an unknown role, a unit officer without a unit, or an end in the past.
    """
    now = now or datetime.now(UTC)
    today = school_day(now)
    if role not in ROLES:
        raise UsageError(
            f"There is no role {role!r}.", next_step=f"Choose one of: {', '.join(ROLES)}."
        )
    if role in _UNIT_ROLES and not unit:
        raise UsageError(f"The role {role} needs a unit.", next_step="Name it with --unit.")
    if until is not None and until < today:
        raise UsageError("The appointment would end before it begins.")
    with journal.transaction() as entry:
        held = entry.session.scalars(
            _live(today).where(
                Appointment.person_key == person_key,
                Appointment.role == role,
                Appointment.unit_code == unit if unit else Appointment.unit_code.is_(None),
            )
        ).first()
        if held is None:
            held = Appointment(
                person_key=person_key,
                role=role,
                unit_code=unit,
                valid_from=today,
                valid_to=until,
                appointed_by=actor,
                appointed_at=now,
            )
            entry.session.add(held)
        else:
            held.valid_to = until
        entry.session.flush()
        entry.record(
            actor,
            "role.appoint",
            subject=f"person:{person_key}",
            detail={
                "appointment": held.id,
                "role": role,
                "unit": unit,
                "until": until.isoformat() if until else None,
            },
        )
        return held.id


def end_appointment(
    journal: Journal,
    person_key: int,
    role: str,
    *,
    actor: str,
    unit: str | None = None,
    now: datetime | None = None,
) -> int:
    """End a role at once, for every unit or the one named. Returns how many were ended.

    The last day is yesterday, so the very next read already finds the role gone.
    Raises `StateError` where the person does not hold it.
    """
    today = school_day(now or datetime.now(UTC))
    with journal.transaction() as entry:
        wanted = _live(today).where(Appointment.person_key == person_key, Appointment.role == role)
        if unit:
            wanted = wanted.where(Appointment.unit_code == unit)
        held = entry.session.scalars(wanted).all()
        for appointment in held:
            appointment.valid_to = today - timedelta(days=1)
            entry.record(
                actor,
                "role.end",
                subject=f"person:{person_key}",
                detail={
                    "appointment": appointment.id,
                    "role": role,
                    "unit": appointment.unit_code,
                },
            )
    if not held:
        raise StateError(
            f"The person does not hold the role {role}.",
            next_step="See who holds what with: campus role list",
        )
    return len(held)


def roles_on(session: Session, person_key: int, day: date) -> list[tuple[str, str | None]]:
    """(role, unit or None) held on that day, in a stable order."""
    rows = session.execute(
        select(Appointment.role, Appointment.unit_code)
        .where(
            Appointment.person_key == person_key,
            Appointment.valid_from <= day,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= day),
        )
        .distinct()
    ).all()
    return sorted(((row.role, row.unit_code) for row in rows), key=lambda r: (r[0], r[1] or ""))


def appointments(session: Session, *, day: date | None = None) -> list[Appointment]:
    """All appointments, or those of one day; newest first."""
    wanted = select(Appointment) if day is None else _live(day)
    return list(session.scalars(wanted.order_by(Appointment.id.desc())))


def _live(day: date):  # type: ignore[no-untyped-def]
    return select(Appointment).where(
        Appointment.valid_from <= day,
        or_(Appointment.valid_to.is_(None), Appointment.valid_to >= day),
    )
