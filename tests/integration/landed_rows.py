"""Rows as if they had been landed: what the dbt models read, without ingesting files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from warehouse.contracts import load_contracts
from warehouse.contracts.model import TECHNICAL_COLUMNS
from warehouse.engine import Connection, quote
from warehouse.release.earlier import create_suppressed_cells
from warehouse.settings import Settings, load_settings

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
            for number, row in enumerate(rows.get(table.id, []), 1):
                whole = {
                    "source_system": "test",
                    "extracted_at": NOW,
                    "is_deleted": False,
                    "batch_id": "c2",
                    "batch_row": number,
                } | row
                connection.execute(
                    f"insert into {target} ({', '.join(map(quote, whole))}) "
                    f"values ({', '.join('?' * len(whole))})",
                    list(whole.values()),
                )

        create_suppressed_cells(connection)

    return prepare


def settings_in(folder: Path) -> Settings:
    settings = load_settings(folder / "数据 home")
    settings.paths.create()
    return settings
