"""Plausible rows for every table of whatever schema a database has, found by looking at it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Connection, MetaData, Table, insert, inspect, select
from sqlalchemy import types as sql

__all__ = ["fill", "read_all"]

_START = datetime(2026, 1, 2, 3, 4, 5, 678901)
_SKIPPED = {"alembic_version"}
Rows = dict[str, list[dict[str, Any]]]


def fill(connection: Connection, numbers: Iterable[int] = (1, 2, 3)) -> Rows:
    """Add a row to each table for each number, parents first; what then stands in the database.

    Odd rows leave every column null that may be. Times have microseconds, numbers use the width
    of their type, texts are Chinese up to the length that is allowed.
    """
    found = _tables(connection)
    for table in found.sorted_tables:
        for number in numbers:
            row = {column.name: _value(table, column, number) for column in table.columns}
            row = {name: value for name, value in row.items() if value is not _MISSING}
            for column in table.columns:
                if (
                    row.get(column.name) == number
                    and (parent := _counted_parent(column)) is not None
                ):
                    # The latest that were counted: a table that is new has not had 1, 2, 3 yet.
                    latest = connection.scalars(select(parent).order_by(parent)).all()
                    row[column.name] = latest[list(numbers).index(number) - len(list(numbers))]
            connection.execute(insert(table), row)
    return read_all(connection)


def read_all(connection: Connection) -> Rows:
    """Table → its rows, every column, in the order of the primary key."""
    return {
        table.name: [
            dict(row)
            for row in connection.execute(
                select(table).order_by(*table.primary_key.columns)
            ).mappings()
        ]
        for table in _tables(connection).sorted_tables
    }


def _tables(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(
        connection, only=[n for n in inspect(connection).get_table_names() if n not in _SKIPPED]
    )
    return found


_MISSING = object()


def _counted_parent(column: Any) -> Any:
    """The counted key that a column refers to, in another table; None where it refers to none."""
    for key in column.foreign_keys:
        parent = key.column
        if parent.table is not column.table and _value(parent.table, parent, 1) is _MISSING:
            return parent
    return None


def _value(table: Table, column: Any, number: int) -> Any:
    is_key = column.primary_key or bool(column.foreign_keys)
    if column.nullable and number % 2 and not is_key:
        return None
    for key in column.foreign_keys:
        parent = key.column
        value = _value(parent.table, parent, number)
        return number if value is _MISSING else value  # counted keys are 1, 2, 3 …
    if isinstance(column.type, sql.Integer) and column.primary_key:
        # Where the database counts keys itself it must go on doing so after the migration.
        is_counted = len(table.primary_key.columns) == 1 and table.name != "audit"
        return _MISSING if is_counted else number
    return _plausible(column.type, f"{table.name}.{column.name}", number)


def _plausible(kind: Any, name: str, number: int) -> Any:
    if isinstance(kind, JSON):
        return {"学号": [number, None, "a'b"], name: {"n": number / 4}}
    if isinstance(kind, sql.DateTime):
        return _START + timedelta(days=number, microseconds=number)
    if isinstance(kind, sql.Date):
        return date(2026, 2, 27) + timedelta(days=number)
    if isinstance(kind, sql.Boolean):
        return number % 2 == 0
    if isinstance(kind, sql.Float):
        return number / 3
    if isinstance(kind, sql.Numeric):
        return number
    if isinstance(kind, sql.BigInteger):
        return 2**40 + number
    if isinstance(kind, sql.Integer):
        return 2**31 - 1 - number
    if isinstance(kind, sql.String):
        digest = hashlib.sha256(f"{name}{number}".encode()).hexdigest()
        return ("学'" + digest)[: kind.length or 64]
    raise AssertionError(f"{name}: no plausible value is known for {kind!r}")
