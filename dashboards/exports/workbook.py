"""A page as a workbook: one sheet of data, one of definitions.

Text is written as text whatever it begins with, so that nothing in it is ever taken as a formula
or as a link. Figures are numbers, with their unit in the cell's format.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter

from dashboards import formats
from dashboards.exports.document import as_of_words, definition_pairs, name_of, notes, value_text
from dashboards.exports.page import Column, ExportPage
from dashboards.text import say

__all__ = ["workbook"]

_WIDEST = 48


def workbook(page: ExportPage, *, college: str, now: datetime) -> bytes:
    """The bytes of an XLSX file in the language that is spoken."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": page.title, "author": college, "created": now})
        sheets = _Styles(book)
        _data(book.add_worksheet(say("export.sheet_data")), sheets, page, college, now)
        _definitions(book.add_worksheet(say("export.sheet_definitions")), sheets, page)
    return file.getvalue()


class _Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._numbers: dict[str, Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.muted = book.add_format({"font_color": "#4A565D"})

    def number(self, pattern: str) -> Any:
        if pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format({"num_format": pattern})
        return self._numbers[pattern]


def _data(sheet: Any, styles: _Styles, page: ExportPage, college: str, now: datetime) -> None:
    made = formats.moment(now, now.date().replace(year=1), "zh")
    lines = [
        (page.title, styles.title),
        (page.subtitle, styles.muted),
        (as_of_words(page), styles.muted),
        (say("export.foot", college=college, address=page.address, made=made), styles.muted),
        *((words, styles.muted) for words in notes(page)),
    ]
    row = 0
    for words, style in lines:
        if words:
            sheet.write_string(row, 0, words, style)
            row += 1
    widths: dict[int, int] = {}
    for table in page.tables:
        row += 1
        sheet.write_string(row, 0, table.title, styles.heading)
        row += 1
        for place, column in enumerate(table.columns):
            sheet.write_string(row, place, column.heading, styles.heading)
            widths[place] = max(widths.get(place, 0), _width(column.heading))
        row += 1
        for values in table.rows:
            for place, column in enumerate(table.columns):
                widths[place] = max(widths[place], _cell(sheet, styles, row, place, column, values))
            row += 1
    for chart in page.charts:
        row += 1
        sheet.write_string(row, 0, say("export.chart", title=chart.title), styles.heading)
        sheet.write_string(row + 1, 0, chart.alt)
        row += 2
    for place, width in widths.items():
        sheet.set_column(place, place, min(width + 2, _WIDEST))


def _cell(
    sheet: Any, styles: _Styles, row: int, place: int, column: Column, values: Mapping[str, Any]
) -> int:
    """Write one value; how wide it is."""
    value, shown = values.get(column.key), value_text(column, values)
    if column.kind == "figure" and isinstance(value, int | float) and not isinstance(value, bool):
        unit = column.unit or values.get("unit") or ""
        sheet.write_number(row, place, value, styles.number(number_format(value, unit)))
    else:
        sheet.write_string(row, place, shown)
    return _width(shown)


def number_format(value: float, unit: str) -> str:
    """The cell format that shows a figure as the page does; money stays in yuan."""
    kind = formats.kind_of(unit)
    if kind == "share":
        return '0.0"%"'
    if kind == "ratio":
        return '0.0" : 1"'
    if kind == "money":
        return '#,##0.00" 元"'
    quoted = unit.replace('"', "")
    whole = float(value).is_integer() and "/" not in unit
    return ("#,##0" if whole else "#,##0.00") + (f'" {quoted}"' if quoted else "")


def _definitions(sheet: Any, styles: _Styles, page: ExportPage) -> None:
    headings = [
        say("export.indicator"),
        *(name for name, _ in definition_pairs(page, {})),
        say("export.release"),
        say("export.address"),
    ]
    for place, words in enumerate(headings):
        sheet.write_string(0, place, words, styles.heading)
        sheet.set_column(place, place, 24)
    for row, of in enumerate(page.definitions, 1):
        texts = [name_of(of), *(text for _, text in definition_pairs(page, of))]
        for place, words in enumerate([*texts, page.release, page.address]):
            sheet.write_string(row, place, words, styles.text)
    sheet.freeze_panes(1, 1)


def _width(text: str) -> int:
    """Columns of a sheet that a text takes: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
