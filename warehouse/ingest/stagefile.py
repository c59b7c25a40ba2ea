"""The plain file in which a reader hands over what it read: every column as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from warehouse.ingest.limits import Limits, TooMuch
from warehouse.ingest.unpacking import require_space

__all__ = ["STAGE_NAME", "StageFile"]

STAGE_NAME = "read.parquet"
_BATCH = 20_000
_BATCH_CHARACTERS = 8 << 20


class StageFile:
    """Writes rows of text as Parquet: c0, c1, …, `batch_row` from 1, and `ragged` (true: the row
    as a whole cannot be trusted and is refused with `type`)."""

    def __init__(self, folder: Path, width: int, limits: Limits) -> None:
        import pyarrow
        import pyarrow.parquet

        self._arrow = pyarrow
        self._folder, self._limits, self._width = folder, limits, width
        self._schema = pyarrow.schema(
            [
                *(pyarrow.field(f"c{place}", pyarrow.string()) for place in range(width)),
                pyarrow.field("batch_row", pyarrow.int64()),
                pyarrow.field("ragged", pyarrow.bool_()),
            ]
        )
        target = folder / STAGE_NAME
        target.touch(mode=0o600)
        self._writer = pyarrow.parquet.ParquetWriter(
            target, self._schema, compression="snappy", use_dictionary=False
        )
        self._rows: list[Sequence[str | None]] = []
        self._ragged: list[bool] = []
        self._characters = 0
        self.total = 0

    def add(self, row: Sequence[str | None], *, ragged: bool = False) -> None:
        """Add a row of as many texts as there are columns."""
        size = sum(len(value) for value in row if value)
        if size > self._limits.field and any(
            value and len(value) > self._limits.field for value in row
        ):
            raise TooMuch(f"a value is longer than {self._limits.field:,} characters")
        self._rows.append(row)
        self._ragged.append(ragged)
        self._characters += size
        if len(self._rows) >= _BATCH or self._characters >= _BATCH_CHARACTERS:
            self._write()

    def _write(self) -> None:
        if self.total + len(self._rows) > self._limits.rows:
            raise TooMuch(f"it has more than {self._limits.rows:,} rows")
        require_space(self._folder, self._limits)
        columns = list(zip(*self._rows, strict=True)) or [()] * self._width
        first = self.total + 1
        self.total += len(self._rows)
        arrays = [self._arrow.array(column, self._arrow.string()) for column in columns]
        arrays.append(self._arrow.array(range(first, self.total + 1), self._arrow.int64()))
        arrays.append(self._arrow.array(self._ragged, self._arrow.bool_()))
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
        self._rows, self._ragged, self._characters = [], [], 0

    def close(self) -> None:
        self._write()
        self._writer.close()
