"""Who used what is held on a person, when and for what: the audit log read for its subject."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Engine

from warehouse.access.persons import names_of
from warehouse.access.reader import Cursor
from warehouse.audit import person
from warehouse.audit.reading import Wanted, entries, entries_about

__all__ = ["care_openings", "uses_of"]


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


def care_openings(
    engine: Engine, cursor: Cursor, person_key: int, *, limit: int = 50
) -> list[dict[str, Any]]:
    """Who else opened a person's mental-health data, latest first: `{"at", "counsellor", "reason",
    "listed"}`. The counsellor is named: it is their own, whom they know. `listed` is true where
    the counsellor saw no more than that the case is theirs."""
    subject = person(person_key)
    found = [
        (entry, json.loads(entry.detail))
        for entry, _ in entries(engine, Wanted(subject=subject, action="care"), limit=limit)
        if entry.actor != subject
    ]
    keys = {key: int(key.partition(":")[2]) for key in {entry.actor for entry, _ in found}}
    names = names_of(cursor, keys.values())
    return [
        {
            "at": entry.at,
            "counsellor": names.get(keys[entry.actor]),
            "reason": detail.get("reason"),
            "listed": entry.action == "care.list",
        }
        for entry, detail in found
    ]


def _who(actor: str, subject: str) -> str:
    if actor == subject:
        return "self"
    kind = actor.partition(":")[0]
    return {"command": "operator", "job": "job", "person": "another_person"}.get(kind, "unknown")
