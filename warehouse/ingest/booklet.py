"""What templates and returned workbooks have in common: formats, sheet names, lists of codes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.contracts.model import Column, Contracts
from warehouse.contracts.words import (
    format_words,
    parent_words,
    pattern_words,
    range_words,
    type_words,
)

__all__ = [
    "FONT",
    "LAST_ROW",
    "SheetNames",
    "column_note",
    "height_of",
    "limits_of",
    "limits_words",
    "new_book",
    "print_well",
    "width_of",
]

FONT = "微软雅黑"
#: Rows of a sheet, headings included.
LAST_ROW = 1_048_576
#: Points: a line of 10-point text, and the tallest row a spreadsheet takes.
_LINE, _TALLEST = 16.5, 409.0
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
#: The same content gives the same bytes.
_MADE = datetime(2000, 1, 1)


class SheetNames:
    """Names of at most 31 characters, each given once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, wanted: str) -> str:
        base = _FORBIDDEN.sub(" ", wanted).strip()[:31] or "表"
        name, number = base, 1
        while name.lower() in self._given:
            number += 1
            name = f"{base[: 31 - len(str(number)) - 1]}_{number}"
        self._given.add(name.lower())
        return name


def new_book(path: Path, work: Path | None = None) -> Any:
    """A workbook that takes no text for a formula, a number or a link.

    With `work`, a folder for its temporary files, rows must come in order and memory does not
    grow with them; without, all is held in memory.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": work is not None,
            "in_memory": work is None,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "tmpdir": str(work) if work else None,
        },
    )
    book.set_properties({"created": _MADE})
    book.formats[0].set_font_name(FONT)
    return book


def print_well(sheet: Any, *, heading: bool = False) -> None:
    """Print on A4, across, as wide as the page; with `heading`, the first row on every page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    if heading:
        sheet.repeat_rows(0)


def column_note(table: Any, column: Column, contracts: Contracts, *, required: bool) -> str:
    """What a column wants, as the comment on its heading."""
    lines = [
        f"{column.title}（{column.name}）",
        f"{type_words(column)}；{'必填' if required else '可空'}",
    ]
    lines += filter(None, [format_words(column)])
    if column.pattern:
        lines.append(f"格式：{pattern_words(column.pattern)}")
    if bounds := range_words(column):
        lines.append(f"范围：{bounds}")
    if column.code_table or column.allowed:
        lines.append("从下拉列表中选择；也可填代码")
    if column.foreign_key:
        lines.append(f"须已在{parent_words(table, contracts, column.foreign_key)}中")
    if column.check_digit:
        lines.append(f"按 {column.check_digit} 检查末位校验码")
    lines += filter(None, [column.standard, column.description])
    return "\n".join(lines)


def width_of(texts: Iterable[str], least: int = 10, most: int = 48) -> int:
    """A column's width for texts; a Chinese character counts double."""
    return min(max(least, max(map(_breadth, texts), default=0) + 3), most)


def height_of(cells: Iterable[tuple[str, float]]) -> float:
    """The height of a row in points, for (text, width of its column): not every spreadsheet makes
    room for wrapped text by itself."""
    lines = (
        sum(math.ceil((_breadth(line) + 1) / width) for line in text.split("\n"))
        for text, width in cells
    )
    return min(max([1, *lines]) * _LINE, _TALLEST)


def _breadth(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F or sign in "“”‘’…—" else 1 for sign in text)


def limits_of(column: Column) -> tuple[float, float]:
    """Least and greatest number that a cell may hold."""
    digits = 9 if column.type == "int" else 15
    low = column.minimum if column.minimum is not None else -(10.0**digits)
    high = column.maximum if column.maximum is not None else 10.0**digits
    return low, high


def limits_words(column: Column) -> str:
    """The limits as an instruction."""
    kind = "整数" if column.type == "int" else "数值"
    return f"请填{kind}" + (f"，{range_words(column)}" if range_words(column) else "") + "。"
