"""Runs statements against a granted file as an attacker would, and looks around afterwards."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from access_college import ALICE, BOB, College, found_college

from warehouse.access.confined import QueryResult, run_confined
from warehouse.access.grant_files import grant_file
from warehouse.access.query_pool import QueryPool
from warehouse.access.query_process import QueryProcess
from warehouse.errors import QueryFailed, QueryLimit, QueryRefused
from warehouse.state import session
from warehouse.state.models import Grant

GRADES = "student_academic_data.course_grade"
COLUMNS = {GRADES: ["student_no", "course_code", "total_score"]}
OTHERS = {"staff_basic_data.staff_basic": ["staff_no", "name"]}


class WatchedPool(QueryPool):
    """Remembers the processes that each thread has taken."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._taken: dict[int, list[int]] = {}

    def take(self) -> QueryProcess:
        process = super().take()
        self.taken.append(process.pid)
        return process

    @property
    def taken(self) -> list[int]:
        return self._taken.setdefault(threading.get_ident(), [])


@dataclass
class Bench:
    """Two grants of two people. `attack` runs a statement over the first."""

    college: College
    file: Path
    other: Path
    pool: WatchedPool
    before: dict[str, Any] = field(default_factory=dict)

    def run(self, sql: str, **options: Any) -> QueryResult:
        return run_confined(self.pool, self.file, sql, COLUMNS, self.college.settings, **options)

    def attack(self, sql: str) -> str:
        """How it ended (check | engine | limit | harmless), after all that may never happen was
        looked for. `{file}`, `{other}` and `{home}` are filled in."""
        sql = (
            sql.replace("{file}", str(self.file))
            .replace("{other}", str(self.other))
            .replace("{home}", str(self.college.settings.paths.root))
        )
        started, processes = time.monotonic(), len(self.pool.taken)
        try:
            result = self.run(sql)
        except QueryLimit as error:
            end, said = "limit", str(error)
        except QueryFailed as error:
            end, said = "engine", str(error)
        except QueryRefused as error:
            end, said = "check", str(error)
        else:
            end, said = "harmless", f"{result.columns} {result.rows}"
        seconds = time.monotonic() - started
        most = 2 * self.college.settings.sql_seconds + 5  # on a busy machine a process starts late
        assert seconds < most, f"took {seconds:.1f} s"
        assert end == "harmless" or (said and len(said) < 1000), "an error is one or two sentences"
        assert end != "check" or len(self.pool.taken) == processes, (
            "refused before a process is used"
        )
        self.look_around(sql, said, self.pool.taken[processes:])
        return end

    def look_around(self, sql: str, said: str, processes: list[int]) -> None:
        """Nothing disclosed that was not in the statement, nothing written, no process left."""
        for mark in self._marks():
            assert mark not in said or mark in sql, f"tells {mark}"
        assert _files(self.college.settings.paths.root) == self.before, "something was written"
        assert not list(Path("/tmp").glob("campus-escape*")), "something was written"
        assert not [pid for pid in processes if psutil.pid_exists(pid)], "a process stayed behind"

    def ask_beside(self) -> None:
        """Another person's query answers while all this goes on."""
        answer = run_confined(
            self.pool,
            self.other,
            "select count(*) from staff_basic_data.staff_basic",
            OTHERS,
            self.college.settings,
        )
        assert answer.rows == [[1]]

    def _marks(self) -> list[str]:
        root = self.college.settings.paths.root
        return [
            "root:x:",
            "SECRET",
            "id_card_no",
            "staff_basic",
            "site-packages",
            str(root),
            str(root.parent),
            self.file.name,
            self.file.parent.name,
            self.other.parent.name,
            os.environ.get("HOME", "/root") + "/",
        ]


@contextmanager
def confined_bench(folder: Path, **settings: Any) -> Iterator[Bench]:
    """A college in that folder with both grants' files and a pool of waiting processes."""
    college = found_college(folder, **settings)
    first = _grant(college, COLUMNS, ALICE, {"college_code": ["03"]})
    other = _grant(college, OTHERS, BOB, {})
    pool = WatchedPool(college.settings)
    pool.open()
    try:
        yield Bench(college, first, other, pool, _files(college.settings.paths.root))
    finally:
        waiting = pool.waiting
        pool.close()
    assert not [pid for pid in waiting if psutil.pid_exists(pid)], "a process stayed behind"


@contextmanager
def neighbour(bench: Bench, pause: float = 0.5) -> Iterator[list[float]]:
    """Somebody who keeps asking meanwhile; the list holds the seconds of each answer."""
    over, seconds, failed = threading.Event(), [], []

    def ask() -> None:
        while not over.wait(pause):
            started = time.monotonic()
            try:
                bench.ask_beside()
            except BaseException as error:
                failed.append(error)
                return
            seconds.append(time.monotonic() - started)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield seconds
    finally:
        over.set()
        thread.join()
    assert not failed, failed


def _grant(
    college: College, columns: dict[str, list[str]], person: int, rows: dict[str, list[str]]
) -> Path:
    made = college.grant(columns=columns, users=[person], rows={"columns": rows})
    with session(college.engine, read_only=True) as opened:
        grant = opened.get_one(Grant, made)
    now = college.clock.now
    return grant_file(college.settings, college.engine, college.reader, grant, now=now)[0]


def _files(root: Path) -> dict[str, Any]:
    """Every file of the data home: grants with their content's hash, others with size and time.
    Links that a query opens its file through, and the state database's own, come and go."""
    found: dict[str, Any] = {}
    for path in sorted(root.rglob("*")):
        if path.suffix == ".reading" or "state.db" in path.name or not path.is_file():
            continue
        about = path.stat()
        found[str(path.relative_to(root))] = (
            hashlib.sha256(path.read_bytes()).hexdigest()
            if path.is_relative_to(root / "grants")
            else (about.st_size, about.st_mtime_ns)
        )
    return found
