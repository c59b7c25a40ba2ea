"""CSV in whatever encoding, with whatever separator: what it is, and how DuckDB may read it."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from warehouse.contracts.model import Table
from warehouse.engine import quote_text
from warehouse.ingest.delivered import Delivered, choose_heading, require_headings
from warehouse.ingest.encodings import encoding_of, name_of_encoding
from warehouse.ingest.headings import HeadingMap, map_headings
from warehouse.ingest.limits import Limits, TooMuch, unreadable
from warehouse.ingest.stagefile import STAGE_NAME, StageFile
from warehouse.ingest.unpacking import require_space

__all__ = ["TextFile", "deliver_by_record", "deliver_text", "is_utf8", "open_text_file"]

_HEAD = 1 << 20
_CHUNK = 4 << 20
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "，": "full-width comma"}
#: Above the headings there may stand so many records: titles, units of measure, dates of issue.
_LOOK_AT = 30
_SEP_LINE = re.compile(r'\ufeff?"?sep=(.)"?\r?\n?', re.IGNORECASE)
_LINE_ENDS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


@dataclass(frozen=True)
class TextFile:
    """`path` is the plain file; `encoding` a codec of Python. Before the headings stand `titles`
    records that are not empty; `skip` lines go before the line on which the headings begin."""

    path: Path
    encoding: str
    separator: str
    headings: tuple[str, ...]
    line_end: str = "\n"
    skip: int = 0
    titles: int = 0
    is_simple: bool = True
    compression: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether DuckDB can read the file itself."""
        return self.encoding in ("utf-8", "utf-8-sig")


def open_text_file(
    path: Path,
    table: Table,
    limits: Limits,
    *,
    encoding: str | None = None,
    compression: str | None = None,
) -> TextFile:
    """Find encoding, separator and headings.

    The separator is the one under which most headings belong to the contract, unless the file
    begins with a line sep=…, as Excel wants it. Raises `FileRefused` (unreadable) for what is
    not text or is empty.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip(b"\r\n\t \0"):
        raise unreadable("it is empty")
    whole = len(head) < _HEAD
    encoding = encoding or encoding_of(head, whole=whole)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head, final=whole)
    declared = _SEP_LINE.match(text)
    found = []
    for separator in [declared[1]] if declared else _SEPARATORS:
        found.append(_look_at(text, separator, table, limits))
        if found[-1][0] >= len(table.columns):
            break  # all that the contract asks for is there
    _, width, opened = max(found, key=lambda looked: looked[:2])
    if not width:
        raise unreadable(f"it has more than {limits.columns:,} columns, or no lines")
    return replace(opened, path=path, encoding=encoding, compression=compression)


def _look_at(text: str, separator: str, table: Table, limits: Limits) -> tuple[int, int, TextFile]:
    """Matched headings, their number, and the file under this separator."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    records: list[list[str]] = []
    lines: list[int] = []
    begun = 0
    try:
        for record in islice(reader, 4 * _LOOK_AT):
            if len(record) > limits.columns:
                raise csv.Error("too many fields")
            if record:
                records.append(record)
                lines.append(begun)
            begun = reader.line_num
            if len(records) == _LOOK_AT:
                break
    except csv.Error:
        pass
    if not records:
        return 0, 0, TextFile(Path(), "", separator, ())
    place = choose_heading(records, table)
    headings = records[place]
    while len(headings) > 1 and not headings[-1].strip() and place:
        headings = headings[:-1]  # a spreadsheet fills up every line to the widest
    first = re.search(r"\r\n|\n|\r", text)
    # Where a title is quoted it may hold a line break, and lines cannot be counted.
    above = re.split(r"\r\n|\n|\r", text, maxsplit=lines[place])[: lines[place]]
    simple = not any('"' in line for line in above)
    opened = TextFile(
        Path(),
        "",
        separator,
        tuple(headings),
        line_end=first[0] if first else "\n",
        skip=lines[place],
        titles=place,
        is_simple=simple and len(headings) == len(records[place]),
    )
    return map_headings(headings, table).matched, len(headings), opened


def deliver_text(file: TextFile, table: Table, work: Path, limits: Limits) -> Delivered:
    """The file as a relation that DuckDB reads by itself, in parallel.

    What is not UTF-8 is first streamed to a temporary file in `work`. A path may hold characters
    that DuckDB takes for a pattern, so it is read through a link with a plain name.
    """
    found = require_headings(list(file.headings), table, _count_rows_quietly(file, table, limits))
    if not file.is_simple or file.line_end == "\r" or not file.separator.isascii():
        return deliver_by_record(file, table, work, limits)
    if file.is_plain:
        source = work / "delivered.csv"
        source.unlink(missing_ok=True)
        source.symlink_to(file.path)
    else:
        source = _transcode(file, work / "transcoded.csv", limits)
    names = [name for name in found.columns if name is not None]
    columns = ", ".join(
        f"'c{position}': 'VARCHAR'" for position in range(len(names) + found.passed_over)
    )
    skip = f", skip = {file.skip}" if file.skip else ""
    relation = (
        f"read_csv({quote_text(source)}, columns = {{{columns}}}, auto_detect = false, "
        f"header = true, delim = {quote_text(file.separator)}, quote = '\"', escape = '\"', "
        f"nullstr = '', strict_mode = true{skip})"
    )
    return Delivered(relation, tuple(names), numbered=False, readings=_readings(file, found))


def _readings(file: TextFile, found: HeadingMap) -> dict[str, object]:
    said: dict[str, object] = {
        "format": "csv",
        "compression": file.compression,
        "encoding": name_of_encoding(file.encoding),
        "separator": _SEPARATORS.get(file.separator, repr(file.separator)),
        "line_end": _LINE_ENDS[file.line_end],
        **found.readings,
    }
    if file.titles:
        said["title_lines"] = file.titles
    return said


def _transcode(file: TextFile, target: Path, limits: Limits) -> Path:
    decoder = codecs.getincrementaldecoder(file.encoding)()
    descriptor = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as sink, file.path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                require_space(target.parent, limits)
                sink.write(decoder.decode(chunk).encode())
            sink.write(decoder.decode(b"", final=True).encode())
    except UnicodeError:
        raise unreadable(f"it is not {name_of_encoding(file.encoding)} throughout") from None
    return target


def is_utf8(file: TextFile) -> bool:
    """Whether the whole file decodes as UTF-8; its beginning alone may be ASCII by chance."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with file.path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _records(file: TextFile, limits: Limits) -> Iterator[list[str]]:
    """All records below the headings, empty ones left out. Raises `csv.Error` for a line, a
    record or a field that is too long, before it is read in whole."""
    csv.field_size_limit(limits.field)
    longest = 16 * limits.field
    length = 0  # of the record so far: quoted fields may take it over any number of lines

    def lines(text: io.TextIOWrapper) -> Iterator[str]:
        nonlocal length
        while line := text.readline(longest):
            length += len(line)
            if length >= longest:
                raise csv.Error("line or record too long")
            yield line

    def records(text: io.TextIOWrapper) -> Iterator[list[str]]:
        nonlocal length
        for record in csv.reader(lines(text), delimiter=file.separator):
            length = 0
            if record:
                yield record

    with io.TextIOWrapper(file.path.open("rb"), encoding=file.encoding, newline="") as text:
        yield from islice(records(text), file.titles + 1, None)


def deliver_by_record(file: TextFile, table: Table, work: Path, limits: Limits) -> Delivered:
    """The file read record by record, for one that DuckDB's strict reader gave up on.

    A record with too few fields is filled up with nulls; fields too many are kept at the end of
    the last one, so that quarantine shows what came. Both are marked `ragged`. Empty fields
    behind the last column are none: below a title, a spreadsheet fills every line up.
    """
    found = require_headings(list(file.headings), table, None)
    names = [name for name in found.columns if name is not None]
    width = len(names) + found.passed_over
    stage = StageFile(work, width, limits)
    try:
        for record in _records(file, limits):
            while len(record) > width and file.titles and not record[-1]:
                record.pop()
            ragged = len(record) != width
            if len(record) > width:
                record = [*record[: width - 1], file.separator.join(record[width - 1 :])]
            stage.add([value or None for value in record] + [None] * (width - len(record)),
                      ragged=ragged)  # fmt: skip
        stage.close()
    except TooMuch as limit:
        raise unreadable(str(limit)) from None
    except (UnicodeError, csv.Error) as error:
        raise unreadable(f"it breaks off ({type(error).__name__})") from None
    relation = f"read_parquet({quote_text(work / STAGE_NAME)})"
    return Delivered(relation, tuple(names), numbered=True, readings=_readings(file, found))


def _count_rows_quietly(file: TextFile, table: Table, limits: Limits) -> int | None:
    """Data rows of a file whose headings do not fit; None where it cannot be told."""
    if map_headings(list(file.headings), table).fits:
        return None
    try:
        return sum(1 for _ in _records(file, limits))
    except (UnicodeError, csv.Error, OSError):
        return None
