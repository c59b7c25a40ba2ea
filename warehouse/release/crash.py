"""Named points of a publication at which a test ends the process as `kill -9` would, to prove
that the next run finds everything whole."""

from __future__ import annotations

from warehouse.ingest.crash import checkpoint

__all__ = ["RELEASE_CHECKPOINTS", "checkpoint"]

RELEASE_CHECKPOINTS = (
    "build:copied",
    "build:built",
    "build:drafted",
    "publish:exporting",
    "publish:exported",
    "publish:marked",
    "publish:renamed",
    "publish:promoted",
    "publish:switched",
    "publish:followed",
    "prune:first",
)
