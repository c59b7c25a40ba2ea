"""The extract that holds what staff said themselves: made from what was delivered by others and
all edits newer than it, whenever that differs from what the lake holds.

It is a function of lake and edits and of nothing else, not of the clock or of earlier extracts of
its kind: made twice it is the same file, thus the same batch; killed at any moment, the next ingest
makes what is missing; a delivery that comes late, or at the same time, is merged anew. A snapshot
has every row that the latest delivery has, so it ends nobody's; of history only changed records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from warehouse.audit import person
from warehouse.contracts.model import TECHNICAL_COLUMNS, Table
from warehouse.engine import Connection, quote, quote_text
from warehouse.ingest import ledger
from warehouse.ingest.crash import checkpoint
from warehouse.ingest.inbox import InboxFile, fingerprint
from warehouse.ingest.landed import scan_files
from warehouse.ingest.landing import sync
from warehouse.ingest.own_edits import (
    FILLED_IN,
    Edit,
    Merged,
    by_record,
    edit_sealer,
    merge,
    open_edit,
    own_tables,
    text_of,
    told_at,
)
from warehouse.ingest.row_check import RowVerdict, check_rows
from warehouse.state import session
from warehouse.state.models import Batch
from warehouse.state.own_edits import OwnEdit, OwnEditRefusal, OwnExtract

if TYPE_CHECKING:
    from warehouse.ingest.run import Run

__all__ = ["write_own_extracts"]

#: What such rows say they come from; made in a demo, by made-up people, the simulator's own word.
SYSTEM, _SIMULATOR = "personal_data_center", "simulator"
_TECHNICAL = tuple(TECHNICAL_COLUMNS)


@dataclass(frozen=True)
class _Row:
    """A record that edits have a part in, with the typed values that are to stand."""

    record: str
    values: Mapping[str, Any]
    counted: tuple[Edit, ...]
    is_deleted: bool = False


def write_own_extracts(
    run: Run, source: str | None = None, table: str | None = None
) -> Iterator[InboxFile]:
    """Put an extract of each table of `own_tables` into the inbox where the lake does not hold
    what it should, and hand it on. `source` and `table` narrow it to theirs."""
    for one in own_tables(run.contracts):
        if (source or one.source) == one.source and (table or one.name) == one.name:
            file = _write(run, one)
            if file is not None:
                yield file


def _write(run: Run, table: Table) -> InboxFile | None:
    edits = _edits(run, table)
    if not edits:
        return None
    with session(run.engine, read_only=True) as opened:
        every = ledger.batches(opened, table.source, table.name)
        made = set(
            opened.scalars(select(OwnExtract.batch_id).where(OwnExtract.table_name == table.name))
        )
    foreign = [batch for batch in every if batch.id not in made]
    _lay_down(run, table, "delivered_rows", foreign)
    _lay_down(run, table, "effective_rows", every)
    rows = _rows(run, table, edits, max((b.extracted_at for b in foreign), default=None))
    _lay_down_own(run.connection, table, rows)
    if not _differs(run.connection, table):
        return None
    counted = sorted({edit.id for row in rows for edit in row.counted})
    moments = [edit.at for row in rows for edit in row.counted]
    moment = max([batch.extracted_at for batch in every] + moments, default=None)
    if moment is None:  # nothing is left of what was said, and nothing was delivered
        return None
    return _put_into_inbox(run, table, moment + timedelta(microseconds=1), counted)


def _edits(run: Run, table: Table) -> dict[str, list[Edit]]:
    """The edits of a table that were not refused, by record."""
    refused = select(OwnEditRefusal.edit_id)
    wanted = select(OwnEdit).where(OwnEdit.table_name == table.name, OwnEdit.id.not_in(refused))
    with session(run.engine, read_only=True) as opened:
        held = list(opened.scalars(wanted))
    if not held:
        return {}
    sealer = edit_sealer(run.home)
    return by_record(open_edit(sealer, row) for row in held)


def _lay_down(run: Run, table: Table, name: str, batches: Sequence[Batch]) -> None:
    """The current rows of these batches as a temporary table, those marked deleted too: of a
    snapshot its newest state, else the latest version of each key (docs/models.md)."""
    if table.kind == "snapshot" and batches:
        newest = max(batch.extracted_at for batch in batches)
        batches = [batch for batch in batches if batch.extracted_at == newest]
    files = [run.home.root / file for batch in batches for file in batch.files]
    columns = {c.name: c.sql_type for c in table.columns} | dict(TECHNICAL_COLUMNS)
    listed = ", ".join(map(quote, columns))
    if files:
        key = ", ".join(map(quote, table.key))
        batch = r"regexp_extract(filename, '.*/batch=([0-9a-f]+)/', 1) DESC, batch_row DESC"
        versions = "coalesce(source_updated_at, extracted_at) DESC, extracted_at DESC, "
        order = batch if table.kind == "snapshot" else versions + batch
        body = (
            f"SELECT {listed} FROM {scan_files(files, filename=True)} "
            f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {order}) = 1"
        )
    else:
        typed = ", ".join(f"NULL::{kind} AS {quote(name)}" for name, kind in columns.items())
        body = f"SELECT {typed} WHERE false"
    run.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {body}")


def _rows(
    run: Run, table: Table, edits: Mapping[str, list[Edit]], delivered: datetime | None
) -> list[_Row]:
    """What has to stand of the records that were edited; an edit with which a row does not pass
    the contract's checks is refused, the others hold."""
    key = table.key[0]
    cursor = run.connection.execute("SELECT * FROM delivered_rows")
    names = [column[0] for column in cursor.description]
    bases = {
        row[names.index(key)]: dict(zip(names, row, strict=True))
        for row in cursor.fetchall()
        if row[names.index(key)] in edits
    }
    absent = delivered if table.kind == "snapshot" else None
    found = []
    for record, listed in edits.items():
        base = bases.get(record)
        told = absent if base is None else _utc(told_at(table, base))
        if base is not None and base["is_deleted"]:
            told, base = told or absent, None
        texts = None if base is None else {
            column.name: text_of(run.contracts, column, base[column.name])
            for column in table.columns
            if column.name != FILLED_IN
        }  # fmt: skip
        merged = merge(texts, told, listed)
        if merged.counted:
            found.append((record, texts, told, merged))
    return _judged(run, table, found)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _judged(run: Run, table: Table, found: Sequence[tuple[str, Any, Any, Merged]]) -> list[_Row]:
    standing = [one for one in found if one[3].texts is not None]
    verdicts = _check(run, table, [(record, merged) for record, _, _, merged in standing])
    rows = []
    for (record, texts, told, merged), verdict in zip(standing, verdicts, strict=True):
        if not verdict.is_good and not verdict.orphans:
            merged, verdict = _without_bad_edits(run, table, record, texts, told, merged)
        # A person whose staff record has not come waits: the edit is tried again next time.
        if verdict is not None and not verdict.orphans:
            rows.append(_Row(record, verdict.values, merged.counted))
    gone = [(record, merged) for record, _, _, merged in found if merged.texts is None]
    if gone and table.kind != "snapshot":
        rows += _removed(run.connection, table, gone)
    return rows


def _check(run: Run, table: Table, rows: Sequence[tuple[str, Merged]]) -> list[RowVerdict]:
    if not rows:
        return []
    listed = [
        {**(merged.texts or {}), table.key[0]: record, str(table.subject_key): _number(merged)}
        for record, merged in rows
    ]
    return check_rows(run.connection, listed, table, run.contracts, run.keys)


def _number(merged: Merged) -> str:
    return merged.counted[-1].number


def _without_bad_edits(
    run: Run, table: Table, record: str, texts: Any, told: datetime | None, merged: Merged
) -> tuple[Merged, RowVerdict | None]:
    """The edits of a record one after the other: what does not pass is refused and left out."""
    kept: list[Edit] = []
    good: tuple[Merged, RowVerdict | None] = (Merged(texts, ()), None)
    for edit in merged.counted:
        tried = merge(texts, told, [*kept, edit])
        if tried.texts is None:
            kept.append(edit)
            good = (tried, None)
            continue
        (verdict,) = _check(run, table, [(record, tried)])
        if verdict.is_good or verdict.orphans:
            kept.append(edit)
            good = (tried, verdict)
        else:
            _refuse(run, table, edit, verdict)
    return good


def _refuse(run: Run, table: Table, edit: Edit, verdict: RowVerdict) -> None:
    columns: dict[str, list[str]] = {}
    for name, reason in verdict.cells:
        columns.setdefault(name, []).append(reason)
    reasons = {"columns": columns, "rules": list(verdict.rules)}
    with run.audit.transaction() as entry:
        entry.session.add(OwnEditRefusal(edit_id=edit.id, at=datetime.now(UTC), reasons=reasons))
        entry.session.flush()
        entry.record(
            run.actor,
            "own.refuse",
            subject=person(edit.person_key),
            detail={"edit": edit.id, "table": table.name, **reasons},
        )


def _removed(
    connection: Connection, table: Table, gone: Sequence[tuple[str, Merged]]
) -> list[_Row]:
    """Rows that end records which the lake still holds."""
    cursor = connection.execute("SELECT * FROM effective_rows WHERE NOT is_deleted")
    names = [column[0] for column in cursor.description]
    held = {row[names.index(table.key[0])]: row for row in cursor.fetchall()}
    return [
        _Row(record, dict(zip(names, held[record], strict=True)), merged.counted, True)
        for record, merged in gone
        if record in held
    ]


def _lay_down_own(connection: Connection, table: Table, rows: Sequence[_Row]) -> None:
    """own_rows: contract columns, source_system, source_updated_at, is_deleted."""
    columns = ", ".join(f"{quote(c.name)} {c.sql_type}" for c in table.columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE own_rows ({columns}, source_system VARCHAR, "
        "source_updated_at TIMESTAMP, is_deleted BOOLEAN)"
    )
    marks = ", ".join("?" for _ in range(len(table.columns) + 3))
    for row in rows:
        at = row.counted[-1].at.astimezone(UTC).replace(tzinfo=None)
        made_up = all(edit.simulated for edit in row.counted)
        values = [
            at if column.name == FILLED_IN else row.values[column.name] for column in table.columns
        ]
        connection.execute(
            f"INSERT INTO own_rows VALUES ({marks})",
            [*values, _SIMULATOR if made_up else SYSTEM, at, row.is_deleted],
        )
    # What an extract holds: of a snapshot also what nobody edited.
    rest = f"SELECT {_listed(table)} FROM delivered_rows WHERE NOT is_deleted AND "
    rest += f"{quote(table.key[0])} NOT IN (SELECT {quote(table.key[0])} FROM own_rows)"
    whole = f"SELECT {_listed(table)} FROM own_rows"
    if table.kind == "snapshot":
        whole += f" UNION ALL {rest}"
    else:
        same = f"SELECT {_compared(table)} FROM effective_rows"
        key = quote(table.key[0])
        changed = f"SELECT {key} FROM (SELECT {_compared(table)} FROM own_rows EXCEPT {same})"
        whole += f" WHERE {key} IN ({changed})"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE extract_rows AS {whole}")


def _listed(table: Table) -> str:
    names = [c.name for c in table.columns] + ["source_system", "source_updated_at", "is_deleted"]
    return ", ".join(map(quote, names))


def _compared(table: Table) -> str:
    return ", ".join(map(quote, [*table.column_names, "is_deleted"]))


def _differs(connection: Connection, table: Table) -> bool:
    """Whether the lake does not hold already what the extract says."""
    wanted = f"SELECT {_compared(table)} FROM extract_rows"
    if table.kind != "snapshot":
        return bool(connection.execute(f"SELECT count(*) FROM ({wanted})").fetchone()[0])
    held = f"SELECT {_compared(table)} FROM effective_rows WHERE NOT is_deleted"
    both = f"(({wanted}) EXCEPT ({held})) UNION ALL (({held}) EXCEPT ({wanted}))"
    return bool(connection.execute(f"SELECT count(*) FROM ({both})").fetchone()[0])


def _put_into_inbox(run: Run, table: Table, moment: datetime, edits: list[str]) -> InboxFile:
    """Written beside its place, noted in the state, renamed: a file there is always a noted one."""
    folder = run.home.inbox / table.source / table.name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / ".own-items.parquet.part"
    draft.unlink(missing_ok=True)
    run.connection.execute(
        f"COPY ({_as_delivered(table, moment)}) TO {quote_text(draft)} (FORMAT parquet)"
    )
    draft.chmod(0o600)
    sync(draft)
    content = fingerprint(draft)
    batch = ledger.batch_id(table.source, table.name, content)
    with run.audit.transaction() as entry:
        if entry.session.get(OwnExtract, batch) is None:
            entry.session.add(
                OwnExtract(batch_id=batch, table_name=table.name, at=datetime.now(UTC), edits=edits)
            )
            entry.session.flush()
            entry.record(
                run.actor,
                "own.deliver",
                detail={"table": table.name, "batch": batch, "edits": len(edits)},
            )
    checkpoint("own_noted")
    place = folder / f"own-items-{content[:12]}.parquet"
    draft.replace(place)
    sync(folder)
    checkpoint("own_written")
    return InboxFile(place, table.source, table.name, declared=True)


def _as_delivered(table: Table, moment: datetime) -> str:
    """SQL of the file: moments bear their zone, or they would be read as Beijing time."""

    def zoned(name: str) -> str:
        return f"{quote(name)} AT TIME ZONE 'UTC' AS {quote(name)}"

    said = moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    # Events have their own moments: what others deliver later is newer.
    extracted = f"TIMESTAMP {quote_text(said)}" if table.kind == "snapshot" else "source_updated_at"
    listed = [
        zoned(column.name) if column.type == "timestamp" else quote(column.name)
        for column in table.columns
    ]
    listed += [
        "source_system",
        f"({extracted}) AT TIME ZONE 'UTC' AS extracted_at",
        zoned("source_updated_at"),
        "is_deleted",
    ]
    return f"SELECT {', '.join(listed)} FROM extract_rows ORDER BY {quote(table.key[0])}"
