"""Rows as if they had been landed: what the dbt models read, without ingesting files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from warehouse.contracts import load_contracts
from warehouse.contracts.model import TECHNICAL_COLUMNS
from warehouse.engine import Connection, open_work, quote, quote_text
from warehouse.ingest.landed import landed_columns
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state, session
from warehouse.state.models import Batch

NOW = "2026-11-19 18:00:00"

Rows = Mapping[str, list[dict[str, Any]]]


def land(rows: Rows) -> Callable[[Connection], None]:
    """Make the sources from `rows`, typed as the contracts say."""

    def prepare(connection: Connection) -> None:
        for table in load_contracts():
            types = {column.name: column.sql_type for column in table.columns}
            types |= dict(TECHNICAL_COLUMNS) | {"batch_id": "VARCHAR", "batch_row": "BIGINT"}
            target = f"{quote(table.source)}.{quote(table.name)}"
            connection.execute(f"create schema if not exists {quote(table.source)}")
            columns = ", ".join(f"{quote(name)} {kind}" for name, kind in types.items())
            connection.execute(f"create or replace table {target} ({columns})")
            whole = [
                {
                    "source_system": "test",
                    "extracted_at": NOW,
                    "is_deleted": False,
                    "batch_id": "c2",
                    "batch_row": number,
                }
                | row
                for number, row in enumerate(rows.get(table.id, []), 1)
            ]
            # A statement waits for the disk, so rows with the same columns share one.
            for names, alike in groupby(whole, key=tuple):
                values = [list(row.values()) for row in alike]
                marks = f"({', '.join('?' * len(names))})"
                connection.execute(
                    f"insert into {target} ({', '.join(map(quote, names))}) "
                    f"values {', '.join([marks] * len(values))}",
                    [value for row in values for value in row],
                )

    return prepare


def settings_in(folder: Path) -> Settings:
    settings = load_settings(folder / "数据 home")
    settings.paths.create()
    return settings


def deliver(
    settings: Settings, deliveries: Sequence[tuple[str, str, list[dict[str, Any]]]], first: int = 0
) -> None:
    """Write each (table, extracted_at, rows) into lake and ledger as a batch, numbered from
    `first`."""
    tables = {table.id: table for table in load_contracts()}
    connection, engine = open_work(), open_state(settings)
    for number, (name, extracted_at, rows) in enumerate(deliveries, first):
        table, source_table = tables[name], name.split("/")
        types = landed_columns(table) | {"batch_row": "BIGINT"}
        content = hashlib.sha256(f"{number}".encode()).hexdigest()
        file = f"lake/{name}/batch={content[:32]}/part-0.parquet"
        (settings.paths.root / file).parent.mkdir(parents=True)
        columns = ", ".join(f"{quote(column)} {kind}" for column, kind in types.items())
        connection.execute(f"create or replace table landed ({columns})")
        for position, row in enumerate(rows, 1):
            whole = {
                "source_system": "test",
                "extracted_at": extracted_at,
                "is_deleted": False,
                "batch_row": position,
            } | row
            connection.execute(
                f"insert into landed ({', '.join(map(quote, whole))}) "
                f"values ({', '.join('?' * len(whole))})",
                list(whole.values()),
            )
        connection.execute(
            f"copy landed to {quote_text(settings.paths.root / file)} (format parquet)"
        )
        with session(engine) as opened:
            opened.add(
                Batch(
                    id=content[:32],
                    source=source_table[0],
                    table_name=source_table[1],
                    content_sha256=content,
                    file_name="extract.csv",
                    received_at=datetime.fromisoformat(extracted_at).replace(tzinfo=UTC),
                    extracted_at=datetime.fromisoformat(extracted_at).replace(tzinfo=UTC),
                    source_system="test",
                    contract_version="1.0.0",
                    accepted_rows=len(rows),
                    refused_rows=0,
                    reasons={},
                    readings={},
                    files=[file],
                )
            )
    connection.close()
    engine.dispose()
