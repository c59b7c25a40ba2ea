"""The workbook in which refused rows go back to their owner unit.

Sheet 退回数据 holds the rows as they were delivered, under the contract's headings and in its
order, so that the mended sheet is itself a delivery; the two columns at the right end say why and
what to mend, and ingestion passes over them. Sheet 说明 says what it is about, 代码表 lists the
codes that count.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warehouse.contracts.model import Contracts, Table
from warehouse.contracts.words import format_words, range_words, type_words
from warehouse.ingest.advice import REASON_WORDS, Adviser
from warehouse.ingest.booklet import (
    FONT,
    SheetNames,
    height_of,
    new_book,
    print_well,
    width_of,
)
from warehouse.ingest.cell_faults import FaultyRow
from warehouse.ingest.checks import delivered_column, is_required
from warehouse.ingest.headings import RETURN_HEADINGS, TECHNICAL_TITLES

__all__ = ["Returned", "write_returned"]

#: Rows a workbook holds; the complete rows then stand in a CSV beside it.
ROW_LIMIT = 100_000
#: Cells with a comment; further ones are coloured only, since comments are kept in memory.
_COMMENT_LIMIT = 2_000
_LONG_TEXT = 32_000
#: Widths of 退回原因 and 修改建议, and of the labels and texts of 说明.
_REASONS, _ADVICE, _LABEL, _TEXT = 18, 70, 20, 90
#: With the full-width forms, which a spreadsheet set to Chinese takes for the same signs.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Returned:
    """What the workbook says of the delivery: (label, text) lines, counts by reason, next steps,
    and remarks on the columns of a file that was refused whole."""

    facts: list[tuple[str, str]]
    reasons: Mapping[str, int]
    steps: list[str]
    problems: list[str] = field(default_factory=list)


def write_returned(
    path: Path,
    about: Returned,
    table: Table | None,
    columns: tuple[str, ...],
    rows: Iterable[FaultyRow],
    contracts: Contracts,
    adviser: Adviser | None,
    *,
    total: int,
    work: Path,
) -> None:
    """Write the workbook, and `<path>.csv` with all rows where there are more than it holds.

    Memory does not grow with the rows; `work` takes what is written meanwhile. `columns` are those
    of the rows' texts.
    """
    book = new_book(path, work)
    styles = _styles(book)
    names = SheetNames()
    if table is not None and adviser is not None and total:
        sheet = book.add_worksheet(names.give("退回数据"))
        _rows_sheet(sheet, path, styles, table, columns, rows, adviser, total)
    guide = book.add_worksheet(names.give("说明"))
    _guide(guide, styles, about, total)
    if table is not None:
        if not total:
            _columns_sheet(book.add_worksheet(names.give("列要求")), styles, table, contracts)
        _codes_sheet(book.add_worksheet(names.give("代码表")), styles, table, contracts)
    guide.activate()
    guide.set_first_sheet()
    book.close()


def _styles(book: Any) -> dict[str, Any]:
    base = {"font_name": FONT, "font_size": 10}
    head = {**base, "bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
    return {
        "text": book.add_format({**base, "num_format": "@", "valign": "top"}),
        "wrapped": book.add_format({**base, "text_wrap": True, "valign": "top"}),
        "bad": book.add_format(
            {
                **base,
                "num_format": "@",
                "valign": "top",
                "bg_color": "#FBEAE5",
                "font_color": "#8F2A12",
                "border": 1,
            }
        ),
        "head": book.add_format({**head, "bg_color": "#1B5E8C", "font_color": "#FFFFFF"}),
        "remark": book.add_format({**head, "bg_color": "#FDF1DD", "font_color": "#7A4600"}),
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "label": book.add_format({**base, "bold": True, "valign": "top"}),
    }


def _headings(table: Table, columns: tuple[str, ...]) -> list[str]:
    return [
        TECHNICAL_TITLES[name] if name not in table.column_names else table.column(name).title
        for name in columns
    ]


def _rows_sheet(
    sheet: Any,
    path: Path,
    styles: dict[str, Any],
    table: Table,
    columns: tuple[str, ...],
    rows: Iterable[FaultyRow],
    adviser: Adviser,
    total: int,
) -> None:
    headings = _headings(table, columns)
    print_well(sheet, heading=True)
    for place, heading in enumerate(headings):
        sheet.set_column(place, place, width_of([heading], 14, 24))
    sheet.set_column(len(headings), len(headings), _REASONS)
    sheet.set_column(len(headings) + 1, len(headings) + 1, _ADVICE)
    sheet.freeze_panes(1, 0)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, styles["head"])
    for place, heading in enumerate(RETURN_HEADINGS, len(headings)):
        sheet.write_string(0, place, heading, styles["remark"])
    commented = 0
    whole = _Csv(path.with_suffix(".csv"), [*headings, *RETURN_HEADINGS], total > ROW_LIMIT)
    with whole:
        for line, row in enumerate(rows, 1):
            reasons = "、".join(REASON_WORDS.get(reason, reason) for reason in row.reasons)
            cells, advice = _advice(row, table, adviser)
            whole.write(row.texts, reasons, advice)
            if line > ROW_LIMIT:
                continue
            sheet.set_row(line, height_of([(reasons, _REASONS), (advice, _ADVICE)]))
            for place, (name, text) in enumerate(zip(columns, row.texts, strict=True)):
                note = cells.get(name)
                if text is None and note is None:
                    continue
                shown = (text or "")[:_LONG_TEXT]
                style = styles["bad" if note else "text"]
                if shown:
                    sheet.write_string(line, place, shown, style)
                else:
                    sheet.write_blank(line, place, None, style)
                if note and commented < _COMMENT_LIMIT:
                    sheet.write_comment(line, place, note, {"author": "", "x_scale": 2})
                    commented += 1
            sheet.write_string(line, len(columns), reasons, styles["wrapped"])
            sheet.write_string(line, len(columns) + 1, advice[:_LONG_TEXT], styles["wrapped"])


class _Csv:
    """All rows as CSV, where the workbook cannot hold them."""

    def __init__(self, path: Path, headings: list[str], wanted: bool) -> None:
        self._path, self._headings, self._wanted = path, headings, wanted

    def __enter__(self) -> _Csv:
        if self._wanted:
            self._stream = self._path.open("w", encoding="utf-8-sig", newline="")
            # All in quotes: a lone carriage return outside of them would begin a new row, and what
            # stands behind it would be a cell of its own.
            self._writer = csv.writer(self._stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
            self._writer.writerow(self._headings)
        return self

    def __exit__(self, *_: object) -> None:
        if self._wanted:
            self._stream.close()

    def write(self, texts: tuple[str | None, ...], reasons: str, advice: str) -> None:
        if self._wanted:
            # A spreadsheet would run what begins like a formula; ingestion drops the tab again.
            safe = [
                f"\t{text}" if text and text.lstrip().startswith(_FORMULA) else text
                for text in texts
            ]
            self._writer.writerow([*safe, reasons, advice])


def _advice(row: FaultyRow, table: Table, adviser: Adviser) -> tuple[dict[str, str], str]:
    """Notes by column, and the whole advice as numbered sentences."""
    cells: dict[str, str] = {}
    said: list[str] = []
    told: set[str] = set()

    def note(columns: Iterable[str], words: str, reason: str) -> None:
        for name in columns:
            cells[name] = f"{cells[name]}；{words}" if name in cells else words
        if words not in said:
            said.append(words)
        told.add(reason)

    for name, reason in row.cells:
        if reason in row.reasons:
            note([name], adviser.column(delivered_column(table, name), reason), reason)
    for columns, others in row.twins:
        note(columns, adviser.duplicate(columns, others), "duplicate_key")
    if "orphan" in row.reasons:
        for name in row.orphans:
            note(adviser.columns_of(name), adviser.orphan(name), "orphan")
    for name in row.rules:
        if (reason := adviser.rule_reason(name)) in row.reasons:
            note(adviser.rule_columns(name), adviser.rule(name), reason)
    for reason in row.reasons:
        if reason not in told:
            said.append(adviser.generic(reason))
    if len(said) == 1:
        return cells, said[0]
    return cells, "；\n".join(f"{place}. {words}" for place, words in enumerate(said, 1))


def _guide(sheet: Any, styles: dict[str, Any], about: Returned, total: int) -> None:
    print_well(sheet)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, _LABEL)
    sheet.set_column(1, 1, _TEXT)
    sheet.write_string(0, 0, "退回说明", styles["title"])
    for row, (label, text) in enumerate(_guide_lines(about, total), 2):
        sheet.set_row(row, height_of([(text, _TEXT)]))
        sheet.write_string(row, 0, label, styles["label"])
        sheet.write_string(row, 1, text, styles["wrapped"])


def _guide_lines(about: Returned, total: int) -> Iterator[tuple[str, str]]:
    yield from about.facts
    yield "", ""
    for place, (reason, count) in enumerate(about.reasons.items()):
        words = REASON_WORDS.get(reason, reason)
        yield ("退回原因" if place == 0 else "", f"{words}：{count:,} 行" if count else words)
    for place, problem in enumerate(about.problems):
        yield ("列的问题" if place == 0 else "", problem)
    yield "", ""
    steps = list(about.steps)
    if total > ROW_LIMIT:
        steps.append(
            f"共 {total:,} 行，本工作簿只列前 {ROW_LIMIT:,} 行；"
            "全部行在同一目录下的同名 CSV 文件中，列与本工作簿相同。"
        )
    for place, step in enumerate(steps, 1):
        yield ("怎样处理" if place == 1 else "", f"{place}. {step}")
    yield "", ""
    yield (
        "保密",
        "本文件含被退回的原始数据，可能有个人信息，仅供本单位改正数据使用，用后删除，不得转发。",
    )


def _columns_sheet(sheet: Any, styles: dict[str, Any], table: Table, contracts: Contracts) -> None:
    print_well(sheet, heading=True)
    heads = ("列名", "英文列名", "类型", "必填", "要求")
    widths = (24, 28, 20, 8, 70)
    for place, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, styles["head"])
    for row, column in enumerate(table.columns, 1):
        wants = [format_words(column), range_words(column)]
        wants += [f"代码表 {column.code_table}" if column.code_table else ""]
        wants += ["、".join(column.allowed), column.description or ""]
        values = (
            column.title,
            column.name,
            type_words(column),
            "是" if is_required(table, column) else "",
            "；".join(filter(None, wants)),
        )
        sheet.set_row(row, height_of(zip(values, widths, strict=True)))
        for place, value in enumerate(values):
            sheet.write_string(row, place, value, styles["wrapped"])


def _codes_sheet(sheet: Any, styles: dict[str, Any], table: Table, contracts: Contracts) -> None:
    print_well(sheet, heading=True)
    sheet.set_column(0, 1, 26)
    sheet.set_column(2, 2, 40)
    for place, head in enumerate(("代码表", "代码", "名称")):
        sheet.write_string(0, place, head, styles["head"])
    row = 0
    for name in dict.fromkeys(column.code_table for column in table.columns):
        for code, label in contracts.code_tables.get(name or "", {}).items():
            row += 1
            for place, value in enumerate((str(name), str(code), str(label))):
                sheet.write_string(row, place, value, styles["text"])
