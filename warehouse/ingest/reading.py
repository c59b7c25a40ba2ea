"""Which reader a file needs, by its name; what it reads goes to the checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from warehouse.contracts.model import Table
from warehouse.engine import TEXT_ERRORS, quote_text
from warehouse.errors import FileRefused
from warehouse.ingest.delivered import Delivered
from warehouse.ingest.reader import Reader
from warehouse.ingest.stagefile import STAGE_NAME
from warehouse.ingest.textfile import deliver_by_record, deliver_text, is_utf8, open_text_file
from warehouse.ingest.unpacking import compression_of

__all__ = ["FORMATS", "read_file"]

#: Of a CSV; a stage file is packed, and holds as much in a third.
_SMALL = 300_000
FORMATS = ("csv", "xlsx", "parquet", "jsonl")
Judged = TypeVar("Judged")


def read_file(
    reader: Reader,
    path: Path,
    table: Table,
    work: Path,
    judge: Callable[[Delivered], Judged],
) -> Judged:
    """What `judge` makes of the file's rows. Raises `FileRefused` where they cannot be got at.

    A CSV that DuckDB's strict reader gives up on is judged once more, read record by record.
    """
    name = path.name.lower()
    compression = compression_of(name)
    if compression:
        name = name.rpartition(".")[0]
    kind = name.rpartition(".")[2] if "." in name else ""
    if kind not in FORMATS:
        raise FileRefused(
            "unreadable",
            "Files of this kind are not read.",
            next_step="Deliver CSV, XLSX, Parquet or JSON Lines (.csv, .xlsx, .parquet, .jsonl; "
            "each may be packed as .gz or .zst).",
        )
    if compression:
        plain = f"unpacked.{kind}"
        reader.read("unpack", path, work, compression=compression, name=plain)
        path = work / plain
    if kind == "csv":
        return _read_text(reader, path, compression, table, work, judge)
    answer = reader.read(kind, path, work, table=table)
    return judge(_delivered(answer, work, compression))


def _delivered(answer: dict[str, Any], work: Path, compression: str | None) -> Delivered:
    """The stage file as a relation; `places` says which of its columns are delivered, where
    it holds more."""
    relation = f"read_parquet({quote_text(work / STAGE_NAME)})"
    columns = tuple(answer["columns"])
    places = answer.get("places")
    if places is not None:
        listed = ", ".join(f"c{int(place)} AS c{new}" for new, place in enumerate(places))
        relation = f"(SELECT {listed}, batch_row, ragged FROM {relation})"
    readings = {**answer["readings"], "compression": compression}
    return Delivered(
        relation,
        columns,
        numbered=answer.get("numbered", True),
        readings=readings,
        is_small=(work / STAGE_NAME).stat().st_size < _SMALL / 3,
    )


def _read_text(
    reader: Reader,
    path: Path,
    compression: str | None,
    table: Table,
    work: Path,
    judge: Callable[[Delivered], Judged],
) -> Judged:
    limits = reader.limits
    is_small = path.stat().st_size < _SMALL
    text = open_text_file(path, table, limits, compression=compression)
    try:
        return judge(replace(deliver_text(text, table, work, limits), is_small=is_small))
    except TEXT_ERRORS:
        if text.is_plain and not is_utf8(text):
            text = open_text_file(path, table, limits, encoding="gb18030", compression=compression)
            try:
                return judge(replace(deliver_text(text, table, work, limits), is_small=is_small))
            except TEXT_ERRORS:
                pass
        return judge(replace(deliver_by_record(text, table, work, limits), is_small=is_small))
