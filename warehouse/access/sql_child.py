"""The disposable process that runs one query. Started by `confined` as a script, never imported
by the gateway.

It is given: the grant's file as an open descriptor (it never learns the path), the query and the
limits on stdin, a pipe for the answer as stdout, an empty folder, and no environment. The limits
of the process come first, then the connection that is closed to everything but that file's
content, and only then the query.

The answer is lines of JSON: {"columns": …}, rows in blocks [[…], …], {"end": …} or {"error": …}.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

_BLOCK = 256


def main() -> None:
    order = json.loads(sys.stdin.buffer.read())
    _die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_AS, (order["address_space"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (order["cpu_seconds"],) * 2)

    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from warehouse.engine import open_confined

    connection = open_confined(
        Path(f"/proc/self/fd/{order['descriptor']}"), memory_limit=order["memory"]
    )
    expired = threading.Event()
    watch = threading.Timer(order["seconds"], _interrupt, (connection, expired))
    watch.daemon = True
    watch.start()
    # From here on not even a thread can be started (root is exempt from this one limit).
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    try:
        _answer(connection, order)
    except MemoryError:
        _say({"error": "memory", "message": ""})
    except Exception as error:
        _say({"error": _kind(error, expired), "message": str(error)[:2000]})


def _answer(connection: Any, order: dict[str, Any]) -> None:
    started = time.monotonic()
    cursor = connection.execute(order["sql"])
    columns = [{"name": str(c[0]), "type": str(c[1])} for c in cursor.description or ()]
    _say({"columns": columns})
    rows = size = 0
    truncated = None
    while truncated is None and (block := cursor.fetchmany(_BLOCK)):
        lines = []
        for row in block:
            if rows == order["rows"]:
                truncated = "rows"
                break
            line = json.dumps([_plain(cell) for cell in row], ensure_ascii=False)
            size += len(line.encode())
            if size > order["bytes"]:
                truncated = "bytes"
                break
            lines.append(line)
            rows += 1
        if lines:
            _write("[" + ",".join(lines) + "]")
    seconds = round(time.monotonic() - started, 4)
    _say({"end": {"truncated": truncated, "seconds": seconds}})


def _plain(value: Any) -> Any:
    """JSON for one cell; the column's type tells the reader how to read text back."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _kind(error: Exception, expired: threading.Event) -> str:
    if expired.is_set():
        return "time"
    name = type(error).__name__
    if name == "OutOfMemoryException" or "allocat" in str(error):
        return "memory"
    return name


def _interrupt(connection: Any, expired: threading.Event) -> None:
    expired.set()
    connection.interrupt()


def _say(document: dict[str, Any]) -> None:
    _write(json.dumps(document, ensure_ascii=False))


def _write(line: str) -> None:
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _die_with_parent() -> None:
    """Linux: be killed when the parent goes, and never gain privileges."""
    set_death_signal, set_no_new_privileges = 1, 38
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(set_death_signal, signal.SIGKILL, 0, 0, 0)
    libc.prctl(set_no_new_privileges, 1, 0, 0, 0)
    if os.getppid() == 1:
        os._exit(1)


if __name__ == "__main__":
    main()
