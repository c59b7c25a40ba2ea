"""What `sources.toml` declares, as plain values. `sources_file` reads and judges them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from warehouse.contracts.model import Table

__all__ = ["Source", "Sources", "TableSource"]


@dataclass(frozen=True)
class TableSource:
    """Where one contract table comes from.

    `relation` is a table or view as SQL writes it, or None where `query` is given. `columns`
    maps source columns to columns of the contract or technical ones; a source column that is
    not mapped stands for the contract column of the same name, in any case. `overlap` is a span of
    time or, for a number, a distance. `deleted_values` are the texts of `deleted_flag` that mean
    deleted; empty: the flag itself is a truth value.
    """

    table: Table
    relation: str | None
    query: str | None
    mode: str = "full"  # full | incremental
    watermark: str | None = None
    overlap: timedelta | int | None = None
    deleted_flag: str | None = None
    deleted_values: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def sql(self) -> str:
        """What stands behind FROM. The line break ends a comment at the query's end."""
        return self.relation or f"(\n{self.query}\n)"


@dataclass(frozen=True)
class Source:
    """One source database. Times are seconds. `offset` is the zone of its timestamps without one;
    `tls` is off, require, verify-ca or verify-full. Exactly one of the two secrets is named."""

    id: str
    dialect: str  # postgresql | mysql | mariadb | oracle | mssql
    host: str
    port: int
    database: str
    user: str
    tables: tuple[TableSource, ...]
    password_env: str | None = None
    password_file: Path | None = None
    tls: str = "verify-full"
    tls_ca: Path | None = None
    connect_seconds: float = 10.0
    statement_seconds: float = 300.0
    total_seconds: float = 3600.0
    attempts: int = 3
    offset: timedelta = timedelta(hours=8)

    @property
    def address(self) -> str:
        return f"{self.dialect} {self.host}:{self.port}/{self.database}"

    def definition(self, table: TableSource) -> str:
        """A hash of what is selected, from where. A watermark counts for one definition only."""
        said = {
            "at": [self.dialect, self.host, self.port, self.database, str(self.offset)],
            "from": [table.relation, table.query, table.mode, table.watermark],
            "deleted": [table.deleted_flag, *table.deleted_values],
            "columns": sorted(table.columns.items()),
            "contract": [[column.name, column.type] for column in table.table.columns],
        }
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Sources:
    """All declared sources. At most `parallel` are pulled at once."""

    file: Path
    sources: tuple[Source, ...]
    parallel: int = 4
