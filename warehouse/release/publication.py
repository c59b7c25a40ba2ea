"""Turns a candidate into a release and makes it current; rolls back; follows up.

The order of steps makes a kill harmless at any point: the release is written under a temporary
name, a marker says that it is about to appear, one rename makes it appear, one rename makes it
current, and only when everything that follows a switch is done does the marker go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import warehouse
from warehouse.authority import load_authority
from warehouse.engine import ENGINE_VERSION
from warehouse.errors import ReleaseError
from warehouse.home import Home
from warehouse.release import pointer
from warehouse.release.audience import audiences
from warehouse.release.candidate import Candidate, discard, load_candidate
from warehouse.release.census import closed_by, keep, read_head
from warehouse.release.crash import checkpoint
from warehouse.release.durable import force_file, force_folder, remove_tree, replace_text, sha256_of
from warehouse.release.export import export_audience
from warehouse.release.figure_sheets import written_sheets
from warehouse.release.lock import exclusive
from warehouse.release.pointer import Release
from warehouse.release.pruning import prune
from warehouse.settings import Settings
from warehouse.state import open_state, session

__all__ = ["fits", "follow_up", "publish", "publish_candidate", "rollback", "sweep"]

#: Called with the settings and the new current release after a switch.
After = Callable[[Settings, Release], Any]
Progress = Callable[[str], None]


def publish(
    settings: Settings,
    *,
    after: Iterable[After] = (),
    pinned: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Publish the candidate that `campus build` left and make it current.

    `pinned` keeps the release whole for good. Raises `ReleaseError` when no candidate waits, or
    when another release has become current since it was built.
    """
    with exclusive(settings.paths, "campus publish"):
        sweep(settings.paths)
        candidate = load_candidate(settings.paths)
        if candidate is None:
            raise ReleaseError("No candidate waits.", next_step="Build one with: campus build")
        if not fits(settings, candidate):
            raise ReleaseError(
                "The candidate was built on another release than the current one, whose figures "
                "of closed periods it keeps.",
                next_step="Build it anew with: campus build",
            )
        release = publish_candidate(settings, candidate, pinned=pinned, progress=progress)
        follow_up(settings, after)
        prune(settings)
        return release


def fits(settings: Settings, candidate: Candidate) -> bool:
    """Whether the candidate was built on the release that is current now."""
    engine = open_state(settings)
    try:
        with session(engine, read_only=True) as opened:
            return candidate.before == read_head(opened, pointer.pointed_id(settings.paths))
    finally:
        engine.dispose()


def publish_candidate(
    settings: Settings,
    candidate: Candidate,
    *,
    pinned: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Export, name, promote, switch. The caller holds the release lock and has swept."""
    home = settings.paths
    published_at = _next_moment(settings)
    release_id = f"{published_at:%Y%m%dT%H%M%SZ}-{candidate.fingerprint[:8]}"
    making = home.releases / f".{release_id}.tmp"
    making.mkdir(mode=0o700)
    try:
        _fill(settings, making, candidate, release_id, published_at, pinned, progress)
        # Before the release appears: a record of one that never does is on no line of releases.
        _keep_figures(settings, candidate, release_id, published_at)
    except BaseException:
        remove_tree(making)
        raise
    checkpoint("publish:exported")
    pointer.write_marker(home, release_id, made=True)
    checkpoint("publish:marked")
    making.rename(home.releases / release_id)
    force_folder(home.releases)
    checkpoint("publish:renamed")
    # A log that somebody's own session left beside the old file must not meet the new one.
    home.warehouse_file.with_name("warehouse.duckdb.wal").unlink(missing_ok=True)
    candidate.file.replace(home.warehouse_file)
    force_folder(home.work)
    checkpoint("publish:promoted")
    pointer.switch(home, release_id)
    checkpoint("publish:switched")
    withdrawn_file(home).unlink(missing_ok=True)
    discard(home)
    return pointer.load_release(home, release_id)


def _keep_figures(
    settings: Settings, candidate: Candidate, release_id: str, published_at: datetime
) -> None:
    figures = closed_by(candidate.file, release_id)
    engine = open_state(settings)
    try:
        with session(engine) as opened:
            keep(
                opened,
                release_id,
                before=candidate.before,
                corrections=candidate.draft["corrections"],
                figures=figures,
                now=published_at,
            )
    finally:
        engine.dispose()


def _fill(
    settings: Settings,
    making: Path,
    candidate: Candidate,
    release_id: str,
    published_at: datetime,
    pinned: bool,
    progress: Progress | None,
) -> None:
    """Write the files and the manifest of a release into its folder and force them to the disk."""
    before = _before(settings)
    draft = dict(candidate.draft)
    sorts, days = draft.pop("sorts"), draft.pop("days")
    draft.pop("audited", None)
    contents = candidate.contents
    files = {}
    authority = load_authority(datetime.fromisoformat(draft["as_of"]), settings.paths)
    readers = audiences(authority)
    # Reading a file through for its hash and waiting for the disk take as long as writing it does:
    # they are done for one file while another is written.
    with ThreadPoolExecutor(2) as beside:
        whole = {reader.name: beside.submit(_whole_file, before, reader.name) for reader in readers}
        sealed = {}
        for audience in readers:
            if progress:
                progress(f"Write {audience.name}")
            target = making / f"{audience.name}.duckdb"
            files[audience.name] = export_audience(
                working_file=candidate.file,
                target=target,
                audience=audience,
                sorts=sorts,
                days=days,
                release_id=release_id,
                before=before,
                earlier=whole[audience.name].result(),
                memory_limit=settings.memory_limit,
                threads=settings.threads,
                known=contents.get(audience.name),
            )
            sealed[audience.name] = beside.submit(_seal, target)
        for name, seal in sealed.items():
            files[name] |= seal.result()
    manifest = {
        "id": release_id,
        "published_at": published_at.isoformat(),
        "pinned": pinned,
        **draft,
        "files": files,
        "sheets": written_sheets(making / "statistics.duckdb"),
        "engine": {"duckdb": ENGINE_VERSION, "package": warehouse.__version__},
    }
    path = making / "manifest.json"
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    path.chmod(0o400)
    force_file(path)
    force_folder(making)


def _whole_file(before: Release | None, audience: str) -> Path | None:
    """The file of the release before, if its bytes are what the manifest says: a damaged file is
    neither handed on nor read."""
    entry = before.manifest["files"].get(audience) if before is not None else None
    if before is None or entry is None:
        return None
    file = before.file(audience)
    return file if file.is_file() and sha256_of(file) == entry["sha256"] else None


def _seal(file: Path) -> dict[str, Any]:
    """Force a written file to the disk; its hash and size."""
    force_file(file)
    return {"sha256": sha256_of(file), "bytes": file.stat().st_size}


def follow_up(settings: Settings, after: Iterable[After]) -> None:
    """Run what follows a switch, if a switch still waits for it; a killed one is caught up.

    An error is raised after every step has had its turn, and the marker stays, so that the next
    run tries again.
    """
    home = settings.paths
    release = pointer.current(settings)
    if release is None or pointer.read_marker(home) is None:
        return
    errors = []
    for step in after:
        try:
            step(settings, release)
        except Exception as error:
            errors.append(error)
    if errors:
        raise ReleaseError(
            f"Release {release.id} is current, but what follows a publication failed: {errors[0]}",
            next_step="Mend it, then run again: campus refresh",
        ) from errors[0]
    checkpoint("publish:followed")
    pointer.marker_file(home).unlink(missing_ok=True)


def rollback(
    settings: Settings, release_id: str | None = None, *, after: Iterable[After] = ()
) -> Release:
    """Make an older release current (or, by its id, a newer one).

    Without an id it is the newest whole release before the current one. Its files are checked
    against the manifest first. The release left behind is noted, so that the daily job does not
    publish the very same content again.
    """
    home = settings.paths
    with exclusive(home, "campus rollback"):
        sweep(home)
        # A damaged pointer is what a rollback may be there to mend.
        try:
            left = pointer.current(settings)
        except ReleaseError:
            left = None
        target = _rollback_target(settings, release_id, left)
        _verify(target)
        pointer.write_marker(home, target.id, made=False)
        if left is not None and left.id > target.id:
            replace_text(withdrawn_file(home), left.id)
        else:
            withdrawn_file(home).unlink(missing_ok=True)
        pointer.switch(home, target.id)
        follow_up(settings, after)
        return target


def sweep(home: Home) -> None:
    """Remove what killed jobs left. The caller holds the release lock."""
    unfinished = pointer.unfinished_id(home)
    if unfinished is not None:
        remove_tree(home.releases / unfinished)
        pointer.marker_file(home).unlink(missing_ok=True)
    for leftover in home.releases.glob(".*.tmp"):
        if leftover.is_dir():
            remove_tree(leftover)
        else:
            leftover.unlink()
    if load_candidate(home) is None:
        discard(home)


def withdrawn_file(home: Home) -> Path:
    """Holds the id of the release that the last rollback left."""
    return home.releases / "withdrawn"


def _before(settings: Settings) -> Release | None:
    try:
        return pointer.current(settings)
    except ReleaseError:
        return None


def _next_moment(settings: Settings) -> datetime:
    """Now, in whole seconds, but later than every release there is: a clock that was set back
    must not make ids run backwards."""
    now = datetime.now(UTC).replace(microsecond=0)
    published = pointer.releases(settings)
    if published:
        now = max(now, published[0].published_at + timedelta(seconds=1))
    return now


def _rollback_target(settings: Settings, release_id: str | None, left: Release | None) -> Release:
    if release_id is not None:
        target = pointer.load_release(settings.paths, release_id)
        if not target.whole:
            kept = ", ".join(target.audiences_kept)
            raise ReleaseError(
                f"Release {release_id} was pruned: only {kept} is kept.",
                next_step="Choose a whole one of: campus releases",
            )
        return target
    for candidate in pointer.releases(settings):
        if candidate.whole and (left is None or candidate.id < left.id):
            return candidate
    raise ReleaseError(
        "There is no whole release before the current one.",
        next_step="List the releases with: campus releases",
    )


def _verify(release: Release) -> None:
    damaged = [
        audience
        for audience, entry in release.manifest["files"].items()
        if sha256_of(release.file(audience)) != entry["sha256"]
    ]
    if damaged:
        raise ReleaseError(
            f"Release {release.id} is damaged: {', '.join(damaged)} differs from its manifest.",
            next_step="Choose another one of: campus releases",
        )
