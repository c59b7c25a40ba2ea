"""Parquet: typed columns, written out as the text that stands for exactly the same value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from warehouse.contracts.model import Table
from warehouse.engine import TEXT_ERRORS, EngineError, open_work, quote, quote_text
from warehouse.errors import FileRefused
from warehouse.ingest.checks import delivered_column
from warehouse.ingest.delivered import require_headings
from warehouse.ingest.limits import Limits, TooMuch, unreadable
from warehouse.ingest.stagefile import STAGE_NAME
from warehouse.ingest.unpacking import require_space

__all__ = ["read_parquet"]

_THRIFT_LIMIT = 64 << 20
#: Rows that differ in their key take some of a file; only runs of equal values take next to none.
_ROWS_PER_BYTE = 10
_ROWS_ANYWAY = 1_000_000


def read_parquet(
    path: Path, work: Path, limits: Limits, engine: dict[str, Any], *, table: Table
) -> dict[str, Any]:
    """Write the rows as a stage file, in their order.

    A column whose type cannot mean the contract's (nested, binary; fractions or truth values
    for a text, which are numbers that lost their form) is a change of structure.
    """
    names, types, rows = _describe(path, limits)
    found = require_headings(names, table, rows)
    columns = [name for name in found.columns if name is not None]
    wrong = []
    listed = []
    for name, kind, column in zip(names, types, columns, strict=False):
        wanted = delivered_column(table, column).type
        if not _fits(kind, wanted):
            wrong.append(f"{column} ({kind.split('<')[0]})")
        listed.append(_text(quote(name), kind, wanted))
    if wrong:
        raise FileRefused(
            "structure",
            f"{table.id}: the file's types of these columns cannot mean the contract's: "
            f"{', '.join(wrong)}.",
            row_count=rows,
            next_step="Deliver the contract's types (or text), or apply for a change of structure "
            "(Article 7).",
        )
    require_space(work, limits)
    texts = ", ".join(f"{text} AS c{place}" for place, text in enumerate(listed))
    source = work / "delivered.parquet"
    source.unlink(missing_ok=True)
    source.symlink_to(path)
    with open_work(temp_directory=work / "reader-spill", **engine) as connection:
        connection.execute("SET preserve_insertion_order = true")
        try:
            connection.execute(
                f"COPY (SELECT {texts} FROM read_parquet({quote_text(source)})) "
                f"TO {quote_text(work / STAGE_NAME)} (FORMAT parquet, COMPRESSION lz4_raw)"
            )
        except EngineError as error:
            if "space" in str(error):
                require_space(work, limits)
            text = isinstance(error, TEXT_ERRORS)
            raise unreadable("its text is not UTF-8" if text else "it is damaged") from None
    return {
        "columns": columns,
        "numbered": False,
        "readings": {"format": "parquet", **found.readings},
    }


def _describe(path: Path, limits: Limits) -> tuple[list[str], list[str], int]:
    """Names and Arrow types of the columns, and how many rows the file says it has."""
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(
            path,
            thrift_string_size_limit=_THRIFT_LIMIT,
            thrift_container_size_limit=1_000_000,
        ) as file:
            rows = file.metadata.num_rows
            if file.metadata.num_columns > limits.columns:
                raise TooMuch(f"it has more than {limits.columns:,} columns")
            schema = file.schema_arrow
            names, types = list(schema.names), [str(field.type) for field in schema]
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        raise unreadable(f"it is no whole Parquet file ({type(error).__name__})") from None
    if rows < 0 or rows > limits.rows:
        raise TooMuch(f"it has more than {limits.rows:,} rows")
    if rows > _ROWS_ANYWAY and rows > _ROWS_PER_BYTE * path.stat().st_size:
        raise TooMuch("it says it has more rows than its size can hold")
    return names, types, rows


def _plain(kind: str) -> str:
    """The type inside a dictionary encoding."""
    if kind.startswith("dictionary<values="):
        return kind.removeprefix("dictionary<values=").split(",")[0]
    return kind


def _fits(kind: str, wanted: str) -> bool:
    kind = _plain(kind)
    if kind == "null":
        return True
    if kind.startswith(
        ("list", "large_list", "fixed_size", "struct", "map", "binary", "large_binary", "duration",
         "interval", "month_day", "extension", "union", "sparse", "dense")
    ):  # fmt: skip
        return False
    number = kind.startswith(("int", "uint", "float", "double", "halffloat", "decimal"))
    moment = kind.startswith(("date", "timestamp"))
    if kind.startswith(("float", "double", "halffloat")) and wanted in ("string", "text", "month"):
        return False
    if kind == "bool":
        return wanted == "bool"
    if moment:
        return wanted in ("date", "timestamp", "month", "string", "text")
    if kind.startswith("time"):
        return wanted in ("string", "text")
    return not (number and wanted == "bool" and "int" not in kind)


def _text(name: str, kind: str, wanted: str) -> str:
    """SQL of the text. A moment with zone is a day in Beijing where the contract wants a day."""
    if kind.startswith("timestamp") and "tz=" in kind and wanted in ("date", "month"):
        return f"timezone('Asia/Shanghai', {name})::VARCHAR"
    return f"nullif({name}::VARCHAR, '')"
