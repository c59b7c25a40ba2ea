"""One refresh, build, publication or rollback at a time in a data home."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from warehouse.errors import ReleaseError
from warehouse.home import Home

__all__ = ["exclusive"]


@contextmanager
def exclusive(home: Home, doing: str) -> Iterator[None]:
    """Hold the data home's release lock, or raise `ReleaseError` that says who holds it.

    The kernel frees the lock when its process ends, however it ends: a killed job never has to
    be cleaned up after.
    """
    home.require()
    path = home.work / "release.lock"
    with path.open("a+", encoding="utf-8") as file:
        path.chmod(0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise ReleaseError(
                f"This data home is busy: {holder}.",
                next_step="Wait until it has ended, then run the command again.",
            ) from None
        file.seek(0)
        file.truncate()
        started = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        file.write(f"{doing}, process {os.getpid()}, since {started}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
