"""The daily job: pull, ingest, build, publish. Safe to run twice, safe to kill at any moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from warehouse.audit import Audit, head_file, job
from warehouse.audit.configuration import note_configuration
from warehouse.audit.seals import Seal, seal_log
from warehouse.errors import CampusError, SealError
from warehouse.release import pointer
from warehouse.release.candidate import Candidate, build_candidate, gather, load_candidate
from warehouse.release.lock import exclusive
from warehouse.release.pointer import Release
from warehouse.release.pruning import prune
from warehouse.release.publication import (
    After,
    fits,
    follow_up,
    publish_candidate,
    sweep,
    withdrawn_file,
)
from warehouse.settings import Settings
from warehouse.state import open_state

__all__ = ["ACTOR", "RefreshReport", "build", "refresh"]

#: How the audit log names the daily job, whoever started it.
ACTOR = job("refresh")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class RefreshReport:
    """What a refresh did.

    `result` is published (a new release is current), unchanged (nothing new in the lake, in the
    contracts or in the models, so nothing was touched) or held (what would be published is what
    the last rollback took back). `ingest` is the report of the ingestion, `pull` that of the
    source databases, None where none are declared. `seal` closes the log for the day where
    `audit_seal_dir` is set; `seal_problem` says why it could not.
    """

    result: str
    release: Release | None
    ingest: Any
    pull: Any = None
    seal: Seal | None = None
    seal_problem: str | None = None
    pruned: tuple[str, ...] = ()
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "result": self.result,
            "release": None
            if self.release is None
            else {"id": self.release.id, "published_at": self.release.published_at},
            "pruned": list(self.pruned),
            "seconds": round(self.seconds, 1),
            "pull": None if self.pull is None else self.pull.to_json(),
            "seal": None if self.seal is None else self.seal.date,
            "seal_problem": self.seal_problem,
            **self.ingest.to_json(),
        }


def build(settings: Settings, *, full: bool = False, progress: Progress | None = None) -> Candidate:
    """Build and judge a candidate and leave it for `publish`. See `candidate.build_candidate`."""
    with exclusive(settings.paths, "campus build"):
        sweep(settings.paths)
        return build_candidate(settings, full=full, progress=progress)


def refresh(
    settings: Settings,
    progress: Progress | None = None,
    *,
    full: bool = False,
    after: Iterable[After] = (),
    ingest_progress: Any = None,
    after_pull: Callable[[Any], None] | None = None,
) -> RefreshReport:
    """Pull the declared source databases, take in what lies in the inbox and, if that or anything
    else changed, publish it. `full` builds from an empty working file, where something is built.

    A source that cannot be pulled stops nothing: it is in the report, and `after_pull` hears of
    it at once, whatever becomes of the rest. Raises `ReleaseError` when the candidate may not be
    published; the current release stays.
    """
    from warehouse.ingest import ingest

    started = time.monotonic()
    home = settings.paths.require()
    # First of all: a day is closed also when nothing can be published.
    seal, seal_problem = _begin(settings)
    # Before the lock: a slow source must not keep anybody from a rollback.
    pulled = _pull(settings, progress)
    if pulled is not None and after_pull is not None:
        after_pull(pulled)
    with exclusive(home, "campus refresh"):
        sweep(home)
        if progress:
            progress("Check and land what is in the inbox")
        taken = ingest(settings, progress=ingest_progress, actor=ACTOR)
        wanted = gather(settings).fingerprint
        now = pointer.current(settings)
        if now is not None and now.fingerprint == wanted:
            result, release = "unchanged", now
        elif _withdrawn(settings) == wanted:
            result, release = "held", now
        else:
            candidate = load_candidate(home)
            if (
                candidate is None
                or candidate.fingerprint != wanted
                or not fits(settings, candidate)
            ):
                candidate = build_candidate(settings, full=full, progress=progress, actor=ACTOR)
            result, release = "published", publish_candidate(settings, candidate, progress=progress)
        follow_up(settings, after)
        pruned = prune(settings)
        return RefreshReport(
            result,
            release,
            taken,
            pulled,
            seal,
            seal_problem,
            tuple(pruned),
            time.monotonic() - started,
        )


def _begin(settings: Settings) -> tuple[Seal | None, str | None]:
    """Note changed settings and seal the log; the seal, or why there is none though one should."""
    engine = open_state(settings)
    try:
        audit = Audit(engine, head_file(settings.paths))
        note_configuration(audit, settings, "refresh", ACTOR)
        if settings.audit_seal_dir is None:
            return None, None
        return seal_log(audit, settings.paths, settings.audit_seal_dir, ACTOR)[0], None
    except SealError as error:
        return None, str(error)
    finally:
        engine.dispose()


def _pull(settings: Settings, progress: Progress | None) -> Any:
    """The report of the pull, or None where the data home declares no source database."""
    from warehouse.pull import PullReport, pull, sources_file

    if not sources_file(settings.paths).exists():
        return None
    if progress:
        progress("Pull the source databases")
    try:
        return pull(settings, actor=ACTOR)
    except CampusError as error:
        return PullReport(problem=str(error))


def _withdrawn(settings: Settings) -> str | None:
    """Fingerprint of the release that the last rollback left; None if there was none."""
    try:
        release_id = withdrawn_file(settings.paths).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return pointer.load_release(settings.paths, release_id).fingerprint
