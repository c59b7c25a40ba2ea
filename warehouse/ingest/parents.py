"""The parents that rows may refer to: every key that ever landed, and their current versions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine

from warehouse.contracts.model import Contracts, Reference, Table
from warehouse.engine import Connection, quote
from warehouse.home import Home
from warehouse.ingest import ledger
from warehouse.ingest.landed import scan_files
from warehouse.state import session
from warehouse.state.models import Batch

__all__ = ["LandedKeys", "parent_key"]

#: Between the parts of a key: a character that no delivered text holds.
_SEPARATOR = " || chr(31) || "


def parent_key(columns: Sequence[str]) -> str:
    """SQL for the key under which a row is referred to, as text; null where a part is."""
    return _SEPARATOR.join(f"{quote(name)}::VARCHAR" for name in columns)


class LandedKeys:
    """Keeps what rows refer to in the working connection, as long as nothing new lands."""

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
        self._known: dict[tuple[str, ...], str] = {}

    def __call__(self, table: Table, reference: Reference) -> str | None:
        """Name of the DuckDB table with the parent's keys (key VARCHAR); None where no contract
        declares the parent."""
        parent = self._contracts.parent_table(table, reference.to)
        if parent is None:
            return None
        place = (parent.id, "keys", *reference.match)
        if place not in self._known:
            self._known[place] = self._load_keys(parent, reference.match, " ".join(place))
        return self._known[place]

    def rows(self, parent: Table, match: tuple[str, ...], columns: tuple[str, ...]) -> str:
        """Name of the DuckDB table (key VARCHAR, parent STRUCT) with the current version of
        every row that ever landed: `columns` of it, under the key made of `match`."""
        place = (parent.id, "rows", *match, "with", *columns)
        if place not in self._known:
            self._known[place] = self._load_rows(parent, match, columns, " ".join(place))
        return self._known[place]

    def landed(self, table: Table) -> None:
        """Forget what is known of a table into which rows have just landed."""
        for place in [place for place in self._known if place[0] == table.id]:
            self._connection.execute(f"DROP TABLE IF EXISTS {self._known.pop(place)}")

    def _batches(self, parent: Table) -> list[Batch]:
        with session(self._engine, read_only=True) as opened:
            return ledger.batches(opened, parent.source, parent.name)

    def _load_keys(self, parent: Table, match: tuple[str, ...], name: str) -> str:
        place = quote(name)
        files = [self._home.root / file for batch in self._batches(parent) for file in batch.files]
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {place} (key VARCHAR)")
        if files:
            key = parent_key(match)
            self._connection.execute(
                f"INSERT INTO {place} SELECT DISTINCT {key} "
                f"FROM {scan_files(files)} WHERE {key} IS NOT NULL"
            )
        return place

    def _load_rows(
        self, parent: Table, match: tuple[str, ...], columns: tuple[str, ...], name: str
    ) -> str:
        place = quote(name)
        batches = self._batches(parent)
        files = [self._home.root / file for batch in batches for file in batch.files]
        packed = ", ".join(f"{quote(column)}: {quote(column)}" for column in columns)
        if not files:
            typed = ", ".join(
                f"{quote(column)}: NULL::{parent.column(column).sql_type}" for column in columns
            )
            body = f"SELECT NULL::VARCHAR AS key, {{{typed}}} AS parent WHERE false"
        else:
            key = parent_key(match)
            body = (
                f"SELECT {key} AS key, {{{packed}}} AS parent "
                f"FROM {scan_files(files, filename=True)} WHERE {key} IS NOT NULL"
            )
            if len(batches) > 1 and parent.key:
                # A key stands once in a batch; over several, the latest version is current.
                own = ", ".join(map(quote, parent.key))
                body += (
                    f" QUALIFY row_number() OVER (PARTITION BY {own} ORDER BY "
                    "coalesce(source_updated_at, extracted_at) DESC, extracted_at DESC, "
                    r"regexp_extract(filename, '.*/batch=([0-9a-f]+)/', 1) DESC, "
                    "batch_row DESC) = 1"
                )
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {place} AS {body}")
        return place
