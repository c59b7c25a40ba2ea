"""What the operator asks about grants: the whole record of one, and whose copy a file is."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy import select

from warehouse.access.desk import Desk
from warehouse.access.trace import trace
from warehouse.audit import named
from warehouse.errors import NotFound
from warehouse.governance.grants import expires_at, grant_events, state_of
from warehouse.state import session
from warehouse.state.models import Export, Grant, GrantBuild

__all__ = ["grant_record", "trace_file"]


def grant_record(desk: Desk, grant_id: str) -> dict[str, Any]:
    """What was approved, what became of it, and each file that was built or left."""
    numbers = desk.shown_numbers()
    with session(desk.engine, read_only=True) as opened:
        grant = opened.get(Grant, grant_id)
        if grant is None:
            raise NotFound("There is no such grant.", next_step="See: campus grant list")
        events = grant_events(opened, grant_id)
        builds = opened.scalars(
            select(GrantBuild)
            .where(GrantBuild.grant_id == grant_id)
            .order_by(GrantBuild.release.desc())
        )
        exports = opened.scalars(
            select(Export).where(Export.grant_id == grant_id).order_by(Export.at.desc())
        )
        return {
            "id": grant.id,
            "state": state_of(opened, grant, desk.now),
            "unit": grant.unit_code,
            "purpose": grant.purpose,
            "application": grant.application_id,
            "columns": grant.columns,
            "rows": grant.rows,
            "limits": grant.limits,
            "users": [numbers.get(key) for key in grant.people],
            "channels": grant.channels,
            "valid_from": grant.valid_from,
            "expires_at": expires_at(grant, events),
            "events": [
                {
                    "at": event.at,
                    "kind": event.kind,
                    "cause": event.cause,
                    "reason": event.reason,
                    "by": event.by,
                }
                for event in events
            ],
            "files": [
                {
                    "release": build.release,
                    "rows": build.rows,
                    "people": build.people,
                    "seconds": build.seconds,
                    "built_at": build.built_at,
                }
                for build in builds
            ],
            "exports": [
                {
                    "id": one.id,
                    "at": one.at,
                    "for": numbers.get(one.person_key),
                    "format": one.format,
                    "rows": one.rows,
                }
                for one in exports
            ],
        }


def trace_file(desk: Desk, file: Path) -> dict[str, Any]:
    """`{"sha256", "candidates": [{"grant", "state", "unit", "certainty", "evidence", "export",
    "at", "recipient"}]}`. The search is logged with what it found."""
    content, numbers = file.read_bytes(), desk.shown_numbers()
    with desk.reader.open("personal") as (cursor, _release):
        people = [key for (key,) in cursor.execute("select person_key from person").fetchall()]
    recipients: set[int] = set()
    with session(desk.engine, read_only=True) as opened:
        candidates = []
        for one in trace(opened, desk.settings.paths, content, people):
            grant = opened.get_one(Grant, one.grant)
            export = one.export
            recipients |= {export.person_key} if export else set()
            candidates.append(
                {
                    "grant": one.grant,
                    "state": state_of(opened, grant, desk.now),
                    "unit": grant.unit_code,
                    "certainty": one.certainty,
                    "evidence": one.evidence,
                    "export": export.id if export else None,
                    "at": export.at if export else None,
                    "recipient": numbers.get(export.person_key) if export else None,
                }
            )
    digest = hashlib.sha256(content).hexdigest()
    desk.audit.event(
        desk.actor,
        "grant.trace",
        detail={
            "file": digest,
            "found": [[one["grant"], one["certainty"], one["export"]] for one in candidates],
        },
        concern=named(recipients),
    )
    return {"sha256": digest, "candidates": candidates}
