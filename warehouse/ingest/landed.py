"""The lake as views: exactly the files of the ledger, typed as the contracts say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from warehouse.contracts.model import TECHNICAL_COLUMNS, Contracts, Table
from warehouse.engine import Connection, quote, quote_text
from warehouse.home import Home
from warehouse.ingest import ledger

__all__ = ["create_landed_views", "scan_files"]


def scan_files(files: Iterable[Path], *, filename: bool = False) -> str:
    """SQL that reads Parquet files of one table as one, matching columns by name.

    A file that landed whole was not written twice: it is the stage of its checks, in which a row's
    number is its place, batch_row is null, and a column `raw` is null throughout.
    """
    listed = ", ".join(quote_text(file) for file in files)
    named = ", filename = true" if filename else ""
    return (
        "(SELECT * EXCLUDE (file_row_number) "
        "REPLACE (coalesce(batch_row, file_row_number + 1) AS batch_row) "
        f"FROM read_parquet([{listed}], union_by_name = true, hive_partitioning = false, "
        f"file_row_number = true{named}))"
    )


def create_landed_views(
    connection: Connection,
    contracts: Contracts,
    state_session: Session,
    home: Home,
    *,
    until: datetime | None = None,
) -> None:
    """Make "<source>"."<table>" for every table of the contracts: the sources of the dbt models.

    Columns: those of the contract, the technical ones, batch_id and batch_row. Every landed row
    of every batch is there; which version is current is for the reader to say. A table without
    a batch is an empty view. A column that older batches did not have is null there. `until`
    leaves out what was extracted later: the views then say what was known at that moment.
    """
    files: dict[tuple[str, str], list[Path]] = {}
    for batch in ledger.batches(state_session):
        files.setdefault((batch.source, batch.table_name), []).extend(
            home.root / file for file in batch.files
        )
    for table in contracts:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quote(table.source)}")
        body = _view(connection, table, files.get((table.source, table.name), []))
        if until is not None:
            moment = until.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
            body = f"SELECT * FROM ({body}) WHERE extracted_at <= TIMESTAMP {quote_text(moment)}"
        connection.execute(
            f"CREATE OR REPLACE VIEW {quote(table.source)}.{quote(table.name)} AS {body}"
        )


def landed_columns(table: Table) -> dict[str, str]:
    """Name → DuckDB type of the columns of a landed file, without batch_row."""
    return {column.name: column.sql_type for column in table.columns} | dict(TECHNICAL_COLUMNS)


def _view(connection: Connection, table: Table, files: list[Path]) -> str:
    columns = landed_columns(table)
    if not files:
        typed = ", ".join(f"NULL::{kind} AS {quote(name)}" for name, kind in columns.items())
        return f"SELECT {typed}, NULL::VARCHAR AS batch_id, NULL::BIGINT AS batch_row WHERE false"
    scan = scan_files(files, filename=True)
    present = {
        name: kind for name, kind, *_ in connection.execute(f"DESCRIBE FROM {scan}").fetchall()
    }
    listed = []
    for name, kind in columns.items():
        if name not in present:
            listed.append(f"NULL::{kind} AS {quote(name)}")
        elif present[name] == kind:
            listed.append(quote(name))
        else:
            listed.append(f"{quote(name)}::{kind} AS {quote(name)}")
    batch_id = r"regexp_extract(filename, '.*/batch=([0-9a-f]+)/', 1)"
    return f"SELECT {', '.join(listed)}, {batch_id} AS batch_id, batch_row FROM {scan}"
