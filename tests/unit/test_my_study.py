"""What the page 学习 works out from one's own rows."""

import re
from datetime import date

import pytest
import streamlit as st

from dashboards.components import frame
from dashboards.components.blocks import Tables
from dashboards.components.study_courses import lesson, not_passed
from dashboards.components.study_credits import trend_rows
from dashboards.components.study_online import online_courses
from dashboards.components.study_path import status_steps
from dashboards.components.study_punishment import end_of
from dashboards.components.study_support import aid_card, work_by_post
from dashboards.components.term_week import week_of

TODAY = date(2026, 11, 29)


def _sitting(course, passed, term="2025-2026-1", **more):
    return {"course_code": course, "passed": passed, "term_code": term, **more}


def test_a_course_is_open_until_one_sitting_is_passed():
    rows = [
        _sitting("A", False),
        _sitting("A", True, "2025-2026-2"),
        _sitting("B", False, recorded_at="2026-01-20", total_score=40),
        _sitting("B", False, recorded_at="2026-03-01", total_score=55),
        _sitting("C", None, "2025-2026-2"),
        _sitting("D", True),
    ]
    assert [(row["course_code"], row.get("total_score")) for row in not_passed(rows)] == [
        ("C", None),
        ("B", 55),
    ]


def test_a_week_has_only_days_with_lessons_in_the_order_of_their_hours():
    rows = [
        {"course_name": "乙", "weekday": 3, "start_period": 5, "end_period": 6},
        {"course_name": "甲", "weekday": 3, "start_period": 1, "end_period": 2, "is_retake": True},
        {"course_name": "丙", "weekday": 1},
        {"course_name": "丁", "weekday": None},
    ]
    days = week_of(rows, 3, lesson)
    assert [(name, is_today) for name, is_today, _ in days] == [("周一", False), ("周三", True)]
    assert [(when, what, word) for when, what, _, word in days[1][2]] == [
        ("第 1–2 节", "甲", "重修"),
        ("第 5–6 节", "乙", ""),
    ]


@pytest.mark.parametrize(
    ("row", "word", "sentence"),
    [
        ({"term_ends_on": "2027-04-13"}, "处分期内", "135 天后"),
        ({"term_ends_on": "2026-11-30"}, "处分期内", "1 天后"),
        ({"term_ends_on": "2026-11-29"}, "期满待解除", "11月29日已期满"),
        ({"term_ends_on": "2026-06-01", "revoked_date": "2026-06-20"}, "已解除", "6月20日"),
        ({"term_ends_on": "2027-06-01", "revoked_date": "2026-11-29"}, "已解除", "11月29日"),
        ({"term_ends_on": "2027-06-01", "revoked_date": "2026-12-29"}, "处分期内", "184 天后"),
        ({"term_ends_on": "2027-06-01", "effect_state": "不解除"}, "不解除", "不解除"),
        ({}, "处分期内", "解除前一直有效"),
    ],
)
def test_a_punishment_says_when_it_ends(row, word, sentence):
    said, shown, _ = end_of(row, TODAY)
    assert shown == word
    assert sentence in said


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(frame, "today", lambda: TODAY)


def _student(number="A", entry="2023-09-01", major="新专业", until="2027-07"):
    return {
        "student_no": number,
        "entry_date": entry,
        "major_name": major,
        "expected_graduation": until,
    }


def test_who_changed_the_major_entered_for_the_one_before(today):
    moves = [
        {"effective_date": "2024-08-29", "change_type": "转专业", "from_major": "旧专业"},
        {"effective_date": "2025-08-29", "change_type": "转专业", "from_major": "中间专业"},
    ]
    steps = status_steps([_student()], moves, [])
    assert [(what, future) for _, what, _, future in steps] == [
        ("预计毕业", True),
        ("转专业", False),
        ("转专业", False),
        ("入学：旧专业", False),
    ]


def test_a_change_belongs_to_the_studies_it_happened_in(today):
    first = _student("A", "2018-09-01", "专科专业", "2021-07")
    second = _student("B", "2023-09-01", "本科专业")
    change = {"effective_date": "2019-08-29", "change_type": "转专业", "from_major": "旧专业"}
    steps = status_steps([second, first], [change], [{"student_no": "A"}])
    entered = [what for _, what, _, _ in steps if what.startswith("入学")]
    assert entered == ["入学：本科专业", "入学：旧专业"]


def test_nobody_who_is_through_expects_to_graduate(today):
    assert not status_steps([_student(until="2026-07")], [], [])[0][3]
    assert not status_steps([_student()], [], [{"student_no": "A"}])[0][3]


def test_the_trend_leaves_out_terms_without_grades_and_starts_with_the_oldest():
    rows = trend_rows(
        [
            {"term_code": "2026-2027-1", "gpa": None},
            {"term_code": "2025-2026-2", "gpa": 3.456},
            {"term_code": "2025-2026-1", "gpa": 3.0},
            {"term_code": "summer", "gpa": 4.0},
        ]
    )
    assert [(row["period"], row["label"]) for row in rows] == [
        ("25–26 ①", "3.00"),
        ("25–26 ②", "3.46"),
        ("summer", "4.00"),
    ]


def test_learning_online_is_summed_by_course_and_term():
    day = {"term_code": "t1", "course_name": "甲", "video_seconds": 90, "tasks_done": 1, "posts": 0}
    task = {"term_code": "t1", "course_name": "甲", "score": 45, "full_score": 50}
    found = online_courses(
        [day, day, {**day, "term_code": "t2", "course_name": "乙"}],
        [task, {**task, "score": 35}, {**task, "score": None}, {**task, "course_name": "丙"}],
    )
    assert [(c["term"], c["course"], c["days"], c["seconds"], c["handed_in"]) for c in found] == [
        ("t2", "乙", 1, 90, 0),
        ("t1", "丙", 0, 0, 1),
        ("t1", "甲", 2, 180, 3),
    ]
    assert [c["share"] for c in found] == [None, 0.9, 0.8]


def test_paid_work_is_put_together_by_post_the_latest_first():
    posts = work_by_post(
        [
            {"post_no": "P1", "month": "2025-09", "hours": 10, "pay": 180},
            {"post_no": "P2", "month": "2026-09", "hours": 5, "pay": 90},
            {"post_no": "P1", "month": "2025-10", "hours": 12, "pay": 216},
        ]
    )
    assert [(p["post_no"], len(p["months"]), p["all_hours"], p["all_pay"]) for p in posts] == [
        ("P2", 1, 5.0, 90.0),
        ("P1", 2, 22.0, 396.0),
    ]


def test_the_day_a_recognition_of_hardship_ends_no_longer_counts(today, monkeypatch):
    pieces = []
    monkeypatch.setattr(st, "html", pieces.append)
    rows = [
        {"record_type": "困难认定", "valid_to": "2026-11-29"},
        {"record_type": "困难认定", "valid_to": "2026-11-30"},
    ]
    aid_card(Tables({"tables": {"hardship_aid": {"rows": rows}}}))
    assert re.findall(r"有效到 [^<]+|已过期|>有效<", "".join(pieces)) == [
        "有效到 11月28日",
        "已过期",
        "有效到 11月29日",
        ">有效<",
    ]
