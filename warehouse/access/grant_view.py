"""Grants as their holders, their unit and the working group see them, with what they still lack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from warehouse.access.application_desk import unit_name
from warehouse.access.colleagues import colleagues
from warehouse.access.form_catalogue import column_title
from warehouse.access.grant_catalogue import table_title
from warehouse.access.policy import Standing, may
from warehouse.access.reader import Reader
from warehouse.errors import NotFound
from warehouse.governance.grants import expires_at, grant_events, grants, state_of
from warehouse.governance.protection import hidden_from
from warehouse.governance.undertakings import user_is_bound
from warehouse.home import Home
from warehouse.state.models import Application, Grant

__all__ = ["GrantReader"]

_ANSWERS_FOR_UNIT = frozenset({"unit_head", "unit_officer"})


@dataclass(frozen=True)
class GrantReader:
    """Grants for one reader at one moment (UTC), out of one open session of the registry."""

    opened: Session
    reader: Reader
    home: Home
    standing: Standing
    now: datetime

    def listed(self, scope: str) -> list[dict[str, Any]]:
        """Newest first: `mine` (name me as a user), `unit` (of my units) or `all`."""
        tests = {
            "mine": lambda grant: self.standing.person_key in grant.people,
            "unit": self._answers_for,
            "all": lambda _grant: may(self.standing, "grants.read_all"),
        }
        found = [grant for grant in grants(self.opened) if tests[scope](grant)]
        people = colleagues(
            self.reader,
            {key for grant in found for key in grant.people},
            hidden=hidden_from(self.opened, self.standing.person_key, self.now),
        )
        return [self._described(grant, people) for grant in found]

    def to_give_back(self, grant_id: str) -> Grant:
        """A grant that this person may give back: their unit's, or their own application's."""
        grant = self.opened.get(Grant, grant_id)
        if grant is None or not self._may_give_back(grant):
            raise NotFound("You have no such grant to give back.")
        return grant

    def to_extend(self, grant_id: str) -> Grant:
        """A grant whose term this person may apply to lengthen."""
        grant = self.opened.get(Grant, grant_id)
        if grant is None or not (self._answers_for(grant) or self._applied_for(grant)):
            raise NotFound("You have no such grant to extend.")
        return grant

    def _answers_for(self, grant: Grant) -> bool:
        return any(
            held.role in _ANSWERS_FOR_UNIT and held.unit == grant.unit_code
            for held in self.standing.roles
        )

    def _applied_for(self, grant: Grant) -> bool:
        row = self.opened.get(Application, grant.application_id or "")
        return row is not None and row.applicant_key == self.standing.person_key

    def _may_give_back(self, grant: Grant) -> bool:
        return may(self.standing, "grants.give_back") and (
            self._answers_for(grant) or self._applied_for(grant)
        )

    def _described(self, grant: Grant, people: dict[int, Any]) -> dict[str, Any]:
        events = grant_events(self.opened, grant.id)
        state = state_of(self.opened, grant, self.now)
        ended = next((event for event in reversed(events) if event.kind == "revoked"), None)
        bound = {
            key: user_is_bound(self.opened, str(grant.application_id), grant.content_sha256, key)
            for key in grant.people
        }
        open_ended = state not in ("revoked", "expired", "unapproved")
        return {
            "id": grant.id,
            "application": grant.application_id,
            "state": state,
            "unit": grant.unit_code,
            "unit_name": unit_name(grant.unit_code, self.home),
            "purpose": grant.purpose,
            "purpose_text": grant.purpose_text,
            "channels": grant.channels,
            "tables": [
                {
                    "name": table,
                    "title": table_title(table) or table,
                    "columns": [column_title(table, name) for name in names],
                }
                for table, names in grant.columns.items()
            ],
            "rows": grant.rows,
            "limits": grant.limits,
            "users": [{**people[key].shown, "signed": bound[key]} for key in grant.people],
            "mine": self.standing.person_key in grant.people,
            "signed": bound.get(self.standing.person_key),
            "valid_from": grant.valid_from,
            "expires_at": expires_at(grant, events),
            "created_at": grant.created_at,
            "ended_at": ended.at if ended else None,
            "end_reason": ended.reason if ended else "",
            "may": {
                "revoke": may(self.standing, "grants.revoke") and state != "revoked",
                "give_back": open_ended and self._may_give_back(grant),
                "extend": (open_ended or state == "expired")
                and may(self.standing, "applications.apply")
                and (self._answers_for(grant) or self._applied_for(grant)),
            },
        }
