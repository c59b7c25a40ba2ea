"""A page taken along: what it says in each form, and that text in it does nothing."""

from __future__ import annotations

import io
import re
import subprocess
import threading
import time
import zipfile
from datetime import UTC, datetime
from functools import cache

import fastexcel
import pytest

from dashboards.components import charts
from dashboards.exports import Column, ExportChart, ExportPage, ExportTable
from dashboards.exports.document import file_name, value_text
from dashboards.exports.making import FORMS, make
from dashboards.exports.shelf import Shelf
from dashboards.exports.workbook import number_format

NOW = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
SUPPRESSED = "少于设定人数，不显示"
FORMULA = "=cmd|' /C calc'!A0"
RATIO = {
    "id": "student_teacher_ratio",
    "name": "生师比",
    "name_en": "Student–teacher ratio",
    "formula": "折合在校生数 ÷ 专任教师数",
    "source": "教育部《基本办学条件指标》（read）",
    "owners": ["人事处", "学生处"],
    "target": 18,
    "target_operator": "<=",
    "unit": "比值",
    "certainty": "read",
    "note": FORMULA,
    "signed": "unsigned",
    "as_of_date": "2026-11-20",
}
COLUMNS = (
    Column("name", "指标"),
    Column("now", "本期", "figure"),
    Column("before", "上期", "figure"),
    Column("day", "数据截至", "date"),
)
ROWS = (
    {"name": "生师比", "now": 18.6, "before": 18.24, "unit": "比值", "day": "2026-11-20"},
    {"name": FORMULA, "now": 91.26, "before": SUPPRESSED, "unit": "%", "day": None},
    {"name": "https://example.org", "now": 43_860_000.0, "before": None, "unit": "元", "day": ""},
    {"name": "在校生", "now": 0, "before": 13_482, "unit": "人", "day": "2025-08-31"},
)
TREND = [
    {"period": f"{year}年", "value": 18.0, "label": "18.0", "shown": "x", "target": 18}
    for year in (2025, 2026)
]


def page(**other) -> ExportPage:
    found = {
        "title": "学校数据总览",
        "subtitle": "2026–27 学年",
        "address": "/statistics?unit=college:01&year=2026",
        "release": "R20261121",
        "as_of": "2026-11-20T18:00:00Z",
        "tables": (ExportTable("主要指标", COLUMNS, ROWS),),
        "charts": (ExportChart("生师比", "生师比：2026年 18.0", charts.trend(TREND, dark=True)),),
        "definitions": (RATIO, {**RATIO, "name": "另一项", "signed": "signed"}),
    }
    return ExportPage(**{**found, **other})


@cache
def whole(form: str, language: str = "zh") -> bytes:
    return made(form, language)


def made(form: str, language: str = "zh", **other) -> bytes:
    return make(page(**other), form, language=language, college="测试学院", now=NOW)


def words(pdf: bytes) -> str:
    told = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True
    )
    return re.sub(r"\s", "", told.stdout.decode())


def sheet(content: bytes, name: str) -> list[list]:
    read = fastexcel.read_excel(content).load_sheet(name, header_row=None)
    return [list(row) for row in read.to_polars().rows()]


def test_values_are_written_as_the_page_wrote_them():
    def said(place: int, column: int) -> str:
        return value_text(COLUMNS[column], ROWS[place])

    assert said(0, 1) == "18.6 : 1"
    assert said(1, 1) == "91.3%"
    assert said(1, 2) == SUPPRESSED
    assert said(2, 1) == "4,386.0 万元"
    assert said(2, 2) == "—"
    assert said(3, 1) == "0 人"
    assert said(0, 3) == "2026年11月20日"
    assert said(2, 3) == "—"
    assert value_text(Column("day", "", "date"), {"day": SUPPRESSED}) == SUPPRESSED


def test_a_workbook_has_figures_as_numbers_and_what_was_held_back_as_words():
    rows = sheet(whole("xlsx"), "数据")
    found = {row[0]: row[1:4] for row in rows}
    assert [float(value) if value else value for value in found["生师比"][:2]] == [18.6, 18.24]
    assert found[FORMULA][1] == SUPPRESSED
    assert found["https://example.org"][1] == "—"
    assert float(found["在校生"][0]) == 0
    heads = [row[0] for row in rows[:5]]
    assert heads[0] == "学校数据总览"
    assert heads[2] == "数据截至 2026年11月21日，第 R20261121 版"  # 18:00 UTC is the 21st here
    assert "/statistics?unit=college:01&year=2026" in heads[3]
    assert heads[4].startswith("其中 1 项指标尚未")
    assert "图：生师比" in found


def test_a_workbook_says_what_each_figure_means_and_who_signed():
    head, first, second = sheet(whole("xlsx"), "口径")
    said = dict(zip(head, first, strict=True))
    assert said["指标"] == "生师比"
    assert said["定义"] == "折合在校生数 ÷ 专任教师数"
    assert said["目标"] == "≤ 18 : 1"
    assert said["责任单位"] == "人事处、学生处"
    assert said["签认"] == "未签认"
    assert said["依据"] == "教育部《基本办学条件指标》（已核对）"
    assert said["数据截至"] == "2026年11月20日"
    assert said["版本"] == "R20261121"
    assert dict(zip(head, second, strict=True))["签认"] == "已签认"


def test_nothing_in_a_workbook_is_a_formula_or_a_link():
    with zipfile.ZipFile(io.BytesIO(whole("xlsx"))) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "/sheet" in name]
        shared = book.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 2
    assert not any("<f>" in text or "<f " in text or "<hyperlink" in text for text in sheets)
    assert "=cmd|" in shared


@pytest.mark.parametrize(
    ("value", "unit", "pattern"),
    [
        (91.3, "%", '0.0"%"'),
        (18.6, "比值", '0.0" : 1"'),
        (4e7, "元", '#,##0.00" 元"'),
        (13482, "人", '#,##0" 人"'),
        (13.4, "平方米/生", '#,##0.00" 平方米/生"'),
        (1.5, 'x"', '#,##0.00" x"'),
    ],
)
def test_the_unit_stands_in_the_format_of_the_cell(value, unit, pattern):
    assert number_format(value, unit) == pattern


def test_a_pdf_holds_the_page_with_its_chart_and_says_where_it_comes_from():
    pdf = whole("pdf")
    text = words(pdf)
    assert b"pdfaid" in pdf or b"GTS_PDFA" in pdf or b"OutputIntent" in pdf
    for said in (
        "学校数据总览",
        "数据截至2026年11月21日，第R20261121版",
        "18.6:1",
        SUPPRESSED,
        "4,386.0万元",
        "2025年",  # on the chart's axis
        "未签认",
        "人事处、学生处",
        "/statistics?unit=college:01&year=2026",
        "第1页，共1页",
        "=cmd|",
    ):
        assert said in text, said
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, stdout=subprocess.PIPE, check=False)
    assert b"CJK" in fonts.stdout or b"Han" in fonts.stdout or b"WenQuanYi" in fonts.stdout


def test_an_export_speaks_its_readers_language():
    text = words(whole("pdf", "en"))
    assert "Student–teacherratio" in text
    assert "Unsigned" in text
    assert "Page1of1" in text
    assert [row[0] for row in sheet(whole("xlsx", "en"), "Definitions")][1:] == [
        "Student–teacher ratio"
    ] * 2


def test_a_picture_is_one_of_the_whole_page_at_twice_the_size():
    png = whole("png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    assert 1180 <= width <= 1200  # 21 cm at 144 pixels an inch
    longer = made("png", charts=(), tables=(ExportTable("主要指标", COLUMNS, ROWS * 30),))
    assert int.from_bytes(longer[20:24]) > height + 1000


def test_an_empty_page_can_be_taken_along_too():
    for form in FORMS:
        assert len(made(form, tables=(), charts=(), definitions=())) > 1000


def test_markup_in_values_stays_text():
    rows = ({**ROWS[0], "name": "#pagebreak() *x* $y$ <z>"},)
    pdf = made("pdf", tables=(ExportTable("#strong[t]", COLUMNS, rows),), charts=())
    assert "#pagebreak()*x*$y$<z>" in words(pdf)
    assert "#strong[t]" in words(pdf)


def test_making_a_file_lets_other_threads_run():
    """The engine that draws would hold them all for a second."""
    longest, ended = 0.0, threading.Event()

    def watch() -> None:
        nonlocal longest
        last = time.perf_counter()
        while not ended.wait(0.002):
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    watcher = threading.Thread(target=watch)
    whole("pdf")  # the fonts are looked up once a process
    watcher.start()
    made("pdf")
    ended.set()
    watcher.join()
    assert longest < 0.5  # 0.01 s measured on an idle machine


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("学校数据总览", "学校数据总览_R20261121.pdf"),
        ("a/b\\c:d\n", "a_b_c_d_R20261121.pdf"),
        ("长" * 200, "长" * 80 + ".pdf"),
    ],
)
def test_a_file_is_named_after_its_page(title, name):
    assert file_name(page(title=title), "pdf").replace("__", "_") == name


# -- the shelf


def test_a_page_is_handed_to_the_reader_who_put_it_together_and_to_nobody_else():
    shelf = Shelf()
    name = shelf.put(page(), token="mine", language="zh", allowed_by="overview_statistics")
    assert shelf.take(name, "mine").page == page()
    assert shelf.take(name, "another's") is None
    assert shelf.take(name, "") is None
    assert shelf.take("unknown", "mine") is None


def test_drawing_a_page_again_keeps_its_id_until_it_changes():
    shelf = Shelf()
    first = shelf.put(page(), token="mine", language="zh", allowed_by=None)
    assert shelf.put(page(), token="mine", language="zh", allowed_by=None) == first
    assert shelf.put(page(), token="mine", language="en", allowed_by=None) != first
    assert shelf.put(page(), token="other", language="zh", allowed_by=None) != first
    assert shelf.put(page(title="x"), token="mine", language="zh", allowed_by=None) != first


def test_pages_go_after_their_time_and_when_there_are_too_many():
    now = [0.0]
    shelf = Shelf(seconds=10, most=2, clock=lambda: now[0])
    names = [
        shelf.put(page(title=title), token="mine", language="zh", allowed_by=None)
        for title in "abc"
    ]
    assert [shelf.take(name, "mine") is None for name in names] == [True, False, False]
    now[0] = 10.0
    assert shelf.take(names[2], "mine") is None
