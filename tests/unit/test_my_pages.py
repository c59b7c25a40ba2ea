"""The pages 学习 and 生活: everything held on a student's study and on anybody's life is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
import yaml

from dashboards.components import frame
from dashboards.components.blocks import Tables
from dashboards.components.life_sections import LIFE, figures
from dashboards.components.sections import Section, offered, sides
from dashboards.components.study_courses import figures as study_figures
from dashboards.components.study_sections import STUDY
from tests.item_lists import item_holders, student_sources
from warehouse.access.personal import PAGES

PERSONAL = Path(__file__).parents[2] / "dbt_project" / "models" / "published" / "personal"
SECTIONS = {"study": STUDY, "life": LIFE}
TODAY = date(2026, 11, 29)

#: Tables of students that stand on neither page, and where they are read instead.
ELSEWHERE = {
    "psych_screening": "mental health: the person and the counsellor on record alone",
    "psych_counselling": "mental health: the person and the counsellor on record alone",
    "psych_alert": "mental health: the person and the counsellor on record alone",
}
#: Columns of annex 4 that no box shows in their own words, and what stands for them.
TOLD_OTHERWISE = {
    "discipline.effect_state": "told by the day the punishment ends or was lifted",
    "fee_bill.fee_status": "told by what is left to pay; 免缴 is shown",
    "library_loan.loan_id": "the loan is told by its title and days",
    "library_loan.reader_kind": "the reader is the person",
    "library_loan.barcode": "shown where the book has no title",
    "student_status_change.change_id": "the change is told by its document",
    "course_grade.class_no": "the class is told by course and term",
    "course_grade.course_code": "shown where the course has no name",
    "course_grade.grade_label": "shown where there is no score",
    "admission.major_code": "shown by the major's name",
}
#: On the page 基本信息.
BASICS = {"student"}


def _columns(table: str) -> dict[str, str]:
    """Column → type, as the published contract says."""
    path = PERSONAL / f"personal__{table}.yml"
    model = yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]
    return {column["name"]: column["data_type"] for column in model["columns"]}


def _on(page: str) -> set[str]:
    return {table.name for table in PAGES[page]}


@pytest.mark.parametrize("page", ["study", "life"])
def test_what_a_page_reads_is_what_its_boxes_show(page):
    shown = {table for section in SECTIONS[page].values() for table in section.tables}
    assert shown == _on(page)


def test_a_table_of_students_is_on_a_page_or_says_why_not():
    tables = {entry["table"] for entry in student_sources()}
    placed = {page: _on(page) for page in ("study", "life", "basics")}
    nowhere = tables - set().union(*placed.values())
    assert nowhere == set(ELSEWHERE)


def test_all_items_of_annex_4_are_on_a_page():
    pages = _on("study") | _on("life") | _on("basics")
    holders = [holder for holder in item_holders() if holder["item"].startswith("A4")]
    assert len(holders) == 25
    hidden = {
        holder["item"]: table["table"]
        for holder in holders
        for table in holder["tables"]
        if table["table"] not in pages
    }
    assert hidden == {}


# -- boxes with rows


def _value(table: str, column: str, kind: str) -> Any:
    """A value of the column's type; of text, one that is found again."""
    known = {
        "term_code": "2025-2026-1",
        "graduation_term": "2025-2026-2",
        "academic_year": "2025-2026",
        "month": "2026-10",
        "meal_date": "2026-11-20",  # the calendar ends with the data, months are told for good
        "start_month": "2020-09",
        "end_month": "2023-07",
        "expected_graduation": "2027-07",
        "seq": 1,
        "weekday": 3,
    }
    if column in known:
        return known[column]
    if kind == "varchar":
        return f"<{table}.{column}>"
    if kind == "boolean":
        return True
    if kind == "date":
        return "2026-03-04"
    if kind == "timestamp":
        return "2026-03-04T05:06:07"
    return 7


def _row(table: str, **given: Any) -> dict[str, Any]:
    columns = {name: kind for name, kind in _columns(table).items() if name != "person_key"}
    return {**{name: _value(table, name, kind) for name, kind in columns.items()}, **given}


def _empty_row(table: str) -> dict[str, Any]:
    """All that may be missing is missing."""
    model = yaml.safe_load((PERSONAL / f"personal__{table}.yml").read_text(encoding="utf-8"))
    arguments = model["models"][0]["data_tests"][0]["combined"]["arguments"]
    kept = {*arguments.get("grain", ()), *arguments.get("not_null", ()), "term_code", "year"}
    return {name: value if name in kept else None for name, value in _row(table).items()}


def _tables(rows: dict[str, list[dict[str, Any]]]) -> Tables:
    return Tables({"tables": {name: {"rows": found} for name, found in rows.items()}})


@pytest.fixture
def shown(monkeypatch):
    """What the boxes of a page draw: pieces of HTML, and charts by their key."""
    pieces: list[str] = []
    charts: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(st, "html", lambda text, **_: pieces.append(text))
    monkeypatch.setattr(
        st, "vega_lite_chart", lambda spec, *, key, alt, **_: charts.update({key: spec, "alt": alt})
    )
    monkeypatch.setattr(frame, "today", lambda: TODAY)
    monkeypatch.setattr(frame, "data_day", lambda: TODAY)
    monkeypatch.setattr(frame, "is_dark", lambda: False)

    def draw(page: str, tables: Tables) -> str:
        pieces.clear()
        for section in SECTIONS[page].values():
            for boxes in sides(section, tables):
                for box in boxes:
                    box.show(tables)
        return "".join(pieces)

    draw.charts = charts
    return draw


def _text_columns(table: str) -> list[str]:
    return [
        column
        for column, kind in _columns(table).items()
        if kind == "varchar" and str(_value(table, column, kind)).startswith("<")
    ]


@pytest.mark.parametrize(
    "table",
    sorted(
        {
            table["table"]
            for holder in item_holders()
            if holder["item"].startswith("A4")
            for table in holder["tables"]
        }
        - BASICS
    ),
)
def test_every_text_of_an_item_is_shown_and_escaped(table, shown):
    page = "study" if table in _on("study") else "life"
    held = {
        column
        for holder in item_holders()
        for entry in holder["tables"]
        if entry["table"] == table
        for column in entry["columns"]
    }
    # A course that was dropped has no place in the timetable, and says so elsewhere.
    given = {"dropped_at": None} if table == "course_selection" else {}
    html = shown(page, _tables({table: [_row(table, **given)]}))
    told = {name for name in TOLD_OTHERWISE if name.startswith(f"{table}.")}
    missing = {
        f"{table}.{column}"
        for column in _text_columns(table)
        if column in held and f"&lt;{table}.{column}&gt;" not in html
    }
    assert missing == told
    assert f"<{table}." not in html


@pytest.mark.parametrize("page", ["study", "life"])
def test_a_person_with_one_row_of_which_little_is_known_gets_a_whole_page(page, shown):
    for table in sorted(_on(page)):
        html = shown(page, _tables({table: [_empty_row(table)]}))
        assert html, table
        assert "None" not in html, table


@pytest.mark.parametrize("page", ["study", "life"])
def test_a_person_with_nothing_sees_no_empty_box(page, shown):
    assert shown(page, _tables({})) == ""
    assert offered(SECTIONS[page], _tables({})) == []


def test_the_figures_above_say_only_what_is_held():
    assert study_figures(_tables({})) == []
    assert figures(_tables({}), TODAY) == []


def test_boxes_take_turns_where_one_column_would_be_empty():
    support = STUDY["support"]
    left, right = sides(support, _tables({"honor": [{}], "discipline": [{}], "scholarship": [{}]}))
    assert [[box.tables[0] for box in column] for column in (left, right)] == [
        ["scholarship", "discipline"],
        ["honor"],
    ]
    assert isinstance(support, Section)
