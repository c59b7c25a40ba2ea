"""The keys that rows may refer to: every one that ever landed."""

from __future__ import annotations

from sqlalchemy import Engine

from warehouse.contracts.model import Column, Contracts, Table
from warehouse.engine import Connection, quote
from warehouse.home import Home
from warehouse.ingest import ledger
from warehouse.ingest.landed import scan_files
from warehouse.state import session

__all__ = ["LandedKeys"]


class LandedKeys:
    """Keeps the keys of parent tables in the working connection, as long as nothing new lands."""

    def __init__(
        self,
        connection: Connection,
        contracts: Contracts,
        engine: Engine,
        home: Home,
    ) -> None:
        self._connection = connection
        self._contracts = contracts
        self._engine = engine
        self._home = home
        self._known: dict[tuple[str, str], str] = {}

    def __call__(self, table: Table, column: Column) -> str | None:
        """Name of the DuckDB table with the parent's keys; None where no contract declares it."""
        found = self._contracts.parent(table, column.foreign_key or "")
        if found is None:
            return None
        parent, name = found
        if (parent.id, name) not in self._known:
            self._known[parent.id, name] = self._load(parent, name)
        return self._known[parent.id, name]

    def landed(self, table: Table) -> None:
        """Forget the keys of a table into which rows have just landed."""
        for place in [place for place in self._known if place[0] == table.id]:
            del self._known[place]

    def _load(self, parent: Table, name: str) -> str:
        place = quote(f"keys of {parent.id}.{name}")
        with session(self._engine, read_only=True) as opened:
            files = [
                self._home.root / file
                for batch in ledger.batches(opened, parent.source, parent.name)
                for file in batch.files
            ]
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {place} (key VARCHAR)")
        if files:
            self._connection.execute(
                f"INSERT INTO {place} SELECT DISTINCT {quote(name)}::VARCHAR "
                f"FROM {scan_files(files)} WHERE {quote(name)} IS NOT NULL"
            )
        return place
