"""The extracts of a data home as they were landed, and which of their rows hold.

One rule a kind, as docs/models.md words it: of a snapshot the last one seen of each key stays and
ends with the first snapshot without it; of histories and events the version with the latest time
of the source counts, unless it is marked deleted.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import polars as pl

from warehouse.contracts import load_contracts
from warehouse.contracts.model import Table

__all__ = ["Extracts", "beijing_date"]


def beijing_date(moment: str | pl.Expr) -> pl.Expr:
    """The calendar day at the college of a moment in UTC."""
    moment = pl.col(moment) if isinstance(moment, str) else moment
    return (moment + pl.duration(hours=8)).dt.date()


@cache
def _tables() -> dict[str, Table]:
    """What the contracts say of each table: its source, key and kind."""
    return {table.name: table for source in load_contracts().sources for table in source.tables}


class Extracts:
    """The lake of one data home. `as_of` is the day of the latest extraction of any table."""

    def __init__(self, lake: Path) -> None:
        self.lake = lake
        self._tables = _tables()
        self.landed = cache(self.landed)
        self.held = cache(self.held)

    @property
    @cache  # noqa: B019 (one lake is read by one short process)
    def as_of(self) -> date:
        latest = pl.concat(
            pl.scan_parquet(path).select(pl.col("extracted_at").max())
            for path in self.lake.rglob("*.parquet")
        ).max()
        moment = latest.collect().item()
        return (moment + timedelta(hours=8)).date()

    def landed(self, name: str) -> pl.DataFrame:
        """Every row of every batch of the table `name`; `batch` names its file's folder."""
        table = self._tables[name]
        files = sorted((self.lake / table.source / name).glob("batch=*/*.parquet"))
        frames = [
            pl.read_parquet(path).with_columns(batch=pl.lit(path.parent.name)) for path in files
        ]
        return pl.concat(frames, how="diagonal_relaxed")

    def held(self, name: str) -> pl.DataFrame:
        """One row per key, the version that holds. A snapshot's keys that are gone stay, with
        `ended_at`, the moment of the first snapshot without them (null while they stand)."""
        table = self._tables[name]
        key = list(table.key)
        rows = self.landed(name)
        if table.kind != "snapshot":
            return (
                rows.with_columns(
                    changed_at=pl.coalesce("source_updated_at", "extracted_at"),
                )
                .sort("changed_at", "extracted_at", "batch", "batch_row")
                .unique(key, keep="last", maintain_order=True)
                .filter(~pl.col("is_deleted").fill_null(False))
            )
        moments = rows["extracted_at"].unique().sort()
        following = pl.DataFrame({"extracted_at": moments, "ended_at": moments.shift(-1)})
        return (
            rows.sort("extracted_at", "source_updated_at", "batch", "batch_row")
            .unique(key, keep="last", maintain_order=True)
            .join(following, on="extracted_at", how="left")
        )

    def current(self, name: str) -> pl.DataFrame:
        """The rows of the table `name` that stand now: `held` without those that ended."""
        rows = self.held(name)
        return rows.filter(pl.col("ended_at").is_null()) if "ended_at" in rows.columns else rows
