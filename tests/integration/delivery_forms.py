"""Writes rows in every form a file may come in; used by the tests of the readers."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import xlsxwriter

from warehouse.contracts.model import Table

Row = dict[str, Any]


def headings(table: Table, columns: Sequence[str], titles: bool) -> list[str]:
    return [table.column(column).title if titles else column for column in columns]


def as_csv(table: Table, rows: Sequence[Row], *, titles=False, encoding="utf-8", separator=",",
           line_end="\n", above="", bom=b"") -> bytes:  # fmt: skip
    columns = table.column_names
    text = io.StringIO()
    # Python quotes only the line end it writes itself.
    quoting = csv.QUOTE_ALL if line_end == "\r" else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=quoting)
    writer.writerow(headings(table, columns, titles))
    writer.writerows([row.get(column) for column in columns] for row in rows)
    return bom + (above + text.getvalue()).encode(encoding)


def as_json_lines(table: Table, rows: Sequence[Row], *, titles=False, encoding="utf-8") -> bytes:
    named = {column: table.column(column).title if titles else column for column in rows[0]}
    return "".join(
        json.dumps({named[key]: value for key, value in row.items()}, ensure_ascii=False) + "\n"
        for row in rows
    ).encode(encoding)


def as_parquet(table: Table, rows: Sequence[Row], *, titles=False, types=None) -> bytes:
    """`types` gives Arrow types by column; text otherwise."""
    types = types or {}
    columns = table.column_names
    arrays = [
        pyarrow.array([row.get(name) for row in rows], types[name])
        if name in types
        else pyarrow.array(
            [None if row.get(name) in (None, "") else str(row[name]) for row in rows]
        )
        for name in columns
    ]
    sink = io.BytesIO()
    pyarrow.parquet.write_table(
        pyarrow.Table.from_arrays(arrays, headings(table, columns, titles)), sink
    )
    return sink.getvalue()


def as_xlsx(table: Table, rows: Sequence[Row], *, titles=False, above=(), left=0, below=(),
            date1904=False) -> bytes:  # fmt: skip
    """Cells as text; `above` and `below` are lines of one cell."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True, "date_1904": date1904}) as book:
        sheet = book.add_worksheet()
        number = 0
        for line in above:
            if line:
                sheet.merge_range(number, left, number, left + len(table.columns) - 1, line)
            number += 1
        for place, heading in enumerate(headings(table, table.column_names, titles)):
            sheet.write_string(number, left + place, heading)
        for row in rows:
            number += 1
            for place, name in enumerate(table.column_names):
                if row.get(name) not in (None, ""):
                    sheet.write_string(number, left + place, str(row[name]))
        for line in below:
            number += 1
            if line:
                sheet.write_string(number, left, line)
    return sink.getvalue()


def packed(content: bytes, compression: str | None) -> bytes:
    if compression == "gz":
        return gzip.compress(content)
    if compression == "zst":
        return pyarrow.Codec("zstd").compress(content, asbytes=True)
    return content


def deliver(settings, table: Table, name: str, content: bytes) -> Path:
    path = settings.paths.inbox / table.source / table.name / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
