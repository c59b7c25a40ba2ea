"""Compares each grant's file with what was approved, and shuts a grant whose file drifted.

A grant that says other than the application that was signed is not live to begin with
(`governance.grants.state_of`). Here its file is read as any reader would read it, and its rows are
counted and hashed against the release anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from warehouse.access.grant_build import people_file
from warehouse.access.grant_comparison import content_problems
from warehouse.access.grant_files import grant_file, grant_folder
from warehouse.access.minors import asks_for_minors
from warehouse.access.reader import Reader
from warehouse.errors import Forbidden, NotFound, ReleaseError, StateError, UsageError
from warehouse.governance.grants import add_grant_event, grants, state_of
from warehouse.governance.journal import Journal
from warehouse.governance.protection import protected_people
from warehouse.release.durable import sha256_of
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.models import Grant, GrantBuild

__all__ = ["Verdict", "reopen", "verify", "verify_grant"]

_OTHER_BITS = "the file is not, to the bit, the one that was built"


@dataclass(frozen=True)
class Verdict:
    """What became of one grant. `result` is ok | drifted | unbuilt (the release no longer has what
    it names; nobody can read it, and it is not shut). `rows` by table, where the file is sound."""

    grant: str
    release: str | None
    result: str
    problems: tuple[str, ...] = ()
    rows: dict[str, int] | None = None


def verify(
    settings: Settings,
    engine: Engine,
    reader: Reader,
    journal: Journal,
    *,
    actor: str,
    grant_id: str | None = None,
    now: datetime | None = None,
) -> list[Verdict]:
    """Verify every live grant, or one. A drifted one is shut, its file removed.

    Raises `NotFound` for an unknown id and `StateError` for a grant that is not live: it has no
    file that anybody may read.
    """
    now = now or datetime.now(UTC)
    with session(engine, read_only=True) as opened:
        states = [(grant, state_of(opened, grant, now)) for grant in grants(opened)]
    if grant_id is not None:
        states = [(grant, state) for grant, state in states if grant.id == grant_id]
        if not states:
            raise NotFound("There is no such grant.", next_step="See: campus grant list")
        if states[0][1] != "live":
            raise StateError(f"The grant {grant_id} is {states[0][1]}; nobody reads its file.")
    verdicts = []
    for grant in (grant for grant, state in states if state == "live"):
        verdict = verify_grant(settings, engine, reader, grant, now=now)
        if verdict.result == "drifted":
            _shut(settings, journal, verdict, actor, now)
        verdicts.append(verdict)
    return verdicts


def verify_grant(
    settings: Settings, engine: Engine, reader: Reader, grant: Grant, *, now: datetime
) -> Verdict:
    """Compare one grant's file of the current release with what was approved; changes nothing but
    that a file that is not there yet is built."""
    problems = []
    try:
        path, release = grant_file(settings, engine, reader, grant, now=now)
    except Forbidden:
        with reader.open("authority") as (_cursor, release):
            return Verdict(grant.id, release.id, "drifted", (_OTHER_BITS,))
    except ReleaseError as error:
        return Verdict(grant.id, None, "unbuilt", (error.message,))
    with session(engine, read_only=True) as opened:
        build = opened.get(GrantBuild, (grant.id, release.id))
        protected = protected_people(opened, now)
        with_minors = asks_for_minors(opened, grant)
    assert build is not None, "grant_file registers what it builds"
    if path.stat().st_mode & 0o777 != 0o400:
        problems.append("the file's mode is not 0400")
    if sha256_of(path) != build.file_sha256:
        problems.append(_OTHER_BITS)  # what else it holds does not matter then
    else:
        problems += content_problems(
            settings, path, release, grant, build, protected, with_minors=with_minors
        )
    return Verdict(
        grant.id,
        release.id,
        "drifted" if problems else "ok",
        tuple(problems),
        None if problems else dict(build.rows),
    )


def reopen(
    settings: Settings,
    engine: Engine,
    reader: Reader,
    journal: Journal,
    grant_id: str,
    *,
    actor: str,
    reason: str,
    now: datetime | None = None,
) -> Verdict:
    """Build a shut grant's file anew, verify it, and open the grant again if it is sound.

    Raises `StateError` where the grant is not shut, `ReleaseError` where the new file is no better.
    """
    if not reason.strip():
        raise UsageError("Reopening a grant needs a reason.", next_step="Give --reason.")
    now = now or datetime.now(UTC)
    with session(engine, read_only=True) as opened:
        grant = opened.get(Grant, grant_id)
        if grant is None:
            raise NotFound("There is no such grant.", next_step="See: campus grant list")
        if (state := state_of(opened, grant, now)) != "shut":
            raise StateError(f"The grant {grant_id} is {state}, not shut.")
    grant_file(settings, engine, reader, grant, now=now, anew=True)
    verdict = verify_grant(settings, engine, reader, grant, now=now)
    if verdict.result != "ok":
        _remove(settings, verdict)
        raise ReleaseError(
            f"The grant {grant_id} stays shut: {'; '.join(verdict.problems)}.",
            next_step="Publish the release anew with: campus refresh; then try again.",
        )
    with journal.transaction() as entry:
        add_grant_event(
            entry, grant_id, "reopened", by=actor, at=now, reason=reason.strip(),
            cause=f"release:{verdict.release}",
        )  # fmt: skip
    return verdict


def _shut(
    settings: Settings, journal: Journal, verdict: Verdict, actor: str, now: datetime
) -> None:
    with journal.transaction() as entry:
        add_grant_event(
            entry, verdict.grant, "shut", by=actor, at=now,
            reason="; ".join(verdict.problems), cause=f"release:{verdict.release}",
        )  # fmt: skip
    _remove(settings, verdict)


def _remove(settings: Settings, verdict: Verdict) -> None:
    if verdict.release is not None:
        path = grant_folder(settings.paths, verdict.grant) / f"{verdict.release}.duckdb"
        path.unlink(missing_ok=True)
        people_file(path).unlink(missing_ok=True)
