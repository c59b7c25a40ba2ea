"""An application as its readers see it: what is asked, where it stands, who signed, what lacks.

For whoever may not read it (`application_access`) there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.access.application_access import may_read_application
from warehouse.access.application_desk import actor_of, unit_name
from warehouse.access.colleagues import Colleague, colleagues
from warehouse.access.form_catalogue import column_privacy, column_title
from warehouse.access.grant_catalogue import table_title
from warehouse.access.grant_scope import CONDITIONS, WHO
from warehouse.access.minors import REASON as MINORS
from warehouse.access.minors import minors, wanted
from warehouse.access.paper_signatures import may_record
from warehouse.access.policy import Standing, may
from warehouse.access.reader import Reader
from warehouse.access.scope_counts import scope_choices, scope_counts
from warehouse.errors import NotFound, UsageError
from warehouse.governance.application import State, refusal
from warehouse.governance.applications import application_state, list_applications
from warehouse.governance.grants import state_of
from warehouse.governance.protection import hidden_from, protected_people
from warehouse.governance.signed import events_of
from warehouse.governance.undertakings import missing_parties, signed_parties
from warehouse.home import Home
from warehouse.state.models import Application, ApplicationEvent, Grant

__all__ = ["ApplicationReader", "may_sign"]

_SIGN_FOR_UNIT = frozenset({"unit_head", "supervising_leader", "unit_officer"})


def may_sign(state: State, standing: Standing) -> bool:
    """Whether the application waits for this person."""
    return may(standing, "applications.decide") and refusal(state, actor_of(standing)) is None


@dataclass(frozen=True)
class ApplicationReader:
    """Applications for one reader, out of one open session of the registry."""

    opened: Session
    reader: Reader
    home: Home
    standing: Standing
    now: datetime

    def listed(self, scope: str) -> list[dict[str, Any]]:
        """One line each, newest first: `mine`, those that name me (`named`), `unit` (my units'),
        `waiting` (for my signature) or `all`."""
        units = {h.unit for h in self.standing.roles if h.role in _SIGN_FOR_UNIT}
        me = self.standing.person_key
        tests = {
            "mine": lambda state: state.applicant_key == me,
            "named": lambda state: me in state.content.users,
            "unit": lambda state: state.content.unit in units,
            "waiting": lambda state: may_sign(state, self.standing),
            "all": lambda _state: may(self.standing, "applications.read_all"),
        }
        found = [
            (row, state)
            for row, state in list_applications(self.opened)
            if tests[scope](state) and may_read_application(self.standing, state)
        ]
        people = colleagues(
            self.reader,
            {state.applicant_key for _row, state in found},
            hidden=self._hidden(),
        )
        return [self._line(row, state, people[state.applicant_key]) for row, state in found]

    def shown(self, application_id: str) -> dict[str, Any]:
        """All of one; `NotFound` where this person may not know of it."""
        state, row = self.known(application_id)
        events = events_of(self.opened, application_id)
        content = state.content
        people = colleagues(
            self.reader,
            {event.person_key for event in events} | {state.applicant_key, *content.users},
            hidden=self._hidden(),
        )
        # A signature shows whose it is, or it is none: who decided is named, protected or not.
        signers = colleagues(
            self.reader,
            {
                key
                for event in events
                if event.stage is not None
                for key in (event.person_key, event.principal_key)
                if key is not None
            },
            hidden=(),
        )
        names_all = self._knows_signers(state)
        signed = signed_parties(self.opened, application_id, state.content_sha256)
        bound = {one.person_key for one in signed if one.party == "person"}
        missing = missing_parties(self.opened, application_id, state)
        return {
            **self._line(row, state, people[state.applicant_key]),
            "content_sha256": state.content_sha256,
            "content": self._content(state, people),
            "tables_asked": _tables(state),
            "rows_asked": self._rows(state),
            "minors": state.content.reasons.get(MINORS, ""),
            "counts": self._counts(state),
            "stages": _stages(state, signers, names_all),
            "history": [
                _step(event, signers if event.stage is not None else people, names_all)
                for event in events
            ],
            "undertakings": {
                "unit": None if content.kind != "unit" else "unit" not in missing,
                "vendor": None if content.vendor is None else "vendor" not in missing,
                "users": [{**people[key].shown, "signed": key in bound} for key in content.users],
            },
            "may": {
                "sign": may_sign(state, self.standing),
                "record": may(self.standing, "papers.record")
                and may_record(state, self.standing.person_key),
                "withdraw": self._is_mine(state) and state.status in ("open", "returned"),
                "again": self._is_mine(state) and state.status == "returned",
            },
        }

    def known(self, application_id: str) -> tuple[State, Application]:
        """State and row of an application that this person may read; else `NotFound`."""
        row = self.opened.get(Application, application_id)
        state = application_state(self.opened, application_id) if row is not None else None
        if row is None or state is None or not may_read_application(self.standing, state):
            raise NotFound(
                "There is no such application, or it is not yours to read.",
                next_step="Open it from your list.",
            )
        return state, row

    def _is_mine(self, state: State) -> bool:
        return state.applicant_key == self.standing.person_key and may(
            self.standing, "applications.apply"
        )

    def _knows_signers(self, state: State) -> bool:
        """Users of the data read what office signed; who it was is for those who have a part."""
        others = set(state.content.users) - {state.applicant_key}
        return self.standing.person_key not in others or may(self.standing, "applications.decide")

    def _line(self, row: Application, state: State, applicant: Colleague) -> dict[str, Any]:
        content = state.content
        grant = self.opened.scalar(select(Grant).where(Grant.application_id == row.id))
        return {
            "id": row.id,
            "status": state.status,
            "stage": state.stage,
            "kind": content.kind,
            "unit": content.unit,
            "unit_name": unit_name(content.unit, self.home),
            "applicant": applicant.shown,
            "purpose": content.purpose,
            "purpose_text": content.purpose_text,
            "tables": [table_title(table) or table for table in content.columns],
            "last_day": content.last_day,
            "extends": content.extends,
            "submitted_at": row.created_at,
            "channel": row.channel,
            "grant": grant.id if grant else None,
            "grant_state": state_of(self.opened, grant, self.now) if grant else None,
        }

    def _rows(self, state: State) -> list[dict[str, Any]]:
        """Conditions of the row scope in words: part, title of the column, labels of values."""
        found = []
        for part, conditions in state.content.rows.model_dump().items():
            for column, values in conditions.items():
                table = WHO.get(part) or next(iter(state.content.columns), "")
                known = (
                    {one["value"]: one["label"] for one in scope_choices(self.reader, part, column)}
                    if column in CONDITIONS.get(part, ())
                    else {}
                )
                found.append(
                    {
                        "part": part,
                        "title": column_title(table, column),
                        "values": [known.get(value) or value for value in values],
                    }
                )
        return found

    def _counts(self, state: State) -> dict[str, Any] | None:
        """Of today's release; None where it no longer has what was asked for."""
        try:
            return scope_counts(
                self.reader,
                state.content,
                protected=self._left_out(state),
                exact=any(held.role == "working_group" for held in self.standing.roles),
            )
        except UsageError:
            return None

    def _left_out(self, state: State) -> frozenset[int]:
        """Whose rows the grant will not hold: the protected, and minors nobody asked for."""
        protected = protected_people(self.opened, self.now)
        return (
            protected if wanted(state.content.reasons) else protected | minors(self.reader).keys()
        )

    def _hidden(self) -> frozenset[int]:
        return hidden_from(self.opened, self.standing.person_key, self.now)

    def _content(self, state: State, people: dict[int, Colleague]) -> dict[str, Any]:
        document = state.content.document
        document["users"] = [people[key].shown for key in state.content.users]
        return document


def _tables(state: State) -> list[dict[str, Any]]:
    """Tables and columns in words, each sensitive column with the reason given for it."""
    reasons = state.content.reasons
    return [
        {
            "name": table,
            "title": table_title(table) or table,
            "columns": [
                {
                    "name": name,
                    "title": column_title(table, name),
                    "privacy": column_privacy(table, name),
                    "reason": reasons.get(f"{table}.{name}", ""),
                }
                for name in names
            ],
        }
        for table, names in state.content.columns.items()
    ]


def _stages(state: State, people: dict[int, Colleague], names_all: bool) -> list[dict[str, Any]]:
    """The stages of the path, each done, current or to come."""
    done = {step.stage: step for step in state.steps}
    found = []
    for stage in state.path:
        step = done.get(stage)
        standing = "done" if step else "current" if stage == state.stage else "to_come"
        found.append(
            {
                "stage": stage,
                "state": standing,
                "at": step.at if step else None,
                "who": people[step.person_key].name if step and names_all else None,
                "for": _name(people, step.principal_key) if step and names_all else None,
            }
        )
    return found


def _step(event: ApplicationEvent, people: dict[int, Colleague], names_all: bool) -> dict[str, Any]:
    return {
        "at": event.at,
        "kind": event.kind,
        "stage": event.stage,
        "who": people[event.person_key].name if names_all else None,
        "for": _name(people, event.principal_key) if names_all else None,
        "reason": event.reason,
        "channel": event.channel,
    }


def _name(people: dict[int, Colleague], key: int | None) -> str | None:
    return people[key].name if key is not None else None
