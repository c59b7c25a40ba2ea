"""One ingest: every file of the inbox judged and landed, then the rows that waited, then what
staff said themselves."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from warehouse.audit import Audit, audited_read, command, head_file
from warehouse.contracts import load_contracts
from warehouse.contracts.model import Contracts
from warehouse.engine import Connection, EngineError, describe_error, open_work
from warehouse.errors import CampusError, IngestError, UsageError, place_of
from warehouse.home import Home
from warehouse.ingest import ledger
from warehouse.ingest.inbox import InboxFile, find_files, find_others, hold_inbox, shown
from warehouse.ingest.limits import limits_of
from warehouse.ingest.orphans import land_waiting_rows
from warehouse.ingest.parents import LandedKeys
from warehouse.ingest.parts import gather_parts
from warehouse.ingest.reader import Reader
from warehouse.ingest.recovery import recover
from warehouse.ingest.report import FileResult, IngestReport, Progress
from warehouse.ingest.unpacking import NO_SPACE
from warehouse.settings import Settings
from warehouse.state import open_state, session

if TYPE_CHECKING:
    from warehouse.ingest.outbox import OpenReturn

__all__ = ["Run", "export_refusals", "ingest", "open_refusals"]


@dataclass
class Run:
    """What the steps of one ingest share. The DuckDB connection opens with the first need."""

    settings: Settings
    home: Home
    contracts: Contracts
    audit: Audit
    actor: str
    work: Path
    confirmed: tuple[str, ...] = ()
    _stack: ExitStack = field(default_factory=ExitStack)
    _connection: Connection | None = None
    _keys: LandedKeys | None = None
    _reader: Reader | None = None

    @property
    def engine(self) -> Engine:
        return self.audit.engine

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self.work.mkdir(mode=0o700, exist_ok=True)
            self._connection = open_work(
                memory_limit=self.settings.memory_limit,
                threads=self.settings.threads,
                temp_directory=self.work / "spill",
            )
            self._stack.callback(self._connection.close)
            # A row's number is its place in the file, so the order must hold all the way.
            self._connection.execute("SET preserve_insertion_order = true")
        return self._connection

    @property
    def reader(self) -> Reader:
        if self._reader is None:
            self._reader = Reader(
                limits_of(self.settings),
                memory_limit=self.settings.memory_limit,
                threads=self.settings.threads,
            )
            self._stack.callback(self._reader.close)
        return self._reader

    @property
    def keys(self) -> LandedKeys:
        if self._keys is None:
            self._keys = LandedKeys(self.connection, self.contracts, self.engine, self.home)
        return self._keys

    def close(self) -> None:
        self._stack.close()

    def renew(self) -> None:
        """Work on with a new connection: an error inside DuckDB may have spoilt the old one."""
        self._stack.close()
        self._connection = self._keys = self._reader = None


def ingest(
    settings: Settings,
    source: str | None = None,
    table: str | None = None,
    progress: Progress | None = None,
    *,
    contracts: Contracts | None = None,
    confirm: Sequence[str] = (),
    actor: str | None = None,
) -> IngestReport:
    """Check and land what is in the inbox, optionally of one source or table only.

    `confirm` holds beginnings (at least 12 digits) of content hashes: a file refused for
    mass_deletion that bears one is taken out of quarantine and let through. `contracts` defaults
    to those of the package. `actor` is who the audit log names, by default whoever runs the
    command; every file that is looked at gets an entry.

    A file that is refused is in the report, not an exception. Raises `IngestError` when another
    ingest runs or the disk or database does not play along, `UsageError` for an unknown source,
    table or confirmation. Safe to be killed at any moment and to be run again.
    """
    from warehouse.ingest.files import hash_files, take_in

    home = settings.paths.require()
    contracts = contracts or load_contracts()
    _require_declared(contracts, source, table)
    report = IngestReport()
    with _private_files(), hold_inbox(home):
        engine = open_state(settings)
        audit, actor = Audit(engine, head_file(home)), actor or command()
        work = home.work / "ingest"
        run = Run(settings, home, contracts, audit, actor, work, tuple(confirm))
        try:
            report.files += recover(home, engine, run.work)
            for digits in confirm:
                _bring_back(home, digits)
                audit.event(actor, "delivery.confirm", detail={"content": digits.lower()})
            files = find_files(home, contracts, source, table)
            report.left_alone = find_others(home)
            groups, report.waiting = gather_parts(
                files, contracts, home.root, settings.ingest_parts_late_hours
            )
            # sha256 needs one processor and no lock, so the next file is hashed meanwhile.
            with ThreadPoolExecutor(max_workers=1) as pool:
                ahead = [pool.submit(hash_files, group) for group in groups[:1]]
                for done, group in enumerate(groups):
                    if progress:
                        progress(shown(f"{group[0].source}/{group[0].table}"), done, len(groups))
                    ahead += [pool.submit(hash_files, one) for one in groups[done + 1 : done + 2]]
                    _take_in(partial(take_in, run, group, ahead.pop(0)), run, group, report)
            if progress and groups:
                progress("", len(groups), len(groups))
            with session(engine, read_only=True) as opened:
                anything_waits = bool(ledger.waiting(opened))
            if anything_waits:
                run.connection  # noqa: B018  # makes the working folder
                report.landed_late = land_waiting_rows(
                    run.connection, contracts, audit, actor, home, run.keys, run.work
                )
            _take_in_own(run, report, source, table)
            _return_refused(run, report)
        except EngineError as error:
            raise IngestError(
                f"The lake cannot be worked on: {describe_error(error)}",
                next_step="Check free disk space and memory_limit, then run this again.",
            ) from None
        finally:
            run.close()
            _remove_work(run.work)
            engine.dispose()
    return report


def _take_in_own(run: Run, report: IngestReport, source: str | None, table: str | None) -> None:
    """What staff said themselves, once everything else is in: it is merged with what that says."""
    from warehouse.ingest.files import hash_files, take_in
    from warehouse.ingest.own_extract import write_own_extracts

    for file in write_own_extracts(run, source, table):
        hashed: Future = Future()
        hashed.set_result(hash_files((file,)))
        _take_in(partial(take_in, run, (file,), hashed), run, (file,), report)


def _take_in(
    take_in: Callable[[], FileResult | None],
    run: Run,
    files: tuple[InboxFile, ...],
    report: IngestReport,
) -> None:
    """One file's outcome goes into the report. What fails for the file's sake, not for want of
    disk, leaves it in the inbox and its neighbours alone."""
    paths = [shown(str(file.path.relative_to(run.home.root))) for file in files]
    try:
        result = take_in()
    except (EngineError, OSError) as error:
        if getattr(error, "errno", None) in NO_SPACE or "No space left" in str(error):
            raise IngestError(
                "There is no disk space left to work with.",
                next_step="Free disk space, then run this again; nothing is lost.",
            ) from None
        said = describe_error(error) if isinstance(error, EngineError) else type(error).__name__
        report.failed.update(dict.fromkeys(paths, said))
        run.renew()
        return
    except (CampusError, OperationalError):  # this machine or the state database
        raise
    except Exception as error:  # nobody foresaw it; its words may quote the file
        report.failed.update(dict.fromkeys(paths, place_of(error)))
        run.renew()
        return
    if result is None:
        report.unsettled += paths
    else:
        report.files.append(result)


@contextmanager
def _resting_run(settings: Settings) -> Iterator[Run]:
    """A run outside of an ingest, with the inbox held so that none begins meanwhile."""
    home = settings.paths.require()
    with _private_files(), hold_inbox(home):
        engine = open_state(settings)
        audit = Audit(engine, head_file(home))
        run = Run(settings, home, load_contracts(), audit, command(), home.work / "ingest")
        try:
            yield run
        finally:
            run.close()
            _remove_work(run.work)
            engine.dispose()


def open_refusals(settings: Settings) -> list[OpenReturn]:
    """What was refused and is still open, in order of owner unit, table and receipt.

    Raises `IngestError` while an ingest is at work.
    """
    from warehouse.ingest.outbox import list_open

    with _resting_run(settings) as run:
        return list_open(run)


def export_refusals(settings: Settings, place: str, out: Path | None = None) -> list[Path]:
    """Make the workbooks of a batch, a refused file or an owner unit anew; return their paths.

    `out` is a folder that gets copies of them. Raises `UsageError` where nothing open bears that
    id or unit, `IngestError` while an ingest is at work.
    """
    from warehouse.ingest.outbox import list_open

    with _resting_run(settings) as run:
        chosen = [
            one
            for one in list_open(run)
            if one.unit == place or (len(place) >= 12 and one.id.startswith(place))
        ]
        if not chosen:
            raise UsageError(
                f"Nothing open bears the id or belongs to the unit {place}.",
                next_step="See what is open with: campus quarantine list",
            )
        return audited_read(
            run.audit,
            run.actor,
            "quarantine.export",
            lambda: _export(run, chosen, out),
            detail={
                "units": sorted({one.unit for one in chosen}),
                "tables": sorted({f"{one.source}/{one.table}" for one in chosen if one.batch}),
                "copied": out is not None,
            },
            result=lambda paths: {
                "files": len(paths),
                "rows": sum(one.refused_rows for one in chosen),
            },
        )


def _export(run: Run, chosen: Sequence[OpenReturn], out: Path | None) -> list[Path]:
    from warehouse.ingest.outbox import refresh_outbox

    places = refresh_outbox(run, {one.id for one in chosen})
    paths = [run.home.root / places[one.id] for one in chosen if one.id in places]
    if out is not None:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        paths = [_copy_anew(path, out / path.name) for path in paths]
    return paths


def _copy_anew(path: Path, target: Path) -> Path:
    """A copy that only its owner may read, whatever lay there before: a link, another's file."""
    target.unlink(missing_ok=True)
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with path.open("rb") as stream, os.fdopen(descriptor, "wb") as sink:
        shutil.copyfileobj(stream, sink)
    return target


def _return_refused(run: Run, report: IngestReport) -> None:
    """Bring the owner units' workbooks in step and say in the report where they are."""
    from warehouse.ingest.outbox import refresh_outbox

    places = refresh_outbox(run, failed=report.unreturned)
    report.files = [
        replace(file, returned=places.get(file.batch or file.path, "")) for file in report.files
    ]


def _require_declared(contracts: Contracts, source: str | None, table: str | None) -> None:
    if source is None:
        return
    known = [item for item in contracts if item.source == source]
    if not known:
        raise UsageError(
            f"No contract declares the source {source}.",
            next_step=f"Known: {', '.join(sorted({item.source for item in contracts}))}.",
        )
    if table is not None and table not in [item.name for item in known]:
        raise UsageError(
            f"No contract declares the table {source}/{table}.",
            next_step=f"Known: {', '.join(item.name for item in known)}.",
        )


def _bring_back(home: Home, digits: str) -> None:
    """Move a file that was refused whole back to the inbox."""
    digits = digits.lower()
    if len(digits) < 12 or not all(digit in "0123456789abcdef" for digit in digits):
        raise UsageError(
            "A confirmation is the first 12 or more digits of the file's sha256.",
            next_step="Take them from the refusal's message.",
        )
    found = sorted(home.quarantine.glob(f"*/*/refused/{digits[:12]}-*"))
    if not found:
        raise UsageError(
            "No refused file in quarantine bears these digits.",
            next_step="Run campus ingest without --confirm; its refusals say which digits to give.",
        )
    for path in found:
        folder = home.inbox / path.parent.parent.parent.name / path.parent.parent.name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = folder / path.name[13:]
        if place.exists():
            place = folder / path.name
        path.replace(place)


def _remove_work(work: Path) -> None:
    from warehouse.ingest.landing import clear_folder

    clear_folder(work)


@contextmanager
def _private_files() -> Iterator[None]:
    """Whatever is written meanwhile only its owner may read: it holds people's data."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
