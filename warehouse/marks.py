"""What each node of the models was made of, kept in the working file (`built.node`).

The macros in `macros/engine/marks.sql` read and write it while dbt runs. This module marks what dbt
does not make (landed views, tables of the hub and of earlier releases), and forgets everything
where the way of building itself has changed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from warehouse.engine import ENGINE_VERSION, Connection, quote, quote_text

__all__ = [
    "Sums",
    "add_up",
    "content_hash",
    "content_of",
    "mark_sources",
    "read_sums",
]

_TABLES = {
    "node": "node varchar, own varchar, inputs varchar, rest varchar, content varchar, "
    "row_count bigint, first_sum varchar, second_sum varchar, failures bigint",
    # The landed files that a source has now, and that a growing table was made of; of what is made
    # of a growing table that one's content then.
    "file": "node varchar, batch_id varchar, file varchar",
    # Contents between which a table has grown in this run, by the rows in <table>__taken and
    # <table>__grown.
    "growth": "node varchar, before varchar, after varchar",
    # Of published views of growing tables what was counted by months (months.py).
    "month": "node varchar, rest varchar, made_of varchar, month varchar, row_count bigint, "
    "first_sum varchar, second_sum varchar",
}
_BATCH_FILE = re.compile(r"'((?:[^']|'')*?/batch=([0-9a-f]+)/(?:[^']|'')*)'")
_TOOLS = ("dbt-core", "dbt-duckdb")


@dataclass(frozen=True)
class Sums:
    """Row count and two sums over the hashes of the rows: they do not depend on the rows' order."""

    rows: int
    first: str
    second: str


def content_hash(columns: Iterable[tuple[str, str]], sums: Sums) -> str:
    """One hash over columns, types and rows of a table."""
    shape = [list(column) for column in columns]
    text = json.dumps([shape, str(sums.rows), sums.first, sums.second], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(connection: Connection, relation: str, leave_out: Iterable[str] = ()) -> Sums:
    """Read a table through. The sums are those of DuckDB's own row hash, so they compare files of
    one DuckDB version only."""
    left_out = ", ".join(quote(column) for column in leave_out)
    columns = f"* exclude ({left_out})" if left_out else "*"
    found = connection.execute(
        f"""
        select count(*), coalesce(sum(row_hash::hugeint), 0)::varchar,
               coalesce(sum(hash(row_hash)::hugeint), 0)::varchar
        from (
            select hash(whole_row) as row_hash from (select {columns} from {relation}) as whole_row
        )
        """
    ).fetchone()
    assert found is not None
    return Sums(*found)


def add_up(parts: Iterable[Sums]) -> Sums:
    """The sums of a table from those of its parts."""
    rows, first, second = 0, 0, 0
    for part in parts:
        rows, first, second = rows + part.rows, first + int(part.first), second + int(part.second)
    return Sums(rows, str(first), str(second))


def mark_sources(connection: Connection, project: Path, schemas: Iterable[str]) -> None:
    """Mark every relation of `schemas`, dbt's sources, by its content: of a landed view the files
    and types in its text (files of the lake never change), of a table its rows.

    Forgets what was made before where the engine, dbt or a macro is another one: what a macro
    gives stands in the compiled SQL, but not how a table is made of it.
    """
    connection.execute("create schema if not exists built")
    for table, columns in _TABLES.items():
        connection.execute(f"create table if not exists built.{table} ({columns})")
    way = _way_of_building(project)
    if connection.execute("select 1 from built.node where content = ?", [way]).fetchone() is None:
        connection.execute("delete from built.node")
        connection.execute("delete from built.month")
    for table in _TABLES:
        connection.execute(f"delete from built.{table} where node = 'way' or node like 'source.%'")
    _forget_growth(connection)
    marks, files = [("way", way)], []
    listed = ", ".join(quote_text(schema) for schema in schemas)
    for schema, name, text in connection.execute(
        f"select schema_name, view_name, sql from duckdb_views() where schema_name in ({listed})"
    ).fetchall():
        node = f"source.campus.{schema}.{name}"
        marks.append((node, _digest(text)))
        for file, batch in _BATCH_FILE.findall(text):
            files.append((node, batch, file))
    for schema, name, columns, types in connection.execute(
        f"""
        select schema_name, table_name, list(column_name order by column_index),
               list(data_type order by column_index)
        from duckdb_columns() where schema_name in ({listed})
        and (schema_name, table_name) in (select (schema_name, table_name) from duckdb_tables())
        group by all
        """
    ).fetchall():
        sums = content_of(connection, f"{quote(schema)}.{quote(name)}")
        shape = list(zip(columns, types, strict=True))
        marks.append((f"source.campus.{schema}.{name}", content_hash(shape, sums)))
    connection.executemany("insert into built.node (node, content) values (?, ?)", marks)
    if files:
        connection.executemany("insert into built.file values (?, ?, ?)", files)


def _forget_growth(connection: Connection) -> None:
    connection.execute("delete from built.growth")
    for (table,) in connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'built' "
        "and (table_name like '%\\_\\_taken' escape '\\' "
        "or table_name like '%\\_\\_grown' escape '\\')"
    ).fetchall():
        connection.execute(f"drop table built.{quote(table)}")


def read_sums(connection: Connection) -> dict[str, Sums]:
    """Model → what was counted of its table when it was made; `connection` has the working file
    attached as `warehouse`. Empty where nothing was noted."""
    noted = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'warehouse' "
        "and schema_name = 'built' and table_name = 'node'"
    ).fetchone()
    if noted is None:
        return {}
    return {
        node.split(".")[-1]: Sums(*sums)
        for node, *sums in connection.execute(
            "select node, row_count, first_sum, second_sum from warehouse.built.node "
            "where node like 'model.%' and row_count is not null"
        ).fetchall()
    }


def _way_of_building(project: Path) -> str:
    parts = [ENGINE_VERSION, *(version(tool) for tool in _TOOLS)]
    for file in sorted((project / "macros" / "engine").glob("*.sql")):
        parts.append(_digest(file.read_text(encoding="utf-8")))
    return _digest(json.dumps(parts))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
