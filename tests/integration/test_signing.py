"""Owner units sign the figures they answer for, and only those, and only as they saw them."""

from __future__ import annotations

import json

import pytest
from access_college import CAROL, College, found_college, write_release
from sqlalchemy import text
from typer.testing import CliRunner

from warehouse.cli.main import build_app
from warehouse.errors import CampusError

LATER = "20260902T000000Z-00000002"


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path)
    college.appoint(CAROL, "unit_officer", "hr_office")
    return college


def sheets(college: College, header) -> dict[str, dict]:
    answer = college.client.get("/v1/sign-offs", headers=header)
    assert answer.status_code == 200, answer.text
    return {sheet["period"]: sheet for sheet in answer.json()["sheets"]}


def stands(sheet: dict) -> dict[str, str]:
    return {unit["unit"]: unit["state"] for unit in sheet["units"]}


def decide(college: College, header, sheet: dict, **changes):
    body = {
        "dataset": sheet["dataset"],
        "period": sheet["period"],
        "unit": "hr_office",
        "decision": "signed",
        "reason": "",
        "content": sheet["content"],
        **changes,
    }
    return college.client.post("/v1/sign-offs", json=body, headers=header)


def entries(college: College, action: str) -> list[dict]:
    with college.engine.connect() as connection:
        rows = connection.execute(
            text("select detail from audit where action = :action order by seq"),
            {"action": action},
        ).all()
    return [json.loads(row.detail) for row in rows]


def test_an_officer_signs_for_the_unit_and_for_no_other(college: College):
    header = college.sign_in("T001")
    sheet = sheets(college, header)["2025"]
    assert set(stands(sheet).values()) == {"unsigned"}
    assert decide(college, header, sheet).json()["recorded"] is True
    after = sheets(college, header)["2025"]
    assert stands(after)["hr_office"] == "signed"
    assert stands(after)["student_affairs_office"] == "unsigned"
    assert after["state"] == "unsigned"
    assert decide(college, header, sheet, unit="student_affairs_office").status_code == 403
    assert decide(college, header, sheet, dataset="A2-20").status_code == 403
    (entry,) = entries(college, "figures.sign")
    assert entry["unit"] == "hr_office" and entry["content"] == sheet["content"]


def test_a_second_click_is_one_signature(college: College):
    header = college.sign_in("T001")
    sheet = sheets(college, header)["2025"]
    said = [decide(college, header, sheet).json()["recorded"] for _ in range(2)]
    assert said == [True, False]
    assert len(entries(college, "figures.sign")) == 1


def test_all_units_together_make_a_signed_sheet(college: College):
    for unit in ("development_planning_office", "evaluation_supervision_office"):
        college.appoint(CAROL, "unit_officer", unit)
    college.appoint(CAROL, "unit_officer", "student_affairs_office")
    header = college.sign_in("T001")
    sheet = sheets(college, header)["2025"]
    for unit in stands(sheet):
        assert sheets(college, header)["2025"]["state"] == "unsigned"
        decide(college, header, sheet, unit=unit)
    assert sheets(college, header)["2025"]["state"] == "signed"


def test_a_rejection_needs_its_reason_and_shows_it(college: College):
    header = college.sign_in("T001")
    sheet = sheets(college, header)["2025"]
    assert decide(college, header, sheet, decision="rejected", reason="  ").status_code == 400
    assert decide(college, header, sheet, decision="doubted").status_code == 400
    decide(college, header, sheet, decision="rejected", reason="外聘教师重复计入")
    after = sheets(college, header)["2025"]
    assert after["state"] == "rejected"
    (unit,) = [unit for unit in after["units"] if unit["unit"] == "hr_office"]
    assert unit["reason"] == "外聘教师重复计入"


def test_a_signature_does_not_cover_figures_that_changed_later(college: College):
    header = college.sign_in("T001")
    sheet = sheets(college, header)["2025"]
    decide(college, header, sheet)
    write_release(college.settings, LATER)
    assert stands(sheets(college, header)["2025"])["hr_office"] == "signed"
    write_release(
        college.settings,
        "20260903T000000Z-00000003",
        statistics="update indicator_value set numerator = 201, value = 201 "
        "where indicator = 'staff_employed'",
    )
    after = sheets(college, header)["2025"]
    assert stands(after)["hr_office"] == "changed"
    assert decide(college, header, sheet).status_code == 409
    decide(college, header, after)
    assert stands(sheets(college, header)["2025"])["hr_office"] == "signed"


def test_a_period_that_is_not_over_cannot_be_signed(college: College):
    header = college.sign_in("T001")
    # The data reach into 1 September 2026 (Beijing): its own count is still running.
    running = sheets(college, header)["2026-09-01"]
    assert set(stands(running).values()) == {"running"}
    assert decide(college, header, running).status_code == 400


def test_the_figures_to_sign_are_all_of_the_sheet_and_no_other(college: College):
    header = college.sign_in("T001")
    path = "/v1/sign-offs/figures?dataset=A2-17&period=2025"
    found = college.client.get(path, headers=header).json()
    assert {(row["indicator"], row["level"]) for row in found["values"]} == {
        ("students_enrolled", "school"),
        ("students_enrolled", "college"),
        ("staff_employed", "school"),
    }
    assert found["content"] == sheets(college, header)["2025"]["content"]
    other = "/v1/sign-offs/figures?dataset=A2-21&period=2025"
    assert college.client.get(other, headers=header).status_code == 403
    none = "/v1/sign-offs/figures?dataset=A2-17&period=1999"
    assert college.client.get(none, headers=header).status_code == 404


def test_who_is_no_officer_neither_sees_nor_signs(college: College):
    sheet = sheets(college, college.sign_in("T001"))["2025"]
    college.appoint(CAROL, "leader")
    header = college.sign_in("S001")
    assert college.client.get("/v1/sign-offs", headers=header).status_code == 403
    assert decide(college, header, sheet).status_code == 403


def test_an_officer_of_a_unit_without_statistics_sees_no_sheet(tmp_path):
    college = found_college(tmp_path)
    college.appoint(CAROL, "unit_officer", "information_network_center")
    answer = college.client.get("/v1/sign-offs", headers=college.sign_in("T001"))
    assert answer.json()["sheets"] == []


def test_every_answer_with_figures_says_whether_they_are_signed(college: College):
    college.appoint(CAROL, "leader")
    header = college.sign_in("T001")
    overview = college.client.get("/v1/statistics", headers=header).json()
    assert overview["sign_offs"]["A2-17"] == {"2025": "unsigned", "2026-09-01": "running"}
    receipt = college.client.get(
        "/v1/statistics/receipt?indicator=staff_employed", headers=header
    ).json()
    assert {sheet["period"] for sheet in receipt["sign_offs"]} == {"2025", "2026-09-01"}
    public = college.client.get("/v1/public/statistics").json()
    assert public["sign_offs"]["A2-17"]["2025"] == "unsigned"


@pytest.fixture
def campus(college: College):
    app = build_app()

    def run(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["--home", str(college.settings.paths.root), *words])
        if isinstance(result.exception, CampusError):
            assert result.exception.exit_code == code, result.exception
            return str(result.exception)
        assert result.exit_code == code, (result.output, result.exception)
        return result.stdout

    return run


SIGN = ("indicator", "sign", "A2-17", "--period", "2025", "--unit", "人事处", "--by")


def test_a_paper_signature_is_entered_for_an_officer_only(campus, college: College):
    campus(*SIGN, "T001")
    campus(*SIGN, "S001", code=2)
    campus(*SIGN[:-3], "--unit", "学生处", "--by", "T001", code=2)
    campus(*SIGN[:-3], "--unit", "无此单位", "--by", "T001", code=2)
    (sheet,) = [
        sheet
        for sheet in json.loads(campus("indicator", "signatures", "A2-17", "--json"))
        if sheet["period"] == "2025"
    ]
    assert stands(sheet)["hr_office"] == "signed"
    (entry,) = entries(college, "figures.sign")
    assert entry["unit"] == "hr_office"


def test_an_explanation_says_what_stands_behind_a_figure(campus):
    campus(*SIGN, "T001")
    found = json.loads(
        campus("indicator", "explain", "students_enrolled", "--unit", "03", "--json")
    )
    assert [row["value"] for row in found["values"]] == [500]
    assert found["batches"][0]["table"] == "student_status"
    assert found["checks"]["failing"][0]["name"] == "t1"
    assert found["sql"] == "select count(*) from students"
    assert stands(found["sign_offs"][0])["hr_office"] == "signed"
    text = campus("indicator", "explain", "students_enrolled", "--period", "2025")
    assert "2000" in text and "unsigned" in text and "发展规划处" in text
    campus("indicator", "explain", "students_enrolled", "--unit", "99", code=2)
    campus("indicator", "explain", "students_enrolled", "--period", "1999", code=2)
    campus("indicator", "explain", "nothing", code=1)


def test_an_explanation_can_speak_of_an_older_release(campus, college: College):
    write_release(
        college.settings,
        LATER,
        statistics="update indicator_value set value = 2001 where level = 'school'",
    )
    asked = ("indicator", "explain", "students_enrolled", "--period", "2025", "--json")
    assert json.loads(campus(*asked))["values"][0]["value"] == 2001
    first = college.settings.paths.releases
    older = sorted(path.name for path in first.iterdir() if path.is_dir())[0]
    assert json.loads(campus(*asked, "--release", older))["values"][0]["value"] == 2000
    campus(*asked, "--release", "20200101T000000Z-00000000", code=1)
