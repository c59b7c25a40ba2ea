"""The undertakings that wait for a person, each with the words to be signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.access.application_desk import application_text, role_text, unit_name
from warehouse.access.policy import HeldRole, Standing, may
from warehouse.governance.application import State
from warehouse.governance.applications import list_applications
from warehouse.governance.undertaking_text import text_sha256
from warehouse.governance.undertakings import missing_parties, user_is_bound
from warehouse.settings import Settings
from warehouse.state.models import Grant, SignedText, Undertaking

__all__ = ["UndertakingReader"]

#: An application that is over binds nobody any more.
_BINDING = frozenset({"open", "authorised"})


@dataclass(frozen=True)
class UndertakingReader:
    """Undertakings of one person; `waiting_roles` begin when their words are signed."""

    opened: Session
    settings: Settings
    standing: Standing
    waiting_roles: tuple[HeldRole, ...]
    now: datetime

    def waiting(self) -> list[dict[str, Any]]:
        """Roles first, then applications, oldest first. `party` is person or unit."""
        found = [self._for_role(held) for held in self.waiting_roles]
        if may(self.standing, "undertakings.sign"):
            for row, state in reversed(list_applications(self.opened)):
                if state.status in _BINDING:
                    found += [
                        self._for_application(row.id, state, party)
                        for party in self._parties(row.id, state)
                    ]
        return found

    def signed(self) -> list[dict[str, Any]]:
        """Those that the person signed, newest first, with their words."""
        rows = self.opened.execute(
            select(Undertaking, SignedText.text)
            .join(SignedText, SignedText.sha256 == Undertaking.text_sha256)
            .where(Undertaking.signer_key == self.standing.person_key)
            .order_by(Undertaking.id.desc())
        ).all()
        return [
            {
                "party": one.party,
                "role": one.role,
                "unit_name": self._unit(one.unit_code),
                "application": one.application_id,
                "text_sha256": one.text_sha256,
                "signed_at": one.signed_at,
                "ended_at": one.ended_at,
                "text": text,
            }
            for one, text in rows
        ]

    def _parties(self, application_id: str, state: State) -> list[str]:
        me, unit = self.standing.person_key, state.content.unit
        found = []
        # Who uses an extended grant is bound by what they signed for it at first.
        names_me = me in state.content.users and state.content.extends is None
        if names_me and not user_is_bound(self.opened, application_id, state.content_sha256, me):
            found.append("person")
        heads = any(h.role == "unit_head" and h.unit == unit for h in self.standing.roles)
        if heads and "unit" in missing_parties(self.opened, application_id, state):
            found.append("unit")
        return found

    def _for_role(self, held: HeldRole) -> dict[str, Any]:
        text = role_text(self.settings, held.role, held.unit)
        return {
            "role": held.role,
            "unit": held.unit,
            "unit_name": self._unit(held.unit),
            "application": None,
            "grant": None,
            "party": "person",
            "text": text,
            "text_sha256": text_sha256(text),
        }

    def _for_application(self, application_id: str, state: State, party: str) -> dict[str, Any]:
        text = application_text(self.settings, state, party)
        grant = self.opened.scalar(select(Grant.id).where(Grant.application_id == application_id))
        return {
            "role": None,
            "unit": state.content.unit,
            "unit_name": self._unit(state.content.unit),
            "application": application_id,
            "grant": grant,
            "party": party,
            "text": text,
            "text_sha256": text_sha256(text),
        }

    def _unit(self, unit: str | None) -> str | None:
        return unit_name(unit, self.settings.paths) if unit else None
