"""Named places where a test may kill the process, to prove that a second run puts all right."""

from __future__ import annotations

import os
import signal

__all__ = ["CRASH_POINTS", "CRASH_VARIABLE", "OWN_CRASH_POINTS", "checkpoint"]

CRASH_VARIABLE = "CAMPUS_CRASH_AT"

#: Every place that calls `checkpoint`, in the order in which one file passes them.
CRASH_POINTS = (
    "hashed",
    "staged",
    "screened",
    "written",
    "renamed",
    "journalled",
    "recorded",
    "quarantined",
    "removed",
    "late_written",
    "late_renamed",
    "late_recorded",
    "refusal_journalled",
    "refusal_recorded",
    "refusal_moved",
    "returned_written",
)

#: The same for the extract of what staff said themselves, before it is taken in like any other.
OWN_CRASH_POINTS = ("own_noted", "own_written")


def checkpoint(name: str) -> None:
    """Do nothing, unless the environment asks for sudden death (SIGKILL) at this place."""
    if os.environ.get(CRASH_VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
