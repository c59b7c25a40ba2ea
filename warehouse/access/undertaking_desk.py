"""Undertakings at the operator's desk: the words, and signatures that came on paper."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from warehouse.access.application_desk import application_text, role_text, unit_id
from warehouse.access.desk import Desk
from warehouse.access.unit_heads import heads_by_unit
from warehouse.errors import UsageError
from warehouse.governance.applications import application_state
from warehouse.governance.roles import WITH_UNDERTAKING, held_roles, holders
from warehouse.governance.undertakings import sign_for_application, sign_for_role
from warehouse.state import session
from warehouse.state.models import Undertaking

__all__ = ["list_undertakings", "sign_at_desk", "words"]


def words(
    desk: Desk, role: str | None, unit: str | None, application: str | None, party: str
) -> str:
    """The text for a role or for a party of an application; one of the two must be named."""
    if (role is None) == (application is None):
        raise UsageError("Name a role or an application.", next_step="--role or --application")
    if application is not None:
        with session(desk.engine, read_only=True) as opened:
            state = application_state(opened, application)
        if party == "vendor" and state.content.vendor is None:
            raise UsageError("The application names no vendor.")
        return application_text(desk.settings, state, party)
    if role not in WITH_UNDERTAKING:
        raise UsageError(
            f"The role {role} begins without an undertaking.",
            next_step=f"With one begin: {', '.join(sorted(WITH_UNDERTAKING))}.",
        )
    return role_text(desk.settings, role, _unit(desk, unit))


def sign_at_desk(
    desk: Desk,
    number: str | None,
    role: str | None,
    unit: str | None,
    application: str | None,
    party: str,
    *,
    channel: str = "command",
    scan: str | None = None,
) -> bool:
    """Record a signature of the person with that number, None for a vendor. False where it was
    recorded. `scan` is the sha256 of the attachment that shows it."""
    text = words(desk, role, unit, application, party)
    if (number is None) != (party == "vendor"):
        raise UsageError("Give the number of who signed, and none for a vendor.")
    key = desk.person(number).person_key if number is not None else None
    if role is not None:
        if key is None:
            raise UsageError("A vendor holds no role.")
        with session(desk.engine, read_only=True) as opened:
            held = {(one.role, one.unit) for one in held_roles(opened, key, desk.now)}
        if (role, _unit(desk, unit)) not in held:
            raise UsageError(
                "The person does not hold that role.",
                next_step="Appoint them first with: campus role appoint",
            )
        return sign_for_role(
            desk.audit, key, role, unit=_unit(desk, unit), text=text, actor=desk.actor,
            channel=channel, attachment=scan, now=desk.now,
        )  # fmt: skip
    assert application is not None
    with session(desk.engine, read_only=True) as opened:
        state = application_state(opened, application)
        heads = holders(
            opened, "unit_head", state.content.unit, desk.now,
            head_by_hr=heads_by_unit(desk.reader).get(state.content.unit),
        )  # fmt: skip
    return sign_for_application(
        desk.audit, application, state, party, signer_key=key, text=text, actor=desk.actor,
        heads=[head.person_key for head in heads], channel=channel, attachment=scan, now=desk.now,
    )  # fmt: skip


def list_undertakings(desk: Desk) -> list[dict[str, Any]]:
    """Every undertaking, newest first, persons by their numbers."""
    numbers = desk.shown_numbers()
    with session(desk.engine, read_only=True) as opened:
        return [
            {
                "id": one.id,
                "party": one.party,
                "number": numbers.get(one.person_key) if one.person_key is not None else None,
                "vendor": one.vendor,
                "role": one.role,
                "unit": one.unit_code,
                "application": one.application_id,
                "text_sha256": one.text_sha256,
                "channel": one.channel,
                "signed_at": one.signed_at,
                "ended_at": one.ended_at,
            }
            for one in opened.scalars(select(Undertaking).order_by(Undertaking.id.desc()))
        ]


def _unit(desk: Desk, unit: str | None) -> str | None:
    return unit_id(unit, desk.settings.paths) if unit else None
