"""One disposable process: started ahead, given one order, heard, ended."""

from __future__ import annotations

import json
import math
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from warehouse.settings import Settings

__all__ = ["QueryProcess"]

_CHILD = Path(__file__).with_name("sql_child.py")
#: What Python and DuckDB map before a query begins, and what each further thread adds.
_OVERHEAD = 768 << 20
_PER_THREAD = 128 << 20
_HAND_OVER_SECONDS = 5.0
#: All of it; the last keeps the memory that a waiting process has made ready.
_ENVIRONMENT = {
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
    "DUCKDB_JE_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1",
}
_CRASHES = {-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL, -signal.SIGFPE, -signal.SIGABRT}


class QueryProcess:
    """A process that waits for its order at a socket, its only descriptor.

    It has no environment, a session of its own, and a working folder that is gone already: it is
    empty, nothing can be made in it, and once it has started nothing of it is left on the disk.
    """

    def __init__(self, settings: Settings, *, ahead: bool = False) -> None:
        """`ahead` says that it has the time to make ready what makes its query quicker."""
        limits = {**_limits(settings), "ahead": ahead}
        ours, theirs = socket.socketpair()
        try:
            with theirs, tempfile.TemporaryDirectory(prefix="campus-sql-") as folder:
                self._child = subprocess.Popen(
                    [sys.executable, "-I", "-B", str(_CHILD), json.dumps(limits)],
                    stdin=theirs,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd=folder,
                    env=_ENVIRONMENT,
                    close_fds=True,
                    start_new_session=True,
                )
        except BaseException:
            ours.close()
            raise
        self._channel = ours
        self._selector = selectors.DefaultSelector()
        self._selector.register(ours, selectors.EVENT_READ)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def order(self, sql: str, descriptor: int) -> None:
        """Hand over the statement and an open file. A process that has gone is found out by who
        listens to it."""
        line = json.dumps({"sql": sql}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        self._channel.settimeout(_HAND_OVER_SECONDS)
        with suppress(OSError):
            sent = socket.send_fds(self._channel, [line], [descriptor])
            self._channel.sendall(line[sent:])

    def hear(self, seconds: float) -> bytes | None:
        """What it said within so many seconds: None for nothing yet, empty when it has ended."""
        if not self._selector.select(seconds):
            return None
        try:
            return self._channel.recv(1 << 16)
        except OSError:
            return b""

    @property
    def crashed(self) -> bool:
        """Once nothing more is heard: whether the engine broke off in the middle."""
        try:
            return self._child.wait(1.0) in _CRASHES
        except subprocess.TimeoutExpired:
            return False

    def end(self) -> None:
        """Nothing of the process, nor of anything it might have started, stays."""
        try:
            os.killpg(self._child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self._child.kill()
        self._child.wait()
        self._selector.close()
        self._channel.close()


def _limits(settings: Settings) -> dict[str, float]:
    threads = settings.sql_threads
    return {
        "seconds": settings.sql_seconds,
        "cpu_seconds": (math.ceil(2 * settings.sql_seconds) + 2) * threads,
        "memory": settings.sql_memory,
        "address_space": settings.sql_memory + _OVERHEAD + (threads - 1) * _PER_THREAD,
        "threads": threads,
        "rows": settings.sql_rows,
        "bytes": settings.sql_bytes,
    }
