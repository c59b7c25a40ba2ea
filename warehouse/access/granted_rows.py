"""The SQL of a grant over a released file: which people, which rows, in which order.

The file is attached as `authority`. What is built and what a build is compared with are both read
through here; the order of a table's rows follows from what is granted alone, so that it tells
nothing of a column that is not (a register sorted by student number does).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from warehouse.access.grant_scope import (
    PERSON_KEY,
    Available,
    Scope,
    is_about_people,
    people_sql,
    relation,
    row_condition,
)
from warehouse.access.pseudonyms import pseudonym_sql
from warehouse.engine import Connection, quote

__all__ = ["GrantedRows", "available_in", "content_of"]

_CATALOG = "authority"
#: Temporary table of the people whose rows are granted: person_key, pseudonym.
_PEOPLE = "granted_people"


@dataclass(frozen=True)
class GrantedRows:
    """What a grant names, over one release. `available` is what the release has, `protected` who
    is left out, `key` that of the grant's pseudonyms."""

    columns: Scope
    rows: Mapping[str, Scope]
    available: Available
    protected: Collection[int]
    key: str

    def types(self, table: str) -> list[tuple[str, str]]:
        """(column, type) of a granted table, in the grant's order."""
        return [(name, self.available[table][name]) for name in self.columns[table]]

    def scope_mark(self, connection: Connection) -> str:
        """Over who is in the scope, protected people included; equal where the same people are."""
        scope = people_sql(self.rows, catalog=_CATALOG)
        if scope is None:
            return "everybody"
        found = connection.execute(
            f"select count(*) || '-' || coalesce(sum(hash(person_key)::hugeint), 0) from ({scope})"
        ).fetchone()
        assert found is not None
        return str(found[0])

    def find_people(self, connection: Connection) -> int:
        """Fill the temporary table of people, once per connection, and return how many they are:
        those in the scope, unprotected, of whom at least one granted table has a row."""
        parts = [
            f"select distinct person_key from {relation(table, _CATALOG)} "
            f"where {row_condition(self.rows.get('columns', {}))}"
            for table in self.columns
            if is_about_people(self.available, table)
        ]
        found = " union ".join(parts) or "select null::bigint as person_key where false"
        scope = people_sql(self.rows, catalog=_CATALOG)
        connection.execute("create temp table protected_people(person_key bigint)")
        connection.execute(
            "insert into protected_people select unnest(?::bigint[])", [sorted(self.protected)]
        )
        connection.execute(
            f"create temp table {_PEOPLE} as "
            f"select person_key, {pseudonym_sql(self.key)} as pseudonym from ({found}) "
            "where person_key is not null "
            "and person_key not in (select person_key from protected_people)"
            + ("" if scope is None else f" and person_key in ({scope})")
        )
        counted = connection.execute(f"select count(*) from {_PEOPLE}").fetchone()
        assert counted is not None
        return counted[0]

    def people_keys(self) -> str:
        """A query for the person_key of everybody found, sorted."""
        return f"select person_key from {_PEOPLE} order by person_key"

    def select(self, table: str, *, ordered: bool = True) -> str:
        """The rows of one table, after `find_people`.

        A row that belongs to nobody we know (its person_key is null) is in the scope only where
        everybody is.
        """
        names = self.columns[table]
        chosen = ", ".join(
            f"p.pseudonym as {PERSON_KEY}" if name == PERSON_KEY else f"t.{quote(name)}"
            for name in names
        )
        source = f"{relation(table, _CATALOG)} as t"
        condition = row_condition(self.rows.get("columns", {}), "t")
        if is_about_people(self.available, table):
            source, people = self._people_of(source, joined=PERSON_KEY in names)
            condition += f" and {people}"
        return f"select {chosen} from {source} where {condition}" + (
            _order(names) if ordered else ""
        )

    def _people_of(self, source: str, *, joined: bool) -> tuple[str, str]:
        everybody = people_sql(self.rows) is None
        if joined and everybody:
            return (
                f"{source} left join {_PEOPLE} as p on t.person_key = p.person_key",
                "(p.person_key is not null or t.person_key is null)",
            )
        if joined:
            return f"{source} inner join {_PEOPLE} as p on t.person_key = p.person_key", "true"
        if everybody and not self.protected:
            return source, "true"
        if everybody:
            outside = "select person_key from protected_people"
            return source, f"(t.person_key is null or t.person_key not in ({outside}))"
        return source, f"t.person_key in (select person_key from {_PEOPLE})"


def _order(names: Collection[str]) -> str:
    """Sorted by person where the grant knows persons, for how a file is read; rows of one person,
    and of a table without persons, by nothing but their own content."""
    if PERSON_KEY not in names or len(names) == 1:
        return " order by all"
    rest = ", ".join(f"t.{quote(name)}" for name in names if name != PERSON_KEY)
    return f" order by p.pseudonym, hash({rest})"


def available_in(connection: Connection) -> dict[str, dict[str, str]]:
    """'dataset.table' → column → type of the attached release."""
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        f"where database_name = '{_CATALOG}' order by column_index"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def content_of(connection: Connection, query: str, names: Collection[str]) -> tuple[int, str]:
    """(rows, hash over them in any order) of a query or a table. Comparable within one DuckDB
    version, as the hashes of a release are."""
    listed = ", ".join(quote(name) for name in names)
    found = connection.execute(
        f"select count(*), coalesce(sum(hash({listed})::hugeint), 0), "
        f"coalesce(sum(hash('second', {listed})::hugeint), 0) from ({query})"
    ).fetchone()
    assert found is not None
    return found[0], f"{found[1]}-{found[2]}"
