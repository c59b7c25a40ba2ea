"""How many people and rows a scope would hold, and what there is to choose it by.

Counts are an answer about people to somebody who has no grant yet. To anyone but the working group
fewer than 5 is said as just that (None), and more is rounded to five: otherwise the difference of
two scopes would tell of a single person. Rounding alone does not hold where somebody chooses the
very rows: seven whose values are known, by number, and one more. So rows that are limited by
another column than those a scope of people is described by are not counted for them at all.
Protected people are not counted, as a file leaves them out; how many they are is told to nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from warehouse.access.grant_catalogue import column_of
from warehouse.access.grant_scope import (
    CONDITIONS,
    PERSON_KEY,
    WHO,
    authority_columns,
    people_sql,
    relation,
    row_condition,
    scope_problems,
)
from warehouse.access.reader import Cursor, Reader
from warehouse.contracts import load_contracts
from warehouse.engine import quote
from warehouse.errors import UsageError
from warehouse.governance.content import Content

__all__ = ["FEWEST", "scope_choices", "scope_counts"]

#: Fewer people or rows than this are not told apart.
FEWEST = 5
#: Columns that choose many: a condition on any other may pick out one person.
_COARSE = frozenset(column for columns in CONDITIONS.values() for column in columns)

_UNPROTECTED = "not list_contains(?::bigint[], person_key)"

#: Column → level of the statistics whose units have its names.
_LEVELS = {"college_code": "college", "major_code": "major", "class_code": "class"}


def scope_counts(
    reader: Reader,
    content: Content,
    *,
    protected: Collection[int] = (),
    exact: bool = False,
) -> dict[str, Any]:
    """`{"people": {"students", "staff", "all"}, "tables": {table: rows}, "exact": bool}`.

    `people` is who is in the scope, `tables` the rows that each chosen table would hold; a table is
    left out where its rows are limited by a column that may pick out one person. A count is None
    where it is fewer than `FEWEST`. `exact` lifts both. Raises `UsageError` for a scope that the
    current release does not have; what is never granted is not counted either.
    """
    available = authority_columns(reader)
    rows = content.rows.model_dump()
    if problems := scope_problems(available, content.columns, rows):
        raise UsageError("This cannot be counted: " + "; ".join(problems) + ".")
    scope = people_sql(rows)
    left_out = sorted(protected)
    with reader.open("authority") as (cursor, _release):
        people = {
            kind: _count(
                cursor,
                f"select count(distinct person_key) from {relation(table)} "
                f"where {_UNPROTECTED} and {row_condition(rows[kind])}",
                left_out,
                exact,
            )
            for kind, table in WHO.items()
            if PERSON_KEY in available.get(table, {}) and (rows[kind] or scope is None)
        }
        if scope is not None:
            people["all"] = _count(
                cursor,
                f"select count(*) from ({scope}) where {_UNPROTECTED}",
                left_out,
                exact,
            )
        tables = {
            table: _count(
                cursor, _rows_sql(rows["columns"], available[table], table, scope), left_out, exact
            )
            for table in content.columns
            if exact or set(rows["columns"]) <= _COARSE
        }
    return {"people": people, "tables": tables, "exact": exact}


def scope_choices(
    reader: Reader,
    kind: str,
    column: str,
    *,
    protected: Collection[int] = (),
    exact: bool = False,
) -> list[dict[str, Any]]:
    """`[{"value", "label", "people"}]` for one condition on `students` or `staff`, by value.

    `people` does not count who is `protected`, as `scope_counts` does not: the difference of the
    two would tell of them.

    Raises `UsageError` for a column that no scope is described by.
    """
    if column not in CONDITIONS.get(kind, ()):
        raise UsageError(
            f"{kind} cannot be chosen by {column}.",
            next_step=f"Choose by: {', '.join(CONDITIONS.get(kind, ()) or CONDITIONS)}",
        )
    table = WHO[kind]
    if column not in authority_columns(reader).get(table, {}):
        return []
    with reader.open("authority") as (cursor, _release):
        found = cursor.execute(
            f"select cast({quote(column)} as varchar) as value, "
            f"count(distinct person_key) filter ({_UNPROTECTED}) "
            f"from {relation(table)} where {quote(column)} is not null "
            "group by all order by value",
            [sorted(protected)],
        ).fetchall()
    labels = _labels(reader, table, column)
    return [
        {"value": value, "label": labels.get(value), "people": _told(count, exact)}
        for value, count in found
    ]


def _rows_sql(row_filter: Any, has: Any, table: str, scope: str | None) -> str:
    condition = row_condition(row_filter)
    if PERSON_KEY not in has:
        # The parameter has to stand somewhere.
        return (
            f"select count(*) from {relation(table)} where {condition} and ?::bigint[] is not null"
        )
    people = "" if scope is None else f" and person_key in ({scope})"
    return (
        f"select count(*) from {relation(table)} where {condition}{people} "
        f"and (person_key is null or {_UNPROTECTED})"
    )


def _count(cursor: Cursor, sql: str, left_out: list[int], exact: bool) -> int | None:
    ((found,),) = cursor.execute(sql, [left_out]).fetchall()
    return _told(found, exact)


def _told(count: int, exact: bool) -> int | None:
    if exact:
        return count
    return None if count < FEWEST else FEWEST * ((count + FEWEST // 2) // FEWEST)


def _labels(reader: Reader, table: str, column: str) -> dict[str, str]:
    """Value → name: of the code table of the contract, or of the unit in the statistics."""
    described = column_of(table, column)
    if described is not None and described.code_table is not None:
        return dict(load_contracts().code_tables.get(described.code_table, {}))
    if column not in _LEVELS:
        return {}
    with reader.open("statistics") as (cursor, _release):
        return dict(
            cursor.execute(
                "select unit, any_value(unit_name) from indicator_value where level = ? "
                "group by unit",
                [_LEVELS[column]],
            ).fetchall()
        )
