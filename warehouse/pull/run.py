"""Pulls sources side by side, each in its own process with its own limits and tries."""

from __future__ import annotations

import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING

from warehouse.contracts.model import Contracts
from warehouse.errors import PullError, UsageError
from warehouse.pull.crash import checkpoint
from warehouse.pull.report import PullReport, TableResult
from warehouse.pull.sources import Source, Sources
from warehouse.pull.sources_file import load_sources
from warehouse.pull.worker import Allowed, Done, Ended, Job, work

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from warehouse.settings import Settings

__all__ = ["Progress", "pull"]

Progress = Callable[[str, int, int], None]

#: A new process loads its modules first; on a busy machine that takes a while.
_START_SECONDS = 60.0
#: Waits between tries: 1, 2, 4 … seconds, at most this.
_LONGEST_WAIT = 60.0


def pull(
    settings: Settings,
    place: str | None = None,
    *,
    dry_run: bool = False,
    from_start: bool = False,
    contracts: Contracts | None = None,
    progress: Progress | None = None,
    actor: str | None = None,
) -> PullReport:
    """Pull what `sources.toml` declares, or only `place` (source or source/table), into the inbox.

    Results come in the order of the file. A source that fails is in the report, not an
    exception, and holds up no other. `from_start` leaves watermarks aside; `dry_run` only looks.
    `actor` is who the audit log names, by default whoever runs the command.
    Raises `SourcesError` with every problem of sources.toml, `UsageError` for an unknown place.
    """
    # Here, not above: every pulling process loads this package, and none needs these.
    from warehouse.audit import Audit, command, head_file
    from warehouse.contracts import load_contracts
    from warehouse.pull import marks
    from warehouse.state import open_state

    home = settings.paths.require()
    sources = load_sources(home, contracts or load_contracts())
    chosen = _chosen(sources, place)
    order = [(source.id, name) for source, names in chosen for name in names]
    engine = open_state(settings)
    run = _Run(engine, len(order), progress)
    try:
        jobs = [
            Job(home, source, names, marks.last_marks(engine, source.id), dry_run, from_start)
            for source, names in chosen
        ]
        with ThreadPoolExecutor(max_workers=min(sources.parallel, len(jobs) or 1)) as pool:
            running = [pool.submit(_pull_source, job, run) for job in jobs]
            try:
                for future in running:
                    future.result()
            except BaseException:
                run.stop.set()
                raise
        run.results.sort(key=lambda result: order.index((result.source, result.table)))
        if not dry_run:
            marks.note_runs(Audit(engine, head_file(home)), actor or command(), run.results)
    finally:
        engine.dispose()
    return PullReport(run.results)


class _Run:
    """What the threads of one pull share."""

    def __init__(self, engine: Engine, total: int, progress: Progress | None) -> None:
        self.stop = threading.Event()
        self.results: list[TableResult] = []
        self._engine = engine
        self._total = total
        self._progress = progress
        self._lock = threading.Lock()

    def take(self, done: Done) -> None:
        """Keep the mark of a table whose file lies in the inbox, and its result."""
        from warehouse.pull import marks

        result = done.result
        with self._lock:
            checkpoint("keeping")
            if done.mark is not None:
                marks.set_mark(self._engine, result.source, result.table, done.mark)
            checkpoint("kept")
            self.results.append(result)
            if self._progress:
                place = f"{result.source}/{result.table}"
                self._progress(place, len(self.results), self._total)


def _chosen(sources: Sources, place: str | None) -> list[tuple[Source, tuple[str, ...]]]:
    wanted, _, table = (place or "").partition("/")
    found = []
    for source in sources.sources:
        names = tuple(item.table.name for item in source.tables if table in ("", item.table.name))
        if wanted in ("", source.id) and names:
            found.append((source, names))
    if place and not found:
        known = ", ".join(source.id for source in sources.sources)
        raise UsageError(
            f"{sources.file.name} declares no {place}.", next_step=f"Sources there: {known}."
        )
    return found


def _pull_source(job: Job, run: _Run) -> None:
    """Try until every table has a result, the tries are used up, or the time is."""
    source = job.source
    begun = time.monotonic()
    deadline = begun + source.total_seconds
    remaining = list(job.tables)
    attempt = 0

    def taken(done: Done) -> None:
        done.result.attempts = attempt
        run.take(done)
        remaining.remove(done.result.table)

    while remaining:
        attempt += 1
        error = _attempt(replace(job, tables=tuple(remaining)), taken, deadline, run.stop)
        if error is None:
            break
        wait = min(2.0 ** (attempt - 1), _LONGEST_WAIT)
        again = error.retry and attempt < source.attempts and time.monotonic() + wait < deadline
        if again and not run.stop.wait(wait):
            continue
        for name in tuple(remaining):
            mode = next(item.mode for item in source.tables if item.table.name == name)
            seconds = time.monotonic() - begun
            taken(Done(TableResult.failed(source.id, name, mode, error, seconds)))


def _attempt(
    job: Job, taken: Callable[[Done], None], deadline: float, stop: threading.Event
) -> PullError | None:
    """One process. None when it pulled, or failed for good, every table of the job."""
    context = multiprocessing.get_context("forkserver")
    # A clean process that has loaded what every worker needs, from which each is split off.
    context.set_forkserver_preload(["warehouse.pull.worker", "warehouse.pull.table"])
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(job, there), daemon=True)
    with _without_main():
        process.start()
    there.close()
    limit, doing, allowed = time.monotonic() + _START_SECONDS, "start", _START_SECONDS
    try:
        while True:
            now = time.monotonic()
            if stop.is_set():
                return PullError("interrupted", f"{job.source.id}: the pull was interrupted.")
            if now > deadline:
                return _overdue(job.source)
            if now > limit:
                return _silent(job.source, doing, allowed)
            if not here.poll(min(0.2, max(0.0, min(limit, deadline) - now))):
                continue
            try:
                said = here.recv()
            except EOFError:
                return _died(job.source)
            if isinstance(said, Ended):
                return said.error
            if isinstance(said, Allowed):
                limit, doing = time.monotonic() + said.seconds, said.doing
                allowed = said.seconds
            else:
                taken(said)
    finally:
        process.kill()  # whether it hangs or has said its last word
        process.join()
        here.close()


_main_lock = threading.Lock()


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module while a process starts: multiprocessing would run it again there, and
    not every program that pulls is written to be run twice. No worker needs it."""
    with _main_lock:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def _silent(source: Source, doing: str, seconds: float) -> PullError:
    what = "connecting" if doing == "connect" else doing
    return PullError(
        "silent",
        f"{source.id}: {source.address} gave no answer within {seconds:.0f} s ({what}).",
        next_step="Check the source's load and locks; connect_seconds and statement_seconds in "
        "sources.toml say how long to wait.",
        retry=True,
    )


def _overdue(source: Source) -> PullError:
    return PullError(
        "silent",
        f"{source.id}: not done within the {source.total_seconds:.0f} s that one pull may take.",
        next_step="Raise total_seconds in sources.toml, or pull large tables incrementally.",
    )


def _died(source: Source) -> PullError:
    return PullError(
        "interrupted",
        f"{source.id}: the pulling process ended before its work did.",
        next_step="Look for the kernel's out-of-memory messages, then run again: "
        f"campus pull {source.id}",
        retry=True,
    )
