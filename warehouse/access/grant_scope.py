"""What may be granted and whom a grant speaks of: the rules of a scope, and their SQL.

`rows` of an application has three parts. `students` and `staff` say who is in the scope, by columns
of the two tables that say what a person is; a person is in it who meets every condition on students
or every condition on staff. A kind without conditions is in the scope only if the other has none
either: who asks for the students of one college does not thereby ask for all staff. Tables without
`person_key` are not limited by people. `columns` limits the rows of every granted table by a column
that each of them must have.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.access.reader import Reader
from warehouse.authority.sensitive import never_granted
from warehouse.engine import quote, quote_text

__all__ = [
    "CONDITIONS",
    "PERSON_KEY",
    "WHO",
    "Available",
    "Scope",
    "authority_columns",
    "is_about_people",
    "people_sql",
    "relation",
    "reserved_tables",
    "row_condition",
    "scope_problems",
]

#: A column or 'dataset.table' → values or columns.
Scope = Mapping[str, Sequence[str]]
#: 'dataset.table' → column → type.
Available = Mapping[str, Mapping[str, str]]

PERSON_KEY = "person_key"
#: For so many unknown tables at most a like one is looked for.
_MOST_NEAR = 5
#: Kind of person → the table that says what such a person is.
WHO = {
    "students": "student_enrollment_data.student_status",
    "staff": "staff_basic_data.staff_basic",
}
#: Kind of person → the columns that a scope may be described by.
CONDITIONS = {
    "students": (
        "college_code",
        "major_code",
        "class_code",
        "grade_year",
        "current_status",
        "register_status",
        "cultivation_level",
        "student_category",
        "residence_mode",
    ),
    "staff": (
        "college_code",
        "staff_category",
        "on_post_status",
        "personnel_relation_type",
        "staff_source",
    ),
}


def authority_columns(reader: Reader) -> dict[str, dict[str, str]]:
    """'dataset.table' → column → type, of everything the current release holds."""
    with reader.open("authority") as (cursor, _release):
        rows = cursor.execute(
            "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
            "where not internal order by schema_name, table_name, column_index"
        ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def scope_problems(available: Available, columns: Scope, rows: Mapping[str, Scope]) -> list[str]:
    """Every reason why this scope cannot be granted; pure. Empty when it can."""
    problems, row_filter = _unknown_tables(available, columns), rows.get("columns", {})
    for table, names in columns.items():
        if table not in available:
            continue
        has = available[table]
        if unknown := [name for name in names if name not in has]:
            problems.append(
                f"{table} has no column {', '.join(unknown)}; its columns: {', '.join(has)}"
            )
        if len(set(names)) != len(names):
            problems.append(f"{table} names a column twice")
        problems += [
            f"{table} has no column {column}, so its rows cannot be limited by it"
            for column in row_filter
            if column not in has
        ]
        if law := never_granted().get(table):
            problems.append(f"{table} is never granted ({law})")
    problems += [f"{column} is limited to no value" for column, v in row_filter.items() if not v]
    return problems + _condition_problems(available, rows)


def _unknown_tables(available: Available, columns: Scope) -> list[str]:
    unknown = [table for table in columns if table not in available]
    problems = []
    for number, table in enumerate(unknown):
        # Looking for the like of each of thousands would keep a processor busy for minutes.
        near = difflib.get_close_matches(table, available, 1) if number < _MOST_NEAR else []
        problems.append(
            f"there is no table {table}"
            + (f" (did you mean {near[0]}?)" if near else "")
            + ("" if number else f"; tables: {', '.join(sorted(available)) or 'none'}")
        )
    return problems


def _condition_problems(available: Available, rows: Mapping[str, Scope]) -> list[str]:
    problems = []
    for kind, table in WHO.items():
        conditions = rows.get(kind, {})
        if conditions and PERSON_KEY not in available.get(table, {}):
            problems.append(f"the release has no {table}, so {kind} cannot be chosen")
            continue
        for column, values in conditions.items():
            if column not in CONDITIONS[kind]:
                problems.append(
                    f"{kind} cannot be chosen by {column}; choose by: {', '.join(CONDITIONS[kind])}"
                )
            elif column not in available[table]:
                problems.append(f"{table} has no column {column}")
            elif not values:
                problems.append(f"{kind}: {column} is limited to no value")
    return problems


def reserved_tables(manifest: Mapping[str, Any], columns: Scope, unit: str) -> list[str]:
    """One line per table of the scope that only its owner unit may be granted; pure."""
    only_for = manifest.get("only_for", {})
    return [
        f"{table} is for its owner unit alone, {only_for[table]}"
        for table in columns
        if only_for.get(table, unit) != unit
    ]


def is_about_people(available: Available, table: str) -> bool:
    """Whether the rows of a table are limited by people."""
    return PERSON_KEY in available[table]


def people_sql(rows: Mapping[str, Scope], *, catalog: str | None = None) -> str | None:
    """A query for the `person_key` of everybody in the scope, each once; None: everybody is."""
    parts = [
        f"select person_key from {relation(table, catalog)} "
        f"where person_key is not null and {row_condition(rows[kind])}"
        for kind, table in WHO.items()
        if rows.get(kind)
    ]
    # UNION of one part is no part: `select distinct` keeps it a set of people either way.
    return f"select distinct person_key from ({' union all '.join(parts)})" if parts else None


def row_condition(row_filter: Scope, alias: str = "") -> str:
    """The SQL of a mapping of columns to the values that are let through."""
    prefix = f"{alias}." if alias else ""
    return (
        " and ".join(
            f"cast({prefix}{quote(column)} as varchar) in ({', '.join(map(quote_text, values))})"
            for column, values in row_filter.items()
        )
        or "true"
    )


def relation(table: str, catalog: str | None = None) -> str:
    """'dataset.table' as SQL names it, in the attached file `catalog`."""
    schema, _, name = table.partition(".")
    prefix = f"{quote(catalog)}." if catalog else ""
    return f"{prefix}{quote(schema)}.{quote(name)}"
