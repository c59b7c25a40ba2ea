"""The parts of an XLSX package, read as a stream: sheets, styles, shared strings, cells.

A cell is given as text that says exactly what the file says: a number with its shortest digits,
a date by its number format in either date system, a formula by its kept value. Nothing is held
in memory but the shared strings (ECMA-376 part 1, 18.3 and 18.4).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from xml.parsers import expat

from warehouse.ingest.limits import Limits, TooMuch, unreadable
from warehouse.ingest.unpacking import Meter

__all__ = ["Cell", "Merge", "Sheet", "Workbook", "column_of"]

_CHUNK = 1 << 20
_MOST_PARTS = 10_000
_MOST_SHEETS = 256
_MOST_MERGES = 200_000
_MOST_COLUMNS, _MOST_ROWS = 16_384, 1_048_576
#: Chunks in a row without an element: no cell's text is as long, and expat goes through what it
#: holds of an unended token anew with every chunk.
_MOST_SILENT = 16
#: ECMA-376 part 2 lets a package store or deflate its parts; the rest of zip unpacks far more at
#: a time than is asked for.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LONGEST_FORMAT = 255
_DEEPEST = 64
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_A_DATE = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True)
class Cell:
    """`kind` is text, number, date, truth, error, or unknown (a formula whose value was not
    kept). `text` is what it says."""

    kind: str
    text: str


@dataclass(frozen=True)
class Merge:
    """A merged block, counted from 1, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    name: str
    part: str
    hidden: bool


def column_of(letters: str) -> int:
    """A is 1, Z 26, AA 27."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place


class Workbook:
    """An opened package. Raises `FileRefused` (unreadable) for what is none, `TooMuch` beyond
    the limits."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._meter = Meter(limits, path.stat().st_size)
        with path.open("rb") as stream:
            if stream.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
                raise unreadable("it is an old .xls workbook, or locked with a password")
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise unreadable("it is no workbook in the XLSX format") from None
        if len(self._zip.infolist()) > _MOST_PARTS:
            raise TooMuch(f"it has more than {_MOST_PARTS:,} parts")
        self.date1904 = False
        self.sheets: list[Sheet] = []
        self._shared: list[str] | None = None
        self._shared_part: str | None = None
        self._dates: list[bool] = []
        self._read_workbook()

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    # --- parts ---------------------------------------------------------------------------------

    def _chunks(self, part: str) -> Iterator[bytes]:
        try:
            if self._zip.getinfo(part).compress_type not in _PACKED:
                raise unreadable(
                    "a part of the workbook is packed in a way that XLSX does not know"
                )
            with self._zip.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    self._meter.add(len(chunk))
                    yield chunk
        except KeyError:
            raise unreadable("a part of the workbook is missing") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
            raise unreadable("the workbook is damaged, locked or breaks off") from None

    def _parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        for _ in self._parsed(part, start, end, text):
            pass

    def _parsed(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None,
        text: Callable[[str], None] | None,
    ) -> Iterator[None]:
        """Feed a part to the callbacks, pausing after each chunk. Prefixes are cut off names.

        No document type is let in: entities, inside or outside the file, begin there.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        depth = silent = 0

        def opened(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth, silent
            silent = 0
            depth += 1
            if depth > _DEEPEST:
                raise TooMuch(f"its XML is nested more than {_DEEPEST} deep")
            start(name.rpartition(":")[2], attributes)

        def closed(name: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(name.rpartition(":")[2])

        def refuse(*_: object) -> None:
            raise unreadable("a part of the workbook declares a document type")

        parser.StartElementHandler = opened
        parser.EndElementHandler = closed
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = refuse
        try:
            for chunk in self._chunks(part):
                silent += 1
                if silent > _MOST_SILENT:
                    raise TooMuch("a text, tag or comment in it is longer than any may be")
                parser.Parse(chunk)
                yield
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise unreadable("a part of the workbook is no XML") from None

    def _read_workbook(self) -> None:
        targets: dict[str, tuple[str, str]] = {}
        found: list[tuple[str, str, bool]] = []

        def relations(base: str) -> Callable[[str, dict[str, str]], None]:
            def relation(name: str, attributes: dict[str, str]) -> None:
                if name == "Relationship" and attributes.get("TargetMode") != "External":
                    target = attributes.get("Target", "")
                    place = posixpath.normpath(posixpath.join(base, target)).lstrip("/")
                    kind = attributes.get("Type", "").rpartition("/")[2]
                    targets[attributes.get("Id", "")] = (kind, place)

            return relation

        self._parse("_rels/.rels", relations("/"))
        main = next((place for kind, place in targets.values() if kind == "officeDocument"), None)
        if main is None or main not in self._zip.namelist():
            raise unreadable("it is no workbook in the XLSX format")
        targets.clear()
        folder, _, name = main.rpartition("/")
        self._parse(f"{folder}/_rels/{name}.rels".lstrip("/"), relations(f"/{folder}"))

        def element(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                self.date1904 = attributes.get("date1904", "0").lower() in ("1", "true")
            elif name == "sheet":
                key = next((k for k in attributes if k.rpartition(":")[2] == "id"), "")
                state = attributes.get("state", "visible")
                found.append(
                    (attributes.get("name", ""), attributes.get(key, ""), state != "visible")
                )
                if len(found) > _MOST_SHEETS:
                    raise TooMuch(f"it has more than {_MOST_SHEETS} sheets")

        self._parse(main, element)
        self.sheets = [
            Sheet(title, targets[key][1], hidden)
            for title, key, hidden in found
            if targets.get(key, ("", ""))[0] == "worksheet"
        ]
        by_kind = dict(targets.values())
        self._shared_part = by_kind.get("sharedStrings")
        if (styles := by_kind.get("styles")) in self._zip.namelist():
            self._read_styles(styles)

    def _read_styles(self, part: str) -> None:
        own: dict[int, bool] = {}
        inside = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            if name == "numFmt":
                code = attributes.get("formatCode", "")[:_LONGEST_FORMAT]
                code = _NOT_A_DATE.sub("", code).lower()
                own[_number(attributes.get("numFmtId"))] = any(
                    letter in code for letter in ("y", "d", "h", "s", "m", "年", "月", "日")
                )
            elif name == "cellXfs":
                inside = True
            elif name == "xf" and inside:
                style = _number(attributes.get("numFmtId"))
                self._dates.append(own.get(style, style in _DATE_FORMATS))

        def end(name: str) -> None:
            nonlocal inside
            if name == "cellXfs":
                inside = False

        self._parse(part, start, end)

    @property
    def shared(self) -> list[str]:
        if self._shared is None:
            self._shared = self._read_shared()
        return self._shared

    def _read_shared(self) -> list[str]:
        if self._shared_part is None or self._shared_part not in self._zip.namelist():
            return []
        texts: list[str] = []
        pieces: list[str] = []
        reading = phonetic = False

        def start(name: str, _: dict[str, str]) -> None:
            nonlocal reading, phonetic
            if name == "rPh":
                phonetic = True
            elif name == "t" and not phonetic:
                reading = True

        def end(name: str) -> None:
            nonlocal reading, phonetic
            if name == "t":
                reading = False
            elif name == "rPh":
                phonetic = False
            elif name == "si":
                texts.append(_unescaped("".join(pieces)))
                pieces.clear()

        def text(piece: str) -> None:
            if reading:
                pieces.append(piece)

        self._parse(self._shared_part, start, end, text)
        return texts

    # --- cells ---------------------------------------------------------------------------------

    def merges(self, sheet: Sheet) -> list[Merge]:
        """The merged blocks; they stand behind the cells, so the sheet is run through once."""
        pattern = re.compile(
            rb'<(?:\w+:)?mergeCell\b[^<>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
        )
        found: list[Merge] = []
        kept = b""
        for chunk in self._chunks(sheet.part):
            window = kept + chunk
            last = 0
            if b"mergeCell" in window:
                for match in pattern.finditer(window):
                    left, top, right, bottom = (part.decode() for part in match.groups())
                    found.append(Merge(int(top), column_of(left), int(bottom), column_of(right)))
                    last = match.end()
                if len(found) > _MOST_MERGES:
                    raise TooMuch(f"it has more than {_MOST_MERGES:,} merged blocks")
            kept = window[max(last, len(window) - 256) :]
        return found

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, dict[int, Cell]]]:
        """(number of the row, cells by column), in the order of the file; empty cells left out."""
        done: list[tuple[int, dict[int, Cell]]] = []
        row: dict[int, Cell] = {}
        row_number = column = 0
        kind = style = ""
        value: list[str] = []
        reading = formula = phonetic = False
        shared, dates, date1904 = self.shared, self._dates, self.date1904
        moments: dict[str, str | None] = {}
        most = self._limits.columns

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal row, row_number, column, kind, style, reading, formula, phonetic
            if name == "c":
                reference = _REFERENCE.fullmatch(attributes.get("r", ""))
                column = column_of(reference[1]) if reference else column + 1
                if column > _MOST_COLUMNS:
                    raise TooMuch("it has more columns than a worksheet can have")
                kind, style = attributes.get("t", "n"), attributes.get("s", "0")
                value.clear()
                formula = False
            elif name == "v":
                reading = True
            elif name == "t":
                reading = kind == "inlineStr" and not phonetic
            elif name == "f":
                formula = True
            elif name == "rPh":
                phonetic = True
            elif name == "row":
                row_number = _number(attributes.get("r")) or row_number + 1
                if row_number > _MOST_ROWS:
                    raise TooMuch("it has more rows than a worksheet can have")
                row, column = {}, 0

        def end(name: str) -> None:
            nonlocal reading, phonetic
            if name in ("v", "t"):
                reading = False
            elif name == "rPh":
                phonetic = False
            elif name == "c":
                cell = make("".join(value))
                if cell is not None:
                    row[column] = cell
                    if len(row) > most:
                        raise TooMuch(f"it has more than {most:,} columns")
            elif name == "row" and row:
                done.append((row_number, row))

        def text(piece: str) -> None:
            if reading:
                value.append(piece)

        def make(said: str) -> Cell | None:
            if kind == "s":
                place = _number(said, -1)
                if not 0 <= place < len(shared):
                    raise unreadable("a cell of the workbook names a text that is not there")
                return Cell("text", shared[place]) if shared[place] else None
            if kind in ("str", "inlineStr"):
                return Cell("text", _unescaped(said)) if said else None
            if not said:
                return Cell("unknown", "") if formula else None
            if kind == "e":
                return Cell("error", said)
            if kind == "b":
                return Cell("truth", "true" if said.strip() == "1" else "false")
            if kind == "d":
                return Cell("date", said.strip())
            place = _number(style)
            if place < len(dates) and dates[place]:
                if said not in moments:
                    if len(moments) > 100_000:
                        moments.clear()
                    moments[said] = _moment(said, date1904)
                if (moment := moments[said]) is not None:
                    return Cell("date", moment)
            return Cell("number", _digits(said))

        for _ in self._parsed(sheet.part, start, end, text):
            yield from done
            done.clear()
        yield from done


def _number(text: str | None, default: int = 0) -> int:
    return (
        int(text)
        if text is not None and text.isascii() and text.isdigit() and len(text) < 10
        else default
    )


def _unescaped(text: str) -> str:
    """Control characters are written _x000D_ (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _digits(said: str) -> str:
    """A number's shortest digits: a spreadsheet writes 0.1 as 0.10000000000000001."""
    said = said.strip()
    if said.isascii() and said.isdigit() and len(said) <= 15:
        return said.lstrip("0") or "0"
    try:
        number = float(said)
    except ValueError:
        return said
    if number != number or number in (float("inf"), float("-inf")):
        return said
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    shortest = repr(number)
    if "e" in shortest and abs(number) < 1e15:
        return format(Decimal(shortest), "f")
    return shortest


def _moment(said: str, date1904: bool) -> str | None:
    """A serial as a date or time; None for what no calendar holds (29 February 1900)."""
    try:
        serial = float(said)
    except ValueError:
        return None
    if not 0 <= serial < 2_958_466:
        return None
    if date1904:
        begin = datetime(1904, 1, 1)
    elif serial < 60:
        begin = datetime(1899, 12, 31)
    elif serial < 61:
        return None
    else:
        begin = datetime(1899, 12, 30)
    # A day's fraction is kept in binary: to the millisecond it means what was typed.
    try:
        moment = begin + timedelta(milliseconds=round(serial * 86_400_000))
    except OverflowError:
        return None
    if serial < 1 and not date1904:
        return moment.strftime("%H:%M:%S")
    if moment.time() == datetime.min.time():
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="milliseconds" if moment.microsecond else "seconds")
