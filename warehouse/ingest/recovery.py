"""Puts right what a killed run left behind, before a new one begins."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from warehouse.home import Home
from warehouse.ingest import ledger
from warehouse.ingest.inbox import InboxFile, shown
from warehouse.ingest.landing import (
    Pending,
    clear_folder,
    clear_journal,
    dispose,
    finish_quarantine,
    is_untouched,
    read_journal,
)
from warehouse.ingest.report import FileResult
from warehouse.state import session

__all__ = ["recover"]

_PENDING = ".pending-"


def recover(home: Home, engine: Engine, work: Path) -> list[FileResult]:
    """Finish what the ledger records, sweep what it does not know.

    Returns the results of files that a killed run had recorded but not yet put away.
    Safe to be killed itself.
    """
    clear_folder(work)
    with session(engine, read_only=True) as opened:
        known = ledger.files_of_batches(opened)
    for path in sorted(home.quarantine.glob(f"*/*/{_PENDING}*.parquet")):
        _judge_pending(path, known)
    finished = _finish_original(home, engine)
    _sweep_lake(home, known)
    return finished


def _judge_pending(path: Path, known: dict[str, list[str]]) -> None:
    batch, _, files = path.stem.removeprefix(_PENDING).rpartition("-")
    if batch in known and str(len(known[batch])) == files:
        finish_quarantine(Pending(path, path.with_name(f"batch={batch}.parquet")))
    else:
        path.unlink()


def _finish_original(home: Home, engine: Engine) -> list[FileResult]:
    journal = read_journal(home)
    if journal is None:
        return []
    path = Path(journal.path)
    relative = _relative(home, path)
    with session(engine, read_only=True) as opened:
        delivery = ledger.delivered_at(opened, datetime.fromisoformat(journal.at), relative)
    if delivery is None:
        clear_journal(home)
        return []
    for name, signature, target in (
        (journal.path, journal.signature, journal.target),
        *journal.others,
    ):
        file = InboxFile(Path(name), delivery.source, delivery.table_name, declared=True)
        if is_untouched(file, signature):
            dispose(file.path, Path(target) if target else None)
    clear_journal(home)
    return [
        FileResult(
            relative,
            delivery.source,
            delivery.table_name,
            delivery.batch_id,
            delivery.result,
            delivery.accepted_rows,
            delivery.refused_rows,
            dict(delivery.reasons),
            delivery.message,
        )
    ]


def _relative(home: Home, path: Path) -> str:
    return shown(str(path.relative_to(home.root) if path.is_relative_to(home.root) else path))


def _sweep_lake(home: Home, known: dict[str, list[str]]) -> None:
    """Remove folders and files that the ledger does not name."""
    for folder in home.lake.glob("*/*/.landing-*"):
        clear_folder(folder)
    for folder in home.lake.glob("*/*/batch=*"):
        files = known.get(folder.name.removeprefix("batch="))
        if files is None:
            clear_folder(folder)
            continue
        kept = {Path(file).name for file in files}
        for file in folder.iterdir():
            if file.name not in kept:
                file.unlink()
