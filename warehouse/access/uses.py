"""Who used what is held on a person, when and for what: the audit log read for its subject."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Engine

from warehouse.audit import person
from warehouse.audit.reading import entries_about

__all__ = ["uses_of"]


def uses_of(engine: Engine, person_key: int, *, limit: int = 200) -> list[dict[str, Any]]:
    """Latest uses first: `{"at", "who", "action", "page", "purpose", "result"}`.

    `who` is self, operator (a command on the server), job or another person; which person that
    was is for the auditor, who asks the log itself.
    """
    subject = person(person_key)
    found = []
    for entry, outcome in entries_about(engine, subject, limit=limit):
        detail = json.loads(entry.detail)
        ended = json.loads(outcome.detail) if outcome is not None else {}
        found.append(
            {
                "at": entry.at,
                "who": _who(entry.actor, subject),
                "action": entry.action,
                "page": detail.get("page"),
                "purpose": detail.get("purpose"),
                "result": ended.get("result") or ("noted" if entry.phase == "event" else "begun"),
            }
        )
    return found


def _who(actor: str, subject: str) -> str:
    if actor == subject:
        return "self"
    kind = actor.partition(":")[0]
    return {"command": "operator", "job": "job", "person": "another_person"}.get(kind, "unknown")
