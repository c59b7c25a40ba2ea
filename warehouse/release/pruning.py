"""Makes room: old releases lose what names people, and keep figures and manifest for good."""

from __future__ import annotations

from warehouse.release import pointer
from warehouse.release.crash import checkpoint
from warehouse.release.durable import force_folder
from warehouse.settings import Settings

__all__ = ["KEPT_FOR_GOOD", "prune"]

KEPT_FOR_GOOD = frozenset({"public", "statistics"})


def prune(settings: Settings) -> list[str]:
    """Keep the newest `keep_releases` releases whole, and the current and pinned ones; of the
    others remove every file but those of `KEPT_FOR_GOOD`. Returns ids of releases that lost one.

    Who reads a removed file at that moment reads it to the end. The caller holds the release lock.
    """
    pointed = pointer.current_id(settings.paths)
    pruned = []
    for release in pointer.releases(settings)[settings.keep_releases :]:
        if release.pinned or release.id == pointed:
            continue
        gone = [name for name in release.audiences_kept if name not in KEPT_FOR_GOOD]
        for audience in gone:
            release.file(audience).unlink()
            checkpoint("prune:first")
        if gone:
            force_folder(release.folder)
            pruned.append(release.id)
    return pruned
