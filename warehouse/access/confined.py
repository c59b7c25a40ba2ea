"""Runs untrusted SQL over one grant file in a disposable process, and takes only rows from it.

The order is that of docs/security.md: the statement is checked here, the process is limited,
emptied and closed to everything but the file's content there; after N seconds it is interrupted,
after 2N killed; rows and bytes are capped on both sides.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.access.sql_text import check_statement, explain_failure
from warehouse.errors import QueryLimit, QueryRefused
from warehouse.settings import Settings

__all__ = ["QueryResult", "QuerySlots", "run_confined"]

_CHILD = Path(__file__).with_name("sql_child.py")
#: What Python and DuckDB map before a query begins.
_OVERHEAD = 768 << 20
_SLACK = 1 << 20


@dataclass(frozen=True)
class QueryResult:
    """Rows as the process gave them: numbers, booleans and lists as they are, everything else as
    text that `columns[i]["type"]` (DuckDB's name of the type) says how to read.

    `truncated` is None, or the cap that cut the result: rows | bytes. `seconds` is query time.
    """

    columns: list[dict[str, str]]
    rows: list[list[Any]]
    truncated: str | None
    seconds: float


class QuerySlots:
    """How many queries may run at once; one over waits a while, then is turned away."""

    def __init__(self, count: int = 3, *, patience: float = 10.0) -> None:
        self._free = threading.BoundedSemaphore(count)
        self._patience = patience

    @contextmanager
    def take(self) -> Iterator[None]:
        if not self._free.acquire(timeout=self._patience):
            raise QueryLimit(
                "Too many queries run at this moment.", next_step="Try again in a minute."
            )
        try:
            yield
        finally:
            self._free.release()


def run_confined(
    file: Path, sql: str, columns: Mapping[str, Sequence[str]], settings: Settings
) -> QueryResult:
    """Run one SELECT or EXPLAIN over a grant file.

    `columns` is the grant's ('dataset.table' → columns), for hints. Raises `QueryRefused` for a
    statement that is not run or that fails, `QueryLimit` where a limit stopped it; messages hold
    no value.
    """
    check_statement(sql)
    seconds = settings.sql_seconds
    with tempfile.TemporaryDirectory(prefix="campus-sql-") as folder:
        descriptor = _nameless(file)
        try:
            child = _start(folder, descriptor)
        finally:
            os.close(descriptor)
        try:
            _hand_over(child, descriptor, sql, settings)
            lines = _read_lines(child, time.monotonic() + 2 * seconds, settings.sql_bytes)
            return _result(lines, columns, settings)
        finally:
            _end(child)


def _start(folder: str, descriptor: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-B", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={"HOME": "/nonexistent", "LC_ALL": "C.UTF-8"},
        close_fds=True,
        pass_fds=(descriptor,),
        start_new_session=True,
    )


def _nameless(file: Path) -> int:
    """A descriptor of the file that bears no path: opened through a second link that is gone at
    once, so that the catalogue inside the process has no name to tell. On a file system without
    links the path itself is used."""
    link = file.with_name(f"{file.stem}.{secrets.token_hex(6)}.reading")
    try:
        os.link(file, link)
    except OSError:
        return os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.open(link, os.O_RDONLY | os.O_CLOEXEC)
    finally:
        link.unlink()


def _hand_over(
    child: subprocess.Popen[bytes], descriptor: int, sql: str, settings: Settings
) -> None:
    order = {
        "descriptor": descriptor,
        "sql": sql,
        "seconds": settings.sql_seconds,
        "cpu_seconds": math.ceil(2 * settings.sql_seconds) + 2,
        "memory": settings.sql_memory,
        "address_space": settings.sql_memory + _OVERHEAD,
        "rows": settings.sql_rows,
        "bytes": settings.sql_bytes,
    }
    assert child.stdin is not None
    try:
        child.stdin.write(json.dumps(order, ensure_ascii=False).encode("utf-8", "replace"))
        child.stdin.close()
    except BrokenPipeError:
        pass  # the reader below finds out


def _read_lines(
    child: subprocess.Popen[bytes], deadline: float, most: int
) -> list[dict[str, Any] | list[Any]]:
    """What the process says until it ends, is too slow, or says too much."""
    assert child.stdout is not None
    said = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise _too_slow()
            piece = os.read(child.stdout.fileno(), 1 << 16)
            if not piece:
                break
            said += piece
            if len(said) > most + _SLACK:
                raise QueryLimit("The answer is too large.", next_step="Select fewer columns.")
    try:
        return [json.loads(line) for line in said.splitlines()]
    except ValueError:
        return []


def _result(
    lines: Sequence[dict[str, Any] | list[Any]],
    columns: Mapping[str, Sequence[str]],
    settings: Settings,
) -> QueryResult:
    last = lines[-1] if lines else None
    if not isinstance(last, dict) or not ("end" in last or "error" in last):
        raise QueryLimit(
            "The query was stopped because it used too much memory or processor time.",
            next_step="Read fewer rows, or group them before joining.",
        )
    if "error" in last:
        raise _failure(str(last["error"]), str(last.get("message", "")), columns, settings)
    head = lines[0]
    assert isinstance(head, dict)
    return QueryResult(
        columns=head["columns"],
        rows=[row for block in lines[1:-1] for row in block],
        truncated=last["end"]["truncated"],
        seconds=last["end"]["seconds"],
    )


def _failure(
    kind: str, message: str, columns: Mapping[str, Sequence[str]], settings: Settings
) -> QueryRefused:
    if kind == "time":
        return _too_slow(settings.sql_seconds)
    if kind == "memory":
        return QueryLimit(
            f"The query needs more than {settings.sql_memory >> 20} MB of memory.",
            next_step="Read fewer rows, or group them before joining.",
        )
    if kind in {"PermissionException", "IOException"} or "disabled" in message:
        return QueryRefused(
            "The query reaches for something outside the grant, which is closed.",
            next_step="A query reads the grant's tables and nothing else.",
        )
    text, next_step = explain_failure(kind, message, columns)
    return QueryRefused(text, next_step=next_step)


def _too_slow(seconds: float | None = None) -> QueryLimit:
    after = f" after {seconds:g} seconds" if seconds else ""
    return QueryLimit(
        f"The query was stopped{after}.", next_step="Limit its rows, or group before joining."
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    """Nothing of the process, nor of anything it might have started, stays."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
