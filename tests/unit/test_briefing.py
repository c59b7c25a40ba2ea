"""The monthly briefing: what it says, that it fits, and when it goes out."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from dashboards.briefing.content import MOST_DETAIL, briefing_document, trends
from dashboards.briefing.paper import MOST_PAGES, briefing_pdf
from dashboards.text import spoken
from dashboards.topics import TOPICS
from warehouse.access.briefing_mail import due_addresses
from warehouse.access.briefings import month_of
from warehouse.access.mail import MOST_ATTEMPTS
from warehouse.state.briefings import BriefingMail

NOW = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)


def indicator(name: str, title: str, row: str, **other) -> dict:
    found = {
        "id": name,
        "name": title,
        "row_code": row,
        "unit": "%",
        "owners": ["教务处"],
        "formula": f"{title}的定义",
        "source": "校标",
        "target": None,
        "target_operator": None,
        "direction": "higher",
        "inputs": ["student_status.student_no"],
    }
    return {**found, **other}


def value(name: str, period: str, number: float | None, unit: str = "school", **other) -> dict:
    level = "school" if unit == "school" else "college"
    found = {
        "indicator": name,
        "period": period,
        "level": level,
        "unit": unit,
        "unit_name": {"school": "全校", "01": "信息工程学院", "02": "外国语学院"}[unit],
        "parent_unit": None if level == "school" else "school",
        "value": number,
        "numerator": None,
        "denominator": None,
        "as_of_date": f"{period[:4]}-09-30",
        "is_suppressed": number is None,
    }
    return {**found, **other}


def given(**other) -> dict:
    ratio = indicator(
        "student_teacher_ratio", "生师比", "A2-17", unit="比值", target=18, target_operator="<=",
        direction="lower", owners=["人事处", "学生处"],
    )  # fmt: skip
    held = indicator("retention_rate", "保留率", "A2-17")
    found = {
        "indicators": [ratio, held],
        "values": [
            *(value(ratio["id"], str(2021 + n), 18.0 + n / 5) for n in range(6)),
            value(ratio["id"], "2026", 21.7, "01"),
            value(ratio["id"], "2026", 15.2, "02"),
            value(held["id"], "2026", None),
        ],
        "sign_offs": {"A2-17": {"2026": "unsigned", "2025": "signed"}},
        "late": [
            {
                "source": "x", "table": "health", "title": "学生健康信息", "owner": "体育学院",
                "days": 6, "due": "2026-11-23", "indicators": ["retention_rate"],
            }
        ],
        "datasets": {"A2-17": "师生"},
        "release": {"id": "R20261121", "as_of": "2026-11-20T18:00:00+00:00"},
        "college": "测试学院",
        "month": "2026-11",
        "made_at": NOW.isoformat(),
    }  # fmt: skip
    return {**found, **other}


def document(detail=MOST_DETAIL[0], **other) -> dict:
    with spoken("zh"):
        drawn = ["<svg/>"] * len(trends(given(**other)))
        return briefing_document(given(**other), drawn, detail)


def test_what_misses_its_target_comes_first_with_gap_change_and_owners():
    first = document()["attention"][0]
    assert first["badge"] in ("未达标", "需关注")
    for said in ("生师比", "19.0 : 1", "≤ 18 : 1", "还差 1.0", "人事处、学生处"):
        assert said in first["text"], said


def test_late_units_and_silent_owners_are_named():
    found = document()
    texts = "".join(one["text"] for one in found["attention"])
    assert "体育学院逾期 6 天未交“学生健康信息”，1 项指标要等这些数据。" in texts
    assert "师生（2026年）的数字责任单位还没有签认。" in texts
    assert found["late"] == [["体育学院", "学生健康信息", "逾期 6 天"]]


def test_many_late_units_are_counted():
    late = [{**given()["late"][0], "owner": f"第{n}部门", "days": 40 - n} for n in range(20)]
    rows = document(late=late)["late"]
    assert len(rows) == 7
    assert rows[0][0] == "第0部门"
    assert rows[-1][0] == "另有 14 个单位"


def test_a_topic_says_where_its_figure_stands_and_between_which_colleges():
    (topic,) = document()["topics"]
    assert topic["title"] == "师生"
    assert "比上期 +0.2" in topic["text"]
    assert "信息工程学院最高（21.7 : 1）" in topic["text"]
    assert "外国语学院最低（15.2 : 1）" in topic["text"]
    assert "2021年 18.0 : 1" in topic["chart"]["alt"]


def test_what_is_held_back_stays_held_back():
    found = document()
    row = next(row for row in found["topics"][0]["rows"] if row[0] == "保留率")
    with spoken("zh"):
        from dashboards.text import say

        assert row[1] == say("stat.suppressed_card").replace(" ", "\u00a0")
    values = [one for one in given()["values"] if one["unit"] != "02"]
    values.append(value("student_teacher_ratio", "2026", None, "02"))
    assert "外国语学院" not in str(document(values=values))


def test_every_topic_of_the_college_has_its_place():
    indicators, values = [], []
    for topic in TOPICS.values():
        for name in topic.lead:
            indicators.append(indicator(name, f"指标{name}", topic.row))
            values += [value(name, str(year), year - 2000.0) for year in (2024, 2025, 2026)]
    found = document(indicators=indicators, values=values)
    assert len(found["topics"]) == 8
    assert all(len(topic["rows"]) == 5 and topic["chart"] for topic in found["topics"])


def test_less_is_said_of_definitions_where_they_would_not_fit():
    whole, least = document(), document(MOST_DETAIL[-1])
    assert [one["name"] for one in whole["definitions"]] == ["生师比", "保留率"]
    assert "依据：校标" in whole["definitions"][0]["text"]
    assert "2026年 未签认" in whole["definitions"][0]["text"]
    assert [one["name"] for one in least["definitions"]] == ["生师比"]
    assert "依据" not in least["definitions"][0]["text"]
    assert least["left_out"] and not whole["left_out"]


def test_a_college_without_figures_gets_a_paper_that_says_so():
    found = document(indicators=[], values=[], late=[], sign_offs={})
    assert found["attention"] == found["topics"] == found["definitions"] == []


def test_the_paper_fits_four_pages_however_long_its_definitions_are():
    indicators, values = [], []
    for topic in TOPICS.values():
        for name in topic.lead:
            long = indicator(name, f"指标{name}", topic.row, formula="很长的定义" * 60)
            indicators.append(long)
            values += [value(name, str(year), year - 2000.0) for year in (2024, 2025, 2026)]
    pdf = briefing_pdf(given(indicators=indicators, values=values))
    told = subprocess.run(["pdfinfo", "-"], input=pdf, stdout=subprocess.PIPE, check=True).stdout
    assert int(re.search(rb"Pages:\s+(\d+)", told)[1]) <= MOST_PAGES
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True
    ).stdout.decode()
    squeezed = re.sub(r"\s", "", text)
    for said in ("学校数据简报", "2026年11月", "R20261121", "一、需要先看", "三、口径"):
        assert said in squeezed, said
    assert "2024年" in squeezed  # on a chart's axis


def test_a_briefings_month_is_the_colleges():
    assert month_of("2026-10-31T15:59:59+00:00") == "2026-10"
    assert month_of("2026-10-31T16:00:00+00:00") == "2026-11"


# -- when it goes out


def mail(address: str, release: str = "r1", **other) -> BriefingMail:
    found = {
        "month": "2026-11", "release": release, "address": address, "claimed_at": NOW,
        "attempts": 1, "sent_at": NOW, "next_at": None, "problem": "",
    }  # fmt: skip
    return BriefingMail(**{**found, **other})


FAILED = {"sent_at": None, "problem": "SMTPServerDisconnected"}


@pytest.mark.parametrize(
    ("row", "monthly", "asked"),
    [
        (None, True, True),
        (mail("a"), True, False),
        (mail("a"), False, False),
        (mail("a", "r0"), True, False),  # one a month is enough for the job
        (mail("a", "r0"), False, True),  # who asks gets the new release's out
        (mail("a", sent_at=None), True, False),  # claimed by one that died: it may have left
        (mail("a", sent_at=None), False, False),
        (mail("a", **FAILED), True, True),
        (mail("a", **FAILED, next_at=NOW + timedelta(minutes=1)), True, False),
        (mail("a", **FAILED, next_at=NOW + timedelta(minutes=1)), False, True),
        (mail("a", **{**FAILED, "attempts": MOST_ATTEMPTS}), True, False),
        (mail("b"), True, True),
    ],
)
def test_an_address_gets_a_briefing_once(row, monthly, asked):
    rows = [] if row is None else [row]
    assert due_addresses(rows, ["a"], "r1", NOW, monthly=monthly) == (["a"] if asked else [])
