"""JSON Lines: one object a line, its keys the headings."""

from __future__ import annotations

import codecs
import io
import json
import re
from pathlib import Path
from typing import Any

from warehouse.contracts.model import TECHNICAL_COLUMNS, Table
from warehouse.ingest.delivered import require_headings
from warehouse.ingest.encodings import encoding_of, name_of_encoding
from warehouse.ingest.headings import map_headings
from warehouse.ingest.limits import Limits, TooMuch, unreadable
from warehouse.ingest.stagefile import StageFile

__all__ = ["read_json_lines"]

_HEAD = 1 << 20
#: Objects inside values, however deep, are refused; this bounds what a hostile line may cost.
_LONGEST_LINE = 16 << 20
_MOST_KEYS = 5_000
#: Half of a character: JSON can write it, text cannot hold it.
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Pairs(list):
    pass


def read_json_lines(
    path: Path, work: Path, limits: Limits, engine: dict[str, Any], *, table: Table
) -> dict[str, Any]:
    """Write the rows as a stage file.

    A number keeps the digits it is written with. A key that no row has is a missing column; one
    that some rows lack is null there. A line that is no object, says a key twice or holds a list
    or object is a bad row (`type`).
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip(b"\r\n\t \0"):
        raise unreadable("it is empty")
    encoding = encoding_of(head, whole=len(head) < _HEAD)
    try:
        return _read(path, work, limits, table, encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise unreadable(f"it is not {name_of_encoding(encoding)} throughout") from None
    try:
        return _read(path, work, limits, table, "gb18030")
    except UnicodeDecodeError:
        raise unreadable("its text is neither UTF-8 nor GB18030 throughout") from None


def _read(path: Path, work: Path, limits: Limits, table: Table, encoding: str) -> dict[str, Any]:
    decode = json.JSONDecoder(
        object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str
    ).decode
    extra = [name for name in TECHNICAL_COLUMNS if name not in table.column_names]
    columns = [*table.column_names, *extra]
    place = {name: position for position, name in enumerate(columns)}
    stage = StageFile(work, len(columns), limits)
    keys: dict[str, int | None] = {}
    with io.TextIOWrapper(path.open("rb"), encoding=encoding, newline="\n") as text:
        while line := text.readline(_LONGEST_LINE):
            if len(line) >= _LONGEST_LINE:
                raise TooMuch(f"a line is longer than {_LONGEST_LINE:,} characters")
            line = line.strip().lstrip(codecs.BOM_UTF8.decode())
            if not line:
                continue
            try:
                found = decode(line)
            except (ValueError, RecursionError):
                found = None
            row: list[str | None] = [None] * len(columns)
            if not isinstance(found, _Pairs):
                row[0] = line[:1000]
                stage.add(row, ragged=True)
                continue
            ragged = False
            seen = set()
            for key, value in found:
                if key not in keys:
                    keys[key] = _column_of(key, table, place)
                    if len(keys) > min(_MOST_KEYS, limits.columns):
                        raise TooMuch(f"it has more than {limits.columns:,} different keys")
                if (position := keys[key]) is None:
                    continue
                if position in seen:
                    ragged = True
                seen.add(position)
                if value is None:
                    continue
                if value is True or value is False:
                    value = "true" if value else "false"
                elif not isinstance(value, str):
                    value, ragged = json.dumps(value, ensure_ascii=True)[:1000], True
                elif not value.isascii() and _SURROGATE.search(value):
                    value, ragged = _SURROGATE.sub("\ufffd", value), True
                row[position] = value or None
            stage.add(row, ragged=ragged)
    stage.close()
    if stage.total == 0 or not keys:
        raise unreadable("no line of it is a JSON object", row_count=stage.total or None)
    headings = require_headings(_one_each(keys, columns), table, stage.total)
    present = [name for name in columns if place[name] in keys.values()]
    return {
        "columns": present,
        "places": [place[name] for name in present],
        "readings": {
            "format": "jsonl",
            "encoding": name_of_encoding(encoding),
            **headings.readings,
        },
    }


def _column_of(key: str, table: Table, place: dict[str, int]) -> int | None:
    name = next(iter(map_headings([key], table).columns), None)
    return None if name is None else place[name]


def _one_each(keys: dict[str, int | None], columns: list[str]) -> list[str]:
    """Keys as headings: two keys of one column, in different rows, are the same column."""
    known: dict[int, str] = {}
    unknown = []
    for key, position in keys.items():
        if position is None:
            unknown.append(key)
        else:
            known.setdefault(position, key)
    return [*known.values(), *unknown]
