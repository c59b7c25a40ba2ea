"""The XLSX template of a unit, a source or a table: headings, pick lists, formats, examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from warehouse.authority import Authority
from warehouse.contracts.model import Column, Contracts, Table
from warehouse.contracts.words import CADENCES, KINDS, format_words
from warehouse.ingest.booklet import (
    FONT,
    LAST_ROW,
    SheetNames,
    column_note,
    height_of,
    limits_of,
    limits_words,
    new_book,
    print_well,
    width_of,
)
from warehouse.ingest.checks import is_required
from warehouse.ingest.examples import Row, example_rows
from warehouse.ingest.picklists import offered, pick_list

__all__ = ["write_template"]

_NUMBER_FORMATS = {"int": "0", "date": "yyyy-mm-dd", "timestamp": "yyyy-mm-dd hh:mm:ss"}


def write_template(
    path: Path,
    tables: Sequence[Table],
    contracts: Contracts,
    authority: Authority,
    title: str,
    filled: Mapping[str, Sequence[Row]] | None = None,
) -> None:
    """Write one workbook: 说明, a sheet a table to fill in, 示例, and the hidden lists.

    The examples have a column in front that no contract knows, so that ingestion, which takes
    the sheet with the contract's headings, never takes an example for a delivery.
    `filled` holds rows by table id to stand in them from the start, as if typed in.
    """
    book = new_book(path)
    styles = _Styles(book)
    names = SheetNames()
    guide = book.add_worksheet(names.give("说明"))
    sheets = [(table, book.add_worksheet(names.give(table.title))) for table in tables]
    examples = book.add_worksheet(names.give("示例"))
    lists = _Lists(book, book.add_worksheet(names.give("代码表")), contracts)
    for table, sheet in sheets:
        _entry_sheet(sheet, table, contracts, styles, lists)
        for line, row in enumerate((filled or {}).get(table.id, ()), 1):
            _fill(sheet, line, table, contracts, row)
    _guide(guide, tables, authority, styles, title)
    _examples(examples, tables, contracts, styles)
    lists.finish(styles)
    guide.activate()
    book.close()


class _Styles:
    def __init__(self, book: Any) -> None:
        base = {"font_name": FONT, "font_size": 10}
        head = {**base, "bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.book = book
        self.base = base
        self.title = book.add_format({**base, "bold": True, "font_size": 14})
        self.text = book.add_format({**base, "text_wrap": True, "valign": "top"})
        self.bold = book.add_format({**base, "bold": True, "valign": "top"})
        self.required = book.add_format({**head, "bg_color": "#1B5E8C", "font_color": "#FFFFFF"})
        self.optional = book.add_format({**head, "bg_color": "#F2F5F7", "font_color": "#12181D"})
        self._cells: dict[str, Any] = {}

    def cell(self, column: Column) -> Any:
        """The format of a column's cells; text stays text, so that leading zeros survive."""
        code = _NUMBER_FORMATS.get(column.type, "@")
        if column.type.startswith("decimal"):
            scale = int(column.type.rstrip(")").rpartition(",")[2])
            code = "0." + "0" * scale if scale else "0"
        if code not in self._cells:
            self._cells[code] = self.book.add_format({**self.base, "num_format": code})
        return self._cells[code]


class _Lists:
    """The pick lists on their own hidden sheet, each under a name of the workbook."""

    def __init__(self, book: Any, sheet: Any, contracts: Contracts) -> None:
        self._book, self._sheet, self._contracts = book, sheet, contracts
        self._known: dict[tuple[str, ...], str] = {}

    def name_of(self, column: Column) -> str | None:
        values = pick_list(self._contracts, column)
        if values is None:
            return None
        place = len(self._known)
        name = self._known.setdefault(tuple(values), f"list_{place + 1}")
        if name == f"list_{place + 1}":
            self._sheet.write_string(0, place, column.code_table or column.title)
            for row, value in enumerate(values, 1):
                self._sheet.write_string(row, place, value)
            letters = _letters(place)
            self._book.define_name(
                name, f"='{self._sheet.get_name()}'!${letters}$2:${letters}${len(values) + 1}"
            )
        return name

    def finish(self, styles: _Styles) -> None:
        if self._known:
            self._sheet.set_column(0, len(self._known) - 1, 24, styles.text)
        self._sheet.hide()


def _letters(place: int) -> str:
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _entry_sheet(
    sheet: Any, table: Table, contracts: Contracts, styles: _Styles, lists: _Lists
) -> None:
    print_well(sheet, heading=True)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)
    for place, column in enumerate(table.columns):
        required = is_required(table, column)
        sheet.set_column(place, place, width_of([column.title], 14, 28), styles.cell(column))
        sheet.write_string(0, place, column.title, styles.required if required else styles.optional)
        note = column_note(table, column, contracts, required=required)
        sheet.write_comment(
            0, place, note, {"x_scale": 2.2, "y_scale": 1.6, "author": "", "font_size": 9}
        )
        if rule := _validation(column, lists):
            sheet.data_validation(1, place, LAST_ROW - 1, place, rule)


def _fill(sheet: Any, line: int, table: Table, contracts: Contracts, row: Row) -> None:
    """Cells as a spreadsheet holds what is typed in: dates and numbers as such."""
    for place, column in enumerate(table.columns):
        value = row[column.name]
        if value is None:
            continue
        if column.type == "date":
            sheet.write_datetime(line, place, datetime.fromisoformat(value))
        elif column.type == "int" or column.type.startswith("decimal"):
            sheet.write_number(line, place, float(value))
        else:
            sheet.write_string(line, place, offered(contracts, column, value))


def _validation(column: Column, lists: _Lists) -> dict[str, Any] | None:
    common = {"ignore_blank": True, "error_title": "与数据标准不符"}
    if (name := lists.name_of(column)) is not None:
        return {
            **common,
            "validate": "list",
            "source": f"={name}",
            # A code that is typed in is as good as its label, so it is a question, not a stop.
            "error_type": "warning" if column.code_table else "stop",
            "error_message": (
                "请从下拉列表中选择，或填写代码。" if column.code_table else "请从下拉列表中选择。"
            ),
        }
    if column.type in ("date", "timestamp"):
        return {
            **common,
            "validate": "date",
            "criteria": "between",
            "minimum": date(1900, 3, 1),
            "maximum": date(2199, 12, 31),
            "error_message": f"请填日期，{format_words(column)}。"[:255],
        }
    if column.type == "int" or column.type.startswith("decimal"):
        low, high = limits_of(column)
        return {
            **common,
            "validate": "integer" if column.type == "int" else "decimal",
            "criteria": "between",
            "minimum": int(low) if column.type == "int" else low,
            "maximum": int(high) if column.type == "int" else high,
            "error_message": limits_words(column)[:255],
        }
    return None


def _guide(
    sheet: Any, tables: Sequence[Table], authority: Authority, styles: _Styles, title: str
) -> None:
    print_well(sheet)
    sheet.hide_gridlines(2)
    widths = (26, 30, 22, 40, 22, 34)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width, styles.text)
    sheet.write_string(0, 0, f"{title}　数据填报模板", styles.title)
    lines = (
        "每张表填在以其中文名命名的工作表中，从第 2 行起，一行一条；第 1 行的列名不要改动、增删。",
        "深色列名必填，浅色可空；鼠标停在列名上可看该列的要求。有下拉列表的列请从中选择。",
        "学号、工号、代码等以文本保存，前面的 0 不会丢失；日期按 2025-09-01 填写。",
        "“示例”工作表中的两行是虚构的，仅供参照，不会被当作数据读取。",
        "填好后把整个文件放入下表所列的投放位置：一个文件每次只投到一张表的位置，"
        "有几张表要交就分别各投一份。",
        "系统逐行检查，不合格的行连同原因退回本单位（退回数据工作簿）。",
        "业务流水、历史记录：改好退回数据工作簿，再交一次即可。"
        "全量快照：改好后重新交付全部数据，不能只交退回的行。",
    )
    for place, line in enumerate(lines, 2):
        sheet.set_row(place, height_of([(line, sum(widths))]))
        sheet.merge_range(place, 0, place, 5, line, styles.text)
    row = len(lines) + 3
    heads = ("表", "一行是什么", "主键", "交付方式", "更新频率", "投放位置")
    for place, head in enumerate(heads):
        sheet.write_string(row, place, head, styles.required)
    for table in tables:
        row += 1
        kind = KINDS.get(table.kind, (table.kind, ""))
        values = (
            f"{table.title}（{authority.unit_title(table.owner_unit)}）",
            table.grain,
            "、".join(table.column(name).title for name in table.key),
            "：".join(kind),
            table.cadence_note or CADENCES.get(table.cadence, table.cadence),
            f"inbox/{table.source}/{table.name}/",
        )
        sheet.set_row(row, height_of(zip(values, widths, strict=True)))
        for place, value in enumerate(values):
            sheet.write_string(row, place, value, styles.text)


def _examples(sheet: Any, tables: Sequence[Table], contracts: Contracts, styles: _Styles) -> None:
    print_well(sheet)
    rows = example_rows(contracts)
    row = 0
    for table in tables:
        sheet.write_string(row, 0, f"{table.title}（虚构示例）", styles.bold)
        # The column in front keeps ingestion from taking the examples for the table.
        sheet.write_string(row + 1, 0, "虚构示例", styles.optional)
        for place, column in enumerate(table.columns, 1):
            required = is_required(table, column)
            style = styles.required if required else styles.optional
            sheet.write_string(row + 1, place, column.title, style)
        for line, example in enumerate(rows[table.id], row + 2):
            sheet.write_string(line, 0, f"示例 {line - row - 1}")
            for place, column in enumerate(table.columns, 1):
                if (value := example[column.name]) is not None:
                    sheet.write_string(line, place, offered(contracts, column, value))
        row += len(rows[table.id]) + 3
    sheet.set_column(0, max(len(table.columns) for table in tables), 18)
