"""Named places where a test may kill the pulling process, to prove that a second run is right."""

from __future__ import annotations

import os
import signal

__all__ = ["checkpoint"]


def checkpoint(name: str) -> None:
    """Do nothing, unless the environment asks for sudden death (SIGKILL) at this place.

    Places: written (the file is whole under its temporary name), delivered (it lies in the
    inbox, the watermark is still the old one), both in the pulling process; keeping (the command
    is about to keep the watermark), kept (it has).
    """
    if os.environ.get("CAMPUS_CRASH_AT") == f"pull_{name}":
        os.kill(os.getpid(), signal.SIGKILL)
