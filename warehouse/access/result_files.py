"""A query's result as a file with the types that DuckDB gave it, bearing the mark of its export."""

from __future__ import annotations

import io
import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import polars
import xlsxwriter

from warehouse.access.confined import QueryResult
from warehouse.access.export_marks import csv_text, jsonl_text, label_of, with_arrow_label

__all__ = ["BINARY", "FORMATS", "result_file", "typed_rows"]

FORMATS = ("csv", "jsonl", "parquet", "arrow", "xlsx")
#: Formats that are no text.
BINARY = ("parquet", "arrow", "xlsx")
#: Up to here a double holds every whole number.
_EXACT = 1 << 53
#: The property of Parquet and XLSX that holds the label.
_PROPERTY = "campus.export"

_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_INTEGERS = {
    "TINYINT": polars.Int8,
    "SMALLINT": polars.Int16,
    "INTEGER": polars.Int32,
    "BIGINT": polars.Int64,
    "HUGEINT": polars.Int128,
    "UTINYINT": polars.UInt8,
    "USMALLINT": polars.UInt16,
    "UINTEGER": polars.UInt32,
    "UBIGINT": polars.UInt64,
}
_OTHERS = {
    "BOOLEAN": polars.Boolean,
    "FLOAT": polars.Float32,
    "DOUBLE": polars.Float64,
    "DATE": polars.Date,
    "TIME": polars.Time,
    "TIMESTAMP": polars.Datetime("us"),
    "TIMESTAMP WITH TIME ZONE": polars.Datetime("us", "Asia/Shanghai"),
}
_READ = {
    "DATE": date.fromisoformat,
    "TIME": time.fromisoformat,
    "TIMESTAMP": datetime.fromisoformat,
    "TIMESTAMP WITH TIME ZONE": datetime.fromisoformat,
    "FLOAT": float,
    "DOUBLE": float,
}


def typed_rows(result: QueryResult) -> list[tuple[Any, ...]]:
    """Rows with decimals, dates and moments read back from their text; lists, structs and rarer
    types stay as they came."""
    readers = [_reader(column["type"]) for column in result.columns]
    return [
        tuple(
            value if value is None or read is None else read(value)
            for read, value in zip(readers, row, strict=True)
        )
        for row in result.rows
    ]


def result_file(result: QueryResult, form: str, export_id: str, mark: str) -> bytes:
    """The whole result in one of `FORMATS`. CSV is UTF-8 with a heading and empty for null; JSON
    Lines has one object a row. `mark` is that of the export (`export_marks`)."""
    rows, names = typed_rows(result), _names(result)
    if form == "csv":
        texts = [_polars_type(column["type"]) == polars.String for column in result.columns]
        return csv_text([c["name"] for c in result.columns], texts, rows, mark).encode()
    if form == "jsonl":
        return jsonl_text(names, rows, mark).encode()
    frame, label, binary = _frame(result, rows, names), label_of(export_id, mark), io.BytesIO()
    if form == "parquet":
        frame.write_parquet(binary, metadata={_PROPERTY: label})
    elif form == "xlsx":
        with xlsxwriter.Workbook(binary, {"in_memory": True}) as book:
            book.set_custom_property(_PROPERTY, label)
            frame.with_columns(_too_long(frame)).write_excel(book)
    else:
        frame.write_ipc(binary)
        return with_arrow_label(binary.getvalue(), label)
    return binary.getvalue()


def _too_long(frame: polars.DataFrame) -> list[polars.Series]:
    """Columns of whole numbers that a workbook, whose numbers are doubles, would round: as text."""
    return [
        column.cast(polars.String)
        for column in frame.iter_columns()
        if column.dtype.is_integer() and (column.cast(polars.Int128).abs() > _EXACT).any()
    ]


def _names(result: QueryResult) -> list[str]:
    names: list[str] = []
    for column in result.columns:  # SQL lets two columns bear one name, a file does not
        name, count = column["name"], 1
        while name in names:
            count += 1
            name = f"{column['name']}_{count}"
        names.append(name)
    return names


def _frame(result: QueryResult, rows: list[tuple[Any, ...]], names: list[str]) -> polars.DataFrame:
    series = []
    for place, (name, column) in enumerate(zip(names, result.columns, strict=True)):
        kind = _polars_type(column["type"])
        cells = [row[place] for row in rows]
        if kind == polars.String:
            cells = [c if c is None or isinstance(c, str) else _text(c) for c in cells]
        series.append(polars.Series(name, cells, dtype=kind, strict=True))
    return polars.DataFrame(series)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _reader(kind: str) -> Any:
    return Decimal if _DECIMAL.fullmatch(kind) else _READ.get(kind)


def _polars_type(kind: str) -> Any:
    if found := _DECIMAL.fullmatch(kind):
        return polars.Decimal(int(found.group(1)), int(found.group(2)))
    return _INTEGERS.get(kind) or _OTHERS.get(kind) or polars.String
