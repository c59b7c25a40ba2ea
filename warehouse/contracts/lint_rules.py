"""Checks what DuckDB will be asked to run: rules over a row, conditions and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from warehouse.contracts.finding import Finding
from warehouse.contracts.model import Source, Table
from warehouse.engine import Connection, EngineError, open_work, quote

__all__ = ["check_expressions"]

_KINDS = ("cross_column", "range")
#: A rule looks at its own row and gives the same answer on every day.
_BEYOND_THE_ROW = re.compile(
    r"\b(select|now|current_date|current_timestamp|today|random|uuid|get_current_timestamp)\b",
    re.IGNORECASE,
)


def check_expressions(file: str, source: Source) -> Iterator[Finding]:
    """Every expression is bound against an empty table of the contract's types."""
    with open_work(threads=1) as connection:
        for table in source.tables:
            for column in table.columns:
                if column.pattern is not None:
                    yield from _check_pattern(
                        connection, file, f"{table.name}.{column.name}", column.pattern
                    )
            if not _create(connection, table):
                continue  # a name or type is wrong, which is reported elsewhere
            for column in table.columns:
                if column.check_digit_when:
                    place = f"{table.name}.{column.name} checkDigitWhen"
                    yield from _check_boolean(connection, file, place, column.check_digit_when)
            for rule in table.rules:
                place = f"{table.name} rule {rule.id or '(no name)'}"
                if not rule.id:
                    yield Finding(file, place, "has no name", "give it one")
                if rule.kind not in _KINDS:
                    yield Finding(
                        file, place, f"reason {rule.kind} is unknown", f"use {' or '.join(_KINDS)}"
                    )
                yield from _check_boolean(connection, file, place, rule.expression)


def _create(connection: Connection, table: Table) -> bool:
    try:
        columns = ", ".join(f"{quote(column.name)} {column.sql_type}" for column in table.columns)
        connection.execute(f"CREATE OR REPLACE TABLE checked ({columns})")
    except (EngineError, KeyError):
        return False
    return True


def _check_boolean(
    connection: Connection, file: str, place: str, expression: str
) -> Iterator[Finding]:
    if _BEYOND_THE_ROW.search(expression):
        yield Finding(
            file,
            place,
            "looks beyond its own row",
            "use only the row's columns: no subquery, no clock, no chance",
        )
        return
    try:
        connection.execute(f"EXPLAIN SELECT 1 FROM checked WHERE ({expression})")
        described = connection.execute(f"DESCRIBE SELECT ({expression}) FROM checked").fetchone()
    except EngineError as error:
        first = str(error).strip().splitlines()[0]
        yield Finding(file, place, first, "mend the expression (plain SQL over typed columns)")
        return
    if described is not None and described[1] != "BOOLEAN":
        yield Finding(
            file, place, f"gives {described[1]}", "write a condition that is true for a good row"
        )


def _check_pattern(
    connection: Connection, file: str, place: str, pattern: str
) -> Iterator[Finding]:
    try:
        connection.execute("SELECT regexp_full_match('', ?)", [pattern])
    except EngineError as error:
        first = str(error).strip().splitlines()[0]
        yield Finding(file, place, f"pattern: {first}", "write an RE2 regular expression")
