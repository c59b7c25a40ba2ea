"""What a grant's file holds, against what its scope says of the release. Reads both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from warehouse.access.grant_build import granted_rows, people_file
from warehouse.access.grant_scope import PERSON_KEY, relation
from warehouse.access.granted_rows import GrantedRows, content_of
from warehouse.access.pseudonyms import pseudonyms_of
from warehouse.engine import Connection, EngineError, open_work, quote_text
from warehouse.settings import Settings
from warehouse.state.models import Grant, GrantBuild

__all__ = ["content_problems"]

_FILE = "granted"
#: Whatever a file may hold besides tables; a grant's file holds none of it.
_OTHER_OBJECTS = {
    "view": "select view_name from duckdb_views() where not internal and database_name = ?",
    "function": "select function_name from duckdb_functions() "
    "where not internal and database_name = ?",
    "sequence": "select sequence_name from duckdb_sequences() where database_name = ?",
    "index": "select index_name from duckdb_indexes() where database_name = ?",
    "type": "select type_name from duckdb_types() where not internal and database_name = ?",
}


def content_problems(
    settings: Settings,
    path: Path,
    release: Any,
    grant: Grant,
    build: GrantBuild,
    protected: frozenset[int],
    *,
    with_minors: bool,
) -> list[str]:
    """One line per difference in tables, columns, types, rows and people; none where there is none.
    No line holds a value."""
    connection = open_work(memory_limit=settings.memory_limit, threads=settings.threads)
    try:
        connection.execute(
            f"attach {quote_text(release.file('authority'))} as authority (read_only)"
        )
        try:
            connection.execute(f"attach {quote_text(path)} as {_FILE} (read_only)")
        except EngineError:
            return ["the file cannot be read"]
        approved = granted_rows(
            settings, connection, release, grant, protected, with_minors=with_minors
        )
        approved.find_people(connection)
        if problems := _shape_problems(connection, approved):
            return problems  # rows of another shape cannot be compared
        return [
            *_row_problems(connection, approved, build),
            *_people_problems(connection, approved, people_file(path)),
        ]
    finally:
        connection.close()


def _shape_problems(connection: Connection, approved: GrantedRows) -> list[str]:
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? and not internal order by schema_name, table_name, column_index",
        [_FILE],
    ).fetchall()
    held: dict[str, set[tuple[str, str]]] = {}
    for table, column, kind in rows:
        held.setdefault(table, set()).add((column, kind))
    problems = [
        f"it holds the table {table}, which was not approved"
        for table in _extra(held, approved.columns)
    ]
    problems += [f"it lacks the table {table}" for table in _extra(approved.columns, held)]
    for table in sorted(held.keys() & approved.columns.keys()):
        wanted = set(approved.types(table))
        more = sorted(name for name, _ in held[table] - wanted)
        less = sorted(name for name, _ in wanted - held[table])
        if more or less:
            problems.append(
                f"{table} has columns that were not approved ({', '.join(more) or 'none'}) "
                f"or lacks some ({', '.join(less) or 'none'})"
            )
    for kind, question in _OTHER_OBJECTS.items():
        if connection.execute(question, [_FILE]).fetchone() is not None:
            problems.append(f"it holds a {kind}")
    return problems


def _row_problems(connection: Connection, approved: GrantedRows, build: GrantBuild) -> list[str]:
    problems = []
    for table, names in approved.columns.items():
        wanted = content_of(connection, approved.select(table, ordered=False), names)
        held = content_of(connection, f"from {relation(table, _FILE)}", names)
        if wanted[0] != held[0]:
            problems.append(f"{table} has {held[0]} rows, the scope says {wanted[0]}")
        elif wanted != held:
            problems.append(f"rows of {table} are not those of the release")
        if build.rows.get(table) != held[0]:
            problems.append(f"{table} has another number of rows than was registered")
    return problems


def _people_problems(connection: Connection, approved: GrantedRows, listed: Path) -> list[str]:
    problems = []
    hidden = list(pseudonyms_of(approved.key, approved.protected))
    for table, names in approved.columns.items():
        inside = f"from {relation(table, _FILE)} where list_contains(?::bigint[], person_key)"
        if PERSON_KEY in names and connection.execute(inside, [hidden]).fetchone():
            problems.append(f"{table} holds somebody who is protected")
    if not listed.is_file():
        return [*problems, "the list of its people is missing"]
    wanted, held = f"({approved.people_keys()})", f"(from read_parquet({quote_text(listed)}))"
    differing = connection.execute(
        f"from ({wanted} except {held}) union all from ({held} except {wanted})"
    ).fetchone()
    return problems if differing is None else [*problems, "the list of its people is not right"]


def _extra(some: Any, others: Any) -> Sequence[str]:
    return sorted(set(some) - set(others))
