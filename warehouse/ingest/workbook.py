"""XLSX as people make it: which sheet and rows are the table, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from warehouse.contracts.model import Column, Table
from warehouse.errors import FileRefused
from warehouse.ingest.checks import delivered_column
from warehouse.ingest.delivered import choose_heading, require_headings, without_empty
from warehouse.ingest.headings import HeadingMap, map_headings
from warehouse.ingest.limits import Limits, unreadable
from warehouse.ingest.stagefile import StageFile
from warehouse.ingest.xlsx import Cell, Merge, Sheet, Workbook

__all__ = ["read_workbook"]

_LOOK_AT = 30
_SERIAL = re.compile(r"([1-7]\d{4})(\.\d+)?")
#: Days from the 1904 date system to the 1900 one.
_DAYS_1904 = 1462
_NOTE = re.compile(r"[\s　]*[（(【*※]*(说明|注|备注|填表说明|填报说明|填表人|制表人|审核人)")


@dataclass(frozen=True)
class _Place:
    """A sheet's table: the heading's row, and the worksheet columns of its headings."""

    sheet: Sheet
    number: int
    heading_row: int
    titles: int
    columns: tuple[int, ...]
    headings: tuple[str, ...]
    map: HeadingMap
    has_rows: bool


@dataclass
class _Counts:
    merged: int = 0
    notes: int = 0
    unheaded: int = 0
    serials: int = 0
    numbers: dict[str, int] = field(default_factory=dict)


def read_workbook(
    path: Path, work: Path, limits: Limits, engine: dict[str, Any], *, table: Table
) -> dict[str, Any]:
    """Write the table's rows as a stage file.

    The sheet is the one whose headings are the contract's; two of them are a `structure` refusal,
    for nobody can say which is meant. Hidden sheets and rows count like others. A cell merged
    over several rows stands for each of them; merged over columns, for the first. An error value
    (#N/A), a formula without kept value, or a number of more digits than a spreadsheet holds in
    a text column makes the row `type`.
    """
    with Workbook(path, limits) as book:
        places = [
            place
            for number, sheet in enumerate(book.sheets, 1)
            if (place := _look_at(book, sheet, number, table)) is not None
        ]
        if not places:
            raise unreadable("the workbook holds no sheet with cells")
        fitting = [place for place in places if place.map.fits]
        fitting = [place for place in fitting if place.has_rows] or fitting
        if len(fitting) > 1:
            numbers = ", ".join(str(place.number) for place in fitting)
            raise FileRefused(
                "structure",
                f"{table.id}: {len(fitting)} sheets ({numbers}) bear the contract's headings.",
                next_step="Deliver a workbook with one such sheet, or each as a file of its own.",
            )
        place = fitting[0] if fitting else max(places, key=lambda found: found.map.matched)
        if not place.map.fits:
            rows = sum(1 for number, _ in book.rows(place.sheet) if number > place.heading_row)
            require_headings(list(place.headings), table, rows)
        return _write(book, place, table, work, limits)


def _look_at(book: Workbook, sheet: Sheet, number: int, table: Table) -> _Place | None:
    rows = list(islice(book.rows(sheet), _LOOK_AT))
    if not rows:
        return None
    records = [[cells[place].text for place in sorted(cells)] for _, cells in rows]
    chosen = choose_heading(records, table)
    row_number, cells = rows[chosen]
    columns = tuple(place for place in sorted(cells) if cells[place].text.strip())
    headings = tuple(cells[place].text for place in columns)
    found = map_headings(without_empty(headings), table)
    return _Place(
        sheet, number, row_number, chosen, columns, headings, found, len(rows) > chosen + 1
    )


def _write(
    book: Workbook, place: _Place, table: Table, work: Path, limits: Limits
) -> dict[str, Any]:
    names = [name for name in place.map.columns if name is not None]
    described = [delivered_column(table, name) for name in names]
    stage = StageFile(work, len(names), limits)
    counts = _Counts()
    headed = set(place.columns)
    for cells, is_filled in _body(book, place, counts):
        if not is_filled and not headed.intersection(cells):
            counts.unheaded += 1
            continue
        counts.unheaded += any(column not in headed for column in cells)
        ragged = False
        row: list[str | None] = []
        # Headed columns that are passed over stand at the right end and are not described.
        for position, column in zip(place.columns, described, strict=False):
            cell = cells.get(position)
            if cell is None:
                row.append(None)
                continue
            text, wrong = _text_of(cell, column, book.date1904, counts)
            ragged |= wrong
            row.append(text or None)
        stage.add(row, ragged=ragged)
    stage.close()
    if counts.unheaded:
        raise FileRefused(
            "structure",
            f"{table.id}: {counts.unheaded} rows of the sheet hold cells outside the headed "
            "columns.",
            row_count=stage.total,
            next_step="Clear these cells, or give their column a heading of the contract.",
        )
    readings = {
        "format": "xlsx",
        "sheet": place.number,
        "sheet_is_hidden": place.sheet.hidden,
        "title_lines": place.titles,
        "date_system": 1904 if book.date1904 else 1900,
        "cells_of_merged_blocks": counts.merged,
        "note_lines": counts.notes,
        "serials_of_1904": counts.serials,
        "numeric_cells": counts.numbers,
        **place.map.readings,
    }
    kept = ("format", "sheet", *place.map.readings)
    return {
        "columns": names,
        "readings": {key: value for key, value in readings.items() if value or key in kept},
    }


def _body(book: Workbook, place: _Place, counts: _Counts) -> Iterator[tuple[dict[int, Cell], bool]]:
    """The rows below the heading with merged blocks filled in, notes below the table left off.

    A note is a row with one cell, the first, behind an empty row or beginning with a word such
    as 说明, when nothing but such rows follows.
    """
    headed = set(place.columns)
    merges = [
        merge for merge in book.merges(place.sheet)
        if merge.bottom > merge.top and merge.bottom > place.heading_row
        and merge.left in headed
    ]  # fmt: skip
    merges.sort(key=lambda merge: (merge.top, merge.left))
    waiting = iter(merges)
    upcoming = next(waiting, None)
    active: dict[int, tuple[Merge, Cell | None]] = {}
    held: list[dict[int, Cell]] = []
    before = place.heading_row
    for number, cells in book.rows(place.sheet):
        while upcoming is not None and upcoming.top <= number:
            first = cells.get(upcoming.left) if upcoming.top == number else None
            active[upcoming.left] = (upcoming, first)
            upcoming = next(waiting, None)
        if number <= place.heading_row or not any(cell.text.strip() or cell.kind == "unknown"
                                                  for cell in cells.values()):  # fmt: skip
            continue
        single = len(cells) == 1 and len(place.columns) > 1
        first_cell = cells.get(min(cells))
        is_note = (
            single
            and first_cell is not None
            and min(cells) <= place.columns[0]
            and (held or number > before + 1 or _NOTE.match(first_cell.text))
        )
        before = number
        if is_note:
            held.append(cells)
            continue
        for row in held:
            yield row, False
        held.clear()
        yield _filled(cells, number, active, counts), bool(active)
    counts.notes = len(held)


def _filled(
    cells: dict[int, Cell],
    number: int,
    active: dict[int, tuple[Merge, Cell | None]],
    counts: _Counts,
) -> dict[int, Cell]:
    for left, (merge, value) in list(active.items()):
        if merge.bottom < number:
            del active[left]
        elif number > merge.top and value is not None and left not in cells:
            cells = {**cells, left: value}
            counts.merged += 1
    return cells


def _text_of(cell: Cell, column: Column, date1904: bool, counts: _Counts) -> tuple[str, bool]:
    """The cell's text for this column, and whether the row cannot be trusted for it."""
    text = cell.text
    if cell.kind in ("error", "unknown"):
        return text or "(no value kept)", True
    is_text = column.type in ("string", "text")
    if cell.kind == "number" and is_text:
        counts.numbers[column.name] = counts.numbers.get(column.name, 0) + 1
        # A spreadsheet keeps 15 digits: the last ones of a longer number are made up.
        if len(text.lstrip("-").replace(".", "")) > 15 or "e" in text:
            return text, True
    if date1904 and column.type in ("date", "timestamp") and cell.kind != "date":
        serial = _SERIAL.fullmatch(text.strip())
        if serial is not None:
            counts.serials += 1
            return f"{int(serial[1]) + _DAYS_1904}{serial[2] or ''}", False
    return text, False
