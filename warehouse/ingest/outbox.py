"""Keeps, for each owner unit, the workbooks of what was refused and is still open.

Everything is made from the ledger and the quarantine, after the run's files are settled, and an
index says from which state each workbook was made. So the step may be killed and run again, and
does nothing where nothing has changed. What becomes of a workbook:

* a batch's goes when all its rows have landed, when a later batch of a snapshot has come, or when
  later batches have brought every refused key anew (good or bad: a bad one is in their workbook);
* that of a file refused whole goes when a later file of the table is accepted.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from warehouse.authority import Authority, load_authority
from warehouse.contracts.model import TECHNICAL_COLUMNS, Contracts, Table
from warehouse.engine import Connection, EngineError, describe_error, quote, quote_text
from warehouse.errors import CampusError, IngestError, place_of
from warehouse.home import Home
from warehouse.ingest import ledger
from warehouse.ingest.advice import FILE_ADVICE, Adviser, heading_problem
from warehouse.ingest.cell_faults import faulty_rows
from warehouse.ingest.checks import reasons_list
from warehouse.ingest.crash import checkpoint
from warehouse.ingest.inbox import InboxFile
from warehouse.ingest.landed import scan_files
from warehouse.ingest.landing import clear_folder, quarantine_file, refused_file, sync
from warehouse.ingest.returned_book import Returned, write_returned
from warehouse.state import session
from warehouse.state.models import Batch, Delivery

if TYPE_CHECKING:
    from warehouse.ingest.run import Run

__all__ = ["OpenReturn", "list_open", "refresh_outbox"]

#: Part of every mark: a workbook of an older make is made anew.
_MAKE = "2"
_BEIJING = timedelta(hours=8)


@dataclass(frozen=True)
class OpenReturn:
    """Something refused that is still open. `id` is the batch, or 12 digits of the file's sha256;
    `path` is the workbook's, relative to the data home; `mark` changes with what it is made of.
    `open_rows` of the refused ones stand in it; None where it holds no rows or is not made yet."""

    id: str
    unit: str
    source: str
    table: str
    received_at: datetime
    refused_rows: int
    waiting_rows: int
    reasons: dict[str, int]
    path: str
    mark: str
    batch: Batch | None = None
    delivery: Delivery | None = None
    open_rows: int | None = None


def list_open(run: Run) -> list[OpenReturn]:
    """What is open, without batches of which later ones have brought every refused key anew."""
    index = _read_index(run.home.outbox)
    found = []
    for one in open_returns(run):
        known = index.get(one.path)
        if known is None or known["mark"] != one.mark:
            found.append(one)
        elif not known["empty"]:
            found.append(replace(one, open_rows=known.get("rows")))
    return found


def open_returns(run: Run) -> list[OpenReturn]:
    """What is open by the ledger, in order of unit, table and receipt."""
    found = [*_open_batches(run), *_open_files(run)]
    return sorted(found, key=lambda one: (one.unit, one.source, one.table, one.received_at, one.id))


def refresh_outbox(
    run: Run, anew: Collection[str] = (), failed: dict[str, str] | None = None
) -> dict[str, str]:
    """Bring the outbox in step; return id → path of every workbook that is
    there, and for a file refused whole also the path it was delivered under → path.

    `anew` are ids whose workbook is made whatever the index says. `failed` takes the workbooks
    that cannot be made for what is in them, with the reason; they are tried again the next time.
    """
    failed = {} if failed is None else failed
    outbox = run.home.outbox
    outbox.mkdir(mode=0o700, exist_ok=True)
    for left in outbox.rglob(".making-*"):
        left.unlink(missing_ok=True)
    index = _read_index(outbox)
    wanted: dict[str, OpenReturn] = {}
    for one in open_returns(run):
        place = run.home.root / one.path
        known = index.get(one.path)
        wanted[one.path] = one
        fresh = known is not None and known["mark"] == one.mark
        if fresh and one.id not in anew and (known["empty"] or place.is_file()):
            continue
        try:
            rows = _make(run, one, place)
        except OSError as error:
            raise IngestError(
                f"The workbook {one.path} cannot be written ({error.strerror}). "
                "What was delivered is safe.",
                next_step="Check free disk space and rights, then run this again.",
            ) from None
        except CampusError:
            raise
        except Exception as error:  # one that nobody foresaw does not keep the others back
            engine = isinstance(error, EngineError)
            failed[one.path] = describe_error(error) if engine else place_of(error)
            run.renew()
            continue
        index[one.path] = {"mark": one.mark, "empty": rows == 0, "rows": rows}
        _write_index(outbox, index)
    _sweep(run.home, index, set(wanted))
    made = {}
    for path, one in wanted.items():
        if (run.home.root / path).is_file():
            made[one.id] = path
            if one.delivery is not None:
                made[one.delivery.path] = path
    return made


def _open_batches(run: Run) -> Iterator[OpenReturn]:
    with session(run.engine, read_only=True) as opened:
        every = ledger.batches(opened)
    by_table: dict[tuple[str, str], list[Batch]] = {}
    for batch in every:
        by_table.setdefault((batch.source, batch.table_name), []).append(batch)
    for batch in every:
        table = _table(run.contracts, batch.source, batch.table_name)
        if not batch.refused_rows or table is None:
            continue
        peers = by_table[batch.source, batch.table_name]
        if table.kind == "snapshot":
            # Of two of one extraction the one that came later mends the other.
            if max(peers, key=lambda one: (one.extracted_at, one.received_at)) is not batch:
                continue
            later: list[Batch] = []
        else:
            later = [one for one in peers if one.received_at > batch.received_at]
        state = [batch.refused_rows, batch.waiting_rows, batch.reasons, table.version]
        state += [(one.id, one.refused_rows, one.accepted_rows) for one in later]
        yield OpenReturn(
            batch.id,
            table.owner_unit,
            batch.source,
            batch.table_name,
            batch.received_at,
            batch.refused_rows,
            batch.waiting_rows,
            dict(batch.reasons),
            _path(table.owner_unit, batch.source, batch.table_name, batch.id[:12]),
            _mark(state),
            batch=batch,
        )


def _open_files(run: Run) -> Iterator[OpenReturn]:
    with session(run.engine, read_only=True) as opened:
        refused = list(
            opened.scalars(
                select(Delivery).where(Delivery.result == "refused").order_by(Delivery.at)
            )
        )
        accepted = {
            (batch.source, batch.table_name): batch.received_at
            for batch in sorted(ledger.batches(opened), key=lambda batch: batch.received_at)
        }
    latest = {(one.path, one.content_sha256): one for one in refused}
    for one in latest.values():
        table = _table(run.contracts, one.source, one.table_name)
        sources = {source.id: source for source in run.contracts.sources}
        if one.source not in sources or not one.content_sha256:
            continue
        if (after := accepted.get((one.source, one.table_name))) and after > one.at:
            continue
        if not _kept(run.home, one).is_file():
            continue
        unit = table.owner_unit if table else sources[one.source].owner_unit
        digits = one.content_sha256[:12]
        yield OpenReturn(
            digits,
            unit,
            one.source,
            one.table_name,
            one.at,
            one.refused_rows,
            0,
            dict(one.reasons),
            _path(unit, one.source, one.table_name or "_", digits),
            _mark([digits, one.reasons, table.version if table else ""]),
            delivery=one,
        )


def _table(contracts: Contracts, source: str, name: str) -> Table | None:
    try:
        return contracts.table(source, name)
    except KeyError:
        return None


def _path(unit: str, source: str, table: str, digits: str) -> str:
    return f"outbox/{unit}/{source}-{table}-{digits}.xlsx"


def _mark(state: object) -> str:
    return hashlib.sha256(f"{_MAKE} {state!r}".encode()).hexdigest()[:16]


def _kept(home: Home, delivery: Delivery) -> Path:
    file = InboxFile(home.root / delivery.path, delivery.source, delivery.table_name, declared=True)
    return refused_file(home, file, delivery.content_sha256 or "")


def _make(run: Run, one: OpenReturn, place: Path) -> int | None:
    """Write one workbook beside its place and put it there; return the rows in it: none is made
    where 0 are open, None stands for a file that was refused whole and is told without rows."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = place.with_name(f".making-{place.name}")
    work = run.work / "returned"
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    table = _table(run.contracts, one.source, one.table)
    authority = load_authority(home=run.home)
    about = _about(one, table, authority)
    if one.batch is not None:
        assert table is not None
        held = _still_open(run, one.batch, table)
    else:
        held = _judged_again(run, one, table, work)
    total, columns, rows = 0, (), iter(())
    if table is not None and held is not None:
        (total,) = run.connection.execute(f"SELECT count(*) FROM ({held})").fetchone()
        columns = _columns(run.connection, held, table)
        if total:
            rows = faulty_rows(run.connection, held, columns, table, run.contracts, run.keys, work)
    if one.batch is not None and not total:
        clear_folder(work)
        place.unlink(missing_ok=True)
        place.with_suffix(".csv").unlink(missing_ok=True)
        return 0
    adviser = Adviser(table, run.contracts, authority) if table else None
    write_returned(
        making, about, table, columns, rows, run.contracts, adviser, total=total, work=work
    )
    clear_folder(work)
    checkpoint("returned_written")
    listed = making.with_suffix(".csv")
    if listed.is_file():
        listed.replace(place.with_suffix(".csv"))
    sync(making)
    making.replace(place)
    sync(place.parent)
    return total or None


def _columns(connection: Connection, held: str, table: Table) -> tuple[str, ...]:
    """The contract's columns, and the technical ones in which anything stands."""
    technical = [name for name in TECHNICAL_COLUMNS if name not in table.column_names]
    counts = connection.execute(
        f"SELECT {', '.join(f'count({quote(name)})' for name in technical)} FROM ({held})"
    ).fetchone()
    filled = [name for name, count in zip(technical, counts, strict=True) if count]
    return (*table.column_names, *filled)


def _still_open(run: Run, batch: Batch, table: Table) -> str | None:
    """SQL of the quarantined rows whose keys no later batch has brought anew."""
    path = quarantine_file(run.home, table.source, table.name, batch.id)
    if not path.is_file():
        return None
    held = f"read_parquet({quote_text(path)})"
    present = {name for name, *_ in run.connection.execute(f"DESCRIBE FROM {held}").fetchall()}
    missing = [
        f"NULL::VARCHAR AS {quote(name)}" for name in table.column_names if name not in present
    ]
    query = f"SELECT *{''.join(', ' + one for one in missing)} FROM {held}"
    if table.kind == "snapshot" or not table.key:
        return query
    with session(run.engine, read_only=True) as opened:
        later = [
            one
            for one in ledger.batches(opened, table.source, table.name)
            if one.received_at > batch.received_at
        ]
    if not later:
        return query
    keys = " || chr(31) || ".join(
        f"coalesce(try_cast({quote(name)} AS {table.column(name).sql_type})::VARCHAR, '')"
        for name in table.key
    )
    known = [
        f"SELECT {keys} AS k FROM {scan_files(run.home.root / f for b in later for f in b.files)}"
    ]
    for one in later:
        other = quarantine_file(run.home, table.source, table.name, one.id)
        if other.is_file():
            known.append(f"SELECT {keys} AS k FROM read_parquet({quote_text(other)})")
    return f"SELECT * FROM ({query}) WHERE {keys} NOT IN ({' UNION ALL '.join(known)})"


def _judged_again(run: Run, one: OpenReturn, table: Table | None, work: Path) -> str | None:
    """SQL of the refused rows of a file that was refused for having too many of them."""
    if table is None or one.delivery is None or "too_many_refused" not in one.reasons:
        return None
    from warehouse.ingest.files import _screen

    work.mkdir(mode=0o700, exist_ok=True)
    kept = _kept(run.home, one.delivery)
    try:
        screened = _screen(run, (InboxFile(kept, one.source, one.table, True),), table, work)
    except (CampusError, EngineError):
        return None
    if screened.refused is None:
        return None
    place = {name: f"raw[{position}]" for position, name in enumerate(screened.columns, 1)}
    names = [*table.column_names, *(n for n in TECHNICAL_COLUMNS if n not in table.column_names)]
    texts = ", ".join(f"{place.get(name, 'NULL::VARCHAR')} AS {quote(name)}" for name in names)
    target = work / "judged.parquet"
    run.connection.execute(
        f"COPY (SELECT batch_row, {reasons_list('mask')} AS reasons, {texts} "
        f"FROM {screened.refused}) TO {quote_text(target)} (FORMAT parquet)"
    )
    return f"SELECT * FROM read_parquet({quote_text(target)})"


def _about(one: OpenReturn, table: Table | None, authority: Authority) -> Returned:
    received = (one.received_at + _BEIJING).strftime("%Y年%m月%d日 %H:%M")
    name = (
        one.batch.file_name if one.batch else Path(one.delivery.path).name if one.delivery else ""
    )
    facts = [
        ("数据", f"{table.title if table else '未声明的表'}（{one.source}/{one.table}）"),
        ("责任单位", authority.unit_title(one.unit)),
        ("交付文件", name),
        ("批次" if one.batch else "文件标识", one.id),
        ("收到时间", received),
    ]
    if one.batch:
        facts.append(
            ("入库/退回", f"入库 {one.batch.accepted_rows:,} 行，退回 {one.refused_rows:,} 行")
        )
    else:
        facts.append(("结果", "整个文件未入库"))
    for feed in table.feeds if table else ():
        if feed[:2] in ("A3", "A4") and (deadline := authority.item(feed).deadline):
            facts.append(("完成时间", f"{authority.item(feed).title}：{deadline}"))
    problems = heading_problem(one.delivery.message, table) if one.delivery else []
    return Returned(facts, one.reasons, _steps(one, table), problems)


def _steps(one: OpenReturn, table: Table | None) -> list[str]:
    if one.batch is None:
        return [FILE_ADVICE.get(reason, "") for reason in one.reasons]
    assert table is not None
    steps = [
        "“退回数据”中每行右侧写明退回原因和修改建议，有问题的单元格标为红色，批注中有说明。",
        "请先在本单位系统中改正原始数据，避免下次交付再被退回。",
    ]
    if table.kind == "snapshot":
        steps.append(
            "本表是全量快照：请重新导出并交付整个文件，不要只交这些行，"
            "否则未列出的数据会被当作已结束。"
        )
    else:
        steps.append(
            "改好后可直接把本工作簿放入 "
            f"inbox/{table.source}/{table.name}/ 再交一次；"
            "右侧两列保留或删除均可，其余列名不要改动。"
        )
    if one.waiting_rows:
        steps.append(
            f"其中 {one.waiting_rows:,} 行只缺所指数据，所指数据交付后自动入库，无需再交。"
        )
    return steps


def _read_index(outbox: Path) -> dict[str, dict[str, Any]]:
    try:
        return dict(json.loads((outbox / "index.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _write_index(outbox: Path, index: dict[str, dict[str, Any]]) -> None:
    temporary = outbox / ".making-index.json"
    descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(index, stream, indent=1, sort_keys=True)
    temporary.replace(outbox / "index.json")


def _sweep(home: Home, index: dict[str, dict[str, Any]], wanted: set[str]) -> None:
    """Remove the workbooks of what is settled, and their lines of the index."""
    for path in home.outbox.glob("*/*.xlsx"):
        if str(path.relative_to(home.root)) not in wanted:
            path.unlink()
            path.with_suffix(".csv").unlink(missing_ok=True)
    if settled := [path for path in index if path not in wanted]:
        for path in settled:
            del index[path]
        _write_index(home.outbox, index)
