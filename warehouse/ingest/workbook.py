"""XLSX: the first sheet whose headings are those of the contract, every cell as text."""

from __future__ import annotations

from pathlib import Path

from warehouse.contracts.model import Table
from warehouse.engine import quote_text
from warehouse.errors import FileRefused
from warehouse.ingest.delivered import Delivered, require_headings
from warehouse.ingest.headings import map_headings

__all__ = ["deliver_workbook"]


def deliver_workbook(path: Path, table: Table, work: Path) -> Delivered:
    """The sheet as a relation, by way of a Parquet file in `work`.

    Rows without any cell are left out. Dates and numbers come as Excel holds them, written out
    ('2019-07-05 00:00:00', '12.5'); the checks then read these forms like any other.
    """
    import fastexcel
    import polars

    try:
        book = fastexcel.read_excel(path)
        sheets = [
            (name, book.load_sheet(name, header_row=None, dtypes="string").to_polars())
            for name in book.sheet_names
        ]
    except Exception as error:  # the reader's own errors share no base and quote cells
        raise FileRefused(
            "unreadable",
            f"The workbook cannot be opened ({type(error).__name__}).",
            next_step="Open it in a spreadsheet program, save it as XLSX without a password, "
            "and deliver it anew.",
        ) from None
    sheets = [(name, frame) for name, frame in sheets if frame.height and frame.width]
    if not sheets:
        raise FileRefused("unreadable", "The workbook holds no sheet with cells.")

    def matched(frame: polars.DataFrame) -> int:
        return map_headings(_headings(frame), table).matched

    chosen = next(
        (sheet for sheet in sheets if map_headings(_headings(sheet[1]), table).fits),
        max(sheets, key=lambda sheet: matched(sheet[1])),
    )
    headings = _headings(chosen[1])
    body = chosen[1].slice(1)[:, : len(headings)]
    body = body.rename({old: f"c{position}" for position, old in enumerate(body.columns)})
    body = body.filter(~polars.all_horizontal(polars.all().is_null()))
    found = require_headings(headings, table, body.height)
    body = body.with_columns(
        polars.int_range(1, body.height + 1, dtype=polars.Int64).alias("batch_row"),
        polars.lit(False).alias("ragged"),
    )
    target = work / "workbook.parquet"
    target.touch(mode=0o600)
    body.write_parquet(target, compression="snappy")
    return Delivered(
        f"read_parquet({quote_text(target)})",
        tuple(name for name in found.columns if name is not None),
        numbered=True,
        readings={
            "format": "xlsx",
            "sheet": 1 + [name for name, _ in sheets].index(chosen[0]),
            "chinese_headings": found.chinese,
        },
    )


def _headings(frame) -> list[str]:  # type: ignore[no-untyped-def]  # polars is imported late
    """The first row without the empty cells at its end."""
    cells = [cell or "" for cell in frame.row(0)]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
