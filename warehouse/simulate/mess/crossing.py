"""Rows that disagree with the parent they name, worked out here and not by the ingest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import polars as pl

from warehouse.contracts.model import Contracts, Reference, Rule, Table
from warehouse.engine import Connection, quote
from warehouse.simulate.mess.consignment import Consignment, read_clean
from warehouse.simulate.mess.judging import typed

__all__ = ["Crossing"]

_PARENT_COLUMN = re.compile(r'\bparent\.("?)([A-Za-z_]\w*)\1')


class Crossing:
    """Judges rows against the current clean version of their parents, kept once read."""

    def __init__(
        self, connection: Connection, contracts: Contracts, files: Sequence[Consignment]
    ) -> None:
        self._connection = connection
        self._contracts = contracts
        self._files = files
        self._kept: dict[tuple[str, tuple[str, ...]], pl.DataFrame] = {}

    def disagreements(self, table: Table, rows: list[dict[str, str | None]]) -> list[set[str]]:
        """For each row the references whose parent, if it is there, the row disagrees with.
        Where several rows bear the parent's key, one that agrees is enough."""
        found: list[set[str]] = [set() for _ in rows]
        if not rows:
            return found
        for reference, rules in _by_reference(table):
            parent = self._contracts.parent_table(table, reference.to)
            if parent is None:
                continue
            for place in self._disagreeing(table, rows, reference, rules, parent):
                found[place].add(reference.name)
        return found

    def _disagreeing(
        self,
        table: Table,
        rows: list[dict[str, str | None]],
        reference: Reference,
        rules: list[Rule],
        parent: Table,
    ) -> list[int]:
        needed = tuple(
            name
            for name in parent.column_names
            if any(name == match[2] for rule in rules for match in _PARENT_COLUMN.finditer(
                rule.expression))
        )  # fmt: skip
        names = list(table.column_names)
        children = pl.DataFrame(
            [{name: row.get(name) for name in names} for row in rows],
            schema=dict.fromkeys(names, pl.String),
        ).with_row_index("_row")
        self._connection.register("children", children.to_arrow())
        columns = tuple(dict.fromkeys((*reference.match, *needed)))
        parents = self._current(parent, columns)
        self._connection.register("parents", parents.to_arrow())
        struct = ", ".join(f"{quote(name)}: p.{quote(name)}" for name in needed)
        same = " AND ".join(
            f"c.{quote(own)}::VARCHAR = p.{quote(theirs)}::VARCHAR"
            for own, theirs in zip(reference.columns, reference.match, strict=True)
        )
        wrong = " OR ".join(f"bool_and(NOT coalesce(({rule.expression}), true))" for rule in rules)
        answer = self._connection.execute(
            f"SELECT _row FROM (SELECT c.*, {{{struct}}} AS parent FROM "
            f"(SELECT _row, {typed(table, names)} FROM children) AS c JOIN "
            f"(SELECT {typed(parent, columns)} FROM parents) AS p ON {same}) "
            f"WHERE {reference.when or 'true'} GROUP BY _row HAVING {wrong}"
        ).fetchall()
        self._connection.unregister("children")
        self._connection.unregister("parents")
        return [row for (row,) in answer]

    def _current(self, table: Table, columns: Iterable[str]) -> pl.DataFrame:
        """The latest version of every row of the clean delivery."""
        wanted = tuple(dict.fromkeys((*table.key, *columns)))
        if (table.id, wanted) not in self._kept:
            moments = ["source_updated_at", "extracted_at"]
            read = list(dict.fromkeys((*wanted, *moments)))
            frames = [
                read_clean(file.clean, read).select(read)
                for file in self._files
                if file.table.id == table.id
            ]
            whole = (
                pl.concat(frames) if frames else pl.DataFrame(schema=dict.fromkeys(read, pl.String))
            )
            whole = whole.sort(moments, maintain_order=True)
            if table.key:
                whole = whole.unique(list(table.key), keep="last", maintain_order=True)
            self._kept[table.id, wanted] = whole.select(wanted)
        return self._kept[table.id, wanted]


def _by_reference(table: Table) -> list[tuple[Reference, list[Rule]]]:
    known = {reference.name: reference for reference in table.references}
    rules: dict[str, list[Rule]] = {}
    for rule in table.parent_rules:
        rules.setdefault(rule.through or "", []).append(rule)
    return [(known[name], found) for name, found in rules.items() if name in known]
