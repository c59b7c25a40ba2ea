"""What the form proposes about rows and columns: values to limit rows by, live counts, less to ask.

A count below the threshold is not told: whoever fills in a form has no right to the data yet, and a
narrow enough scope would say something about one person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.access.form_catalogue import column_privacy, column_title
from warehouse.access.grant_catalogue import column_contract
from warehouse.access.grant_files import PERSON_KEY, authority_columns
from warehouse.access.reader import Cursor, Reader
from warehouse.contracts import load_contracts
from warehouse.engine import quote, quote_text

__all__ = ["FEWEST", "least_that_serves", "scope_choices", "scope_counts"]

Columns = Mapping[str, Sequence[str]]

#: Fewer rows than this are told as fewer than this.
FEWEST = 10
#: Columns that say which part of the college a row is of, in the order of the form.
_LIMITING = (
    "college_code",
    "grade_year",
    "major_code",
    "current_status",
    "student_category",
    "cultivation_level",
    "academic_year",
    "term_code",
    "year",
)
_MOST_VALUES = 200


def scope_choices(reader: Reader, columns: Columns) -> list[dict[str, Any]]:
    """Columns that all chosen tables have and rows can be limited by, each with its values and
    their names: `part` (of `Rows`), `column`, `title`, `values` of `value` and `label`."""
    available = authority_columns(reader)
    tables = [table for table in columns if table in available]
    if not tables:
        return []
    shared = set.intersection(*(set(available[table]) for table in tables))
    found = []
    with reader.open("authority") as (cursor, _release):
        for column in _LIMITING:
            if column not in shared:
                continue
            values = _values(cursor, tables, column)
            if 1 < len(values) <= _MOST_VALUES:
                found.append((column, values))
    names = _college_names(reader)
    return [
        {
            "part": "columns",
            "column": column,
            "title": column_title(tables[0], column),
            "values": [
                {"value": value, "label": _label(tables[0], column, value, names)}
                for value in values
            ],
        }
        for column, values in found
    ]


def scope_counts(reader: Reader, columns: Columns, rows: Mapping[str, Any]) -> dict[str, Any]:
    """'dataset.table' → rows within the scope; None where there are fewer than `FEWEST`."""
    available = authority_columns(reader)
    limits = rows.get("columns", {})
    counts: dict[str, Any] = {}
    with reader.open("authority") as (cursor, _release):
        for table in columns:
            if table not in available:
                continue
            conditions = [
                f"cast({quote(column)} as varchar) in ({', '.join(map(quote_text, values))})"
                for column, values in limits.items()
                if values and column in available[table]
            ]
            (count,) = cursor.execute(
                f"select count(*) from {_qualified(table)} where "
                + (" and ".join(conditions) or "true")
            ).fetchone() or (0,)
            counts[table] = count if count >= FEWEST else None
    return counts


def least_that_serves(reader: Reader, columns: Columns) -> list[dict[str, str]]:
    """Columns that could be left out: numbers and names where the pseudonym joins as well."""
    available = authority_columns(reader)
    return [
        {
            "table": table,
            "column": name,
            "title": column_title(table, name),
            "instead": PERSON_KEY,
            "instead_title": column_title(table, PERSON_KEY),
        }
        for table, names in columns.items()
        for name in names
        if column_privacy(table, name) == "identifying" and PERSON_KEY in available.get(table, {})
    ]


def _values(cursor: Cursor, tables: Sequence[str], column: str) -> list[str]:
    union = " union ".join(
        f"select distinct cast({quote(column)} as varchar) as value from {_qualified(table)}"
        for table in tables
    )
    rows = cursor.execute(
        f"select value from ({union}) where value is not null order by value "
        f"limit {_MOST_VALUES + 1}"
    ).fetchall()
    return [value for (value,) in rows]


def _qualified(table: str) -> str:
    schema, _, name = table.partition(".")
    return f"{quote(schema)}.{quote(name)}"


def _college_names(reader: Reader) -> dict[str, str]:
    with reader.open("personal") as (cursor, _release):
        rows = cursor.execute(
            "select distinct college_code, college_name from student "
            "where college_code is not null and college_name is not null"
        ).fetchall()
    return dict(rows)


def _label(table: str, column: str, value: str, colleges: Mapping[str, str]) -> str:
    if column == "college_code":
        return colleges.get(value, value)
    contract = column_contract(table, column)
    codes = load_contracts().code_tables.get(contract.code_table or "", {}) if contract else {}
    return codes.get(value, value)
