"""From the application to the query and out again, by five people in the browser."""

from __future__ import annotations

import re
import shutil

import duckdb
import pytest
from governance_story import (
    GRADES,
    PURPOSE,
    STATUS,
    add_table,
    approve,
    ask,
    open_waiting,
    press,
    result,
    revoke,
    send,
    sign_words,
    write_form,
)
from playwright.sync_api import expect
from site_harness import heading, settled

from warehouse.access.desk import open_desk
from warehouse.governance.appointments import appoint, end_appointment
from warehouse.governance.undertakings import sign_for_role
from warehouse.release import current

SIGNERS = ("unit_head", "leader", "leading_group", "working_group")


@pytest.fixture
def colleague(college, people):
    """A teacher who is an analyst, and bound as one, for the time of a test."""
    key = people["staff"].person_key
    with open_desk(college) as desk:
        appoint(desk.audit, key, "analyst", actor="command:test")
        sign_for_role(desk.audit, key, "analyst", unit=None, text="承诺书", actor="command:test")
    yield people["staff"]
    with open_desk(college) as desk:
        end_appointment(desk.audit, key, "analyst", actor="command:test")


@pytest.fixture
def granted_rows(college, people, tmp_path):
    """Rows of the grades of one college's students, counted past the product."""
    copy = tmp_path / "authority.duckdb"
    shutil.copyfile(current(college).file("authority"), copy)
    connection = duckdb.connect(str(copy), read_only=True)
    (rows,) = connection.execute(
        f"select count(*) from {GRADES} where person_key in "
        f"(select person_key from {STATUS} where college_code = ?)",
        [people["student_a"].college_code],
    ).fetchone()
    connection.close()
    return rows


def test_five_people_from_the_form_to_the_query_and_out(
    demo, enter, people, personal, colleague, granted_rows
):
    (college_name,) = personal.execute(
        "select college_name from student where person_key = ?", [people["student_a"].person_key]
    ).fetchone()
    officer = enter(demo, "unit_officer", "/applications")
    write_form(officer, [people["analyst"].number, colleague.number], college_name)
    officer.reload()
    heading(officer)
    settled(officer)
    expect(officer.locator(".st-key-form_purpose_text textarea")).to_have_value(PURPOSE)
    expect(officer.locator(".st-key-card_side")).to_contain_text("可以提交了")
    application = send(officer)

    for role in SIGNERS:
        page = enter(demo, role, "/inbox")
        if role == "unit_head":
            open_waiting(page, application)
            sign_words(page, "单位承诺书")
            page.locator(".st-key-back button").click()
        approve(page, application)

    analyst = enter(demo, "analyst", "/applications")
    sign_words(analyst, f"数据使用人承诺书 · {application}")
    card = analyst.locator("[class*='st-key-grant_g']").filter(has_text=PURPOSE)
    grant = card.inner_text().split("·")[-1].strip().split()[0]
    card.get_by_role("link", name="去查询").click()
    analyst.wait_for_url(re.compile(f"/query\\?grant={grant}"))
    ask(analyst, grant, f"select * from {GRADES} limit 1")
    assert result(analyst)[0] == ["person_key", "total_score"]
    ask(analyst, grant, f"select * from {STATUS} limit 1")
    assert result(analyst)[0] == ["grade_year"]
    ask(analyst, grant, f"select count(*) as n from {GRADES}")
    assert result(analyst)[1][-1].replace(",", "") == str(granted_rows)

    other = enter(demo, "staff", "/query")
    assert "你还没有可用的授权" in settled(other)
    other.goto(f"{demo.address}/query?grant={grant}")
    assert "你还没有可用的授权" in settled(other)

    worker = enter(demo, "working_group", "/governance?show=grants")
    revoke(worker, grant, "用途已完成")
    ask(analyst, grant, f"select count(*) as n from {GRADES}")
    expect(analyst.locator("[data-testid=stAlert]")).to_contain_text(f"授权 {grant} 不能再用了")
    expect(analyst.locator("[data-testid=stDataFrame]")).to_have_count(0)


def test_an_application_that_is_anothers_is_not_there(demo, enter):
    officer = enter(demo, "unit_officer", "/applications?scope=unit")
    number = re.search(r"SQ\d{8}-\w{8}", settled(officer))[0]
    student = enter(demo, "student_b", f"/applications?id={number}")
    expect(student.locator(".c-head h1")).to_have_text("没有这份申请")
    assert "教务处" not in settled(student)
    student.goto(f"{demo.address}/applications?id=../drafts")
    expect(student.locator(".c-head h1")).to_have_text("没有这份申请")


def test_the_form_on_a_phone_saves_each_change_and_fits(demo, enter):
    page = enter(demo, "student_a", "/apply", phone=True)
    add_table(page, "学习成绩", GRADES)
    press(page, f"columns_{GRADES}", "总评成绩")
    page.wait_for_url(re.compile(r"draft=\w+"))
    settled(page)
    wide, room = page.evaluate(
        "[document.querySelector('[data-testid=stMain]').scrollWidth, innerWidth]"
    )
    assert wide <= room
    page.goto(f"{demo.address}/applications")
    expect(page.locator(".st-key-card_drafts")).to_contain_text("还没写用途")
    page.locator("[class*='st-key-discard_'] button").click()
    expect(page.locator(".st-key-card_drafts")).to_have_count(0)


def test_an_auditor_sees_everything_and_is_offered_nothing(demo, enter):
    page = enter(demo, "auditor", "/governance")
    text = settled(page)
    assert "SQ" in text
    page.goto(f"{demo.address}/governance?show=grants")
    settled(page)
    assert page.locator("[class*='st-key-revoke_']").count() == 0
    page.goto(f"{demo.address}/units")
    expect(page.locator(".st-key-card_units")).to_contain_text("缺联络人")
    page.goto(f"{demo.address}/apply")
    assert heading(page) == "你不能打开这一页"
    page.goto(f"{demo.address}/audit?action=application")
    assert heading(page) == "审计"
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()
