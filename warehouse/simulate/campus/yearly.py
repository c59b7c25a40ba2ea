"""Files of one year each, written in portions, for tables that do not fit into memory at once."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import BinaryIO, Self

import polars as pl

from warehouse.simulate.extracts import Extracts

__all__ = ["YearFiles"]


class YearFiles:
    """Portions in the order of their last change, each row in the file of that year: what a
    system closes after midnight of 31 December is in the next year's file."""

    def __init__(self, extracts: Extracts, table: str) -> None:
        self.extracts, self.table = extracts, table
        self.stack = ExitStack()
        self.files: dict[int, BinaryIO] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stack.close()

    def append(self, frame: pl.DataFrame) -> None:
        """Add what had been settled by the cut; rows need `source_updated_at`."""
        plan = self.extracts.plan
        frame = frame.filter(pl.col("source_updated_at") <= plan.cut)
        year = frame["source_updated_at"].dt.year().clip(plan.start.year, plan.as_of.year)
        for value in year.unique().sort().to_list():
            fresh = value not in self.files
            if fresh:
                self.files[value] = self.stack.enter_context(
                    self.extracts.open(self.table, f"{self.table}-{value}")
                )
            rows = frame.filter(year == value)
            end = self.extracts.year_end(value)
            self.extracts.append(self.files[value], self.table, rows, end, header=fresh)
