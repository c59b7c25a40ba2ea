"""What follows a change of the current release: the log says so, corrections that it carries out
are closed, grants get their files anew and are verified, the first administrator is appointed as
soon as the data knows them, and personal archives that have expired go."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from warehouse.audit import Audit, command, head_file, of_sets
from warehouse.errors import NotSignedIn, ReleaseError
from warehouse.home import Home
from warehouse.release import Release, ReleaseReader
from warehouse.settings import Settings
from warehouse.state import open_state, session
from warehouse.state.models import AuditEntry
from warehouse.state.uses import EVERYBODY

__all__ = ["appoint_first_admin", "first_admin_file", "steps_after"]

FIRST_ROLE = "working_group"
_SWITCHES = ("release.publish", "release.rollback")


def first_admin_file(home: Home) -> Path:
    """Holds the number of the first administrator until a release knows whose it is."""
    return home.root / "first-admin"


def steps_after(action: str, actor: str | None = None) -> list[Callable[[Settings, Release], Any]]:
    """The steps to hand to publish, refresh or rollback. `action` is what the log calls it;
    `actor`, who did it, is by default whoever runs the command."""

    def record(settings: Settings, release: Release) -> None:
        record_switch(settings, release, action, actor or command())

    return [
        record,
        close_corrections,
        rebuild_grants,
        verify_grants,
        appoint_first_admin,
        remove_expired_archives,
    ]


def record_switch(
    settings: Settings,
    release: Release,
    action: str,
    actor: str,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Note in the audit log which release became current, and whom its figures count; once, however
    often it is tried."""
    from warehouse.access.people_sets import note_everybody

    engine, reader = open_state(settings), ReleaseReader(settings)
    try:
        with session(engine, read_only=True) as opened:
            last = opened.scalars(
                select(AuditEntry.detail)
                .where(AuditEntry.action.in_(_SWITCHES))
                .order_by(AuditEntry.seq.desc())
                .limit(1)
            ).first()
        if last is None or json.loads(last)["release"] != release.id:
            with (
                reader.open("personal") as (cursor, _release),
                Audit(engine, head_file(settings.paths), clock=clock).transaction() as entry,
            ):
                version = note_everybody(entry.session, cursor, release.id, clock())
                entry.record(
                    actor, action, subject=EVERYBODY, detail={"release": release.id},
                    concern=of_sets([version]),
                )  # fmt: skip
    finally:
        reader.close()
        engine.dispose()


def close_corrections(settings: Settings, release: Release) -> None:
    """End the corrections that this release carries out, and tell who had the old values."""
    from warehouse.access.correction_check import check_corrections

    engine, reader = open_state(settings), ReleaseReader(settings)
    try:
        journal = Audit(engine, head_file(settings.paths))
        check_corrections(journal, settings, engine, reader, release, datetime.now(UTC))
    finally:
        reader.close()
        engine.dispose()


def rebuild_grants(settings: Settings, release: Release) -> None:
    """Give every live grant its file of this release. Raises `ReleaseError` naming those that
    could not be built: their columns may be gone."""
    from warehouse.access.grant_files import rebuild

    engine, reader = open_state(settings), ReleaseReader(settings)
    try:
        problems = rebuild(settings, engine, reader)
    finally:
        reader.close()
        engine.dispose()
    if problems:
        raise ReleaseError(
            f"{len(problems)} grant(s) have no file of release {release.id}: {'; '.join(problems)}",
            next_step="Revoke them or grant anew; see: campus grant list",
        )


def verify_grants(settings: Settings, release: Release) -> None:
    """Compare each live grant's file with what was approved. Raises `ReleaseError` naming those
    that drifted; they are shut by then."""
    from warehouse.access.grant_verification import verify
    from warehouse.audit import Audit, head_file

    engine, reader = open_state(settings), ReleaseReader(settings)
    try:
        journal = Audit(engine, head_file(settings.paths))
        verdicts = verify(settings, engine, reader, journal, actor="job:grant.verify")
    finally:
        reader.close()
        engine.dispose()
    if drifted := [verdict for verdict in verdicts if verdict.result == "drifted"]:
        raise ReleaseError(
            f"{len(drifted)} grant(s) were shut in release {release.id}, their files were not what "
            f"was approved: {'; '.join(verdict.grant for verdict in drifted)}",
            next_step="What was found: campus grant show ID. After looking into it: "
            "campus grant reopen ID --reason …",
        )


def remove_expired_archives(settings: Settings, _release: Release) -> None:
    """Remove the files of personal archives that nobody may fetch any more."""
    from warehouse.access.archives import sweep_archives

    engine = open_state(settings)
    try:
        sweep_archives(engine, settings.paths, datetime.now(UTC))
    finally:
        engine.dispose()


def appoint_first_admin(settings: Settings, release: Release) -> bool:
    """Appoint whom `campus init --first-admin` named, once a release knows the number.

    Returns whether nobody waits any more. The number stands in no log.
    """
    from warehouse.access.persons import resolve_number
    from warehouse.governance.appointments import appoint, school_day

    waiting = first_admin_file(settings.paths)
    if not waiting.is_file():
        return True
    number = waiting.read_text(encoding="utf-8").strip()
    engine, reader = open_state(settings), ReleaseReader(settings)
    try:
        with reader.open("personal") as (cursor, _release):
            key = resolve_number(cursor, number, school_day(datetime.now(UTC)))
        journal = Audit(engine, head_file(settings.paths))
        appoint(journal, key, FIRST_ROLE, actor=command())
    except NotSignedIn:
        return False
    finally:
        reader.close()
        engine.dispose()
    waiting.unlink()
    return True
