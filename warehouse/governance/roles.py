"""Roles as they count at a moment: appointed or by the HR system, with what they still lack.

A role of the hub, of a unit's data or of the auditor is not active before its holder has signed
the confidentiality undertaking for it (Article 18, annex 6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from warehouse.governance.appointments import live, school_day
from warehouse.state.models import Appointment, Undertaking

__all__ = ["WITH_UNDERTAKING", "Held", "active_roles", "held_roles", "holders"]

#: Roles that begin with a signed undertaking.
WITH_UNDERTAKING = frozenset({"working_group", "unit_officer", "analyst", "auditor"})


@dataclass(frozen=True)
class Held:
    """A role of a person on a day. `principal_key` is for whom, where it is delegated; `source`
    is appointment or hr; `needs_undertaking` says that it waits for the holder's signature."""

    person_key: int
    role: str
    unit: str | None = None
    principal_key: int | None = None
    source: str = "appointment"
    needs_undertaking: bool = False


def held_roles(
    session: Session, person_key: int, now: datetime, *, heads_of: Iterable[str] = ()
) -> list[Held]:
    """Every role of the person on that day, in a stable order, those that wait included.

    `heads_of` are the units whose head the person is by the HR system's extract: they count
    unless somebody was appointed head of that unit.
    """
    day = school_day(now)
    found = _appointed(session, day, person_key)
    if led := list(heads_of):
        taken = set(
            session.scalars(
                live(day)
                .where(Appointment.role == "unit_head", Appointment.delegated_from.is_(None))
                .with_only_columns(Appointment.unit_code)
            )
        )
        found += [
            Held(person_key, "unit_head", unit, source="hr") for unit in led if unit not in taken
        ]
    signed = _signed(session, [person_key])
    return sorted(
        {
            Held(
                one.person_key,
                one.role,
                one.unit,
                one.principal_key,
                one.source,
                one.role in WITH_UNDERTAKING and (person_key, one.role, one.unit) not in signed,
            )
            for one in found
        },
        key=lambda one: (one.role, one.unit or "", one.principal_key or 0),
    )


def active_roles(
    session: Session, person_key: int, now: datetime, *, heads_of: Iterable[str] = ()
) -> list[Held]:
    """Those that count."""
    return [
        one
        for one in held_roles(session, person_key, now, heads_of=heads_of)
        if not one.needs_undertaking
    ]


def holders(
    session: Session,
    role: str,
    unit: str | None,
    now: datetime,
    *,
    head_by_hr: int | None = None,
) -> list[Held]:
    """Who holds an active role, deputies included: whom a stage waits for. `head_by_hr` is the
    head of the unit in the HR extract."""
    day = school_day(now)
    found = [
        one
        for one in _appointed(session, day)
        if one.role == role and (unit is None or one.unit == unit)
    ]
    if (
        role == "unit_head"
        and unit
        and head_by_hr is not None
        and not any(one.principal_key is None for one in found)
    ):
        found.append(Held(head_by_hr, role, unit, source="hr"))
    if role in WITH_UNDERTAKING:
        signed = _signed(session, {one.person_key for one in found})
        found = [one for one in found if (one.person_key, one.role, one.unit) in signed]
    return found


#: The appointment that a delegated one stands on.
_BASE = aliased(Appointment)
#: Asked before every answer of the gateway, and made once: making a statement costs more than
#: running it.
_APPOINTED = (
    select(
        Appointment.person_key,
        Appointment.role,
        Appointment.unit_code,
        _BASE.person_key,
        Appointment.delegated_from,
        _BASE.valid_from,
        _BASE.valid_to,
    )
    .outerjoin(_BASE, Appointment.delegated_from == _BASE.id)
    .where(
        Appointment.valid_from <= bindparam("day"),
        or_(Appointment.valid_to.is_(None), Appointment.valid_to >= bindparam("day")),
    )
)
_APPOINTED_OF = _APPOINTED.where(Appointment.person_key == bindparam("person_key"))
_SIGNED = select(Undertaking.person_key, Undertaking.role, Undertaking.unit_code).where(
    Undertaking.party == "person",
    Undertaking.role.is_not(None),
    Undertaking.person_key.in_(bindparam("people", expanding=True)),
    Undertaking.ended_at.is_(None),
)


def _appointed(session: Session, day: date, person_key: int | None = None) -> list[Held]:
    """Appointments of the day; a delegated one only while the appointment behind it lasts."""
    if person_key is None:
        rows = session.execute(_APPOINTED, {"day": day})
    else:
        rows = session.execute(_APPOINTED_OF, {"day": day, "person_key": person_key})
    return [
        Held(key, role, unit, principal)
        for key, role, unit, principal, delegated, begins, ends in rows
        if delegated is None or (begins <= day and (ends is None or ends >= day))
    ]


def _signed(session: Session, people: Iterable[int]) -> set[tuple[int, str, str | None]]:
    rows = session.execute(_SIGNED, {"people": sorted(people)})
    return {(row.person_key, row.role, row.unit_code) for row in rows}
