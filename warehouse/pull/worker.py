"""The process that pulls one source. It may be killed at any moment, and is when it hangs.

Drivers cannot be trusted to give up in time, so each source has its own process and the parent
holds the clock: the worker says before each step how long it may take.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from warehouse.errors import PullError, place_of
from warehouse.home import Home
from warehouse.pull.mark import Mark
from warehouse.pull.report import TableResult
from warehouse.pull.sources import Source, TableSource

if TYPE_CHECKING:
    from warehouse.pull.reading import Database

__all__ = ["Allowed", "Done", "Ended", "Job", "work"]

#: How often the parent hears that rows flow, at most.
_TICK_SECONDS = 0.5
#: What a step may take beyond the limit that driver and server know, before the parent ends it.
_GRACE = 2.0


@dataclass(frozen=True)
class Job:
    """`tables` are names of tables of `source`, in order; `marks` how far each came last."""

    home: Home
    source: Source
    tables: tuple[str, ...]
    marks: Mapping[str, Mark] = field(default_factory=dict)
    dry_run: bool = False
    from_start: bool = False


@dataclass(frozen=True)
class Allowed:
    """The worker is alive and will be heard of again within `seconds`."""

    seconds: float
    doing: str


@dataclass(frozen=True)
class Done:
    """A table has its result; `mark` is to be kept, None where nothing was brought."""

    result: TableResult
    mark: Mark | None = None


@dataclass(frozen=True)
class Ended:
    """The worker is done. With a `reason`, the tables without a result were not pulled; fields
    as in `PullError`, which does not travel through a pipe as it is."""

    reason: str | None = None
    message: str = ""
    next_step: str | None = None
    retry: bool = False

    @classmethod
    def of(cls, error: PullError | None) -> Ended:
        if error is None:
            return cls()
        return cls(error.reason, error.message, error.next_step, error.retry)

    @property
    def error(self) -> PullError | None:
        if self.reason is None:
            return None
        return PullError(self.reason, self.message, next_step=self.next_step, retry=self.retry)


def work(job: Job, pipe: Connection) -> None:
    """Pull the tables of a job and send `Allowed`, `Done` and at last `Ended`."""
    _end_with_parent()
    os.umask(0o077)
    error: PullError | None = None
    try:
        _pull(job, pipe)
    except PullError as found:
        error = found
    except Exception as found:  # its words may quote data, so only its place is told
        error = _unexpected(found)
    pipe.send(Ended.of(error))
    pipe.close()


def _pull(job: Job, pipe: Connection) -> None:
    from warehouse.pull.reading import open_database
    from warehouse.pull.secret import read_secret

    source = job.source
    password = read_secret(source)
    with _alone(job.home, source):
        pipe.send(Allowed(source.connect_seconds + _GRACE, "connect"))
        with open_database(source, password) as database:
            for name in job.tables:
                declared = next(table for table in source.tables if table.table.name == name)
                _pull_one(job, pipe, database, declared)


def _pull_one(job: Job, pipe: Connection, database: Database, declared: TableSource) -> None:
    from warehouse.pull.table import pull_table

    name = declared.table.name
    last = 0.0

    def tick() -> None:
        nonlocal last
        if time.monotonic() - last > _TICK_SECONDS:
            last = time.monotonic()
            pipe.send(Allowed(job.source.statement_seconds + _GRACE, f"answer for {name}"))

    tick()
    begun = time.monotonic()
    try:
        result, mark = pull_table(
            database,
            declared,
            job.home,
            job.marks.get(name),
            dry_run=job.dry_run,
            from_start=job.from_start,
            tick=tick,
        )
    except PullError as error:
        if error.retry:
            raise
        result = TableResult.failed(
            job.source.id, name, declared.mode, error, time.monotonic() - begun
        )
        mark = None
    pipe.send(Done(result, mark))


@contextmanager
def _alone(home: Home, source: Source) -> Iterator[None]:
    """One pull of a source at a time. The lock is the kernel's and goes with the process."""
    home.work.mkdir(exist_ok=True, mode=0o700)
    descriptor = os.open(home.work / f"pull-{source.id}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PullError(
                "busy",
                f"{source.id}: another pull of this source is at work.",
                next_step="Wait until it has ended.",
            ) from None
        yield
    finally:
        os.close(descriptor)


def _end_with_parent() -> None:
    """A worker without its parent would go on writing while the next one begins."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _unexpected(error: Exception) -> PullError:
    return PullError(
        "statement",
        f"An error nobody foresaw: {place_of(error)}.",
        next_step="Report it with this line; it holds no data.",
    )
