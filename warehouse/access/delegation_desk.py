"""Deputies: what a person may delegate, who stands in for them, and for whom they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from warehouse.access.application_desk import unit_name
from warehouse.access.colleagues import colleagues, find_colleague
from warehouse.access.desk import Desk
from warehouse.access.unit_heads import units_led
from warehouse.errors import Conflict, Forbidden, NotFound
from warehouse.governance.appointments import SIGNING_ROLES, delegate, school_day
from warehouse.governance.delegations import delegations, end_delegation
from warehouse.governance.protection import hidden_from
from warehouse.governance.roles import Held, active_roles, held_roles
from warehouse.state import session

__all__ = ["DelegationDesk"]


@dataclass(frozen=True)
class DelegationDesk:
    """The delegations of one person; `desk.actor` is that person."""

    desk: Desk
    me: int

    def shown(self) -> dict[str, Any]:
        """`roles` that the person holds themself, each with whether it can be delegated;
        `deputies` of the person; `standing_in`: whom the person stands in for."""
        now = self.desk.now
        today = school_day(now)
        with session(self.desk.engine, read_only=True) as opened:
            mine = self._own_roles(opened)
            made = delegations(opened, today, holder_key=self.me)
            had = delegations(opened, today, deputy_key=self.me)
            waits = {
                one.id: any(
                    held.needs_undertaking
                    and (held.role, held.unit, held.principal_key)
                    == (one.role, one.unit_code, self.me)
                    for held in held_roles(opened, one.person_key, now)
                )
                for one, _own in made
            }
            hidden = hidden_from(opened, self.me, now)
        people = colleagues(
            self.desk.reader,
            {one.person_key for one, _own in made} | {own.person_key for _one, own in had},
            hidden=hidden,
        )
        return {
            "roles": [
                {**self._role(held.role, held.unit), "can_delegate": held.source != "hr"}
                for held in mine
            ],
            "deputies": [
                {
                    "id": one.id,
                    **self._role(one.role, one.unit_code),
                    "deputy": people[one.person_key].shown,
                    "until": one.valid_to,
                    "waits_for_undertaking": waits[one.id],
                }
                for one, _own in made
            ],
            "standing_in": [
                {
                    **self._role(one.role, one.unit_code),
                    "holder": people[own.person_key].shown,
                    "until": one.valid_to,
                }
                for one, own in had
            ],
        }

    def name(self, role: str, unit: str | None, number: str, until: date) -> int:
        """Let the person with that number sign for this one, `until` included. The same wish
        again is the same delegation. Returns its id.

        Raises `Forbidden` for a role that the person does not hold themself, or one by the HR
        system, `NotFound` where the number is nobody's of the staff, `Conflict` where that person
        stands in already, until another day.
        """
        now = self.desk.now
        with session(self.desk.engine, read_only=True) as opened:
            held = [one for one in self._own_roles(opened) if (one.role, one.unit) == (role, unit)]
        if not held:
            raise Forbidden(
                "That is no role of your own.",
                next_step="A role by delegation cannot be passed on.",
            )
        if held[0].source == "hr":
            # An appointment made from the extract would outlast a change of head in HR.
            raise Forbidden(
                "You are head by the HR system's record; it has no appointment to delegate.",
                next_step="Ask the working group to appoint you first.",
            )
        deputy = find_colleague(self.desk.reader, self.desk.engine, number, now)
        if "staff" not in self.desk.person(number.strip()).kinds:
            raise NotFound("Nobody of the staff is found under that number.")
        with session(self.desk.engine, read_only=True) as opened:
            known = [
                one
                for one, _own in delegations(
                    opened, school_day(now), holder_key=self.me, deputy_key=deputy.person_key
                )
                if (one.role, one.unit_code) == (role, unit)
            ]
        if known and known[0].valid_to == until:
            return known[0].id
        if known:
            raise Conflict(
                "That person stands in for you already, until another day.",
                next_step="End it first, then name them anew.",
            )
        return delegate(
            self.desk.audit,
            self.me,
            role,
            deputy.person_key,
            actor=self.desk.actor,
            until=until,
            unit=unit,
            now=now,
        )

    def end(self, delegation_id: int) -> bool:
        """End one of the person's own. False where it had ended."""
        return end_delegation(
            self.desk.audit, delegation_id, self.me, actor=self.desk.actor, now=self.desk.now
        )

    def _own_roles(self, opened: Session) -> list[Held]:
        """Roles that sign, held by the person and not by delegation, as they count now."""
        heads_of = units_led(self.desk.reader, self.me)
        return [
            held
            for held in active_roles(opened, self.me, self.desk.now, heads_of=heads_of)
            if held.role in SIGNING_ROLES and held.principal_key is None
        ]

    def _role(self, role: str, unit: str | None) -> dict[str, Any]:
        name = unit_name(unit, self.desk.settings.paths) if unit else None
        return {"role": role, "unit": unit, "unit_name": name}
