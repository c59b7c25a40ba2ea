"""Appointments: who was appointed to what, for which days, by whom, and who stands in for whom.

What of it counts at a moment is `governance.roles`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from warehouse.errors import Forbidden, StateError, UsageError
from warehouse.governance.former_undertakings import end_former_undertakings
from warehouse.governance.journal import Journal, JournalEntry
from warehouse.state.models import Appointment

__all__ = [
    "ROLES",
    "SIGNING_ROLES",
    "UNIT_ROLES",
    "appoint",
    "appointments",
    "delegate",
    "end_appointment",
    "live",
    "school_day",
]

#: leader sees the statistics; analyst uses grants; unit_officer is a unit's contact (联络人) and
#: keeps its data (Article 10, 12); unit_head its responsible head (负责人); supervising_leader the
#: school leader a unit answers to (主管校领导, annex 5); the groups of Articles 1 and 3; auditor.
ROLES = (
    "leader",
    "analyst",
    "unit_officer",
    "unit_head",
    "supervising_leader",
    "working_group",
    "leading_group",
    "auditor",
)
UNIT_ROLES = frozenset({"unit_officer", "unit_head", "supervising_leader"})
#: Roles that sign applications; only these can be delegated.
SIGNING_ROLES = frozenset({"unit_head", "supervising_leader", "leading_group", "working_group"})
#: Who watches does not act: an auditor holds none of these, and who holds one is no auditor.
_NOT_WITH_AUDITOR = frozenset(ROLES) - {"auditor", "leader"}
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
    Raises `UsageError` for an unknown role, a unit's role without a unit, or an end in the past;
    `Forbidden` where an auditor would also act.
    """
    now = now or datetime.now(UTC)
    today = school_day(now)
    if role not in ROLES:
        raise UsageError(
            f"There is no role {role!r}.", next_step=f"Choose one of: {', '.join(ROLES)}."
        )
    if role in UNIT_ROLES and not unit:
        raise UsageError(f"The role {role} needs a unit.", next_step="Name it with --unit.")
    if until is not None and until < today:
        raise UsageError("The appointment would end before it begins.")
    with journal.transaction() as entry:
        _refuse_watching_and_acting(entry.session, person_key, role, today)
        held = _own(entry.session, person_key, role, unit, today)
        if held is None:
            _begin(entry, person_key, role, unit, actor=actor, now=now)
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
        wanted = live(today).where(Appointment.person_key == person_key, Appointment.role == role)
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


def delegate(
    journal: Journal,
    holder_key: int,
    role: str,
    deputy_key: int,
    *,
    actor: str,
    until: date,
    unit: str | None = None,
    now: datetime | None = None,
) -> int:
    """Let a deputy sign for the holder of a role, from today to `until` included.

    The holder keeps the role; the deputy's ends with it. Returns the appointment's id. Raises
    `StateError` where the holder has no such appointment of their own, `UsageError` for a role
    that signs nothing or an end in the past, `Forbidden` for an auditor as deputy.
    """
    now = now or datetime.now(UTC)
    today = school_day(now)
    if role not in SIGNING_ROLES:
        raise UsageError(
            f"The role {role} cannot be delegated.",
            next_step=f"These can: {', '.join(sorted(SIGNING_ROLES))}.",
        )
    if until < today:
        raise UsageError("The delegation would end before it begins.")
    if deputy_key == holder_key:
        raise UsageError("Nobody stands in for themself.")
    with journal.transaction() as entry:
        _refuse_watching_and_acting(entry.session, deputy_key, role, today)
        own = _own(entry.session, holder_key, role, unit, today)
        if own is None:
            raise StateError(
                f"The person was not appointed as {role}" + (f" of {unit}." if unit else "."),
                next_step="Appoint them first; a role by delegation cannot be passed on.",
            )
        _begin(entry, deputy_key, role, own.unit_code, actor=actor, now=now)
        made = Appointment(
            person_key=deputy_key,
            role=role,
            unit_code=own.unit_code,
            valid_from=today,
            valid_to=until,
            appointed_by=actor,
            appointed_at=now,
            delegated_from=own.id,
        )
        entry.session.add(made)
        entry.session.flush()
        entry.record(
            actor,
            "role.delegate",
            subject=f"person:{deputy_key}",
            detail={
                "appointment": made.id,
                "for": own.id,
                "role": role,
                "unit": own.unit_code,
                "until": until.isoformat(),
            },
        )
        return made.id


def appointments(session: Session, *, day: date | None = None) -> list[Appointment]:
    """All appointments, or those of one day; newest first."""
    wanted = select(Appointment) if day is None else live(day)
    return list(session.scalars(wanted.order_by(Appointment.id.desc())))


def live(day: date) -> Select[tuple[Appointment]]:
    """The statement for the appointments of one day."""
    return select(Appointment).where(
        Appointment.valid_from <= day,
        or_(Appointment.valid_to.is_(None), Appointment.valid_to >= day),
    )


def _begin(
    entry: JournalEntry, person_key: int, role: str, unit: str | None, *, actor: str, now: datetime
) -> None:
    """Before a role begins that the person does not hold: what they signed for it once is over."""
    already = entry.session.scalars(
        live(school_day(now)).where(
            Appointment.person_key == person_key,
            Appointment.role == role,
            Appointment.unit_code == unit if unit else Appointment.unit_code.is_(None),
        )
    ).first()
    if already is None:
        end_former_undertakings(entry, person_key, role, unit, actor=actor, now=now)


def _own(
    session: Session, person_key: int, role: str, unit: str | None, day: date
) -> Appointment | None:
    """The person's own appointment of that day, not one by delegation."""
    return session.scalars(
        live(day).where(
            Appointment.delegated_from.is_(None),
            Appointment.person_key == person_key,
            Appointment.role == role,
            Appointment.unit_code == unit if unit else Appointment.unit_code.is_(None),
        )
    ).first()


def _refuse_watching_and_acting(session: Session, person_key: int, role: str, day: date) -> None:
    held = set(
        session.scalars(live(day).where(Appointment.person_key == person_key).with_only_columns(
            Appointment.role))
    )  # fmt: skip
    clash = held & _NOT_WITH_AUDITOR if role == "auditor" else held & {"auditor"}
    if clash and (role == "auditor" or role in _NOT_WITH_AUDITOR):
        raise Forbidden(
            "An auditor changes nothing, so nobody is auditor and "
            f"{role if role != 'auditor' else sorted(clash)[0]} at once.",
            next_step="End the other role first, or appoint somebody else.",
        )
