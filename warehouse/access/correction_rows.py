"""The rows of one person that a correction can be about, and marks by which they are known again.

A row is known by the key of its contract and by the order it is stored in, as far as the personal
file has those columns; a value by a keyed hash over its plain spelling. Where several rows are
alike, they are counted: one fewer means that one was changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from warehouse.access.grant_catalogue import column_of
from warehouse.access.hub_titles import HUB_COLUMNS
from warehouse.access.reader import Cursor
from warehouse.contracts import load_contracts
from warehouse.contracts.model import Table
from warehouse.engine import quote
from warehouse.home import Home
from warehouse.value_marks import mark_of

__all__ = ["Rows", "count_value", "plain_value", "read_rows", "wanted_value"]

_PERSON = "person_key"
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")
#: How the columns end that say what something is called.
_CALLED = ("_name", "title", "fee_item", "_type", "position", "subject")
_YES, _NO = {"是", "yes", "true", "1"}, {"否", "no", "false", "0"}


@dataclass(frozen=True)
class Rows:
    """The rows of one person in one table. `types` maps its columns, in order, to their type;
    `identity` are those that say which row it is; `table` names where it is."""

    home: Home
    table: str
    source: str
    source_table: str
    types: Mapping[str, str]
    identity: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    @property
    def contract(self) -> Table | None:
        wanted = (self.source, self.source_table)
        return next((one for one in load_contracts() if (one.source, one.name) == wanted), None)

    def title(self, column: str) -> str:
        """The Chinese title of a column: its contract's, ours, else that of any contract."""
        contract = self.contract
        if contract is not None and column in contract.column_names:
            return contract.column(column).title
        known = column_of(f".{self.source_table}", column)
        return known.title if known is not None else HUB_COLUMNS.get(column, (column, None))[0]

    def row_mark(self, row: Mapping[str, Any], column: str | None) -> str:
        """Of what identifies the row; the column that is wrong is no part of it."""
        names = [name for name in self.identity if name != column]
        parts = [part for name in names for part in (name, _spelling(row[name]))]
        return mark_of(self.home, "row", self.table, *parts)

    def value_mark(self, value: Any, column: str | None) -> str:
        return mark_of(self.home, "value", self.table, column, _spelling(value))

    def whole_mark(self, row: Mapping[str, Any]) -> str:
        """Of everything in the row: by this a form names it."""
        return mark_of(self.home, "whole", self.table, *map(_spelling, row.values()))

    def of_mark(self, mark: str, column: str | None) -> list[Mapping[str, Any]]:
        """The rows that bear this identity now."""
        return [row for row in self.rows if self.row_mark(row, column) == mark]

    def label(self, row: Mapping[str, Any]) -> str:
        """A few words by which a person tells the row: what it is called, then when or which."""
        texts = [name for name, kind in self.types.items() if kind == "VARCHAR"]
        named = [name for name in texts if name.endswith(_CALLED)] or texts
        shown = [plain_value(row[name]) for name in dict.fromkeys([*named[:2], *self.identity])]
        return " · ".join([text for text in shown if text][:3])

    def order(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Sorts rows as they are stored."""
        return tuple(plain_value(row[name]) for name in self.identity)


def read_rows(
    cursor: Cursor,
    home: Home,
    manifest: Mapping[str, Any],
    table: str,
    source: str,
    source_table: str,
    person_key: int,
) -> Rows | None:
    """The person's rows of a table; None where the release has no such table about people."""
    types = dict(
        cursor.execute(
            "select column_name, data_type from duckdb_columns() where table_name = ? "
            "order by column_index",
            [table],
        ).fetchall()
    )
    if types.pop(_PERSON, None) is None:
        return None
    listed = ", ".join(map(quote, types))
    found = cursor.execute(
        f"select {listed} from {quote(table)} where person_key = ?", [person_key]
    ).fetchall()
    rows = Rows(home, table, source, source_table, types, (), ())
    stored = manifest.get("files", {}).get("personal", {}).get("tables", {}).get(table, {})
    keys = rows.contract.key if rows.contract is not None else ()
    identity = tuple(n for n in dict.fromkeys([*stored.get("sort", ()), *keys]) if n in types)
    return Rows(
        home, table, source, source_table, types, identity,
        tuple(dict(zip(types, row, strict=True)) for row in found),
    )  # fmt: skip


def plain_value(value: Any) -> str:
    """The one spelling of a value, whatever kind of number or moment it comes as; null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        return f"{number.normalize():f}" if number.is_finite() else str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _spelling(value: Any) -> str:
    """What is compared: full-width and half-width forms are the same value."""
    return unicodedata.normalize("NFKC", plain_value(value)).strip()


def wanted_value(text: str, kind: str) -> str | None:
    """What a person wrote, in the spelling of a column of that type; None where it is none."""
    text = unicodedata.normalize("NFKC", text).strip()
    if kind == "VARCHAR":
        return text
    if kind == "BOOLEAN":
        word = text.lower()
        return "是" if word in _YES else "否" if word in _NO else None
    if kind == "DATE":
        return _day(text)
    if kind.startswith(("DECIMAL", "DOUBLE", "FLOAT")) or kind.endswith("INT") or kind == "INTEGER":
        try:
            return plain_value(Decimal(text.replace(",", "")))
        except InvalidOperation:
            return None
    return None


def _day(text: str) -> str | None:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def count_value(rows: Rows, among: Sequence[Mapping[str, Any]], mark: str, column: str) -> int:
    """How many of these rows show the marked value in that column."""
    return sum(rows.value_mark(row[column], column) == mark for row in among)
