"""Writes into the figures on their way out in which release each got its value.

While a release is built it has no name yet, so the models leave the column `release` empty. A cell
that says what it said in the release before keeps the name it had there; any other bears the new
one. The names of units are not what a figure says: a renamed college gives no new figure.
"""

from __future__ import annotations

from collections.abc import Sequence

from warehouse.engine import Connection, quote, quote_text

__all__ = ["STAMP", "stamped_select"]

STAMP = "release"
_NAMES_ONLY = frozenset({"unit_name", "parent_unit"})


def stamped_select(
    connection: Connection,
    *,
    relation: str,
    table: str,
    columns: Sequence[str],
    key: Sequence[str],
    release_id: str,
    before: tuple[str, str] | None,
) -> str:
    """SQL that gives the rows of `relation` with `release` filled.

    `before` is the attached catalog of the release before and that release's id; None where there
    is none. A table that was not there, or had no such key, is new as a whole.
    """
    known = _columns(connection, before[0], table) if before else set()
    compared = [name for name in columns if name in known - _NAMES_ONLY - {STAMP}]
    if before is None or not set(key) <= set(compared) or not compared:
        return (
            f"select * replace (coalesce({STAMP}, {quote_text(release_id)}) as {STAMP}) "
            f"from {relation}"
        )
    catalog, before_id = before
    listed = ", ".join(quote(name) for name in compared)
    # Figures released before there was such a column bear the name of that release.
    held = f"max({STAMP})" if STAMP in known else "null"
    same = " and ".join(
        f"t.{quote(name)} is not distinct from b.{quote(name)}" for name in compared
    )
    return (
        f"select t.* replace (coalesce(t.{STAMP}, b.{STAMP}, {quote_text(release_id)}) as {STAMP}) "
        f"from {relation} as t left join (select {listed}, "
        f"coalesce({held}, {quote_text(before_id)}) as {STAMP} "
        f"from {quote(catalog)}.main.{quote(table)} group by all) as b on {same}"
    )


def _columns(connection: Connection, catalog: str, table: str) -> set[str]:
    found = connection.execute(
        "select column_name from information_schema.columns "
        "where table_catalog = ? and table_schema = 'main' and table_name = ?",
        [catalog, table],
    ).fetchall()
    return {name for (name,) in found}
