"""Writes rows in the form that a file has."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.contracts.model import Contracts, Table
from warehouse.simulate.mess.consignment import column_types
from warehouse.simulate.mess.forms import Form, headings, styled

__all__ = ["pack", "recode", "write_bytes", "written"]

_CHUNK = 4 << 20


def written(
    frame: pl.DataFrame,
    table: Table,
    contracts: Contracts,
    form: Form,
    renamed: Mapping[str, str] | None = None,
) -> bytes:
    """The file that holds these rows (text, columns of the contract and the technical ones).
    `renamed` are headings that the file has instead of those of its form."""
    names = headings(table, frame.columns, form)
    for column, heading in (renamed or {}).items():
        names[frame.columns.index(column)] = heading
    rows = styled(frame, table, contracts, form)
    if form.container == "xlsx":
        return _workbook(rows, names, table, form)
    if form.container == "parquet":
        return _parquet(rows, names)
    if form.container == "jsonl":
        return pack(_lines(rows, names), form.compression)
    rows = rows.rename(dict(zip(rows.columns, names, strict=True)))
    text = rows.write_csv(
        separator=form.separator,
        line_terminator=form.line_end,
        quote_style="always" if form.quoted else "necessary",
    )
    return pack(encode(text, form.encoding), form.compression)


def encode(text: str, encoding: str) -> bytes:
    return text.encode("utf-16" if encoding == "utf-16" else encoding)


def pack(content: bytes, compression: str) -> bytes:
    """Packed without name and time, so that equal rows give equal bytes."""
    if compression == "gz":
        return gzip.compress(content, 6, mtime=0)
    if compression == "zst":
        import pyarrow

        return pyarrow.compress(content, codec="zstd", asbytes=True)
    return content


def recode(source: Path, target: Path, table: Table, form: Form) -> None:
    """A big file in another encoding, packed, with other headings, without holding it."""
    with source.open("rb") as stream, _private(target) as raw:
        names = stream.readline().decode().rstrip("\n").split(",")
        sink: Any = raw
        if form.compression == "gz":
            sink = gzip.GzipFile("", "wb", 6, raw, mtime=0)
        if form.encoding == "utf-8-sig":
            sink.write(b"\xef\xbb\xbf")
        encoding = "utf-8" if form.encoding == "utf-8-sig" else form.encoding
        sink.write((",".join(headings(table, names, form)) + "\n").encode(encoding))
        while lines := stream.readlines(_CHUNK):
            sink.write(b"".join(lines).decode().encode(encoding))
        if sink is not raw:
            sink.close()


def write_bytes(target: Path, content: bytes) -> None:
    with _private(target) as file:
        file.write(content)


def _private(target: Path):  # type: ignore[no-untyped-def]
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _parquet(rows: pl.DataFrame, names: list[str]) -> bytes:
    file = io.BytesIO()
    rows.rename(dict(zip(rows.columns, names, strict=True))).write_parquet(file)
    return file.getvalue()


def _lines(rows: pl.DataFrame, names: list[str]) -> bytes:
    file = io.BytesIO()
    rows.rename(dict(zip(rows.columns, names, strict=True))).write_ndjson(file)
    return file.getvalue()


def _workbook(rows: pl.DataFrame, names: list[str], table: Table, form: Form) -> bytes:
    """A title above the headings, if the form has one, merged over the width; real dates and
    numbers where the form says so, text otherwise; equal neighbours of one column merged."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": datetime(2020, 1, 1), "title": table.title})
    sheet = book.add_worksheet(table.title[:20])
    day = book.add_format({"num_format": "yyyy/m/d"})
    first = 0
    if form.title_line:
        sheet.merge_range(0, 0, 0, max(len(names) - 1, 1), f"{table.title}（全校）")
        first = 1
    for place, name in enumerate(names):
        sheet.write_string(first, place, name)
    types = column_types(table)
    merged = _mergeable(rows, table) if form.merged else None
    for place, name in enumerate(rows.columns):
        kind = types[name] if form.cells == "native" else "string"
        spans = _spans(rows[name].to_list()) if name == merged else {}
        hidden = {row for start, end in spans.items() for row in range(start, end + 1)}
        for row, value in enumerate(rows[name].to_list()):
            if value is None or row in hidden:
                continue
            _cell(sheet, first + 1 + row, place, value, kind, day)
        for start, end in spans.items():
            value = rows[name][start]
            sheet.merge_range(first + 1 + start, place, first + 1 + end, place, value)
    book.close()
    return file.getvalue()


def _cell(sheet: Any, row: int, place: int, value: str, kind: str, day: Any) -> None:
    if kind == "date" and len(value) == 10:
        try:
            moment = datetime.strptime(value, "%Y-%m-%d")
        except ValueError:
            pass
        else:
            if moment.year >= 1901:
                sheet.write_datetime(row, place, moment, day)
                return
    if kind == "int" or kind.startswith("decimal"):
        try:
            number = float(value)
        except ValueError:
            pass
        else:
            sheet.write_number(row, place, number)
            return
    sheet.write_string(row, place, value)


def _mergeable(rows: pl.DataFrame, table: Table) -> str | None:
    """A column of text, not of the key, whose neighbours are often equal."""
    best, most = None, 0
    for column in table.columns:
        if column.type != "string" or column.name in table.key:
            continue
        equal = len(_spans(rows[column.name].to_list()))
        if equal > most:
            best, most = column.name, equal
    return best


def _spans(values: list[str | None]) -> dict[int, int]:
    """First → last place of neighbours that are equal."""
    spans: dict[int, int] = {}
    start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[start]:
            if values[start] is not None and place - start > 1:
                spans[start] = place - 1
            start = place
    return spans
