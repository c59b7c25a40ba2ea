"""Puts checked rows into the lake and the quarantine so that a sudden end leaves nothing half.

Order: files of the lake (temporary, synced, renamed) → journal → ledger (one transaction) →
quarantine (renamed) → original removed or moved → journal cleared. Before the ledger's commit
nothing counts, and what lies about is swept by `recovery`; behind it every step is redone.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.audit import Audit
from warehouse.contracts.model import TECHNICAL_COLUMNS, Table
from warehouse.engine import Connection, quote, quote_text
from warehouse.home import Home
from warehouse.ingest.checks import reasons_list, technical_defaults
from warehouse.ingest.crash import checkpoint
from warehouse.ingest.inbox import InboxFile, Signature, shown
from warehouse.state.models import Batch, Delivery

__all__ = [
    "Journal",
    "Pending",
    "batch_folder",
    "finish_quarantine",
    "journal_file",
    "move_to_lake",
    "quarantine_file",
    "refused_file",
    "settle",
    "sync",
    "write_lake_file",
    "write_quarantine",
]

_LAKE_OPTIONS = "FORMAT parquet, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 2000"


@dataclass(frozen=True)
class Journal:
    """What has to be done with an original once its delivery is recorded; `others` are
    (path, signature, target) of further parts of the same delivery."""

    path: str
    signature: Signature
    at: str
    target: str | None
    others: tuple[tuple[str, Signature, str | None], ...] = ()


@dataclass(frozen=True)
class Pending:
    """A quarantine file that takes its place when the ledger says so: when the batch has
    `files` files. An empty one (no bytes) means that nothing is left in quarantine."""

    path: Path
    final: Path


def batch_folder(home: Home, table: Table, batch: str) -> Path:
    return home.lake / table.source / table.name / f"batch={batch}"


def quarantine_file(home: Home, source: str, table: str, batch: str) -> Path:
    return home.quarantine / source / table / f"batch={batch}.parquet"


def refused_file(home: Home, file: InboxFile, content_sha256: str) -> Path:
    """Where a file that is refused whole is kept."""
    folder = home.quarantine / (shown(file.source) or "_") / (shown(file.table) or "_") / "refused"
    return folder / f"{content_sha256[:12]}-{shown(file.path.name)}"


def journal_file(home: Home) -> Path:
    return home.work / "ingest-journal.json"


def sync(path: Path) -> None:
    """Have a file's content, or a folder's entries, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_lake_file(
    connection: Connection,
    table: Table,
    delivered: tuple[str, ...],
    rows: str,
    target: Path,
    extracted_at: datetime,
) -> int:
    """Write `rows` (delivered columns and batch_row) as a file of the lake; return how many.

    Technical columns that are absent or null are filled (`technical_defaults`).
    """
    listed = [quote(name) for name in table.column_names]
    for name, default in technical_defaults(table, extracted_at).items():
        filled = f"coalesce({quote(name)}, {default})" if name in delivered else default
        listed.append(f"{filled} AS {quote(name)}")
    (count,) = connection.execute(
        f"COPY (SELECT {', '.join(listed)}, batch_row FROM ({rows})) "
        f"TO {quote_text(target)} ({_LAKE_OPTIONS})"
    ).fetchone()
    sync(target)
    return count


def move_to_lake(stage: Path, target: Path) -> None:
    """Let a stage be a file of the lake as it stands, because every row of it may land.

    Its rows bear no batch_row; `landed.scan_files` says how they are read.
    """
    shutil.move(stage, target)  # the lake may be a disk of its own
    sync(target)


def write_quarantine(
    connection: Connection,
    home: Home,
    table: Table,
    batch: str,
    delivered: tuple[str, ...],
    refused: str | None,
    files: int,
) -> Pending | None:
    """Write refused rows (batch_row, mask, raw) beside their place, to be put there by `settle`.

    Columns: batch_row, reasons, then text by contract column and technical column, null where
    the file had none.
    """
    if refused is None:
        return None
    final = quarantine_file(home, table.source, table.name, batch)
    final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pending = Pending(final.with_name(f".pending-{batch}-{files}.parquet"), final)
    place = {name: f"raw[{position}]" for position, name in enumerate(delivered, 1)}
    names = [*table.column_names, *(n for n in TECHNICAL_COLUMNS if n not in table.column_names)]
    texts = ", ".join(f"{place.get(name, 'NULL::VARCHAR')} AS {quote(name)}" for name in names)
    connection.execute(
        f"COPY (SELECT batch_row, {reasons_list('mask')} AS reasons, {texts} FROM {refused} "
        f"ORDER BY batch_row) TO {quote_text(pending.path)} (FORMAT parquet, COMPRESSION zstd)"
    )
    sync(pending.path)
    return pending


def finish_quarantine(pending: Pending) -> None:
    """Put a pending quarantine file in its place, or clear the place when it is empty."""
    if pending.path.stat().st_size == 0:
        pending.final.unlink(missing_ok=True)
        pending.path.unlink()
    else:
        pending.path.replace(pending.final)
    sync(pending.final.parent)


def settle(
    home: Home,
    audit: Audit,
    actor: str,
    file: InboxFile,
    signature: Signature,
    delivery: Delivery,
    *,
    batch: Batch | None = None,
    pending: Pending | None = None,
    target: Path | None = None,
    others: Sequence[tuple[InboxFile, Signature, Path | None]] = (),
) -> None:
    """Record a delivery (and its batch), in the ledger and in the log under the name of `actor`;
    then remove the original, or move it to `target`. `others` are the further parts it came in."""
    refusal = "refusal_" if target else ""
    write_journal(
        home,
        Journal(
            str(file.path),
            signature,
            delivery.at.isoformat(),
            str(target) if target else None,
            tuple(
                (str(other.path), seen, str(place) if place else None)
                for other, seen, place in others
            ),
        ),
    )
    checkpoint(f"{refusal}journalled")
    with audit.transaction() as entry:
        if batch is not None:
            entry.session.add(batch)
            entry.session.flush()
        entry.session.add(delivery)
        entry.session.flush()
        entry.record(actor, "delivery.receive", detail=_noted(delivery))
    checkpoint(f"{refusal}recorded")
    if pending is not None:
        finish_quarantine(pending)
        checkpoint("quarantined")
    for one, seen, place in ((file, signature, target), *others):
        if is_untouched(one, seen):  # else a new delivery has just taken its name
            dispose(one.path, place)
    checkpoint("refusal_moved" if target else "removed")
    clear_journal(home)


def _noted(delivery: Delivery) -> dict[str, Any]:
    """What the log holds of a delivery. No name of a file: a unit may have put a person's in it.
    Nor of a folder that no contract declares."""
    is_declared = "undeclared" not in delivery.reasons
    return {
        "delivery": delivery.id,
        "source": delivery.source if is_declared else None,
        "table": delivery.table_name if is_declared else None,
        "content": delivery.content_sha256,
        "batch": delivery.batch_id,
        "result": delivery.result,
        "rows": delivery.accepted_rows,
        "refused_rows": delivery.refused_rows,
        "reasons": delivery.reasons,
    }


def is_untouched(file: InboxFile, signature: Signature) -> bool:
    """Whether the file still is the one that bore this signature."""
    try:
        return file.signature() == signature
    except FileNotFoundError:
        return False


def dispose(path: Path, target: Path | None) -> None:
    """Remove an original, or keep it at `target`; a file of that content there is replaced."""
    if target is None:
        path.unlink()
    else:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(target)
        sync(target.parent)
    sync(path.parent)


def write_journal(home: Home, journal: Journal) -> None:
    place = journal_file(home)
    temporary = place.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as stream:
        json.dump(asdict(journal), stream)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(place)
    sync(place.parent)


def read_journal(home: Home) -> Journal | None:
    place = journal_file(home)
    if not place.is_file():
        return None
    values = json.loads(place.read_text(encoding="utf-8"))
    others = tuple((path, tuple(seen), place) for path, seen, place in values.get("others", ()))
    return Journal(
        values["path"], tuple(values["signature"]), values["at"], values["target"], others
    )


def clear_journal(home: Home) -> None:
    journal_file(home).unlink(missing_ok=True)


def clear_folder(path: Path) -> None:
    """Remove a working folder and all in it."""
    shutil.rmtree(path, ignore_errors=True)
