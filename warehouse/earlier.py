"""The source `earlier`: what earlier releases hand on to the models of the next one.

A run of the models without a release (a trial, a mart as of a date) finds the tables empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.engine import Connection, quote

__all__ = ["TABLES", "fill", "make_missing"]

#: Table → column → the engine's type.
TABLES = {
    "census_figure": {
        "release": "varchar",
        "indicator": "varchar",
        "period": "varchar",
        "level": "varchar",
        "unit": "varchar",
        "unit_name": "varchar",
        "parent_unit": "varchar",
        "numerator": "double",
        "denominator": "double",
        "value": "double",
        "as_of_date": "date",
        "smallest_group": "bigint",
    },
    "figure_correction": {
        "correction_id": "bigint",
        "corrected_at": "timestamp",
        "indicator": "varchar",
        "period": "varchar",
        "reason": "varchar",
        "release": "varchar",
        "value_before": "double",
        "value_after": "double",
    },
    "suppressed_cell": {
        "audience": "varchar",
        "indicator": "varchar",
        "period": "varchar",
        "level": "varchar",
        "unit": "varchar",
    },
}


def make_missing(connection: Connection) -> None:
    """Make the tables that are not there yet, empty."""
    connection.execute("create schema if not exists earlier")
    for name, columns in TABLES.items():
        typed = ", ".join(f"{quote(column)} {kind}" for column, kind in columns.items())
        connection.execute(f"create table if not exists earlier.{quote(name)} ({typed})")


def fill(connection: Connection, name: str, rows: Sequence[Sequence[Any]]) -> None:
    """Make one of the tables anew from rows in the order of its columns; moments are UTC."""
    connection.execute("create schema if not exists earlier")
    connection.execute(f"drop table if exists earlier.{quote(name)}")
    make_missing(connection)
    if not rows:
        return
    import polars

    kinds = {
        "varchar": polars.String,
        "double": polars.Float64,
        "bigint": polars.Int64,
        "date": polars.Date,
        "timestamp": polars.Datetime("us"),
    }
    schema = {column: kinds[kind] for column, kind in TABLES[name].items()}
    connection.register(
        "rows_to_fill", polars.DataFrame(rows, schema=schema, orient="row").to_arrow()
    )
    connection.execute(f"insert into earlier.{quote(name)} select * from rows_to_fill")
    connection.unregister("rows_to_fill")
