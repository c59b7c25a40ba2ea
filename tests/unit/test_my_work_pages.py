"""The pages 工作 and 基本信息: everything held on a member of staff is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
import yaml

from dashboards.components import frame
from dashboards.components.basics_items import grouped, place_of
from dashboards.components.basics_sections import SECTIONS, sections_of
from dashboards.components.blocks import Tables
from dashboards.components.sections import offered, sides
from dashboards.components.work_evaluation import class_entries, trend_rows
from dashboards.components.work_figures import figures, whole_years
from dashboards.components.work_pay import month_points, payslip, year_note
from dashboards.components.work_posts import days_to_end, left_on, post_steps, running_contract
from tests.item_lists import item_holders, personal_sources
from warehouse.access.personal import PAGES

PERSONAL = Path(__file__).parents[2] / "dbt_project" / "models" / "published" / "personal"
TODAY = date(2026, 11, 29)
STAFF_ITEMS = [holder for holder in item_holders() if holder["item"].startswith("A3")]

#: Tables that stand on no page, and why.
ELSEWHERE = {
    "psych_screening": "mental health: the person and the counsellor on record alone",
    "psych_counselling": "mental health: the person and the counsellor on record alone",
    "psych_alert": "mental health: the person and the counsellor on record alone",
}
#: Says what tables and items are, and holds nobody's data.
ABOUT_TABLES = {"item", "table_item"}


def _model(table: str) -> dict[str, Any]:
    path = PERSONAL / f"personal__{table}.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]


def _columns(table: str) -> dict[str, str]:
    """Column → type, as the published contract says."""
    return {column["name"]: column["data_type"] for column in _model(table)["columns"]}


def _on(page: str) -> set[str]:
    return {table.name for table in PAGES[page]}


# -- nothing is left out


def test_what_a_page_reads_is_what_its_boxes_show():
    # The record of employment stands in the figures above 工作; who one is, in every page's head.
    work = {table for section in SECTIONS["work"].values() for table in section.tables}
    basics = {table for section in SECTIONS["basics"].values() for table in section.tables}
    assert work | {"staff"} == _on("work")
    assert basics | {"person"} == _on("basics")


def test_all_items_of_annex_3_are_on_a_page():
    assert len(STAFF_ITEMS) == 40
    boxes = {
        table
        for parts in SECTIONS.values()
        for section in parts.values()
        for table in section.tables
    }
    hidden = {
        holder["item"]: table["table"]
        for holder in STAFF_ITEMS
        for table in holder["tables"]
        if table["table"] not in boxes
    }
    assert hidden == {}
    assert all(holder["tables"] for holder in STAFF_ITEMS)


def test_a_table_that_is_published_is_shown_or_says_why_not():
    published = {path.stem.removeprefix("personal__") for path in PERSONAL.glob("personal__*.yml")}
    placed = set().union(*map(_on, PAGES))
    assert published - ABOUT_TABLES - placed == set(ELSEWHERE)
    assert {entry["table"] for entry in personal_sources()} <= placed | set(ELSEWHERE)


def test_a_table_of_a_system_that_comes_later_gets_a_box_of_its_own(shown):
    rows = {"unplaced_visit": [{"visit_date": "2026-08-01", "gate": "<b>north</b>"}]}
    tables = _tables({"person": [{"is_staff": True}], **rows})
    parts = sections_of(tables, list)
    assert "other" in offered(parts, tables)
    html = shown(parts["other"], tables)
    assert "visit date：8月1日" in html and "&lt;b&gt;north&lt;/b&gt;" in html


# -- the list of items


def _item(code: str, kind: str = "staff", **given: Any) -> dict[str, Any]:
    holders = next((h["tables"] for h in item_holders() if h["item"] == code), [])
    plain = {
        "name": code,
        "owner": "人事处",
        "owner_id": "hr_office",
        "deadline": None,
        "note": None,
    }
    return {"code": code, "person_kind": kind, "holders": holders, **plain, **given}


def test_every_item_leads_to_the_place_where_it_is_read():
    assert place_of(_item("A3-02"), SECTIONS) == ("basics", "person")
    assert place_of(_item("A3-34"), SECTIONS) == ("work", "teaching")
    assert place_of(_item("A3-36"), SECTIONS) == ("work", "research")
    assert place_of(_item("A4-23", "student"), SECTIONS) == ("study", "courses")
    assert place_of(_item("A4-25", "student"), SECTIONS) == ("life", "library")
    every = [
        _item(holder["item"], "staff" if holder["item"].startswith("A3") else "student")
        for holder in item_holders()
    ]
    assert [item["code"] for item in every if place_of(item, SECTIONS) is None] == []
    assert sum(len(found) for found in grouped(every, SECTIONS).values()) == 65


def test_what_nothing_holds_yet_comes_last():
    nowhere = _item("A3-99")
    groups = grouped([nowhere, _item("A3-34"), _item("A3-12")], SECTIONS)
    assert [place for _, place in groups] == [("work", "posts"), ("work", "teaching"), None]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"held": True, "updated_at": "2026-11-15T08:00:00Z"}, "更新于 11月15日"),
        ({"held": False, "holders": []}, "还没有系统提供这一项"),
        ({"held": False, "owner_id": "staff_self"}, "由你本人填报"),
        ({"held": False, "is_due": True}, "人事处还没有提供"),
        ({"held": False, "is_due": False}, "没有与你有关的记录"),
    ],
)
def test_an_item_says_when_it_was_updated_or_why_it_is_not_there(given, said, shown):
    tables = _tables({"person": [{}]})
    item = _item("A3-14", **given)
    html = shown(sections_of(tables, lambda: [item])["items"], tables)
    assert said in html
    assert ("已有" in html) is given["held"]


# -- boxes with rows


def _value(table: str, column: str, kind: str) -> Any:
    """A value of the column's type; of text, one that is found again."""
    known = {
        "term_code": "2025-2026-1",
        "on_post_term": "2025-2026-1",
        "academic_year": "2025-2026",
        "month": "2026-10",
        "start_month": "2020-09",
        "end_month": "2023-07",
        "teaching_start_month": "2010-09",
        "expected_graduation": "2027-07",
        "weekday": 3,
    }
    if column in known:
        return known[column]
    by_kind = {"varchar": f"<{table}.{column}>", "boolean": True, "date": "2026-03-04"}
    return by_kind.get(kind, "2026-03-04T05:06:07" if kind == "timestamp" else 7)


def _row(table: str, **given: Any) -> dict[str, Any]:
    columns = {name: kind for name, kind in _columns(table).items() if name != "person_key"}
    return {**{name: _value(table, name, kind) for name, kind in columns.items()}, **given}


def _bare_row(table: str) -> dict[str, Any]:
    """All that may be missing is missing."""
    arguments = _model(table)["data_tests"][0]["combined"]["arguments"]
    kept = {*arguments.get("grain", ()), *arguments.get("not_null", ()), "term_code", "month"}
    return {name: value if name in kept else None for name, value in _row(table).items()}


def _tables(rows: dict[str, list[dict[str, Any]]]) -> Tables:
    return Tables({"tables": {name: {"rows": found} for name, found in rows.items()}})


@pytest.fixture
def shown(monkeypatch):
    """What the boxes of a part draw."""
    pieces: list[str] = []
    monkeypatch.setattr(st, "html", lambda text, **_: pieces.append(text))
    monkeypatch.setattr(st, "vega_lite_chart", lambda spec, *, key, alt, **_: pieces.append(alt))
    monkeypatch.setattr(frame, "today", lambda: TODAY)
    monkeypatch.setattr(frame, "is_dark", lambda: False)

    def draw(section, tables: Tables) -> str:
        pieces.clear()
        for boxes in sides(section, tables):
            for box in boxes:
                box.show(tables)
        return "".join(pieces)

    return draw


def _page(page: str, tables: Tables, draw) -> str:
    return "".join(draw(section, tables) for section in SECTIONS[page].values())


@pytest.mark.parametrize(
    "table", sorted({table["table"] for holder in STAFF_ITEMS for table in holder["tables"]})
)
def test_every_text_of_an_item_is_shown_and_escaped(table, shown):
    page = "basics" if table in _on("basics") else "work"
    held = {
        column
        for holder in STAFF_ITEMS
        for entry in holder["tables"]
        if entry["table"] == table
        for column in entry["columns"]
    }
    html = _page(page, _tables({table: [_row(table)]}), shown)
    missing = {
        f"{table}.{column}"
        for column, kind in _columns(table).items()
        if column in held and kind == "varchar"
        if str(_value(table, column, kind)).startswith("<")
        if f"&lt;{table}.{column}&gt;" not in html
    }
    assert missing == set()
    assert f"<{table}." not in html


@pytest.mark.parametrize("page", ["work", "basics"])
def test_a_person_with_one_row_of_which_little_is_known_gets_a_whole_page(page, shown):
    # Neither has a box of its own: the record of employment on 工作, who one is on 基本信息.
    for table in sorted(_on(page) - {{"work": "staff", "basics": "person"}[page]}):
        html = _page(page, _tables({table: [_bare_row(table)]}), shown)
        assert html, table
        assert "None" not in html, table


@pytest.mark.parametrize("page", ["work", "basics"])
def test_a_person_with_nothing_sees_no_empty_box(page, shown):
    assert _page(page, _tables({}), shown) == ""
    assert offered(SECTIONS[page], _tables({})) == []
    assert figures(_tables({}), TODAY) == []


# -- careers


POSTS = [
    {"position_name": "系主任", "effective_date": "2027-01-01", "is_current": False},
    {"position_name": "讲师", "effective_date": "2020-09-01", "is_current": True},
    {
        "position_name": "助教",
        "effective_date": "2015-07-01",
        "end_date": "2020-08-31",
        "is_current": False,
    },
]


def test_a_post_to_come_is_hollow_and_first(shown):
    steps = post_steps(_tables({"staff_position": POSTS[::-1]}))
    assert [(what, coming) for _, what, _, coming in steps] == [
        ("系主任", True),
        ("讲师", False),
        ("助教", False),
    ]
    assert [when for when, *_ in steps] == [
        "2027年1月起",
        "2020年9月起 · 现任",
        "2015年7月 – 2020年8月",
    ]


def test_who_retired_is_told_what_was_and_how_it_ended(shown):
    retired = {
        "left_date": "2024-05-14",
        "joined_school_date": "1995-08-22",
        "leaving_reason": "退休",
        "on_post_status": "退休",
        "unit_name": "信息工程学院",
    }
    tables = _tables(
        {
            "staff": [retired],
            "staff_position": POSTS[1:],
            "staff_title": [{"title": "副教授", "award_date": "2001-12-23"}],
            "staff_contract": [{"start_date": "2005-08-22", "end_date": "2030-01-01"}],
        }
    )
    assert post_steps(tables)[0] == ("2024年5月14日", "退休", "信息工程学院", False)
    assert left_on(tables) == date(2024, 5, 14)
    # A contract that was written to run longer does not run on.
    assert running_contract(tables, TODAY) is None
    assert [(label, value) for label, value, *_ in figures(tables, TODAY)] == [
        ("人事状态", "退休"),
        ("在校工作", "28"),
        ("最后任职", "讲师"),
        ("职称", "副教授"),
    ]


def test_who_came_back_has_not_left():
    tables = _tables({"staff": [{"left_date": "2020-01-01"}, {"left_date": None}]})
    assert left_on(tables) is None


@pytest.mark.parametrize(
    ("end", "left"), [("2026-11-29", 0), ("2026-11-30", 1), ("2029-07-14", 958), (None, None)]
)
def test_days_to_the_end_of_a_contract(end, left):
    contract = {"start_date": "2024-07-15", "end_date": end}
    running = running_contract(_tables({"staff_contract": [contract]}), TODAY)
    assert running == contract
    assert days_to_end(running, TODAY) == left


def test_a_contract_that_ended_yesterday_or_begins_tomorrow_does_not_run():
    rows = [
        {"start_date": "2020-01-01", "end_date": "2026-11-28"},
        {"start_date": "2026-11-30", "end_date": "2029-11-29"},
    ]
    assert running_contract(_tables({"staff_contract": rows}), TODAY) is None


def test_years_count_when_the_day_comes_round():
    assert whole_years(date(2016, 11, 30), TODAY) == 9
    assert whole_years(date(2016, 11, 29), TODAY) == 10


def test_a_person_with_both_roles_sees_both_records_and_both_numbers(shown):
    tables = _tables(
        {
            "staff": [{"name": "甲", "staff_no": "100079", "id_card_no": "X1"}],
            "student": [{"name": "甲", "student_no": "2021060101", "id_card_no": "X1"}],
            "person_number": [
                {"kind": "staff", "number": "100079", "valid_from": "2025-07-15", "valid_to": None},
                {
                    "kind": "student",
                    "number": "2021060101",
                    "valid_from": "2021-09-01",
                    "valid_to": "2025-07-31",
                },
            ],
        }
    )
    html = _page("basics", tables, shown)
    assert html.count("<dd>甲</dd>") == 1  # the same in both records is said once
    assert html.index("显示证件号") < html.index("X1")
    assert html.count("X1") == 1
    assert "2025年7月15日起" in html and "2021年9月1日 – 2025年7月31日" in html
    assert "已停用" in html and "这些号码都是你的" in html


def test_records_that_differ_show_both_values(shown):
    tables = _tables({"staff": [{"ethnicity": "汉族"}], "student": [{"ethnicity": "回族"}]})
    assert "汉族；回族" in _page("basics", tables, shown)


# -- teaching and pay


EVALUATIONS = [
    {"term_code": "2025-2026-1", "class_no": "K1", "evaluator_group": "同行督导", "score": 70},
    {
        "term_code": "2025-2026-1",
        "class_no": "K1",
        "evaluator_group": "学生",
        "rater_count": 30,
        "due_count": 32,
        "score": 90,
        "grade_label": "优",
    },
    {
        "term_code": "2025-2026-1",
        "class_no": "K2",
        "evaluator_group": "学生",
        "rater_count": 10,
        "due_count": 10,
        "score": 80,
    },
    {
        "term_code": "2025-2026-1",
        "class_no": "K3",
        "evaluator_group": "学生",
        "rater_count": 2,
        "due_count": 3,
        "score": None,
    },
]


def test_the_trend_weighs_classes_by_who_took_part_and_leaves_out_what_has_no_mean():
    (point,) = trend_rows(EVALUATIONS)
    assert (point["value"], point["label"]) == (87.5, "87.5")


def test_a_class_that_few_judged_keeps_what_it_was_given():
    html = "".join(entry.markup() for entry in class_entries(EVALUATIONS))
    assert "学生 2 / 3 人参评" in html and "不出分" in html
    # The students' mean stands at the right, that of the others below.
    assert ">90.0<" in html and "同行督导 · 70.0" in html
    assert [html.index(name) for name in ("K1", "K2", "K3")] == sorted(
        html.index(name) for name in ("K1", "K2", "K3")
    )


PAY = {
    "month": "2026-10",
    "basic_pay": 5000,
    "performance_pay": 3000.5,
    "allowance": None,
    "social_insurance": 800,
    "housing_fund": 600,
    "tax": 0,
    "net_pay": 6600.5,
    "bank_card_tail": "4436",
}


def test_a_payslip_says_its_parts_in_words():
    html = payslip(PAY)
    assert "8,000.50 元" in html and "1,400.00 元" in html and "6,600.50 元" in html
    assert "岗位薪级工资 5,000.00 元 · 绩效 3,000.50 元" in html
    assert "津补贴" not in html


def test_pay_shows_the_last_twelve_months_oldest_first():
    rows = [{"month": f"{2025 + m // 12}-{m % 12 + 1:02d}", "net_pay": 1000 + m} for m in range(20)]
    points = month_points(rows[::-1])
    assert [points[0]["period"], points[-1]["period"], len(points)] == ["25/09", "26/08", 12]
    assert [point["label"] for point in points if point["label"]] == ["1,019"]
    assert "2026年已发 8 个月" in year_note(rows)
