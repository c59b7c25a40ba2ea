"""Who opened a person's mental-health data: the audit log read for that person."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Engine

from warehouse.access.persons import names_of
from warehouse.access.reader import Cursor
from warehouse.audit import person
from warehouse.audit.reading import Wanted, entries

__all__ = ["care_openings"]


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
