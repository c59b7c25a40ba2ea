"""What a row says of its parents, as SQL: the key it names, and rules over row and parent."""

from __future__ import annotations

import re
from collections.abc import Iterable

from warehouse.contracts.model import Contracts, Reference, Rule, Table
from warehouse.engine import Connection, quote
from warehouse.ingest.checks import CROSS_TABLE, holds
from warehouse.ingest.parents import LandedKeys, parent_key

__all__ = ["child_key", "flag_cross_table", "own_key"]

_PARENT_COLUMN = re.compile(r'\bparent\.("?)([A-Za-z_][A-Za-z0-9_]*)\1')


def child_key(reference: Reference) -> str:
    """SQL for the key that a row names, as text; null where it refers to nothing."""
    text = parent_key(reference.columns)
    return f"CASE WHEN ({reference.when}) THEN {text} END" if reference.when else text


def own_key(table: Table, reference: Reference) -> str | None:
    """SQL for the key under which a row of the same table is referred to; None for others."""
    return parent_key(reference.match) if reference.to == table.name else None


def flag_cross_table(
    connection: Connection,
    table: Table,
    contracts: Contracts,
    keys: LandedKeys,
    rows: str,
    own_rows: str,
    flagged: str,
) -> None:
    """Insert (batch_row, mask) into `flagged` for every row that disagrees with its parent.

    `rows` is SQL of batch_row and the typed columns. `own_rows` is SQL of those that may be
    parents of rows in the same file; they go before what landed earlier under the same key. A
    row whose parent is not there is not judged. Where several current rows bear the key that is
    referred to, one that agrees is enough.
    """
    by_reference: dict[str, list[Rule]] = {}
    for rule in table.parent_rules:
        by_reference.setdefault(rule.through or "", []).append(rule)
    known = {reference.name: reference for reference in table.references}
    for name, rules in by_reference.items():
        reference = known[name]
        parent = contracts.parent_table(table, reference.to)
        if parent is None:
            continue
        needed = _parent_columns(rules, parent)
        parents = f"SELECT key, parent FROM {keys.rows(parent, reference.match, needed)}"
        if reference.to == table.name:
            own = f"SELECT {parent_key(reference.match)} AS key, {_struct(needed)} AS parent "
            own += f"FROM ({own_rows}) WHERE {parent_key(reference.match)} IS NOT NULL"
            parents = f"{own} UNION ALL ({parents} WHERE key NOT IN (SELECT key FROM ({own})))"
        joined = (
            "SELECT c.*, p.parent FROM "
            f"(SELECT *, {child_key(reference)} AS named_key FROM ({rows})) AS c "
            f"JOIN ({parents}) AS p ON c.named_key = p.key"
        )
        faults = [f"NOT {holds(rule.expression)}" for rule in rules]
        wrong = f"SELECT batch_row FROM ({joined}) WHERE {' OR '.join(faults)}"
        if set(reference.match) >= set(parent.key):
            connection.execute(
                f"INSERT INTO {flagged} SELECT batch_row, {CROSS_TABLE} FROM ({wrong})"
            )
            continue
        connection.execute(f"CREATE OR REPLACE TEMP TABLE doubtful AS {wrong}")
        everywhere = " OR ".join(f"bool_and({fault})" for fault in faults)
        connection.execute(
            f"INSERT INTO {flagged} SELECT batch_row, {CROSS_TABLE} FROM ({joined}) "
            "WHERE batch_row IN (SELECT batch_row FROM doubtful) "
            f"GROUP BY batch_row HAVING {everywhere}"
        )


def _parent_columns(rules: Iterable[Rule], parent: Table) -> tuple[str, ...]:
    named = {match[2] for rule in rules for match in _PARENT_COLUMN.finditer(rule.expression)}
    return tuple(name for name in parent.column_names if name in named)


def _struct(names: Iterable[str]) -> str:
    return "{" + ", ".join(f"{quote(name)}: {quote(name)}" for name in names) + "}"
