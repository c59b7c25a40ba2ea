"""Example rows: synthetic, impossible, and such that ingestion would accept them.

Numbers are all zeros but the last digit, ID numbers bear a region that does not exist, names say
that they are examples. References point at the example rows of the parent, so that the examples of
all tables together are a small delivery without an orphan.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np

from warehouse.contracts.model import Column, Contracts, Table
from warehouse.engine import Connection, open_work, quote, quote_text

__all__ = ["Row", "example_rows"]

Row = dict[str, str | None]

_TRIES = 150
_ROUNDS = 16
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DATES = ("2025-09-01", "2025-10-08", "2024-09-02", "2026-06-30", "2005-01-01", "1980-01-01")
_MONTHS = ("2025-09", "2026-06", "2024-09")
_TIMES = ("2025-09-01 08:30:00", "2025-09-01 17:45:00", "2025-10-08 09:00:00")
_NUMBERS = (100, 60, 1, 0, 50, 40, 20, 10, 2, 3, 6, 12, 95, 85, 4500, 2025, 5, 0.5)
#: Tried against a column's pattern, in this order.
_TEXTS = (
    *(f"{{n:0{length}d}}" for length in (10, 12, 8, 6, 4, 13, 17, 2)),
    "2025-2026-1",
    "2025-2026",
    "202{n}",
    "shili{n}@example.invalid",
    "shili{n}.example.invalid",
    "CHN",
    "GK",
    "1-16",
)
#: A condition of a reference that an example can meet.
_WHEN = re.compile(r"(\w+) = '([^']*)'")
_SAME = re.compile(r"(\w+) = parent\.(\w+)|parent\.(\w+) = (\w+)")


def example_rows(contracts: Contracts) -> dict[str, list[Row]]:
    """Table id → two rows (column → text as delivered, None for empty); one or none where the
    contract's rules leave nothing that was found in a bounded search. The same every time."""
    return _example_rows(contracts.sources, _Hashable(contracts))


class _Hashable:
    """Contracts as a cache's argument that takes no part in the key."""

    def __init__(self, contracts: Contracts) -> None:
        self.contracts = contracts

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashable)


@lru_cache(maxsize=4)
def _example_rows(_: Any, held: _Hashable) -> dict[str, list[Row]]:
    contracts = held.contracts
    found: dict[str, list[Row]] = {}
    with open_work(threads=1) as connection:
        for table in contracts.parents_first():
            rows: list[Row] = []
            for number in (1, 2):
                if (row := _find(connection, table, contracts, found, number, rows)) is not None:
                    rows.append(row)
            found[table.id] = rows
    return found


def _find(
    connection: Connection,
    table: Table,
    contracts: Contracts,
    found: dict[str, list[Row]],
    number: int,
    before: list[Row],
) -> Row | None:
    options = {
        column.name: _options(table, column, contracts, found, number) for column in table.columns
    }
    _agree_with_parents(table, contracts, found, number, options)
    words = set(re.findall(r"\w+", " ".join(rule.expression for rule in table.row_rules)))
    words |= {name for column in table.columns if column.check_digit for name in [column.name]}
    dice = np.random.default_rng([number, *table.id.encode()])
    for attempt in range(_ROUNDS):
        tried: list[Row] = []
        draws = dice.integers(1 << 30, size=(_TRIES, len(table.columns))).tolist()
        for position in range((_TRIES if attempt else 20) if words & set(options) else 1):
            row: Row = {}
            for place, column in enumerate(table.columns):
                choices = options[column.name]
                if column.name in words and (position or attempt):
                    free = [None] if not _required(table, column) else []
                    pool = [*choices, *choices, *free]
                else:
                    pool = choices[:1]
                row[column.name] = pool[draws[position][place] % len(pool)] if pool else None
            if any(row[name] is None for name in table.key):
                continue
            if any(
                all(row[name] == other[name] for name in names)
                for other in before
                for names in _unique(table)
            ):
                continue
            tried.append(row)
        if good := _good(connection, table, tried):
            return max(good, key=lambda row: sum(value is not None for value in row.values()))
        if not words & set(options):
            break
    return None


def _required(table: Table, column: Column) -> bool:
    return column.required or column.name in table.key


def _unique(table: Table) -> list[tuple[str, ...]]:
    sets = [table.key] if table.key else []
    return sets + [(column.name,) for column in table.columns if column.unique]


def _agree_with_parents(
    table: Table,
    contracts: Contracts,
    found: dict[str, list[Row]],
    number: int,
    options: dict[str, list[str]],
) -> None:
    """References get the parent's example values, and what a rule equates with the parent too."""
    given: set[str] = set()
    for reference in table.declared_references:
        if given.intersection(reference.columns):
            continue
        rows = _parent_rows(table, contracts, reference.to, found)
        when = _WHEN.fullmatch(reference.when or "")
        if rows and (when or not reference.when):
            row = rows[min(number, len(rows)) - 1]
            for own, name in zip(reference.columns, reference.match, strict=True):
                value = row[name]
                options[own] = [] if value is None else [value]
            if when:
                options[when[1]] = [when[2]]
            given.update(reference.columns)
        else:
            for own in reference.columns:
                if not _required(table, table.column(own)):
                    options[own] = []
    known = {reference.name: reference for reference in table.references}
    for rule in table.parent_rules:
        rows = _parent_rows(table, contracts, known[rule.through or ""].to, found)
        for one, its, its_too, other in _SAME.findall(rule.expression):
            own, name = (one or other), (its or its_too)
            if rows and own in options and (value := rows[min(number, len(rows)) - 1][name]):
                options[own] = [value]


def _parent_rows(
    table: Table, contracts: Contracts, name: str, found: dict[str, list[Row]]
) -> list[Row]:
    parent = contracts.parent_table(table, name)
    return found.get(parent.id, []) if parent else []


def _options(
    table: Table,
    column: Column,
    contracts: Contracts,
    found: dict[str, list[Row]],
    number: int,
) -> list[str]:
    """Values to try, the best first."""
    if column.foreign_key:
        parent, _, name = column.foreign_key.partition(".")
        rows = _parent_rows(table, contracts, parent, found)
        values = [row[name] for row in rows if row.get(name) is not None]
        return [str(value) for value in (values[number - 1 :] + values[: number - 1])]
    if column.check_digit:
        return [_id_number(day, sex) for day in _DATES[-2:] for sex in (1, 2)]
    if column.allowed:
        return list(column.allowed)
    if column.code_table:
        return list(contracts.code_tables.get(column.code_table, ()))[:12]
    if column.type in ("date", "month", "timestamp"):
        all_of = {"date": _DATES, "month": _MONTHS, "timestamp": _TIMES}[column.type]
        if column.name == "birth_date":
            all_of = _DATES[-2:]
        shift = number - 1 if column.name in table.key else 0
        return [*all_of[shift:], *all_of[:shift]]
    if column.type == "bool":
        return ["是", "否"]
    if column.type == "int" or column.type.startswith("decimal"):
        return _numbers(column, number if column.name in table.key else 0)
    texts = [text.format(n=number) for text in _TEXTS]
    if column.pattern:
        return [text for text in texts if re.fullmatch(column.pattern, text)][:2]
    if column.unique or column.name in table.key or column.name.endswith(("_no", "_code", "_id")):
        return [f"SL{number:06d}"]
    return [f"示例{column.title}"[:20]]


def _numbers(column: Column, number: int) -> list[str]:
    wanted = [number, *_NUMBERS] if number else list(_NUMBERS)
    wanted += [bound for bound in (column.minimum, column.maximum) if bound is not None]
    scale = 0 if column.type == "int" else int(column.type.rstrip(")").rpartition(",")[2])
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    digits = 9 if column.type == "int" else int(column.type[8:].partition(",")[0]) - scale
    return [
        f"{value:.{scale}f}"
        for value in wanted
        if low <= value <= high and (scale or value == int(value)) and abs(value) < 10**digits
    ]


def _id_number(day: str, sex: int) -> str:
    body = f"990000{day.replace('-', '')}00{sex}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _good(connection: Connection, table: Table, rows: list[Row]) -> list[Row]:
    """The rows that the contract's rules take."""
    if not rows:
        return []
    listed = ", ".join(
        "(" + ", ".join([str(place), *(_literal(row[name]) for name in table.column_names)]) + ")"
        for place, row in enumerate(rows)
    )
    names = ", ".join(map(quote, ("place", *table.column_names)))
    typed = ", ".join(_typed(column) for column in table.columns)
    wanted = (
        " AND ".join(f"coalesce(({rule.expression}), true)" for rule in table.row_rules) or "true"
    )
    kept = connection.execute(
        f"SELECT place FROM (SELECT place, {typed} FROM (VALUES {listed}) AS v ({names})) "
        f"WHERE {wanted}"
    ).fetchall()
    return [rows[place] for (place,) in kept]


def _literal(value: str | None) -> str:
    return "NULL" if value is None else quote_text(value)


def _typed(column: Column) -> str:
    name = quote(column.name)
    if column.type == "bool":
        return f"({name}::VARCHAR = '是') AS {name}"
    if column.type == "timestamp":
        return f"({name}::TIMESTAMP - INTERVAL 8 HOUR) AS {name}"
    return f"{name}::{column.sql_type} AS {name}"
