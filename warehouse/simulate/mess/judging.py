"""What a contract says of single rows, worked out here and not by the ingest: a foretelling that
asked the ingest would find the ingest always right. Keys and parents are for `foretelling`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from warehouse.contracts.model import TECHNICAL_COLUMNS, Column, Contracts, Table
from warehouse.engine import Connection, quote
from warehouse.simulate.mess.consignment import Alteration, column_types

__all__ = ["REASON_ORDER", "has_code", "judge", "meaning_of_codes", "reader_s_values", "typed"]

#: The order in which reasons are told.
REASON_ORDER = (
    "type",
    "required",
    "duplicate_key",
    "code",
    "orphan",
    "range",
    "pattern",
    "check_digit",
    "cross_column",
    "cross_table",
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def meaning_of_codes(contracts: Contracts, column: Column) -> frozenset[str] | None:
    """The values that a column may hold, None where nothing fixes them."""
    if column.allowed:
        return frozenset(column.allowed)
    codes = contracts.code_tables.get(column.code_table or "")
    return frozenset(codes) if codes else None


def has_code(contracts: Contracts, column: Column) -> bool:
    return meaning_of_codes(contracts, column) is not None


def judge(
    connection: Connection,
    contracts: Contracts,
    table: Table,
    rows: list[dict[str, str | None]],
    alterations: list[Alteration],
) -> list[set[str]]:
    """Reasons of each altered row, from its own values alone. `rows` are the clean ones."""
    values = [reader_s_values(row, change) for row, change in zip(rows, alterations, strict=True)]
    found: list[set[str]] = []
    for value, change in zip(values, alterations, strict=True):
        reasons = {"type"} if change.ragged else set()
        for column in table.columns:
            reasons |= _of_value(contracts, table, column, value[column.name], change)
        found.append(reasons)
    for reason, column, broken in _rules(connection, table, values):
        for place, bad in enumerate(broken):
            if bad and (column is None or not _checks_out(values[place][column])):
                found[place].add(reason)
    return found


def reader_s_values(row: dict[str, str | None], change: Alteration) -> dict[str, str | None]:
    """What a reader gets from an altered row."""
    return row | {name: value for name, (_, value) in change.changes.items()}


def _of_value(
    contracts: Contracts, table: Table, column: Column, value: str | None, change: Alteration
) -> set[str]:
    allowed = meaning_of_codes(contracts, column)
    written, _ = change.changes.get(column.name, (value, value))
    if value is None and written is not None:
        return {"type" if allowed is None else "code"}
    if value is None:
        return {"required"} if column.required or column.name in table.key else set()
    reasons = set()
    if allowed is not None and value not in allowed:
        reasons.add("code")
    if column.minimum is not None and Decimal(value) < Decimal(str(column.minimum)):
        reasons.add("range")
    if column.maximum is not None and Decimal(value) > Decimal(str(column.maximum)):
        reasons.add("range")
    if column.pattern and not re.fullmatch(column.pattern, value, re.ASCII):
        reasons.add("pattern")
    return reasons


def _checks_out(number: str | None) -> bool:
    """GB 11643 (ISO 7064 MOD 11-2); nothing to check is nothing wrong."""
    if number is None:
        return True
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17]


def _rules(
    connection: Connection, table: Table, values: list[dict[str, str | None]]
) -> list[tuple[str, str | None, list[bool]]]:
    """(reason, column or None, a truth for each row): rules that are broken, and where a check
    digit binds."""
    tests: list[tuple[str, str | None, str]] = [
        (rule.kind, None, f"NOT ({rule.expression})")
        for rule in table.rules
        if rule.kind in ("cross_column", "range")
    ]
    tests += [
        # Where it cannot be told whether it binds, it does.
        ("check_digit", column.name, f"coalesce(({column.check_digit_when or 'true'}), true)")
        for column in table.columns
        if column.check_digit
    ]
    if not tests or not values:
        return []
    names = list(column_types(table))
    frame = pl.DataFrame(
        [{name: value.get(name) for name in names} for value in values],
        schema=dict.fromkeys(names, pl.String),
    )
    connection.register("altered", frame.to_arrow())
    wanted = ", ".join(f"coalesce({test}, false)" for _, _, test in tests)
    answers = connection.execute(
        f"SELECT {wanted} FROM (SELECT {typed(table, names)} FROM altered)"
    ).fetchall()
    connection.unregister("altered")
    return [
        (reason, column, [bool(answer[place]) for answer in answers])
        for place, (reason, column, _) in enumerate(tests)
    ]


def typed(table: Table, names: Iterable[str]) -> str:
    """SQL that turns text in plain form into typed columns; times become UTC, as rules expect."""
    kinds = column_types(table)
    sql_types = TECHNICAL_COLUMNS | {column.name: column.sql_type for column in table.columns}
    return ", ".join(
        f"try_cast({quote(name)} AS {sql_types[name]})"
        + (" - INTERVAL 8 HOUR" if kinds[name] == "timestamp" else "")
        + f" AS {quote(name)}"
        for name in names
    )
