"""Checks what DuckDB will be asked to run: rules, conditions, references and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from warehouse.contracts.finding import Finding
from warehouse.contracts.model import Contracts, Reference, Rule, Source, Table
from warehouse.engine import Connection, EngineError, open_work, quote

__all__ = ["check_expressions"]

_KINDS = ("cross_column", "range", "cross_table")
#: A rule looks at its own row and gives the same answer on every day.
_BEYOND_THE_ROW = re.compile(
    r"\b(select|now|current_date|current_timestamp|today|random|uuid|get_current_timestamp)\b",
    re.IGNORECASE,
)


def check_expressions(file: str, source: Source, contracts: Contracts) -> Iterator[Finding]:
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
            for reference in table.declared_references:
                place = f"{table.name} reference {reference.name}"
                yield from _check_reference(file, place, table, reference, contracts)
                if reference.when:
                    yield from _check_boolean(connection, file, f"{place} when", reference.when)
            for rule in table.rules:
                place = f"{table.name} rule {rule.id or '(no name)'}"
                if not rule.id:
                    yield Finding(file, place, "has no name", "give it one")
                if rule.kind not in _KINDS:
                    yield Finding(
                        file, place, f"reason {rule.kind} is unknown", f"use {' or '.join(_KINDS)}"
                    )
                if rule.kind == "cross_table":
                    yield from _check_cross_table(connection, file, place, table, rule, contracts)
                    continue
                if rule.through:
                    yield Finding(
                        file, place, "names a parent", "set reason: cross_table or drop through"
                    )
                yield from _check_boolean(connection, file, place, rule.expression)


def _check_reference(
    file: str, place: str, table: Table, reference: Reference, contracts: Contracts
) -> Iterator[Finding]:
    if not reference.columns or len(reference.columns) != len(reference.match):
        yield Finding(file, place, "columns and match differ in number", "pair them one by one")
        return
    if reference.name in table.column_names:
        yield Finding(file, place, "bears the name of a column", "give it its own name")
    if unknown := [name for name in reference.columns if name not in table.column_names]:
        yield Finding(file, place, f"{', '.join(unknown)}: no such column", "mend the name")
        return
    parent = contracts.parent_table(table, reference.to)
    if parent is None:
        yield Finding(
            file,
            place,
            f"points at {reference.to or '(nothing)'}, which no contract declares yet",
            "it is not checked until one does",
            is_note=True,
        )
        return
    for own, name in zip(reference.columns, reference.match, strict=True):
        if name not in parent.column_names:
            yield Finding(
                file, place, f"points at {parent.name}.{name}, which is no column", "mend the name"
            )
        elif table.column(own).type != parent.column(name).type:
            yield Finding(
                file,
                place,
                f"{own} is {table.column(own).type}, but {parent.name}.{name} is "
                f"{parent.column(name).type}",
                "give both the same type",
            )


def _check_cross_table(
    connection: Connection,
    file: str,
    place: str,
    table: Table,
    rule: Rule,
    contracts: Contracts,
) -> Iterator[Finding]:
    """The rule is bound with `parent` as a struct of the parent's columns, as it is run."""
    known = {reference.name: reference for reference in table.references}
    if rule.through not in known:
        yield Finding(
            file,
            place,
            f"goes through {rule.through or '(nothing)'}, which refers to no table",
            "name a column with a foreign key, or one of the table's references",
        )
        return
    if "parent" in table.column_names:
        yield Finding(file, place, "the table has a column named parent", "rename the column")
        return
    parent = contracts.parent_table(table, known[rule.through].to)
    if parent is None:
        return  # noted with the reference; not run until a contract declares the parent
    if not re.search(r"\bparent\.", rule.expression):
        yield Finding(
            file, place, "uses no column of the parent", "write parent.<column>, or drop through"
        )
    try:
        stub = ", ".join(
            f"NULL::{column.sql_type} AS {quote(column.name)}" for column in parent.columns
        )
    except KeyError:
        return  # a type of the parent is wrong, which is reported there
    relation = f"(SELECT checked.*, p AS parent FROM checked, (SELECT {stub}) AS p) AS checked"
    yield from _check_boolean(connection, file, place, rule.expression, relation)


def _create(connection: Connection, table: Table) -> bool:
    try:
        columns = ", ".join(f"{quote(column.name)} {column.sql_type}" for column in table.columns)
        connection.execute(f"CREATE OR REPLACE TABLE checked ({columns})")
    except (EngineError, KeyError):
        return False
    return True


def _check_boolean(
    connection: Connection, file: str, place: str, expression: str, relation: str = "checked"
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
        connection.execute(f"EXPLAIN SELECT 1 FROM {relation} WHERE ({expression})")
        described = connection.execute(f"DESCRIBE SELECT ({expression}) FROM {relation}").fetchone()
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
