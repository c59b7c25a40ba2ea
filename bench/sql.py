"""The 22 queries of TPC-H through confined SQL, against the same queries bare.

    python bench/sql.py                      scale factor 1
    python bench/sql.py --scale 0.1          quick
    python bench/sql.py --threads 2 --rounds 5

A file like a grant's holds the eight tables. Bare: the same queries in a process of its own, with
the same threads, memory limit and priority, rows fetched to the last; each on a connection that is
opened for it, as a process of one statement must, and warm on one connection for all, where what
one query has read is at hand for the next. Confined: what
the site and the interface run (`run_confined`, and a process that waits): check, hand-over, open,
query, rows as JSON, end of the process. Both take turns query by query, and the best of the rounds
counts. Times vary on a shared machine: compare ratios, of wall time and of processor time (without
what a process did before its query came).

The data come from DuckDB's own generator (package duckdb-extension-tpch, one for each version of
DuckDB) and are kept in the work folder.

Target: the whole at most 1.2 times the bare run, each query on a connection of its own; the total
against the warm run is printed beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import psutil
from duckdb_extensions import import_extension

from warehouse.access.confined import run_confined
from warehouse.access.query_pool import QueryPool
from warehouse.settings import Settings, load_settings

TIMES_BARE = 1.2


def generated(folder: Path, scale: float) -> tuple[Path, list[str]]:
    """The file of the eight tables and the text of the 22 queries."""
    folder.mkdir(parents=True, exist_ok=True)
    file, queries = folder / f"tpch-{scale:g}.duckdb", folder / "tpch-queries.json"
    if not (file.is_file() and queries.is_file()):
        building = file.with_suffix(".building")
        building.unlink(missing_ok=True)
        connection = duckdb.connect(str(building))
        import_extension("tpch", con=connection)
        connection.execute("load tpch")
        connection.execute(f"call dbgen(sf = {scale})")
        rows = connection.execute("select query from tpch_queries() order by query_nr").fetchall()
        queries.write_text(json.dumps([query for (query,) in rows]), encoding="utf-8")
        connection.close()
        building.rename(file)
    return file, json.loads(queries.read_text(encoding="utf-8"))


class Measured(NamedTuple):
    """One run of a query: wall and processor seconds, and rows."""

    seconds: float
    processor: float
    rows: int


class Bare:
    """A process that runs a query and says how long it took: on one connection for all queries
    (`warm`), or on one that is opened for each, which counts."""

    def __init__(self, file: Path, settings: Settings, *, warm: bool) -> None:
        arguments = {
            "warm": warm,
            "file": str(file),
            "threads": settings.sql_threads,
            "memory": f"{settings.sql_memory >> 20}MB",
        }
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--bare", json.dumps(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, sql: str) -> Measured:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(sql) + "\n")
        self._process.stdin.flush()
        return Measured(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def serve_bare(arguments: dict[str, Any]) -> None:
    os.nice(5)  # as a confined process does
    limits = {"threads": str(arguments["threads"]), "memory_limit": arguments["memory"]}
    kept = None
    for line in sys.stdin:
        started, worked = time.monotonic(), time.process_time()
        opened = kept or duckdb.connect(arguments["file"], read_only=True, config=limits)
        rows = opened.execute(json.loads(line)).fetchall()
        done = time.monotonic() - started, time.process_time() - worked, len(rows)
        print(json.dumps(done), flush=True)
        if arguments["warm"]:
            kept = opened
        else:
            opened.close()


def run_governed(pool: QueryPool, file: Path, sql: str, settings: Settings) -> Measured:
    pool.add()
    already = _ready(psutil.Process(pool.waiting[0]))
    worked = _processor_seconds() + already.user + already.system
    started = time.monotonic()
    result = run_confined(pool, file, sql, {}, settings)
    seconds = time.monotonic() - started
    return Measured(seconds, _processor_seconds() - worked, len(result.rows))


def one_round(
    pool: QueryPool, file: Path, queries: list[str], settings: Settings
) -> list[tuple[Measured, Measured, Measured]]:
    """Each query bare, bare and warm, and confined."""
    bare, warm = Bare(file, settings, warm=False), Bare(file, settings, warm=True)
    warm.run("select 1")  # its connection is open before the first query
    try:
        return [
            (bare.run(sql), warm.run(sql), run_governed(pool, file, sql, settings))
            for sql in queries
        ]
    finally:
        bare.close()
        warm.close()


def _ready(process: psutil.Process) -> Any:
    """Processor times of a process once it has nothing more to do but wait."""
    seen = quiet = 0
    while quiet < 10:
        time.sleep(0.05)
        times = process.cpu_times()
        quiet = quiet + 1 if times.user + times.system == seen and seen > 0.1 else 0
        seen = times.user + times.system
    return times


def _processor_seconds() -> float:
    """Of this process and of those it has ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--memory", type=int, default=1 << 30, help="bytes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "campus-bench")
    parser.add_argument("--bare", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.bare:
        serve_bare(json.loads(chosen.bare))
        return 0
    file, queries = generated(chosen.work, chosen.scale)
    settings = load_settings(
        chosen.work,
        sql_threads=chosen.threads,
        sql_memory=chosen.memory,
        sql_seconds=300.0,
        sql_rows=1_000_000,
        sql_bytes=64 << 20,
    )
    pool = QueryPool(settings, 0)
    rounds = [one_round(pool, file, queries, settings) for _ in range(chosen.rounds)]
    pool.close()
    print(
        f"{'query':>5} {'rows':>7} {'bare s':>8} {'confined s':>11} {'wall':>6} {'processor':>10}"
    )
    bests: list[list[Measured]] = []
    for number, runs in enumerate(zip(*rounds, strict=True), 1):
        assert len({one.rows for run in runs for one in run}) == 1, "rows differ"
        bests.append([_best(side) for side in zip(*runs, strict=True)])
        _print(str(number), bests[-1][0], bests[-1][2])
    bare, warm, governed = (
        Measured(*map(sum, zip(*side, strict=True))) for side in zip(*bests, strict=True)
    )
    _print("all", bare, governed)
    _print("warm", warm, governed)
    ratio = governed.seconds / bare.seconds
    met = "met" if ratio <= TIMES_BARE else "missed"
    print(f"target: at most {TIMES_BARE} times the bare run: {met}")
    return 0 if ratio <= TIMES_BARE else 1


def _best(runs: Iterable[Measured]) -> Measured:
    """The least of each, which the machine's other work disturbed least."""
    return Measured(*map(min, zip(*runs, strict=True)))


def _print(name: str, plain: Measured, governed: Measured) -> None:
    wall, processor = governed.seconds / plain.seconds, governed.processor / plain.processor
    print(
        f"{name:>5} {plain.rows:>7} {plain.seconds:>8.3f} {governed.seconds:>11.3f} "
        f"{wall:>6.2f} {processor:>10.2f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
