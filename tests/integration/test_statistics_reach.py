"""The head of a unit sees the school and the own unit, and no other unit by any address."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from access_college import CAROL, College, found_college, write_release
from sqlalchemy import text
from sqlalchemy.orm import Session

from warehouse.gateway.statistics_routes import ROUTES
from warehouse.state.models import Batch

LATER = "20260902T000000Z-00000002"
#: Two colleges with a major and a class each, an office, and a figure that others answer for.
_CELLS = """
insert into indicator(id, name, owners, class, inputs, model, row_code, unit) values
  ('tuition', '学费', ['财务处'], 'plain', ['tuition.paid'], 'm', 'A2-21', '元');
insert into indicator_value(indicator, period, level, unit, unit_name, value, parent_unit) values
  ('students_enrolled', '2025', 'college', '04', '机械工程学院', 404.04, 'school'),
  ('students_enrolled', '2025', 'major', '0301', '软件工程', 303.01, '03'),
  ('students_enrolled', '2025', 'major', '0401', '机械设计', 404.01, '04'),
  ('students_enrolled', '2025', 'class', '030101', '软件一班', 30.5, '0301'),
  ('students_enrolled', '2025', 'class', '040101', '机械一班', 40.5, '0401'),
  ('staff_employed', '2025', 'college', '101', '人事处', 17.0, 'school'),
  ('staff_employed', '2025', 'college', '105', '财务处', 19.0, 'school'),
  ('tuition', '2025', 'school', 'school', '全校', 99.0, null);
"""


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path)
    write_release(college.settings, LATER, statistics=_CELLS)
    return college


def head(college: College, unit: str) -> dict[str, str]:
    college.appoint(CAROL, "unit_head", unit)
    return college.sign_in("T001")


def read(college: College, header: dict[str, str], query: str = "") -> dict:
    answer = college.client.get(f"/v1/statistics{query}", headers=header)
    assert answer.status_code == 200, answer.text
    return answer.json()


def seen(document: dict) -> set[tuple[str, str]]:
    return {(row["level"], row["unit"]) for row in document["values"]}


def test_a_dean_sees_the_school_beside_the_own_college(college: College):
    document = read(college, head(college, "03"))
    own = {("college", "03"), ("major", "0301"), ("class", "030101")}
    assert seen(document) == {("school", "school")} | own
    assert {row["id"] for row in document["indicators"]} == {
        "students_enrolled", "staff_employed", "tuition",
    }  # fmt: skip
    assert [row["unit"] for row in document["units"]] == ["03", "0301"]
    assert document["reach"] == {"everything": False, "units": ["college:03"], "datasets": None}


def test_the_head_of_an_office_sees_what_it_answers_for(college: College):
    document = read(college, head(college, "hr_office"))
    assert seen(document) == {("school", "school"), ("college", "101")}
    assert {row["id"] for row in document["indicators"]} == {"students_enrolled", "staff_employed"}
    assert document["reach"]["units"] == ["college:101"]
    assert document["reach"]["datasets"] == ["A2-07", "A2-17"]


def test_the_head_of_a_unit_without_figures_sees_none(college: College):
    document = read(college, head(college, "campus_hospital"))
    assert document["values"] == [] and document["indicators"] == [] and document["units"] == []


def test_leaders_see_every_cell(college: College):
    college.appoint(CAROL, "leader")
    document = read(college, head(college, "03"))
    assert document["reach"]["everything"] is True
    assert {("college", "04"), ("class", "040101"), ("college", "105")} <= seen(document)


@pytest.mark.parametrize(
    "query",
    ["?within=college:04", "?within=major:0401", "?within=college:105", "?within=major:none"],
)
def test_another_unit_is_refused_and_the_try_is_noted(college: College, query: str):
    header = head(college, "03")
    answer = college.client.get(f"/v1/statistics{query}", headers=header)
    assert answer.status_code == 403
    with college.engine.connect() as connection:
        rows = connection.execute(
            text("select detail from audit where action = 'statistics.read' order by seq")
        ).all()
    assert json.loads(rows[0].detail)["within"] == query.partition("=")[2]


@pytest.mark.parametrize("wrong", ["college", "class:030101", "major:", "school:1", "' or 1=1"])
def test_a_unit_that_cannot_exist_is_a_wrong_question(college: College, wrong: str):
    college.appoint(CAROL, "leader")
    answer = college.client.get(
        "/v1/statistics", params={"within": wrong}, headers=college.sign_in("T001")
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("within", "cells"),
    [
        ("school", {("school", "school"), ("college", "03"), ("college", "04")}),
        ("college:03", {("school", "school"), ("college", "03"), ("major", "0301")}),
        ("major:0301", {("school", "school"), ("college", "03"), ("major", "0301")}),
    ],
)
def test_a_unit_is_read_with_what_is_inside_and_around_it(college: College, within, cells):
    college.appoint(CAROL, "leader")
    header = college.sign_in("T001")
    document = read(college, header, f"?within={within}&indicator=students_enrolled")
    assert seen(document) == cells
    assert read(college, header, "?row=A2-21")["indicators"][0]["id"] == "tuition"


#: Every address of the statistics that takes a reader, with all that can be asked for there.
_EVERY_WAY = [
    f"{route.path}{query}"
    for route in ROUTES
    if not route.path.startswith("/v1/public/")
    for query in (
        "", "?indicator=students_enrolled", "?level=college", "?level=class", "?row=A2-17",
        "?within=school", "?within=college:03", "?within=college:04", "?within=major:0401",
        "?indicator=tuition", "?unit=04", "?indicator=staff_employed&within=college:105",
    )
]  # fmt: skip


@pytest.mark.parametrize("unit", ["03", "hr_office"])
def test_nothing_of_another_unit_leaves_by_any_address(college: College, unit: str):
    header = head(college, unit)
    foreign = ["404.04", "404.01", "40.5", "机械", "19.0"]
    foreign += ["303.01", "30.5", "500"] if unit == "hr_office" else ["17.0"]
    for path in _EVERY_WAY:
        answer = college.client.get(path, headers=header)
        assert answer.status_code in (200, 400, 403), path
        assert not [mark for mark in foreign if mark in answer.text], path


def test_the_receipt_of_a_figure_that_others_answer_for_is_refused(college: College):
    header = head(college, "hr_office")
    path = "/v1/statistics/receipt?indicator="
    assert college.client.get(f"{path}students_enrolled", headers=header).status_code == 200
    assert college.client.get(f"{path}tuition", headers=header).status_code == 403


def test_a_head_who_was_replaced_sees_no_more(college: College):
    from warehouse.governance.appointments import end_appointment

    header = head(college, "03")
    assert read(college, header)["values"]
    end_appointment(
        college.audit, CAROL, "unit_head", actor="command:test", unit="03", now=college.clock.now
    )
    college.clock.advance(minutes=1)
    assert college.client.get("/v1/statistics", headers=header).status_code == 403


def test_late_deliveries_name_the_unit_and_the_figures_that_wait(college: College):
    college.appoint(CAROL, "leader")
    header = college.sign_in("T001")
    moment = college.clock.now - timedelta(days=12)
    with Session(college.engine) as opened, opened.begin():
        opened.add(
            Batch(
                id="b1", source="student_affairs", table_name="student_status", file_name="x",
                content_sha256="x", received_at=moment, extracted_at=moment, accepted_rows=3,
                refused_rows=0, contract_version="1.0.0", reasons={}, readings={}, files=[],
            )
        )  # fmt: skip
    (late,) = college.client.get("/v1/statistics/late", headers=header).json()["late"]
    assert (late["table"], late["owner"], late["days"]) == ("student_status", "学生处", 10)
    assert late["indicators"] == ["students_enrolled"]
