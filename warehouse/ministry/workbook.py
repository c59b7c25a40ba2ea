"""A filled table as a workbook: the table, what is missing, and how each column is counted."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter

from warehouse.ministry.filling import REASONS, Filled

__all__ = ["SURE_WORDS", "workbook"]

SURE_WORDS = {"read": "已查", "remembered": "凭记忆", "ours": "本校口径"}
_REPORT_NOTES = ("序号", "项目", "范围", "时期", "计量单位", "口径")
_MISSING = "缺"


def workbook(filled: Filled, *, unit_name: Callable[[str], str], release: str) -> bytes:
    """XLSX with the sheets 报表, 缺项 and 口径. Text is written as text, whatever it begins with;
    a missing cell says so and is no zero. `unit_name` is a unit's Chinese name by its id."""
    binary = io.BytesIO()
    with xlsxwriter.Workbook(binary, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        grey = book.add_format({"font_color": "#6B6B6B", "italic": True})
        _table(book.add_worksheet("报表"), filled, release, bold, grey)
        _gaps(book.add_worksheet("缺项"), filled, unit_name, bold)
        _rules(book.add_worksheet("口径"), filled, unit_name, bold)
    return binary.getvalue()


def _table(sheet: Any, filled: Filled, release: str, bold: Any, grey: Any) -> None:
    form = filled.form
    sheet.write_string(0, 0, f"{form.number} {form.title}（{filled.year} 年）")
    sheet.write_string(
        1,
        0,
        f"统计时点 {form.counted(filled.year)}；计量单位 {form.measure or '见各行'}；"
        f"应填 {filled.cells} 格，已填 {filled.filled} 格；数据版本 {release}。"
        "表式未经原件核对，报送前请对照当年布置的报表。",
        grey,
    )
    if not filled.rows:
        sheet.write_string(3, 0, "本表未填，原因见“缺项”。")
        return
    report = form.kind == "report"
    before = ("序号", "项目", "指标", "范围", "时期") if report else ("行", "国标代码")
    after = ("计量单位", "口径") if report else ()
    _line(sheet, 3, [*before, *filled.headings, *after], bold)
    top = 4
    if not report:
        known = [SURE_WORDS[form.lines_sure], "", *(SURE_WORDS[c.sure] for c in form.columns)]
        _line(sheet, top, known, grey)
        top += 1
    for place, row in enumerate(filled.rows, start=top):
        if report:
            number, item, where, period, measure, formula = row.notes
            first: Sequence[str] = (number, item, row.title, where, period)
            last: Sequence[str] = (measure, formula)
        else:
            first, last = (row.title, row.code or ""), ()
        _line(sheet, place, first)
        for column, value in enumerate(row.values, start=len(first)):
            if value is None:
                sheet.write_string(place, column, _MISSING, grey)
            else:
                sheet.write_number(place, column, round(value, 4))
        for column, text in enumerate(last, start=len(first) + len(row.values)):
            sheet.write_string(place, column, text)
    sheet.freeze_panes(top, len(before))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, len(before) + len(filled.headings), 14)


def _gaps(sheet: Any, filled: Filled, unit_name: Callable[[str], str], bold: Any) -> None:
    _line(sheet, 0, ["单元格", "原因", "说明", "可提供的单位"], bold)
    for place, gap in enumerate(filled.gaps, start=1):
        unit = unit_name(gap.unit) if gap.unit else ""
        _line(sheet, place, [gap.cell, REASONS[gap.reason], gap.why, unit])
    sheet.set_column(0, 3, 36)


def _rules(sheet: Any, filled: Filled, unit_name: Callable[[str], str], bold: Any) -> None:
    form = filled.form
    sure = SURE_WORDS
    facts = [
        ("表", f"{form.number} {form.title}", sure[form.sure]),
        ("行", form.lines_by or "固定", sure[form.lines_sure]),
        ("报送单位", unit_name(form.filed_by), ""),
        ("报送期限", str(form.due_on(filled.year)), sure[form.due_sure]),
        ("出处", form.source, ""),
    ]
    _line(sheet, 0, ["项目", "口径", "可靠程度", "计算规则的可靠程度", "来源表"], bold)
    for place, fact in enumerate(facts, start=1):
        _line(sheet, place, fact)
    for place, column in enumerate(form.columns, start=len(facts) + 1):
        _line(
            sheet,
            place,
            [
                column.title,
                column.rule or column.why,
                sure[column.sure],
                sure[column.rule_sure] if column.id else "",
                "、".join(column.tables),
            ],
        )
    for place, part in enumerate(form.parts, start=len(facts) + 1):
        _line(
            sheet,
            place,
            [
                f"{part.item} {part.item_title}/{part.label}",
                part.why or "见“报表”的口径列",
                sure[form.lines_sure],
                "",
                part.indicator or "",
            ],
        )
    sheet.set_column(0, 1, 48)
    sheet.set_column(2, 4, 18)


def _line(sheet: Any, place: int, texts: Iterable[str], style: Any = None) -> None:
    for column, text in enumerate(texts):
        sheet.write_string(place, column, text, style)
