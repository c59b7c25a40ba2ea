"""Streams rows into one CSV file of the inbox, and names it only when it is whole."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.home import Home
from warehouse.pull.values import Unfit

__all__ = ["Written", "deliver", "sweep", "table_folder", "write_rows"]

_NEEDS_QUOTES = re.compile('[",\r\n]').search
_SUM = (1 << 128) - 1


@dataclass(frozen=True)
class Written:
    """`path` is temporary. `rows_hash` is the same for the same rows in any order, whenever
    they were read; `content_sha256` is that of the file."""

    path: Path
    rows: int
    rows_hash: str
    content_sha256: str


def table_folder(home: Home, source: str, table: str) -> Path:
    return home.inbox / source / table


def sweep(folder: Path) -> None:
    """Remove what a killed pull was writing. Only whoever holds the source's lock may."""
    for path in folder.glob(".pull-*.part"):
        path.unlink()


def _field(text: str) -> str:
    """A CSV field; the empty text is quoted, so that it is not taken for null."""
    if text and not _NEEDS_QUOTES(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def write_rows(
    folder: Path,
    headings: Sequence[str],
    constants: Sequence[str],
    chunks: Iterable[Sequence[Sequence[Any]]],
    writers: Sequence[Callable[[Any], str]],
    seen: Callable[[Sequence[Any]], None] | None = None,
    tick: Callable[[int], None] | None = None,
) -> Written:
    """Write headings and rows to a hidden file of `folder`, synced.

    `headings` names first the columns of `writers`, then those of `constants`; rows may hold more
    values than there are writers, for `seen`. `tick` gets the row count after each chunk.
    Memory holds one chunk. Raises `Unfit` that names column and row number, never the value.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f".pull-{os.getpid()}.csv.part"
    tail = "".join(f",{_field(constant)}" for constant in constants) + "\n"
    width = len(writers)
    content = hashlib.sha256()
    rows = total = 0
    with path.open("wb") as stream:
        head = (",".join(map(_field, headings)) + "\n").encode()
        stream.write(head)
        content.update(head)
        for chunk in chunks:
            lines = []
            for row in chunk:
                rows += 1
                try:
                    body = ",".join(
                        [
                            "" if value is None else _field(write(value))
                            for write, value in zip(writers, row, strict=False)
                        ]
                    )
                except Unfit as error:
                    raise _named(error, headings, writers, row, rows) from None
                if "\0" in body:
                    raise Unfit(f"Row {rows}: a text holds a NUL character.")
                if seen is not None:
                    seen(row[width:])
                try:
                    encoded = body.encode()
                except UnicodeEncodeError:
                    raise Unfit(f"Row {rows}: a text is not valid Unicode.") from None
                digest = hashlib.blake2b(encoded, digest_size=16).digest()
                total = (total + int.from_bytes(digest, "big")) & _SUM
                lines.append(body + tail)
            block = "".join(lines).encode()
            content.update(block)
            stream.write(block)
            if tick is not None:
                tick(rows)
        stream.flush()
        os.fsync(stream.fileno())
    rows_hash = hashlib.sha256(f"{','.join(headings)}|{rows}|{total:032x}".encode()).hexdigest()
    return Written(path, rows, rows_hash, content.hexdigest())


def _named(
    error: Unfit,
    headings: Sequence[str],
    writers: Sequence[Callable[[Any], str]],
    row: Sequence[Any],
    number: int,
) -> Unfit:
    for heading, write, value in zip(headings, writers, row, strict=False):
        if value is not None:
            try:
                write(value)
            except Unfit:
                return Unfit(f"Row {number}: the column for {heading} {error.message}.")
    return error


def deliver(written: Written, extracted_at: datetime) -> Path:
    """Give the file its name and have the folder's entry on the disk. Never replaces a file."""
    folder = written.path.parent
    stem = f"pull-{extracted_at:%Y%m%dT%H%M%S%f}"
    number = 1
    while True:
        path = folder / (f"{stem}.csv" if number == 1 else f"{stem}-{number}.csv")
        if not path.exists():
            break
        number += 1
    written.path.rename(path)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return path
