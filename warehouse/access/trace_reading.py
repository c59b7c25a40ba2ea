"""Reads a suspected copy, whole or damaged, for whatever may say whose it is. No value leaves here:
what is handed on are hashes' inputs for comparison, kept in memory.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import polars

from warehouse.access.export_marks import find_labels, must_quote

__all__ = ["MarkedRow", "Piece", "number_shape", "read_piece"]

#: Rows and numbers that are looked at: enough to be sure, however long the file is.
_MOST_ROWS = 600
_MOST_NUMBERS = 2000
#: A pseudonym has 60 bits; one of fewer than 15 digits comes once in a thousand.
_NUMBER = re.compile(r"(?<![\w.])\d{15,19}(?:\.0+)?(?![\w.])|(?<![\w.])\d\.\d{9,17}[eE]\+?1[4-8]")
_MEMBER = re.compile(r'"((?:[^"\\]|\\.)*)"[ ]*:( ?)')
_ENTRY = b"PK\x03\x04"
_DIGITS = 14
#: Bytes that are unpacked, of one part and of all: a small file may hold any number of them.
_MOST_OF_A_PART = 4 << 20
_MOST_UNZIPPED = 16 << 20


@dataclass(frozen=True)
class MarkedRow:
    """A row as texts, and for the cells that could be written in two ways, by place: which way."""

    cells: tuple[str, ...]
    written: dict[int, bool]


@dataclass(frozen=True)
class Piece:
    """What a copy holds: labels, rows with their hidden marks, the shapes of its long numbers, and
    the names of its columns (None where it has lost them)."""

    labels: list[tuple[str, str]]
    rows: list[MarkedRow] = field(default_factory=list)
    numbers: frozenset[str] = frozenset()
    names: tuple[str, ...] | None = None
    row_count: int | None = None


def read_piece(content: bytes) -> Piece:
    """Read a file of any of the formats of an export, or a part of one."""
    parts = [content, *_unzipped(content)]
    labels = list(dict.fromkeys(label for part in parts for label in find_labels(part)))
    frame = _frame(content)
    if frame is not None:
        numbers = _numbers_of(frame)
        return Piece(labels, [], numbers, tuple(frame.columns), frame.height)
    text = "\n".join(part.decode("utf-8-sig", "replace") for part in parts)
    numbers = _shapes(_NUMBER.findall(text))
    if len(parts) > 1 or "\0" in text[:4096]:
        return Piece(labels, [], numbers)
    if text.lstrip().startswith("{") or '"}\n{' in text or "}\n{" in text:
        return _json_lines(labels, numbers, text)
    return _csv(labels, numbers, text)


def number_shape(value: int) -> str:
    """What is left of a long number where a spreadsheet has kept 15 digits of it."""
    text = str(value)
    return f"{len(text)}:{text[:_DIGITS]}"


def _shapes(texts: list[str]) -> frozenset[str]:
    found: set[str] = set()
    for text in texts:
        if len(found) >= _MOST_NUMBERS:
            break
        try:
            found.add(number_shape(int(Decimal(text))))
        except InvalidOperation:
            continue
    return frozenset(found)


def _unzipped(content: bytes) -> Iterator[bytes]:
    """The parts of a workbook; of a damaged one those that can still be read."""
    if _ENTRY not in content[:4]:
        return
    room = _MOST_UNZIPPED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for name in book.namelist():
                with book.open(name) as part:
                    read = part.read(min(_MOST_OF_A_PART, room))
                room -= len(read)
                yield read
        return
    # The last two: a part is encrypted, or packed as no spreadsheet does.
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError):
        pass
    for place in (found.start() for found in re.finditer(_ENTRY, content)):
        if room <= 0:
            return
        head = content[place : place + 30]
        skip = 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        try:
            read = zlib.decompressobj(-15).decompress(
                memoryview(content)[place + skip :], min(_MOST_OF_A_PART, room)
            )
        except zlib.error:
            continue
        room -= len(read)
        yield read


def _frame(content: bytes) -> polars.DataFrame | None:
    for magic, read in ((b"PAR1", polars.read_parquet), (b"ARROW1", polars.read_ipc)):
        if content.startswith(magic):
            try:
                return read(io.BytesIO(content))
            except (polars.exceptions.PolarsError, OSError, ValueError):
                return polars.DataFrame()
    return None


def _numbers_of(frame: polars.DataFrame) -> frozenset[str]:
    found: set[str] = set()
    for column in frame.iter_columns():
        if column.dtype.is_integer():
            values = column.drop_nulls().unique(maintain_order=True).head(_MOST_NUMBERS).to_list()
            found |= {number_shape(value) for value in values if value >= 10**14}
    return frozenset(found)


def _csv(labels: list[tuple[str, str]], numbers: frozenset[str], text: str) -> Piece:
    lines = list(_csv_rows(text))
    if not lines:
        return Piece(labels, [], numbers)
    ((width, _count),) = Counter(map(len, lines)).most_common(1)
    lines = [line for line in lines if len(line) == width]  # the first and last may be cut
    first = [cell for cell, _ in lines[0]]
    names = (
        tuple(first) if all(map(str.isidentifier, first)) and text.startswith(first[0]) else None
    )
    lines = lines[1:] if names else lines
    # A column of numbers never bears a mark; one of texts soon shows a cell in quotation marks.
    marked = {
        place
        for line in lines
        for place, (cell, quoted) in enumerate(line)
        if quoted and cell and not must_quote(cell)
    }
    rows = [
        MarkedRow(
            tuple(cell for cell, _ in line),
            {
                place: line[place][1]
                for place in marked
                if line[place][0] and not must_quote(line[place][0])
            },
        )
        for line in lines[:_MOST_ROWS]
    ]
    return Piece(labels, rows, numbers, names, len(lines))


def _csv_rows(text: str) -> Iterator[list[tuple[str, bool]]]:
    """Cells with whether they stood in quotation marks, which a CSV reader does not tell."""
    row: list[tuple[str, bool]] = []
    place, end = 0, len(text)
    while place < end:
        quoted = text[place] == '"'
        if quoted:
            stop = place + 1
            while (stop := text.find('"', stop)) != -1 and text[stop : stop + 2] == '""':
                stop += 2
            if stop == -1:
                return  # cut within a value
            cell, place = text[place + 1 : stop].replace('""', '"'), stop + 1
        else:
            stop = place
            while stop < end and text[stop] not in ",\n":
                stop += 1
            cell, place = text[place:stop].removesuffix("\r"), stop
        row.append((cell, quoted))
        while place < end and text[place] not in ",\n":
            place += 1
        if place >= end or text[place] == "\n":
            yield row
            row = []
        elif place + 1 == end or text[place + 1] == "\n":
            row.append(("", False))
            place += 1
            yield row
            row = []
        place += 1


def _json_lines(labels: list[tuple[str, str]], numbers: frozenset[str], text: str) -> Piece:
    rows, names, count = [], None, 0
    for line in text.splitlines():
        if not (line.startswith("{") and line.endswith("}")):
            continue
        count += 1
        if len(rows) < _MOST_ROWS and (found := _members(line)) is not None:
            names = names or tuple(name for name, _, _ in found)
            rows.append(
                MarkedRow(
                    tuple(cell for _, cell, _ in found),
                    {place: blank for place, (_, _, blank) in enumerate(found)},
                )
            )
    return Piece(labels, rows, numbers, names, count)


def _members(line: str) -> list[tuple[str, str, bool]] | None:
    """(name, value as it is written, whether a blank stands before it) of each member."""
    decoder, place, found = json.JSONDecoder(), 1, []
    try:
        while place < len(line) - 1:
            head = _MEMBER.match(line, place)
            if head is None:
                return None
            _value, end = decoder.raw_decode(line, head.end())
            found.append((json.loads(f'"{head[1]}"'), line[head.end() : end], bool(head[2])))
            place = end + 1
            while place < len(line) and line[place] == " ":
                place += 1
    except (ValueError, RecursionError):
        return None
    return found
