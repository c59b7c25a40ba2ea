"""A query's result as a file: CSV, Parquet or Arrow, with the types that DuckDB gave it."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import polars

from warehouse.access.confined import QueryResult

__all__ = ["FORMATS", "result_file", "typed_rows"]

FORMATS = ("csv", "parquet", "arrow")

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


def result_file(result: QueryResult, form: str) -> bytes:
    """The whole result in one of `FORMATS`. CSV is UTF-8 with a heading and empty for null."""
    rows = typed_rows(result)
    if form == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([column["name"] for column in result.columns])
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
        return text.getvalue().encode()
    frame = _frame(result, rows)
    binary = io.BytesIO()
    if form == "parquet":
        frame.write_parquet(binary)
    else:
        frame.write_ipc(binary)
    return binary.getvalue()


def _frame(result: QueryResult, rows: list[tuple[Any, ...]]) -> polars.DataFrame:
    names: list[str] = []
    for column in result.columns:  # SQL lets two columns bear one name, a file does not
        name, count = column["name"], 1
        while name in names:
            count += 1
            name = f"{column['name']}_{count}"
        names.append(name)
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
