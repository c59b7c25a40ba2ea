"""Faults of single rows, each where real systems make it.

A fault proposes what to write into which column of a row. Whether a proposal gives the reason it
is meant for, and which others besides, `judging` says; a proposal never touches a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from warehouse.contracts.model import Column, Contracts, Table
from warehouse.simulate.mess.judging import has_code

__all__ = ["FAULTS", "UNKNOWN_WORDS", "Workbench", "another_s_parent", "contradictions"]

#: Column → (text that is written, value that a reader gets).
Changes = dict[str, tuple[str | None, str | None]]
Row = dict[str, str | None]


@dataclass
class Workbench:
    """What the faults draw from. `parents` has the keys that a foreign key may name, of the whole
    clean delivery, by table id and column."""

    rng: np.random.Generator
    contracts: Contracts
    parents: Mapping[tuple[str, str], frozenset[str]]

    def pick(self, items):  # type: ignore[no-untyped-def]
        return items[int(self.rng.integers(len(items)))] if items else None


#: What stands where a code should, and is neither a code nor a label of any code table.
UNKNOWN_WORDS = ("待定", "Q7?", "见备注", "#N/A")

Fault = Callable[[Workbench, Table, Row], Changes | None]


def _free(table: Table) -> list[Column]:
    """Columns outside the key: a fault there leaves the row's key readable."""
    return [column for column in table.columns if column.name not in table.key]


def _impossible_date(bench: Workbench, table: Table, row: Row) -> Changes | None:
    column = bench.pick(
        [one for one in _free(table) if one.type in ("date", "timestamp") and row[one.name]]
    )
    if column is None:
        return None
    text = str(row[column.name])
    day = bench.pick([f"{text[:4]}-02-30", f"{text[:4]}-13-01", f"{text[:4]}-06-31", "0000-00-00"])
    return {column.name: (day + text[10:], None)}


def _not_a_value(bench: Workbench, table: Table, row: Row) -> Changes | None:
    def fits(column: Column) -> bool:
        return column.type in ("int", "bool", "month") or column.type.startswith("decimal")

    column = bench.pick(
        [
            one
            for one in _free(table)
            if fits(one) and row[one.name] and not has_code(bench.contracts, one)
        ]
    )
    if column is None:
        return None
    return {column.name: (bench.pick(["见附件", "不详", "N/A", "待补"]), None)}


def _unknown_code(bench: Workbench, table: Table, row: Row) -> Changes | None:
    column = bench.pick(
        [one for one in _free(table) if has_code(bench.contracts, one) and row[one.name]]
    )
    if column is None:
        return None
    return {column.name: (bench.pick(UNKNOWN_WORDS), None)}


def _out_of_range(bench: Workbench, table: Table, row: Row) -> Changes | None:
    beyond = int(bench.rng.integers(1, 9))
    values = [
        (column.name, Decimal(str(bound)) + step)
        for column in _free(table)
        if row[column.name]
        for bound, step in ((column.maximum, beyond), (column.minimum, -beyond))
        if bound is not None and _fits(column, Decimal(str(bound)) + step)
    ]
    if not values:
        return None
    name, value = bench.pick(values)
    text = str(int(value)) if value == int(value) else str(value)
    return {name: (text, text)}


def _fits(column: Column, value: Decimal) -> bool:
    """Whether the column's type can hold the value at all."""
    if column.type == "int":
        return abs(value) < 2**31
    digits = re.fullmatch(r"decimal\((\d+),\s*(\d+)\)", column.type)
    return digits is None or abs(value) < Decimal(10) ** (int(digits[1]) - int(digits[2]))


def _wrong_form(bench: Workbench, table: Table, row: Row) -> Changes | None:
    column = bench.pick([one for one in _free(table) if one.pattern and row[one.name]])
    if column is None:
        return None
    text = str(row[column.name])
    wrong = bench.pick([text[:-1], text.replace("0", "O", 1), text + "?"])
    if re.fullmatch(str(column.pattern), wrong, re.ASCII) or not wrong:
        wrong = text + "?"
    return {column.name: (wrong, wrong)}


def _wrong_check_digit(bench: Workbench, table: Table, row: Row) -> Changes | None:
    column = bench.pick([one for one in _free(table) if one.check_digit and row[one.name]])
    if column is None:
        return None
    text = str(row[column.name])
    last = bench.pick([digit for digit in "0123456789X" if digit != text[-1]])
    return {column.name: (text[:-1] + last, text[:-1] + last)}


def _left_empty(bench: Workbench, table: Table, row: Row) -> Changes | None:
    column = bench.pick([one for one in _free(table) if one.required and row[one.name]])
    return None if column is None else {column.name: (None, None)}


def _nobody_s_child(bench: Workbench, table: Table, row: Row) -> Changes | None:
    """A parent of the right form that nobody ever delivers."""
    candidates = [one for one in _free(table) if one.foreign_key and row[one.name]]
    if not candidates:
        candidates = [
            one
            for one in table.columns
            if one.foreign_key and row[one.name] and table.key != (one.name,)
        ]
    column = bench.pick(candidates)
    if column is None:
        return None
    found = bench.contracts.parent(table, str(column.foreign_key))
    if found is None:
        return None
    known = bench.parents[found[0].id, found[1]]
    text = str(row[column.name])
    for _ in range(20):
        wrong = re.sub(
            r"\d{1,5}$", lambda tail: _other_digits(bench, tail[0]), text, flags=re.ASCII
        )
        if wrong == text:
            wrong = text[:-1] + bench.pick(list("QXZWYV"))
        fits = not column.pattern or re.fullmatch(column.pattern, wrong, re.ASCII)
        if wrong not in known and fits:
            return {column.name: (wrong, wrong)}
    return None


def _other_digits(bench: Workbench, digits: str) -> str:
    return str(int(bench.rng.integers(10 ** len(digits)))).zfill(len(digits))


#: Fault → (the reason it is meant to give, how to make it). Those of keys and of rules over
#: several columns are made by `mixing` and `contradictions`.
FAULTS: dict[str, tuple[str, Fault]] = {
    "impossible_date": ("type", _impossible_date),
    "not_a_value": ("type", _not_a_value),
    "unknown_code": ("code", _unknown_code),
    "out_of_range": ("range", _out_of_range),
    "wrong_form": ("pattern", _wrong_form),
    "wrong_check_digit": ("check_digit", _wrong_check_digit),
    "left_empty": ("required", _left_empty),
    "nobody_s_child": ("orphan", _nobody_s_child),
}


def contradictions(bench: Workbench, table: Table, rows: list[Row]) -> list[Changes]:
    """For each row a value that stands elsewhere, or a date years off, in a column that a rule
    over several columns names; many of them break a rule."""
    ruled = [
        column
        for column in _free(table)
        if not column.foreign_key
        and any(re.search(rf"\b{column.name}\b", rule.expression) for rule in table.rules)
    ]
    proposals: list[Changes] = []
    for row in rows:
        column = bench.pick(ruled)
        if column is None:
            proposals.append({})
            continue
        other = bench.pick([value for one in rows if (value := one[column.name])])
        value = _years_off(bench, column, row[column.name] or other)
        if value is None:
            value = other
        proposals.append({column.name: (value, value)} if value else {})
    return proposals


def _years_off(bench: Workbench, column: Column, text: str | None) -> str | None:
    if text is None:
        return None
    shift = timedelta(days=int(bench.rng.integers(800, 9000)) * int(bench.rng.choice([-1, 1])))
    if column.type == "date":
        return f"{datetime.strptime(text, '%Y-%m-%d') + shift:%Y-%m-%d}"
    if column.type == "timestamp":
        return f"{datetime.strptime(text, '%Y-%m-%d %H:%M:%S') + shift:%Y-%m-%d %H:%M:%S}"
    if column.type == "bool":
        return "false" if text == "true" else "true"
    return None


def another_s_parent(bench: Workbench, table: Table, row: Row, others: list[Row]) -> Changes | None:
    """A value of another row in a column by which the row and a parent must agree."""
    rule = bench.pick(table.parent_rules)
    if rule is None:
        return None
    through = next((one.columns for one in table.references if one.name == rule.through), ())
    columns = [
        column.name
        for column in _free(table)
        if column.name in through or re.search(rf"(?<!parent\.)\b{column.name}\b", rule.expression)
    ]
    name = bench.pick(columns)
    value = bench.pick(others)[name] if name else None
    return {str(name): (value, value)} if value and value != row[str(name)] else None
