"""Rows that wait for a parent: looked at again at every ingest, landed when it has come."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from warehouse.audit import Audit
from warehouse.contracts.model import TECHNICAL_COLUMNS, Contracts, Table
from warehouse.engine import Connection, quote, quote_text
from warehouse.home import Home
from warehouse.ingest import ledger
from warehouse.ingest.crash import checkpoint
from warehouse.ingest.landing import (
    Pending,
    batch_folder,
    finish_quarantine,
    quarantine_file,
    sync,
    write_lake_file,
)
from warehouse.ingest.parents import LandedKeys
from warehouse.ingest.patient import read_patiently
from warehouse.ingest.references import child_key, flag_cross_table, own_key
from warehouse.state import session
from warehouse.state.models import Batch

__all__ = ["land_waiting_rows"]

_ROUNDS = 10


def land_waiting_rows(
    connection: Connection,
    contracts: Contracts,
    audit: Audit,
    actor: str,
    home: Home,
    keys: LandedKeys,
    work: Path,
) -> int:
    """Land every waiting row whose parents have all come; return how many landed. The log notes
    each batch that it changes, under the name of `actor`.

    Tables go behind their parents, and the whole goes round again as long as something lands,
    for tables that refer to each other.
    """
    landed = 0
    for _ in range(_ROUNDS):
        with session(audit.engine, read_only=True) as opened:
            waiting = ledger.waiting(opened)
        now = 0
        for table in contracts.parents_first():
            for batch in waiting:
                if (batch.source, batch.table_name) == (table.source, table.name):
                    now += _land(
                        connection, contracts, audit, actor, home, keys, table, batch, work
                    )
        landed += now
        if not now:
            break
    return landed


def _land(
    connection: Connection,
    contracts: Contracts,
    audit: Audit,
    actor: str,
    home: Home,
    keys: LandedKeys,
    table: Table,
    batch: Batch,
    work: Path,
) -> int:
    from warehouse.ingest.files import origin

    held = f"read_parquet({quote_text(quarantine_file(home, table.source, table.name, batch.id))})"
    described = connection.execute(f"DESCRIBE FROM {held}").fetchall()
    present = {name for name, *_ in described}
    names = tuple(name for name in (*table.column_names, *TECHNICAL_COLUMNS) if name in present)
    if any(name not in present for name in table.column_names):
        # The contract has gained columns since; the unit has to deliver these rows anew.
        return 0
    texts = ", ".join(map(quote, names))
    rows = (
        f"SELECT batch_row, false AS ragged, [{texts}] AS raw FROM {held} "
        "WHERE reasons = ['orphan']"
    )
    if late := [home.root / file for file in batch.files[1:]]:
        listed = ", ".join(map(quote_text, late))
        rows += f" AND batch_row NOT IN (SELECT batch_row FROM read_parquet([{listed}]))"
    patient = read_patiently(connection, rows, names, table, contracts, work / "late.parquet")
    ready = _ready(connection, table, contracts, keys, patient.relation)
    (count,) = connection.execute(f"SELECT count(*) FROM ({ready})").fetchone()
    (crossed,) = connection.execute("SELECT count(DISTINCT batch_row) FROM crossed").fetchone()
    if not count and not crossed:
        return 0
    # Where rows only change their reason the late file is empty, but it is there: the number of
    # files is what tells recovery which state of the quarantine counts.
    number = len(batch.files)
    folder = batch_folder(home, table, batch.id)
    target = folder / f"late-{number}.parquet"
    temporary = folder / f".late-{number}.parquet"
    extracted_at = datetime.fromisoformat(batch.readings["extracted_at_default"])
    write_lake_file(connection, table, names, ready, temporary, extracted_at)
    checkpoint("late_written")
    latest, source_system = origin(connection, names, temporary, extracted_at)
    temporary.replace(target)
    sync(folder)
    pending = _rest_of_quarantine(connection, home, table, batch, held, target, number + 1)
    checkpoint("late_renamed")
    with audit.transaction() as entry:
        held_by = entry.session.get_one(Batch, batch.id)
        if count and not held_by.accepted_rows:
            # Every row had waited, so nothing told until now when and where it was extracted.
            held_by.extracted_at, held_by.source_system = latest, source_system
        held_by.files = [*held_by.files, str(target.relative_to(home.root))]
        held_by.accepted_rows += count
        held_by.refused_rows -= count
        held_by.waiting_rows -= count + crossed
        reasons = dict(held_by.reasons)
        reasons["orphan"] -= count + crossed
        reasons["cross_table"] = reasons.get("cross_table", 0) + crossed
        held_by.reasons = {reason: rows for reason, rows in reasons.items() if rows}
        entry.record(
            actor,
            "delivery.land_waiting",
            detail={
                "source": table.source,
                "table": table.name,
                "batch": batch.id,
                "rows": count,
                "refused_rows": crossed,
            },
        )
    checkpoint("late_recorded")
    finish_quarantine(pending)
    keys.landed(table)
    return count


def _ready(
    connection: Connection, table: Table, contracts: Contracts, keys: LandedKeys, relation: str
) -> str:
    """SQL of the rows that nothing is wrong with any more; `crossed` then holds those whose
    parent has come and disagrees with them.

    A row may refer to one that waits in the same file, as long as that one lands with it:
    rows whose parents are missing are taken away until none is.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE ready AS FROM {relation} WHERE mask = 0")
    connection.execute("CREATE OR REPLACE TEMP TABLE crossed (batch_row BIGINT, mask INTEGER)")
    while True:
        gone = 0
        for reference in table.references:
            if (known := keys(table, reference)) is None:
                continue
            name = child_key(reference)
            allowed = f"SELECT key FROM {known}"
            if own := own_key(table, reference):
                allowed += f" UNION ALL SELECT {own} FROM ready WHERE {own} IS NOT NULL"
            gone += connection.execute(
                f"DELETE FROM ready WHERE {name} IS NOT NULL AND {name} NOT IN ({allowed})"
            ).fetchone()[0]
        if gone:
            continue
        every = "SELECT * FROM ready"
        flag_cross_table(connection, table, contracts, keys, every, every, "crossed")
        (gone,) = connection.execute(
            "DELETE FROM ready WHERE batch_row IN (SELECT batch_row FROM crossed)"
        ).fetchone()
        if not gone:
            return every


def _rest_of_quarantine(
    connection: Connection,
    home: Home,
    table: Table,
    batch: Batch,
    held: str,
    landed: Path,
    files: int,
) -> Pending:
    final = quarantine_file(home, table.source, table.name, batch.id)
    pending = Pending(final.with_name(f".pending-{batch.id}-{files}.parquet"), final)
    rest = (
        "SELECT * REPLACE (CASE WHEN batch_row IN (SELECT batch_row FROM crossed) "
        "THEN ['cross_table'] ELSE reasons END AS reasons) "
        f"FROM {held} WHERE batch_row NOT IN "
        f"(SELECT batch_row FROM read_parquet({quote_text(landed)}))"
    )
    (count,) = connection.execute(f"SELECT count(*) FROM ({rest})").fetchone()
    pending.path.touch(mode=0o600)
    if count:
        connection.execute(
            f"COPY ({rest} ORDER BY batch_row) TO {quote_text(pending.path)} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
    sync(pending.path)
    return pending
