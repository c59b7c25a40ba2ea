"""CSV in whatever encoding, with whatever separator: what it is, and how DuckDB may read it."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warehouse.contracts.model import Table
from warehouse.engine import quote_text
from warehouse.errors import FileRefused
from warehouse.ingest.delivered import Delivered, require_headings
from warehouse.ingest.headings import map_headings

__all__ = ["TextFile", "deliver_by_record", "deliver_text", "is_utf8", "open_text_file"]

_HEAD = 1 << 20
_CHUNK = 4 << 20
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_RECORDS = 50_000
_FIELD_LIMIT = 8 << 20


@dataclass(frozen=True)
class TextFile:
    """`path` is the file as delivered; `encoding` a codec of Python."""

    path: Path
    encoding: str
    separator: str
    headings: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether DuckDB can read the delivered file itself."""
        return self.encoding in ("utf-8", "utf-8-sig") and _compression(self.path) is None


def _compression(path: Path) -> str | None:
    suffix = path.suffix.lower()
    return {".gz": "gzip", ".zst": "zstd"}.get(suffix)


def _open_bytes(path: Path) -> BinaryIO:
    compression = _compression(path)
    if compression == "gzip":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if compression == "zstd":
        import pyarrow

        return pyarrow.CompressedInputStream(pyarrow.OSFile(str(path)), "zstd")
    return path.open("rb")


def _unreadable(path: Path, why: str) -> FileRefused:
    return FileRefused(
        "unreadable",
        f"The file cannot be read: {why}.",
        next_step="Save it again as CSV (UTF-8) or XLSX and deliver it anew.",
    )


def _encoding(head: bytes, path: Path, *, whole: bool) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[1::2].count(0) * 2 > len(head[1::2]):
        return "utf-16-le"
    if b"\0" in head[:4096]:
        raise _unreadable(path, "it is not text")
    for name in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(name)().decode(head, final=whole)
        except UnicodeDecodeError:
            continue
        return name
    raise _unreadable(path, "its text is neither UTF-8, UTF-16 nor GB18030")


def open_text_file(path: Path, table: Table, *, encoding: str | None = None) -> TextFile:
    """Find encoding, separator and headings.

    The separator is the one under which most headings belong to the contract. Raises
    `FileRefused` (unreadable) for what is not text or is empty.
    """
    try:
        with _open_bytes(path) as stream:
            head = stream.read(_HEAD)
    except (OSError, EOFError) as error:
        raise _unreadable(path, f"unpacking fails ({type(error).__name__})") from None
    if not head.strip(b"\r\n\t \0"):
        raise _unreadable(path, "it is empty")
    whole = len(head) < _HEAD
    encoding = encoding or _encoding(head, path, whole=whole)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head, final=whole)
    candidates = []
    for separator in _SEPARATORS:
        headings = _first_record(text, separator)
        candidates.append(
            (map_headings(headings, table).matched, len(headings), separator, headings)
        )
    _, _, separator, headings = max(candidates, key=lambda found: found[:2])
    return TextFile(path, encoding, separator, tuple(headings))


def _first_record(text: str, separator: str) -> list[str]:
    try:
        return next((row for row in csv.reader(io.StringIO(text), delimiter=separator) if row), [])
    except csv.Error:
        return []


def deliver_text(file: TextFile, table: Table, work: Path) -> Delivered:
    """The file as a relation that DuckDB reads by itself, in parallel.

    What is packed or not UTF-8 is first streamed to a temporary file in `work`. A path may hold
    characters that DuckDB takes for a pattern, so it is read through a link with a plain name.
    """
    found = require_headings(list(file.headings), table, _count_rows_quietly(file, table))
    if file.is_plain:
        source = work / "delivered.csv"
        source.unlink(missing_ok=True)
        source.symlink_to(file.path)
    else:
        source = _transcode(file, work / "transcoded.csv")
    names = [name for name in found.columns if name is not None]
    columns = ", ".join(
        f"'c{position}': 'VARCHAR'" for position in range(len(names) + found.passed_over)
    )
    relation = (
        f"read_csv({quote_text(source)}, columns = {{{columns}}}, auto_detect = false, "
        f"header = true, delim = {quote_text(file.separator)}, quote = '\"', escape = '\"', "
        "nullstr = '', strict_mode = true)"
    )
    return Delivered(
        relation, tuple(names), numbered=False, readings=_readings(file, found.chinese)
    )


def _readings(file: TextFile, chinese: int) -> dict[str, object]:
    return {
        "format": "csv",
        "compression": _compression(file.path),
        "encoding": {"utf-8-sig": "UTF-8 with BOM"}.get(file.encoding, file.encoding.upper()),
        "separator": _SEPARATORS[file.separator],
        "chinese_headings": chinese,
    }


def _transcode(file: TextFile, target: Path) -> Path:
    decoder = codecs.getincrementaldecoder(file.encoding)()
    descriptor = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as sink, _open_bytes(file.path) as stream:
            while chunk := stream.read(_CHUNK):
                sink.write(decoder.decode(chunk).encode())
            sink.write(decoder.decode(b"", final=True).encode())
    except UnicodeDecodeError:
        raise _unreadable(file.path, f"it is not {file.encoding} throughout") from None
    except (OSError, EOFError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _unreadable(file.path, "it cannot be unpacked to its end") from None
    return target


def is_utf8(file: TextFile) -> bool:
    """Whether the whole file decodes as UTF-8; its beginning alone may be ASCII by chance."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with _open_bytes(file.path) as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _records(file: TextFile) -> Iterator[list[str]]:
    """All records but the headings, empty ones left out."""
    csv.field_size_limit(_FIELD_LIMIT)
    with io.TextIOWrapper(_open_bytes(file.path), encoding=file.encoding, newline="") as text:
        rows = (row for row in csv.reader(text, delimiter=file.separator) if row)
        next(rows, None)
        yield from rows


def deliver_by_record(file: TextFile, table: Table, work: Path) -> Delivered:
    """The file read record by record, for one that DuckDB's strict reader gave up on.

    A record with too few fields is filled up with nulls; fields too many are kept at the end of
    the last one, so that quarantine shows what came. Both are marked `ragged`.
    """
    import polars

    found = require_headings(list(file.headings), table, None)
    names = [name for name in found.columns if name is not None]
    width = len(names) + found.passed_over
    schema = {f"c{position}": polars.String for position in range(width)}
    folder = work / "records"
    folder.mkdir(mode=0o700, exist_ok=True)
    rows: list[tuple[object, ...]] = []
    total = parts = 0

    def write() -> None:
        nonlocal parts
        frame = polars.DataFrame(
            rows,
            schema={**schema, "batch_row": polars.Int64, "ragged": polars.Boolean},
            orient="row",
        )
        frame.write_parquet(folder / f"part-{parts:06d}.parquet", compression="snappy")
        parts += 1
        rows.clear()

    try:
        for record in _records(file):
            total += 1
            ragged = len(record) != width
            if len(record) > width:
                record = [*record[: width - 1], file.separator.join(record[width - 1 :])]
            values = [value or None for value in record] + [None] * (width - len(record))
            rows.append((*values, total, ragged))
            if len(rows) >= _RECORDS:
                write()
        write()
    except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile) as error:
        raise _unreadable(file.path, f"it breaks off ({type(error).__name__})") from None
    relation = f"read_parquet({quote_text(folder / 'part-*.parquet')})"
    return Delivered(relation, tuple(names), numbered=True, readings=_readings(file, found.chinese))


def _count_rows_quietly(file: TextFile, table: Table) -> int | None:
    """Data rows of a file whose headings do not fit; None where it cannot be told."""
    if map_headings(list(file.headings), table).fits:
        return None
    try:
        return sum(1 for _ in _records(file))
    except (UnicodeDecodeError, csv.Error, EOFError, OSError):
        return None
