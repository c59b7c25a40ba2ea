"""Writes the files: in a folder beside the inbox first, then all at once into it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import polars as pl

from warehouse.contracts import Contracts, load_contracts
from warehouse.errors import SimulationError
from warehouse.home import Home
from warehouse.simulate.plan import SOURCE_SYSTEM, Plan

__all__ = ["Extracts", "require_space"]

_MOMENT = "%Y-%m-%d %H:%M:%S"
#: Bytes on disk for each student and year, all tables together: 80,000 measured, and some room.
_BYTES_PER_STUDENT_YEAR = 100_000


def require_space(home: Home, plan: Plan) -> None:
    """Raise `SimulationError` when the disk cannot hold the files."""
    place = home.root
    while not place.exists():
        place = place.parent
    needed = 20_000_000 + plan.students * (plan.years + 1) * _BYTES_PER_STUDENT_YEAR
    free = shutil.disk_usage(place).free
    if free < needed:
        raise SimulationError(
            f"The extracts need about {needed / 1e9:.1f} GB; {free / 1e9:.1f} GB are free "
            f"under {home.root}.",
            next_step="Ask for fewer students or years, or choose another data home with --home.",
        )


class Extracts:
    """A delivery in the making. Nothing is in the inbox before `deliver`.

    Every row bears the technical columns; `source_updated_at` comes with the frame. Files of
    people's data are readable by their owner only.
    """

    def __init__(self, home: Home, plan: Plan, contracts: Contracts | None = None) -> None:
        self.plan = plan
        self.inbox = home.inbox
        self.staging = home.work / "simulate"
        self.contracts = contracts or load_contracts()
        self.tables = {table.name: table for table in self.contracts}
        self.written: list[tuple[Path, Path]] = []
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(parents=True, mode=0o700)

    def snapshot(self, table: str, frame: pl.DataFrame, moment: datetime) -> None:
        """The whole current state of a snapshot table at a census or at as-of."""
        kind = "as-of" if moment == self.plan.cut else "census"
        with self.open(table, f"{table}-{kind}-{moment:%Y%m%d}") as file:
            self.append(file, table, frame, moment, header=True)

    def events(self, table: str, frame: pl.DataFrame) -> None:
        """Rows in their final state, one file for each calendar year of their last change; what
        happened before the window comes with its first year."""
        first, last = self.plan.start.year, self.plan.as_of.year
        year = pl.col("source_updated_at").dt.year().clip(first, last)
        for value in range(first, last + 1):
            rows = frame.filter(year == value)
            if len(rows):
                with self.open(table, f"{table}-{value}") as file:
                    self.append(file, table, rows, self.year_end(value), header=True)

    def year_end(self, year: int) -> datetime:
        """When the events of a calendar year are extracted: on its last evening, or as-of."""
        return min(datetime(year, 12, 31, 23, 30), self.plan.cut)

    @contextmanager
    def open(self, table: str, name: str) -> Iterator[BinaryIO]:
        path = self.staging / f"{name}.csv"
        folder = self.inbox / self.tables[table].source / table
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
        self.written.append((path, folder / path.name))

    def append(
        self, file: BinaryIO, table: str, frame: pl.DataFrame, moment: datetime, *, header: bool
    ) -> None:
        """Add rows to an open file, in the contract's column order."""
        frame.select(
            *self.tables[table].column_names,
            pl.lit(SOURCE_SYSTEM).alias("source_system"),
            pl.lit(moment.strftime(_MOMENT)).alias("extracted_at"),
            "source_updated_at",
            pl.lit(False).alias("is_deleted"),
        ).write_csv(file, include_header=header, datetime_format=_MOMENT, float_precision=2)

    def mess_up(self, home: Home) -> None:
        """Put the messy files of the same college in the place of the clean ones."""
        from warehouse.simulate.mess import make_mess

        folder = self.staging / "mess"
        self.written = make_mess(home, self.plan, self.contracts, self.written, folder)

    def deliver(self) -> list[Path]:
        """Move everything into the inbox, each file by one rename."""
        for path, target in self.written:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(target)
        shutil.rmtree(self.staging, ignore_errors=True)
        return [target for _, target in self.written]

    def discard(self) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)
