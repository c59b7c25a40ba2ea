"""What becomes of one file: duplicate, refused whole, or a batch."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.contracts.model import Table
from warehouse.engine import VALUE_ERRORS, Connection, EngineError, quote, quote_text
from warehouse.errors import FileRefused
from warehouse.home import Home
from warehouse.ingest import ledger
from warehouse.ingest.checks import technical_defaults
from warehouse.ingest.crash import checkpoint
from warehouse.ingest.delivered import Delivered
from warehouse.ingest.inbox import InboxFile, Signature, fingerprint, plain, shown
from warehouse.ingest.landed import scan_files
from warehouse.ingest.landing import (
    batch_folder,
    clear_folder,
    move_to_lake,
    quarantine_file,
    refused_file,
    settle,
    sync,
    write_lake_file,
    write_quarantine,
)
from warehouse.ingest.limits import unreadable
from warehouse.ingest.parts import content_of, join_parts, keep_part
from warehouse.ingest.reading import read_file
from warehouse.ingest.report import FileResult
from warehouse.ingest.screening import Screened, screen
from warehouse.ingest.thresholds import ends_too_many, refuses_too_many
from warehouse.state import session
from warehouse.state.models import Batch, Delivery

if TYPE_CHECKING:
    from warehouse.ingest.run import Run

__all__ = ["hash_files", "origin", "take_in"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hash_files(files: tuple[InboxFile, ...]) -> tuple[list[Signature], str]:
    """What the files are, and the sha256 of their content."""
    signatures = [file.signature() for file in files]
    return signatures, content_of([_fingerprint(file) for file in files])


def take_in(
    run: Run, files: tuple[InboxFile, ...], hashed: Future[tuple[list[Signature], str]]
) -> FileResult | None:
    """Judge and settle one file, or the parts of one snapshot together; None when one changed
    meanwhile and all are left for the next run. `hashed` is what `hash_files` says of them."""
    file = files[0]
    try:
        signatures, content = hashed.result()
        if _changed(files, signatures):  # while others were judged
            signatures, content = hash_files(files)
        if _changed(files, signatures):
            return None
    except FileNotFoundError:
        return None
    checkpoint("hashed")
    at = datetime.now(UTC)
    path = shown(str(file.path.relative_to(run.home.root)))
    delivered = Taken(files, signatures, content, at, path)
    batch_id = ledger.batch_id(file.source, file.table, content)
    with session(run.engine, read_only=True) as opened:
        known = opened.get(Batch, batch_id)
    if known is not None:
        delivery = _delivery(delivered, "duplicate")
        delivery.batch_id = batch_id
        delivery.message = "The same content has been landed before."
        settle(
            run.home,
            run.audit,
            run.actor,
            file,
            signatures[0],
            delivery,
            others=delivered.others(),
        )
        return _result(delivery)
    run.work.mkdir(mode=0o700, exist_ok=True)
    try:
        return _accept(run, delivered, batch_id)
    except FileRefused as refusal:
        if _changed(files, signatures):
            return None
        return _refuse(run, delivered, refusal)
    except (OSError, EngineError):
        if _changed(files, signatures):
            return None
        raise
    finally:
        clear_folder(run.work / "file")


@dataclass(frozen=True)
class Taken:
    """A delivery under way: its files, what they were when it began, its content's sha256."""

    files: tuple[InboxFile, ...]
    signatures: list[Signature]
    content: str
    at: datetime
    path: str

    @property
    def first(self) -> InboxFile:
        return self.files[0]

    def others(self, home: Home | None = None) -> list[tuple[InboxFile, Signature, Path | None]]:
        """The further parts; with `home`, to be kept there as refused."""
        return [
            (file, seen, refused_file(home, file, self.content) if home else None)
            for file, seen in zip(self.files[1:], self.signatures[1:], strict=True)
        ]


def _changed(files: Sequence[InboxFile], signatures: list[Signature]) -> bool:
    try:
        return [file.signature() for file in files] != signatures
    except FileNotFoundError:
        return True


def _fingerprint(file: InboxFile) -> str:
    """The content's sha256; of a file that may not be opened, one over its name and state."""
    try:
        return fingerprint(file.path)
    except PermissionError:
        said = f"{file.path}\n{file.signature()}"
        return hashlib.sha256(said.encode(errors="surrogateescape")).hexdigest()


def _accept(run: Run, taken: Taken, batch_id: str) -> FileResult | None:
    file, content = taken.first, taken.content
    if not file.declared:
        raise FileRefused(
            "undeclared",
            f"No contract declares {file.source or '(no source)'}/{file.table or '(no table)'}, "
            "or the file does not lie right in the table's folder.",
            next_step="Put it into inbox/<source>/<table>/ of a declared table.",
        )
    table = run.contracts.table(file.source, file.table)
    work = run.work / "file"
    work.mkdir(mode=0o700, exist_ok=True)
    modified = EPOCH + timedelta(microseconds=max(seen[2] for seen in taken.signatures) // 1000)
    screened = _screen(run, taken.files, table, work, technical_defaults(table, modified))
    checkpoint("screened")
    _require_readable(screened, table)
    screened.readings["extracted_at_default"] = modified.isoformat()

    folder = batch_folder(run.home, table, batch_id)
    landing = folder.with_name(f".landing-{batch_id}")
    clear_folder(landing)
    landing.mkdir(parents=True, mode=0o700)
    part = landing / "part-0.parquet"
    if screened.stage is not None:
        move_to_lake(screened.stage, part)
        accepted = screened.total
    else:
        accepted = write_lake_file(
            run.connection, table, screened.columns, screened.good, part, modified
        )
    extracted_at, source_system = origin(run.connection, screened.columns, part, modified)
    if table.kind == "snapshot" and not content.startswith(run.confirmed or ("-",)):
        try:
            _require_few_ended(run, table, screened, part, extracted_at, batch_id, content)
        except FileRefused:
            clear_folder(landing)
            raise
    pending = write_quarantine(
        run.connection, run.home, table, batch_id, screened.columns, screened.refused, 1
    )
    checkpoint("written")
    if _changed(taken.files, taken.signatures):
        clear_folder(landing)
        return None
    clear_folder(folder)
    landing.rename(folder)
    sync(folder)
    sync(folder.parent)
    checkpoint("renamed")
    batch = Batch(
        id=batch_id,
        source=table.source,
        table_name=table.name,
        content_sha256=content,
        file_name=shown(file.path.name),
        received_at=taken.at,
        extracted_at=extracted_at,
        source_system=source_system,
        contract_version=table.version,
        accepted_rows=accepted,
        refused_rows=screened.refused_rows,
        waiting_rows=screened.waiting_rows,
        reasons=screened.reasons,
        readings=screened.readings,
        files=[str((folder / part.name).relative_to(run.home.root))],
    )
    delivery = _delivery(taken, "accepted")
    delivery.batch_id = batch_id
    delivery.accepted_rows = accepted
    delivery.refused_rows = screened.refused_rows
    delivery.reasons = screened.reasons
    delivery.message = _say_what_waits(run, table, batch_id, screened)
    settle(
        run.home,
        run.audit,
        run.actor,
        file,
        taken.signatures[0],
        delivery,
        batch=batch,
        pending=pending,
        others=taken.others(),
    )
    run.keys.landed(table)
    return _result(delivery, screened.readings)


def _screen(
    run: Run,
    files: tuple[InboxFile, ...],
    table: Table,
    work: Path,
    defaults: Mapping[str, str] | None = None,
) -> Screened:
    try:
        return _judge(run, files, table, work, defaults)
    except VALUE_ERRORS:  # the error quotes the value
        raise unreadable("a number or day in it is beyond what can be computed with") from None


def _judge(
    run: Run,
    files: tuple[InboxFile, ...],
    table: Table,
    work: Path,
    defaults: Mapping[str, str] | None,
) -> Screened:
    def judge(delivered: Delivered) -> Screened:
        return screen(run.connection, delivered, table, run.contracts, run.keys, work, defaults)

    for file in files:
        if not os.access(file.path, os.R_OK):
            raise unreadable("it may not be opened by the user who ingests")
    if len(files) == 1:
        return read_file(run.reader, files[0].path, table, work, judge)
    parts = []
    for number, file in enumerate(files, 1):
        target = work / f"part-{number}.parquet"
        parts.append(
            read_file(
                run.reader,
                file.path,
                table,
                work,
                lambda delivered, target=target: keep_part(run.connection, delivered, target),
            )
        )
    return judge(join_parts(parts, table))


def _require_readable(screened: Screened, table: Table) -> None:
    if screened.retyped:
        raise FileRefused(
            "structure",
            f"{table.id}: no value of these columns is of the contract's type: "
            + ", ".join(f"{name} ({table.column(name).type})" for name in screened.retyped)
            + ".",
            row_count=screened.total,
            next_step="Deliver these types, or apply for a change of structure (Article 7).",
        )
    if refuses_too_many(
        screened.total, screened.refused_rows, screened.waiting_rows, table.refuse_above
    ):
        reasons = ", ".join(f"{reason} {rows}" for reason, rows in screened.reasons.items())
        raise FileRefused(
            "too_many_refused",
            f"{table.id}: {screened.refused_rows - screened.waiting_rows} of {screened.total} rows "
            f"are refused ({reasons}), more than the {table.refuse_above:.0%} of the contract.",
            row_count=screened.total,
            next_step="Mend the extract in the source system and deliver it anew.",
        )


def origin(
    connection: Connection, columns: tuple[str, ...], part: Path, default: datetime
) -> tuple[datetime, str | None]:
    """Latest extracted_at of the rows, and the one system that all of them say they come from."""
    if not {"extracted_at", "source_system"} & set(columns):
        return default, None
    latest, low, high, fits = connection.execute(
        "SELECT max(extracted_at), min(source_system), max(source_system), "
        r"regexp_full_match(min(source_system), '[\w.-]{1,64}') "
        f"FROM read_parquet({quote_text(part)})"
    ).fetchone()
    extracted_at = latest.replace(tzinfo=UTC) if latest and "extracted_at" in columns else default
    return extracted_at, low if "source_system" in columns and low == high and fits else None


def _require_few_ended(
    run: Run,
    table: Table,
    screened: Screened,
    part: Path,
    extracted_at: datetime,
    batch_id: str,
    content: str,
) -> None:
    with session(run.engine, read_only=True) as opened:
        before = ledger.previous_snapshot(opened, table.source, table.name, extracted_at, batch_id)
    if before is None or not table.key:
        return
    keys = ", ".join(map(quote, table.key))
    older = (
        f"SELECT DISTINCT {keys} FROM {scan_files(run.home.root / name for name in before.files)} "
        "WHERE NOT is_deleted"
    )
    newer = f"SELECT {keys} FROM read_parquet({quote_text(part)}) WHERE NOT is_deleted"
    if screened.waiting_rows and screened.refused:
        newer += f" UNION ALL {_waiting_keys(table, screened)}"
    (count,) = run.connection.execute(f"SELECT count(*) FROM ({older})").fetchone()
    (ended,) = run.connection.execute(f"SELECT count(*) FROM ({older} EXCEPT {newer})").fetchone()
    if ends_too_many(count, ended, table.end_above):
        raise FileRefused(
            "mass_deletion",
            f"{table.id}: this snapshot would end {ended} of {count} keys, more than the "
            f"{table.end_above:.0%} of the contract.",
            row_count=screened.total,
            next_step="If it is right, let exactly this file through with: "
            f"campus ingest --confirm {content[:12]}",
        )


def _waiting_keys(table: Table, screened: Screened) -> str:
    """Keys of rows that lack a parent only: they are still there, they just have not landed."""
    from warehouse.ingest.checks import ORPHAN

    listed = ", ".join(
        f"try_cast(raw[{screened.columns.index(name) + 1}] AS {table.column(name).sql_type}) "
        f"AS {quote(name)}"
        for name in table.key
    )
    return f"SELECT {listed} FROM {screened.refused} WHERE mask = {ORPHAN}"


def _say_what_waits(run: Run, table: Table, batch_id: str, screened: Screened) -> str:
    if not screened.refused_rows:
        return ""
    place = quarantine_file(run.home, table.source, table.name, batch_id).relative_to(run.home.root)
    message = f"Refused rows are in {place}."
    if screened.waiting_rows:
        message += f" {screened.waiting_rows} of them land by themselves when their parents come."
    return message


def _refuse(run: Run, taken: Taken, refusal: FileRefused) -> FileResult:
    rows = refusal.row_count or 0
    target = refused_file(run.home, taken.first, taken.content)
    delivery = _delivery(taken, "refused")
    delivery.refused_rows = rows
    delivery.reasons = {refusal.reason: rows}
    kept = "The file is" if len(taken.files) == 1 else "Its parts are"
    place = shown(str(target.relative_to(run.home.root)))
    # Headings and folders of foreign make may hold what no database stores and no terminal prints.
    delivery.message = f"{plain(str(refusal))} {kept} kept in {place}."
    settle(
        run.home,
        run.audit,
        run.actor,
        taken.first,
        taken.signatures[0],
        delivery,
        target=target,
        others=taken.others(run.home),
    )
    return _result(delivery)


def _delivery(taken: Taken, result: str) -> Delivery:
    return Delivery(
        at=taken.at,
        path=taken.path,
        source=shown(taken.first.source)[:64],
        table_name=shown(taken.first.table)[:64],
        content_sha256=taken.content,
        result=result,
        batch_id=None,
        accepted_rows=0,
        refused_rows=0,
        reasons={},
        message="",
    )


def _result(delivery: Delivery, readings: dict[str, Any] | None = None) -> FileResult:
    values: dict[str, Any] = {
        "path": delivery.path,
        "source": delivery.source,
        "table": delivery.table_name,
        "batch": delivery.batch_id,
        "result": delivery.result,
        "accepted_rows": delivery.accepted_rows,
        "refused_rows": delivery.refused_rows,
        "reasons": dict(delivery.reasons),
        "message": delivery.message,
        "readings": readings or {},
    }
    return FileResult(**values)
