"""Applications at the operator's desk: forms from files, persons by their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from warehouse.access.application_desk import actor_of, unit_id
from warehouse.access.desk import Desk
from warehouse.access.sessions import standing_of
from warehouse.errors import UsageError
from warehouse.governance.application import Actor
from warehouse.governance.applications import application_state
from warehouse.governance.content import Content, read_content
from warehouse.governance.signed import events_of
from warehouse.governance.undertakings import missing_parties, signed_parties
from warehouse.state import session

__all__ = ["actor_by_number", "describe_application", "form_from", "read_form"]


def read_form(desk: Desk, path: Path) -> Content:
    """The form in a YAML or JSON file; `users` are numbers there, `unit` an id or a name.

    Raises `UsageError` where the file is no form, or a number is nobody's.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError):
        document = None
    if not isinstance(document, dict):
        raise UsageError(
            f"{path.name} is not a form.",
            next_step="It is YAML or JSON with the fields of annex 5; see docs/governance.md.",
        )
    return form_from(desk, document)


def form_from(desk: Desk, document: Mapping[str, Any]) -> Content:
    """The form from plain values in which `users` are numbers and `unit` is an id or a name."""
    users = document.get("users") or []
    if not isinstance(users, list):
        raise UsageError("users must be a list of staff or student numbers.")
    return read_content(
        {
            **document,
            "users": [desk.person(str(number)).person_key for number in users],
            "unit": unit_id(str(document.get("unit") or ""), desk.settings.paths),
        }
    )


def actor_by_number(desk: Desk, number: str) -> Actor:
    """A person with the roles that count now."""
    return actor_of(standing_of(desk.engine, desk.reader, desk.person(number), desk.now))


def describe_application(desk: Desk, application_id: str) -> dict[str, Any]:
    """What an application asks, its steps with the numbers of who took them, its undertakings."""
    numbers = desk.shown_numbers()
    with session(desk.engine, read_only=True) as opened:
        state = application_state(opened, application_id)
        steps = events_of(opened, application_id)
        signed = signed_parties(opened, application_id, state.content_sha256)
        missing = missing_parties(opened, application_id, state)
    content = state.content.document
    content["users"] = [numbers.get(key) for key in state.content.users]
    bound = {one.person_key for one in signed if one.party == "person"}
    return {
        "id": application_id,
        "status": state.status,
        "stage": state.stage,
        "content": content,
        "content_sha256": state.content_sha256,
        "steps": [
            {
                "seq": step.seq,
                "at": step.at,
                "kind": step.kind,
                "stage": step.stage,
                "number": numbers.get(step.person_key),
                "for": numbers.get(step.principal_key) if step.principal_key else None,
                "reason": step.reason,
                "channel": step.channel,
            }
            for step in steps
        ],
        "undertakings_missing": [
            *missing,
            *(f"user {numbers.get(key)}" for key in state.content.users if key not in bound),
        ],
    }
