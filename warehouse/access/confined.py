"""Runs untrusted SQL over one grant file in a disposable process, and takes only rows from it.

The order is that of docs/security.md: the statement is checked here, the process is limited,
emptied and closed to everything but the file's content there; after N seconds it is interrupted,
after 2N killed; rows and bytes are capped on both sides. Whoever started the query may cancel it,
and it ends when what allowed it does.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.access.query_pool import QueryPool
from warehouse.access.query_process import QueryProcess
from warehouse.access.running_queries import RunningQuery
from warehouse.access.sql_failure import explain_failure
from warehouse.access.sql_text import check_statement
from warehouse.errors import (
    CampusError,
    QueryFailed,
    QueryLimit,
    QueryRefused,
    QueryUnconfined,
)
from warehouse.settings import Settings

__all__ = ["WATCH_EVERY", "QueryResult", "run_confined"]

#: Seconds between two looks at whether the query may still run.
WATCH_EVERY = 0.5
_TICK = 0.1
_SLACK = 1 << 20
_START_SECONDS = 20.0
#: A text of more characters than this is no single value to a limit of rows (`string_agg`).
_LONG_TEXT = 200


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

    @property
    def taken(self) -> int:
        """Rows as a limit counts them: one that packs many values into a cell counts as many."""
        return sum(max(1, *map(_values_in, row)) if row else 1 for row in self.rows)


def _values_in(cell: Any) -> int:
    if isinstance(cell, list):
        return sum(map(_values_in, cell))
    return -(-len(cell) // _LONG_TEXT) if isinstance(cell, str) else 1


def run_confined(
    pool: QueryPool,
    file: Path,
    sql: str,
    columns: Mapping[str, Sequence[str]],
    settings: Settings,
    *,
    query: RunningQuery | None = None,
    watch: Callable[[], None] = lambda: None,
) -> QueryResult:
    """Run one SELECT or EXPLAIN over a grant file.

    `columns` is the grant's ('dataset.table' → columns), for hints. `query` is told the progress
    and asked whether it is cancelled; `watch` is called every half second and raises where the
    query may run no longer. Raises `QueryRefused` for a statement that is not run, `QueryFailed`
    for one that fails, `QueryLimit` where a limit stopped it, `QueryCancelled`, and what `watch`
    raises; messages hold no value.
    """
    check_statement(sql)
    query = query or RunningQuery()
    process = pool.take()
    try:
        descriptor = _nameless(file)
        try:
            process.order(sql, descriptor)
        finally:
            os.close(descriptor)
        query.state = "running"
        lines = _listen(process, query, watch, settings)
        if not _is_whole(lines):
            raise _broken_off(process.crashed)
    finally:
        process.end()
    return _result(lines, sql, columns, settings)


def _nameless(file: Path) -> int:
    """A descriptor of the file that bears no path: opened through a second link that is gone at
    once, so that the catalogue inside the process has no name to tell. On a file system without
    links the path itself is used."""
    link = file.with_name(f"{file.stem}.{secrets.token_hex(6)}.reading")
    try:
        os.link(file, link)
    except FileNotFoundError:
        raise
    except OSError:
        return os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.open(link, os.O_RDONLY | os.O_CLOEXEC)
    finally:
        link.unlink()


def _listen(
    process: QueryProcess, query: RunningQuery, watch: Callable[[], None], settings: Settings
) -> list[Any]:
    """What the process says until it ends, may not go on, is too slow, or says too much."""
    # A process that did not wait ready has to start first; that is not the query's time.
    deadline = time.monotonic() + _START_SECONDS + 2 * settings.sql_seconds
    look_at = time.monotonic() + WATCH_EVERY
    said, line_from = bytearray(), 0
    while True:
        query.refuse_cancelled()
        now = time.monotonic()
        if now >= deadline:
            raise _too_slow()
        if now >= look_at:
            watch()
            look_at = time.monotonic() + WATCH_EVERY
        piece = process.hear(_TICK)
        if piece is None:
            continue
        if not piece:
            break
        if not said:
            deadline = time.monotonic() + 2 * settings.sql_seconds
        said += piece
        if len(said) > settings.sql_bytes + _SLACK:
            raise QueryLimit("The answer is too large.", next_step="Select fewer columns.")
        line_from = _note_progress(said, line_from, query)
    try:
        return [line for line in map(json.loads, said.splitlines()) if not _is_progress(line)]
    except (ValueError, RecursionError):
        return []


def _note_progress(said: bytearray, line_from: int, query: RunningQuery) -> int:
    """Look at the lines that became whole; returns where the next one begins."""
    while (line_end := said.find(b"\n", line_from)) >= 0:
        if said.startswith(b'{"progress"', line_from):
            query.progress = _percent(said[line_from:line_end])
        line_from = line_end + 1
    return line_from


def _percent(line: bytearray) -> float | None:
    try:
        value = json.loads(line)["progress"]
    except (ValueError, RecursionError):
        return None
    return float(min(max(value, 0), 100)) if isinstance(value, int | float) else None


def _is_progress(line: Any) -> bool:
    return isinstance(line, dict) and "progress" in line


def _is_whole(lines: Sequence[Any]) -> bool:
    last = lines[-1] if lines else None
    return isinstance(last, dict) and ("end" in last or "error" in last)


def _broken_off(crashed: bool) -> QueryRefused:
    if crashed:
        return QueryFailed(
            "The engine broke off in the middle of the query.",
            next_step="Write it in a simpler way; tell the working group if it happens again.",
        )
    return QueryLimit(
        "The query was stopped because it used too much memory or processor time.",
        next_step="Read fewer rows, or group them before joining.",
    )


def _result(
    lines: Sequence[Any], sql: str, columns: Mapping[str, Sequence[str]], settings: Settings
) -> QueryResult:
    last = lines[-1]
    if "error" in last:
        raise _failure(str(last["error"]), str(last.get("message", "")), sql, columns, settings)
    return QueryResult(
        columns=lines[0]["columns"],
        rows=[row for block in lines[1:-1] for row in block],
        truncated=last["end"]["truncated"],
        seconds=last["end"]["seconds"],
    )


def _failure(
    kind: str, message: str, sql: str, columns: Mapping[str, Sequence[str]], settings: Settings
) -> CampusError:
    if kind == "time":
        return _too_slow(settings.sql_seconds)
    if kind == "memory":
        return QueryLimit(
            f"The query needs more than {settings.sql_memory >> 20} MB of memory.",
            next_step="Read fewer rows, or group them before joining.",
        )
    if kind == "unconfined":
        return QueryUnconfined(
            "The kernel of this machine cannot confine queries, so none is run.",
            next_step="Linux with seccomp is needed, on x86_64, aarch64, riscv64 or loongarch64.",
        )
    if kind == "nested":
        return QueryFailed(
            "A value of the result is nested too deeply.", next_step="Unnest it, or select a part."
        )
    text, next_step = explain_failure(kind, message, sql, columns)
    return QueryFailed(text, next_step=next_step)


def _too_slow(seconds: float | None = None) -> QueryLimit:
    after = f" after {seconds:g} seconds" if seconds else ""
    return QueryLimit(
        f"The query was stopped{after}.", next_step="Limit its rows, or group before joining."
    )
