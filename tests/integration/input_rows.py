"""The models between the landed tables and the figures, run again without some landed rows.

What dbt compiled is run as it is, in a transaction that is rolled back: only the models that read
the table, directly or through others, and of the families only their figures.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import polars as pl
import sums

from warehouse.contracts import load_contracts
from warehouse.engine import Connection, quote, quote_text

__all__ = ["LISTED", "Figures"]

_NAME = re.compile(r'(?:"\w+"\.)?"(\w+)"\."(\w+)"')
_CELLS = "select indicator, period, level, unit, numerator, denominator, value from"


def _seed() -> Iterator[dict[str, str]]:
    with sums.SEED.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


#: Landed table → indicators whose definition names a column of it.
LISTED: dict[str, set[str]] = {}
for row in _seed():
    for place in filter(None, row["inputs"].split(",")):
        LISTED.setdefault(place.split(".")[0], set()).add(row["id"])


class Figures:
    """The family models of one built working file. `compiled` is dbt's folder of compiled models;
    `connection` may write, and is left as it was."""

    def __init__(self, connection: Connection, compiled: Path) -> None:
        self.connection = connection
        self.sql = {
            path.stem: path.read_text(encoding="utf-8")
            for layer in ("staging", "intermediate")
            for path in (compiled / layer).rglob("*.sql")
        }
        self.families = {row["model"] for row in _seed()}
        self.tables = {table.name: table for table in load_contracts()}

    @cached_property
    def reads(self) -> dict[str, set[str]]:
        """Model → models and landed tables (by name) that its SQL names."""
        known = set(self.sql) | set(self.tables)
        return {
            model: {name for _, name in _NAME.findall(sql)} & known - {model}
            for model, sql in self.sql.items()
        }

    @cached_property
    def order(self) -> list[str]:
        """The families and what they read, each after those that it reads."""
        needed: set[str] = set()
        open_ends = list(self.families)
        while open_ends:
            name = open_ends.pop()
            if name not in needed:
                needed.add(name)
                open_ends += self.reads.get(name, ())
        graph = {name: self.reads.get(name, set()) for name in needed}
        return list(TopologicalSorter(graph).static_order())

    def downstream(self, table: str) -> list[str]:
        """The families, and models that they read, that read the landed `table`, in order."""
        found = {table}
        for name in self.order:
            if self.reads.get(name, set()) & found:
                found.add(name)
        return [name for name in self.order if name in found - {table}]

    def changed_without(self, table: str, share: str) -> set[str]:
        """Indicators of which a figure differs once the rows for which `share`, SQL with `{key}`
        for the row's key, is true are gone."""
        contract = self.tables[table]
        landed = f"{quote(contract.source)}.{quote(table)}"
        key = "concat_ws('|', " + ", ".join(quote(column) for column in contract.key) + ")"
        run = self.connection.execute
        run("begin transaction")
        try:
            run(f"create table kept_rows as from {landed} where not ({share.format(key=key)})")
            run(f"create or replace view {landed} as from kept_rows")
            changed: set[str] = set()
            for model in self.downstream(table):
                if not model.startswith("int_"):
                    continue
                if model not in self.families:
                    if self._is_table(model):
                        run(
                            f"create or replace table intermediate.{quote(model)} as "
                            f"{self.sql[model]}"
                        )
                    continue
                before = run(f"{_CELLS} intermediate.{quote(model)}").pl()
                after = run(f"{_CELLS} ({self.sql[model]})").pl()
                changed |= _differing(before, after)
            return changed
        finally:
            run("rollback")

    def _is_table(self, model: str) -> bool:
        kind = self.connection.execute(
            "select table_type from information_schema.tables"
            f" where table_schema = 'intermediate' and table_name = {quote_text(model)}"
        ).fetchone()
        return kind == ("BASE TABLE",)


def _differing(before: pl.DataFrame, after: pl.DataFrame) -> set[str]:
    cells = sums.compare(before, after)
    return set(cells.filter(~pl.col("agrees"))["indicator"])
