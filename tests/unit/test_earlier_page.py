"""往期数据: which moments are offered and how they are called, and what is said of two figures."""

from datetime import date

import pytest

from dashboards.earlier_figures import first_moment, moments, newest, read_pairs, up_to_year, years
from dashboards.earlier_sentences import answer, figure_of, moment_name, period_name, why

TODAY = date(2026, 11, 28)
RATIO = {"id": "ratio", "unit": "比值（x:1）"}
FIRST, SECOND, NOW = (
    "20251031T010000Z-0000000a",
    "20260301T010000Z-0000000b",
    "20261128T010000Z-0000000c",
)
CHOICES = {
    "releases": [
        {"id": NOW, "published_at": "2026-11-28T01:00:00Z", "current": True},
        {"id": SECOND, "published_at": "2026-03-01T01:00:00Z", "current": False},
        {"id": FIRST, "published_at": "2025-10-31T01:00:00Z", "current": False},
    ],
    "days": [
        {"day": "2026-09-30", "indicators": 30},
        {"day": "2025-09-30", "indicators": 30},
        {"day": "2024-09-30", "indicators": 30},
    ],
}


def _side(value=18.0, period="2025", day="2025-09-30", held=False):
    return {
        "period": period,
        "as_of_date": day,
        "value": None if held else value,
        "numerator": None,
        "denominator": None,
        "is_suppressed": held,
    }


def _figure(then, now, state="changed", reasons=(), **more):
    return {
        "indicator": "ratio",
        "level": "school",
        "unit": "school",
        "unit_name": "全校",
        "parent_unit": None,
        "then": then,
        "now": now,
        "state": state,
        "difference": None,
        "reasons": list(reasons),
        "waiting": None,
        **more,
    }


def _pair(*sides, **more):
    (pair,) = read_pairs({"figures": [_figure(*sides, **more)]})
    return pair


def test_earlier_releases_and_the_days_before_the_first_are_offered():
    assert moments(CHOICES) == [SECOND, FIRST, "2025-09-30", "2024-09-30"]
    assert moments(CHOICES, "2026-01-15")[-1] == "2026-01-15"
    assert moments(CHOICES, NOW) == moments(CHOICES, "whatever") == moments(CHOICES)
    assert moments({"releases": CHOICES["releases"][:1], "days": []}) == []


def test_of_many_releases_the_last_of_each_month_is_offered_and_any_by_its_address():
    many = [
        {"id": f"2026{m:02}{d:02}T010000Z-0000000a", "current": False,
         "published_at": f"2026-{m:02}-{d:02}T01:00:00Z"}
        for m in (3, 2) for d in range(20, 10, -1)
    ]  # fmt: skip
    choices = {"releases": [CHOICES["releases"][0], *many], "days": []}
    assert [one[:8] for one in moments(choices)] == ["20260320", "20260220"]
    assert many[3]["id"] in moments(choices, many[3]["id"])


def test_at_first_the_release_of_about_a_year_ago_is_shown():
    assert first_moment(moments(CHOICES), CHOICES) == FIRST
    alone = {"releases": CHOICES["releases"][:1], "days": CHOICES["days"]}
    assert first_moment(moments(alone), alone) == "2025-09-30"
    assert first_moment([], CHOICES) is None


@pytest.mark.parametrize(
    ("moment", "chinese", "english"),
    [
        (FIRST, "去年10月31日公布的", "Published 31 Oct 2025"),
        (SECOND, "3月1日公布的", "Published 1 Mar 2026"),
        (
            "2024-09-30",
            "前年9月30日的数（当时没有发布）",
            "As of 30 Sep 2024 (nothing published then)",
        ),
        ("2026-01-15", "1月15日那天在用的", "Current on 15 Jan 2026"),
        ("2023-09-30", "2023年9月30日的数（当时没有发布）", None),
    ],
)
def test_a_moment_is_called_by_its_day(moment, chinese, english):
    assert moment_name(moment, CHOICES, TODAY) == chinese
    if english:
        assert moment_name(moment, CHOICES, TODAY, "en") == english


def test_two_releases_of_a_day_are_told_apart_by_the_hour():
    twice = [
        CHOICES["releases"][0],
        {"id": FIRST, "published_at": "2025-10-31T01:00:00Z", "current": False},
        {"id": SECOND, "published_at": "2025-10-31T03:30:00Z", "current": False},
    ]
    assert moment_name(SECOND, {"releases": twice}, TODAY) == "去年10月31日 11:30 公布的"


def test_a_year_shows_its_latest_figure_that_then_and_now_have():
    pairs = read_pairs(
        {
            "figures": [
                _figure(_side(1.0), _side(2.0)),
                _figure(_side(1.5, "2025-10-31", "2025-10-31"), None, "then_only"),
                _figure(None, _side(3.0, "2026-11-28", "2026-11-28"), "now_only"),
                _figure(_side(0.5, "2024", "2024-09-30"), _side(0.5, "2024", "2024-09-30"), "same"),
            ]
        }
    )
    assert years(pairs) == ["2024", "2025"]
    assert up_to_year(pairs, "2025")["ratio", "school"].now.value == 2.0
    assert up_to_year(pairs, "2024")["ratio", "school"].state == "same"
    assert newest(pairs, "ratio", "school").value == 3.0
    assert newest(pairs, "ratio", "college:01") is None


def test_a_running_count_is_named_by_its_day():
    cell = _pair(_side(period="2025-10-31"), None, state="then_only").then
    assert period_name(cell) == "2025年10月31日"
    assert period_name(_pair(_side(), _side()).then) == "2025年"


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (
            _pair(_side(17.9), _side(18.2)),
            "全校生师比（2025年）当时公布 17.9 : 1，现在 18.2 : 1",
        ),
        (
            _pair(_side(), _side(), state="same"),
            "全校生师比（2025年）当时公布 18.0 : 1，现在没有变",
        ),
        (
            _pair(_side(held=True), _side(held=True), state="suppressed"),
            "全校生师比（2025年）少于设定人数，不显示",
        ),
        (_pair(None, _side(), state="now_only"), "全校生师比（2025年）当时公布 —，现在 18.0 : 1"),
        (
            _pair(_side(17.9), _side(18.2, "2026", "2026-09-30"), reasons=[{"kind": "other_day"}]),
            "全校生师比：2025年 17.9 : 1，2026年 18.2 : 1",
        ),
    ],
)
def test_the_answer_is_one_sentence(pair, sentence):
    assert answer(pair, RATIO, "生师比", "全校") == sentence


WAITING = {"computed": 18.4, "difference": "changed"}
TABLES = [{"table": "student_status", "title": "学籍信息", "source": "s", "batches": 2}]


@pytest.mark.parametrize(
    ("pair", "chinese", "english"),
    [
        (
            _pair(_side(), _side(), reasons=[
                {"kind": "correction", "on": "2026-03-02", "reason": "补录转专业学生"}
            ]),
            "3月2日更正：补录转专业学生",
            "Corrected on 2 Mar 2026: 补录转专业学生",
        ),
        (
            _pair(_side(), _side(), reasons=[{"kind": "definition", "what": ["formula", "unit"]}]),
            "定义改了（公式、计量单位）",
            "Defined otherwise now (formula, unit)",
        ),
        (
            _pair(_side(), _side(), reasons=[{"kind": "late", "tables": TABLES}]),
            "时期结束后才交来的数据：学籍信息",
            "Data that came after the period: student_status",
        ),
        (
            _pair(_side(), _side(), reasons=[{"kind": "running", "tables": TABLES}]),
            "当时这一期还没有结束",
            "The period was not over then",
        ),
        (
            _pair(_side(), None, state="then_only", reasons=[{"kind": "running", "tables": []}]),
            "那是进行中的人数，过后只保留时点数",
            "That was a running count; later only the census is kept",
        ),
        (_pair(_side(), _side(), state="same"), "没有变化", "Unchanged"),
        (
            _pair(_side(), _side(), state="same", waiting=WAITING),
            "没有变化；按现在的数据算是 18.4 : 1，等待更正",
            "Unchanged; From today's data it would be 18.4 : 1; a correction is pending",
        ),
        (
            _pair(_side(held=True), _side(held=True), state="suppressed"),
            "少于设定人数，不显示",
            "Withheld for confidentiality",
        ),
    ],
)  # fmt: skip
def test_why_is_said_in_one_line(pair, chinese, english):
    assert why(pair, RATIO, TODAY) == chinese
    assert why(pair, RATIO, TODAY, "en") == english


def test_a_figure_that_is_held_back_or_missing_has_no_number():
    pair = _pair(_side(held=True), None)
    assert figure_of(pair.then, "人") == "少于设定人数，不显示"
    assert figure_of(pair.now, "人") == "—"
