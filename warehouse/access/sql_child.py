"""The disposable process that runs one query. Started by `query_process` as a script, never
imported by the gateway.

It is started ahead of its query, with the limits as its only argument: it imports what it will
need, puts itself under those limits, and waits at a socket, its only descriptor. Then one order
comes: the statement, and beside it the open descriptor of a grant's file, whose path it never
learns. The connection is closed to everything but that file's content, and the process to every
system call but a few, before the statement is run.

The answer is lines of JSON: {"progress": percent} at first (null) and now and then, {"columns": …},
rows in blocks [[…], …], and last {"end": …} or {"error": …}.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

_BLOCK = 256
_TICK = 0.1
_PROGRESS_EVERY = 0.5
#: Rows that a process which waits fills and drops beforehand: 80 MB of memory, a quarter of what
#: it may use at most.
_ROOM = 5_000_000
#: DuckDB's types whose values JSON holds as they are.
_PLAIN_TYPES = {
    *("BOOLEAN", "VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
}
#: Levels of lists and structs that a cell may have; what reads it back recurses too.
_DEEPEST = 64


def main() -> None:
    limits = json.loads(sys.argv[1])
    _die_with_parent()
    _be_the_first_to_go()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from warehouse.access.system_calls import allow_reading_and_answering_only
    from warehouse.engine import confine, prepare_confined

    connection = prepare_confined(
        memory_limit=limits["memory"],
        threads=limits["threads"],
        rows=min(_ROOM, limits["memory"] // 64) if limits["ahead"] else 0,
    )
    resource.setrlimit(resource.RLIMIT_AS, (limits["address_space"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"],) * 2)

    channel = socket.socket(fileno=0)
    sql, descriptor = _wait_for_order(channel)
    voice = _Voice(channel)
    voice.say({"progress": None})  # from here on it is the query's time
    confine(connection, Path(f"/proc/self/fd/{descriptor}"))
    os.close(descriptor)
    watch = _Watch(connection, voice, limits["seconds"])
    watch.start()
    # From here on not even a thread can be started (root is exempt from this one limit).
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    try:
        allow_reading_and_answering_only()
    except OSError:
        voice.say({"error": "unconfined", "message": ""})
        os._exit(1)
    try:
        end = _answer(connection, sql, limits, voice)
    except (MemoryError, RecursionError) as error:
        end = {"error": "memory" if isinstance(error, MemoryError) else "nested", "message": ""}
    except Exception as error:
        end = {"error": _kind(error, watch.expired), "message": str(error)[:8000]}
    watch.over.set()
    voice.say(end)
    os._exit(0)  # there is nothing to put in order: what the query holds goes with the process


def _wait_for_order(channel: socket.socket) -> tuple[str, int]:
    """The statement and the descriptor that came with it. Ends the process where none comes."""
    said = bytearray()
    descriptor = None
    while not said.endswith(b"\n"):
        piece, descriptors, _flags, _sender = socket.recv_fds(channel, 1 << 16, 1)
        if not piece:
            os._exit(0)
        said += piece
        if descriptors:
            descriptor = descriptors[0]
    assert descriptor is not None
    os.set_inheritable(descriptor, False)
    return json.loads(said)["sql"], descriptor


def _answer(connection: Any, sql: str, limits: dict[str, Any], voice: _Voice) -> dict[str, Any]:
    started = time.monotonic()
    cursor = connection.execute(sql)
    columns = [{"name": str(c[0]), "type": str(c[1])} for c in cursor.description]
    voice.say({"columns": columns})
    # Most cells are JSON already; the others are told by their column's type.
    odd = [place for place, column in enumerate(columns) if column["type"] not in _PLAIN_TYPES]
    rows_left, bytes_left, truncated = limits["rows"], limits["bytes"], None
    while truncated is None and (block := cursor.fetchmany(_BLOCK)):
        if len(block) > rows_left:
            block, truncated = block[:rows_left], "rows"
        if odd:
            block = [list(row) for row in block]
            for row in block:
                for place in odd:
                    row[place] = _plain(row[place])
        line = json.dumps(block, ensure_ascii=False)
        size = len(line.encode("utf-8", "replace"))
        if size > bytes_left:
            line, truncated = _as_many_as_fit(block, bytes_left), "bytes"
        bytes_left -= size
        rows_left -= len(block)
        voice.write(line)
    seconds = round(time.monotonic() - started, 4)
    return {"end": {"truncated": truncated, "seconds": seconds}}


def _as_many_as_fit(block: list[Any], most: int) -> str:
    """JSON of the block's first rows, so many bytes at most."""
    lines, size = [], 2
    for row in block:
        line = json.dumps(row, ensure_ascii=False)
        size += len(line.encode("utf-8", "replace")) + 1
        if size > most:
            break
        lines.append(line)
    return "[" + ",".join(lines) + "]"


def _plain(value: Any, depth: int = 0) -> Any:
    """JSON for one cell; the column's type tells the reader how to read text back."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if depth == _DEEPEST:
        raise RecursionError
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _kind(error: Exception, expired: threading.Event) -> str:
    if expired.is_set():
        return "time"
    name = type(error).__name__
    if name == "OutOfMemoryException" or "allocat" in str(error):
        return "memory"
    return name


class _Voice:
    """Writes lines to the gateway, one at a time."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel, self._turn = channel, threading.Lock()

    def say(self, document: dict[str, Any]) -> None:
        self.write(json.dumps(document, ensure_ascii=False))

    def write(self, line: str) -> None:
        with self._turn:
            self._channel.sendall(line.encode("utf-8", "replace") + b"\n")


class _Watch(threading.Thread):
    """Interrupts the query when its time is up, and says how far it has come until then."""

    def __init__(self, connection: Any, voice: _Voice, seconds: float) -> None:
        super().__init__(daemon=True)
        self._connection, self._voice = connection, voice
        self._deadline = time.monotonic() + seconds
        self.expired, self.over = threading.Event(), threading.Event()

    def run(self) -> None:
        said_at = time.monotonic()
        while not self.over.wait(_TICK):
            now = time.monotonic()
            if now >= self._deadline:
                self.expired.set()
                self._connection.interrupt()  # again and again: one between two steps is lost
            elif now - said_at >= _PROGRESS_EVERY:
                said_at = now
                # DuckDB knows no progress (-1) until a pipeline runs.
                if (percent := self._connection.query_progress()) >= 0:
                    with contextlib.suppress(OSError):
                        self._voice.say({"progress": round(percent, 1)})


def _die_with_parent() -> None:
    """Linux: be killed when the thread goes that started this, and never gain privileges."""
    set_death_signal, set_no_new_privileges = 1, 38
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(set_death_signal, signal.SIGKILL, 0, 0, 0)
    libc.prctl(set_no_new_privileges, 1, 0, 0, 0)
    if os.getppid() == 1:
        os._exit(1)


def _be_the_first_to_go() -> None:
    """Whatever is short, processor or memory, a query goes without before the gateway does."""
    os.nice(5)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    main()
