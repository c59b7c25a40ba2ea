"""Named points at which a test ends the process as `kill -9` would, to prove that the next run
finds everything whole. Set `CAMPUS_CRASH_AT` to a name; nothing happens otherwise."""

from __future__ import annotations

import os
import signal

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


def checkpoint(name: str) -> None:
    """Die here if asked to."""
    if os.environ.get("CAMPUS_CRASH_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
