"""Writes the files: in a folder beside the inbox first, then all at once into it."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import polars as pl

from warehouse.contracts import Contracts, load_contracts
from warehouse.errors import SimulationError
from warehouse.home import Home
from warehouse.simulate.academic_calendar import next_month
from warehouse.simulate.plan import SOURCE_SYSTEM, Plan
from warehouse.simulate.volumes import expected_bytes

__all__ = ["Extracts", "require_space"]

_MOMENT = "%Y-%m-%d %H:%M:%S"


def require_space(home: Home, plan: Plan, *, days: int | None = None) -> None:
    """Raise `SimulationError` when the disk cannot hold the files of the window, or of a few
    days' changes."""
    place = home.root
    while not place.exists():
        place = place.parent
    needed = expected_bytes(plan, days=days)
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

    Without `since` everything is written. With it (the cut of the day before) only what changed
    from then on: rows of events and history by their `source_updated_at`, and a snapshot table in
    whole where it differs from `known`, the digests of the snapshots delivered last. Writers need
    not know which of the two they write; those that work month by month ask `months`.
    """

    def __init__(
        self,
        home: Home,
        plan: Plan,
        contracts: Contracts | None = None,
        *,
        since: datetime | None = None,
        known: dict[str, str] | None = None,
    ) -> None:
        self.plan = plan
        self.since = since
        self.inbox = home.inbox
        self.staging = home.work / "simulate"
        self.contracts = contracts or load_contracts()
        self.tables = {table.name: table for table in self.contracts}
        self.written: list[tuple[Path, Path]] = []
        self.digests = dict(known or {})
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(parents=True, mode=0o700)

    def months(self) -> list[date]:
        """First days of the months that can hold a row to be delivered, oldest first: all of the
        window, or for a day's changes the month of that day (two around the first of a month)."""
        first = (self.since.date() if self.since else self.plan.start).replace(day=1)
        found, day = [], first
        while day <= self.plan.as_of:
            found.append(day)
            day = next_month(day)
        return found

    def wants(self, moment: datetime) -> bool:
        """Whether a snapshot taken at this moment is delivered, so that it need not be made."""
        return self.since is None or moment > self.since

    def snapshot(self, table: str, frame: pl.DataFrame, moment: datetime) -> None:
        """The whole current state of a snapshot table at a census or at as-of."""
        if not self.wants(moment):
            return
        last = moment == self.plan.cut
        if last:
            digest = self._digest(table, frame)
            if self.since is not None and digest == self.digests.get(table):
                return
            self.digests[table] = digest
        name = f"{table}-{'as-of' if last else 'census'}-{moment:%Y%m%d}"
        with self._file(table, name) as file:
            self._write(file, table, frame, moment, header=True)

    def events(self, table: str, frame: pl.DataFrame) -> None:
        """Rows in their final state, one file for each calendar year of their last change; what
        happened before the window comes with its first year."""
        frame = self._news(frame)
        first, last = self.plan.start.year, self.plan.as_of.year
        year = pl.col("source_updated_at").dt.year().clip(first, last)
        for value in range(first, last + 1):
            rows = frame.filter(year == value)
            if len(rows):
                with self.open(table, f"{table}-{value}") as file:
                    self.append(file, table, rows, self.year_end(value), header=True)

    def year_end(self, year: int) -> datetime:
        """When the events of a calendar year are extracted: on its last evening, or as-of. A
        day's changes are all extracted at as-of."""
        if self.since is not None:
            return self.plan.cut
        return min(datetime(year, 12, 31, 23, 30), self.plan.cut)

    @contextmanager
    def open(self, table: str, name: str) -> Iterator[BinaryIO]:
        """A file of events to `append` to. A day's changes have a file of their own, and none
        when nothing changed."""
        if self.since is not None:
            name = f"{name}-delta-{self.plan.as_of:%Y%m%d}"
        with self._file(table, name) as file:
            yield file

    def append(
        self, file: BinaryIO, table: str, frame: pl.DataFrame, moment: datetime, *, header: bool
    ) -> None:
        """Add rows to an open file, in the contract's column order. The heading is written once,
        with the first rows, whatever `header` says of a day's changes."""
        if self.since is not None:
            frame, header = self._news(frame), file.tell() == 0
            if frame.is_empty():
                return
        self._write(file, table, frame, moment, header=header)

    def _news(self, frame: pl.DataFrame) -> pl.DataFrame:
        return (
            frame if self.since is None else frame.filter(pl.col("source_updated_at") >= self.since)
        )

    @contextmanager
    def _file(self, table: str, name: str) -> Iterator[BinaryIO]:
        path = self.staging / f"{name}.csv"
        folder = self.inbox / self.tables[table].source / table
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
        if path.stat().st_size:
            self.written.append((path, folder / path.name))

    def _write(
        self, file: BinaryIO, table: str, frame: pl.DataFrame, moment: datetime, *, header: bool
    ) -> None:
        frame.select(
            *self.tables[table].column_names,
            pl.lit(SOURCE_SYSTEM).alias("source_system"),
            pl.lit(moment.strftime(_MOMENT)).alias("extracted_at"),
            "source_updated_at",
            pl.lit(False).alias("is_deleted"),
        ).write_csv(file, include_header=header, datetime_format=_MOMENT, float_precision=2)

    def _digest(self, table: str, frame: pl.DataFrame) -> str:
        """What a snapshot says, whenever it was extracted."""
        text = io.BytesIO()
        frame.select(*self.tables[table].column_names, "source_updated_at").write_csv(
            text, datetime_format=_MOMENT, float_precision=2
        )
        return hashlib.sha256(text.getbuffer()).hexdigest()

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
