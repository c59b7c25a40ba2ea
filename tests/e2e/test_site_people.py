"""Each person sees what is theirs and nothing else, through a real browser and provider."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from site_harness import heading, settled

MINE = {"overview", "study", "work", "life", "basics", "wellbeing", "uses", "downloads"}
MINE |= {"applications", "apply"}
PAGES = MINE | {"statistics", "signing", "query", "public", "inbox", "governance", "units", "audit"}
PAGES |= {"care", "kept", "hand-in", "protection", "topic-people"}
FIGURES = {"statistics", "topic-people"}
STUDENT, STAFF = MINE - {"work"} | {"public"}, MINE - {"study", "wellbeing"} | {"public"}
OPEN_TO = {
    "leader": STAFF | FIGURES | {"inbox", "units"},
    "student_a": STUDENT,
    "student_b": STUDENT,
    "staff": STAFF,
    "analyst": STAFF | {"query"},
    "unit_officer": STAFF | {"signing", "hand-in", "units"},
    "unit_head": STAFF | FIGURES | {"inbox", "units"},
    "working_group": STAFF | FIGURES | {"inbox", "governance", "units"},
    "auditor": STAFF - {"apply"} | FIGURES | {"governance", "units", "audit"},
}
LANDING = {
    "leader": "statistics",
    "student_a": "overview",
    "student_b": "overview",
    "staff": "overview",
    "analyst": "overview",
    "unit_officer": "overview",
    "unit_head": "statistics",
    "working_group": "statistics",
    "auditor": "statistics",
}


@pytest.fixture(params=["demo", "certified"])
def site(request):
    return request.getfixturevalue(request.param)


def test_a_stranger_sees_public_figures_and_is_asked_to_sign_in_elsewhere(site, open_context):
    page = open_context().new_page()
    page.goto(site.address)
    assert heading(page) == "公开统计"
    expect(page.locator("[data-testid=stMain]")).to_contain_text("在校学生数")
    for address in sorted(PAGES - {"public"}):
        page.goto(f"{site.address}/{address}")
        assert heading(page) == "先登录，再看这一页", address


@pytest.mark.parametrize("role", sorted(OPEN_TO))
def test_everyone_begins_where_they_belong_and_opens_only_their_pages(site, enter, role):
    page = enter(site, role, "/overview")
    page.goto(site.address)
    page.wait_for_url(re.compile(f"/{LANDING[role]}$"))
    for address in sorted(PAGES):
        page.goto(f"{site.address}/{address}")
        refused = heading(page) == "你不能打开这一页"
        assert refused is (address not in OPEN_TO[role]), address
        assert page.locator(".stException").count() == 0
        assert "这一页出了错" not in settled(page)


def test_a_student_sees_own_marks_and_no_one_elses(site, enter, personal):
    people = site.people
    pages = {role: enter(site, role, "/basics") for role in ("student_a", "student_b")}
    for role, other in (("student_a", "student_b"), ("student_b", "student_a")):
        page = pages[role]
        text = settled(page)
        assert people[role].number in text
        assert people[role].name in text
        for address in ("overview", "study", "life", "basics", "uses"):
            page.goto(f"{site.address}/{address}")
            heading(page)
            body = settled(page) + page.content()
            assert people[other].number not in body
            assert _id_number(personal, people[other]) not in body
    marks = personal.execute(
        "select course_name, total_score from course_grade where person_key = ? "
        "and total_score is not null order by term_code desc limit 1",
        [people["student_a"].person_key],
    ).fetchone()
    page = pages["student_a"]
    page.goto(f"{site.address}/study")
    heading(page)
    assert marks[0] in settled(page)


def test_staff_see_their_posts_and_classes(site, enter, personal):
    teacher = site.people["staff"]
    page = enter(site, "staff", "/work")
    assert "岗位与职务" in settled(page)
    page.goto(f"{site.address}/work?work_part=teaching")
    heading(page)
    text = settled(page)
    course = personal.execute(
        "select course_name from teaching where person_key = ? order by term_code desc limit 1",
        [teacher.person_key],
    ).fetchone()[0]
    assert course in text


def test_a_leader_reads_a_figure_its_receipt_and_goes_into_a_college(site, enter):
    page = enter(site, "leader", "/statistics")
    expect(page.locator(".st-key-card_figure_students_enrolled")).to_contain_text("1,000 人")
    card = page.locator(".st-key-card_figure_student_teacher_ratio")
    card.locator("[class*=st-key-receipt_] button").click()
    receipt = page.locator(".c-receipt")
    expect(receipt).to_contain_text("折合在校生数 ÷ 教师总数")
    expect(receipt).to_contain_text("项通过")
    page.keyboard.press("Escape")
    page.goto(f"{site.address}/statistics?unit=college:201&indicator=students_enrolled")
    assert heading(page) == "信息工程学院"
    expect(page.locator(".st-key-card_breakdown")).to_contain_text("信息工程学院各专业")


def test_an_officer_signs_the_figures_of_the_own_unit(site, enter):
    page = enter(site, "unit_officer", "/signing")
    assert "教务处 未签认" in settled(page)
    page.locator("button[kind=secondaryFormSubmit]").click()
    expect(page.locator("[data-testid=stAlert]")).to_contain_text("请写明哪里不对")
    page.locator("button[kind=primaryFormSubmit]").click()
    expect(page.locator(".st-key-card_stands")).to_contain_text("教务处 已签认")


def test_an_analyst_queries_the_grant_and_nothing_beside_it(site, enter):
    page = enter(site, "analyst", "/query")
    assert "学习成绩" in settled(page)
    _ask(page, "select count(*) as rows_granted from student_academic_data.course_grade")
    expect(page.locator(".st-key-card_bench")).to_contain_text("1 行")
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()
    for forbidden in (
        "select name from student_enrollment_data.student_status",
        "select * from personal.student",
        "copy (select 1) to '/tmp/x.csv'",
        "select * from read_csv('/etc/passwd')",
    ):
        _ask(page, forbidden)
        expect(page.locator("[data-testid=stAlert]")).to_be_visible()
        assert page.locator("[data-testid=stDataFrame]").count() == 0


def _ask(page, statement):
    page.locator("textarea").fill(statement)
    page.locator(".st-key-card_bench button[kind=primaryFormSubmit]").click()
    page.wait_for_timeout(300)
    settled(page)


def test_a_forged_parameter_or_page_changes_nothing(site, enter):
    people = site.people
    page = enter(site, "student_a", "/basics")
    key, number = people["student_b"].person_key, people["student_b"].number
    for forged in (
        f"/basics?person={key}",
        f"/basics?person_key={key}&student_no={number}",
        f"/overview?as={number}",
        f"/statistics?person={key}",
        "/my_basics",
        "/admin",
        "/statistics/../query",
        f"/basics/{number}",
    ):
        page.goto(site.address + forged)
        heading(page)
        body = settled(page)
        assert people["student_b"].name not in body, forged
        assert "在校学生数" not in body or "公开统计" in body


def test_a_deep_link_survives_signing_in(site, open_context):
    page = open_context().new_page()
    page.goto(f"{site.address}/statistics?indicator=student_teacher_ratio")
    page.locator(".st-key-sign_in button").click()
    site.sign_in(page, site.people["leader"])
    page.wait_for_url(re.compile(r"/statistics\?.*indicator=student_teacher_ratio"))
    assert heading(page) == "学校数据总览"


def test_signing_out_in_one_tab_ends_the_other(site, enter):
    page = enter(site, "student_a", "/uses")
    other = page.context.new_page()
    other.goto(f"{site.address}/uses")
    assert heading(other) == "谁用过我的数据"
    page.locator(".st-key-sign_out button").click()
    page.wait_for_url(lambda url: not url.startswith(f"{site.address}/uses"))
    other.get_by_text("近半年").click()
    expect(other.locator(".c-head h1")).to_have_text("已退出")
    assert site.people["student_a"].number not in other.content()
    assert "你自己" not in settled(other)


def test_a_copied_cookie_is_worthless_after_signing_out(site, enter, open_context):
    page = enter(site, "student_a", "/overview")
    stolen = page.context.cookies()
    thief = open_context()
    thief.add_cookies(stolen)
    page.locator(".st-key-sign_out button").click()
    page.wait_for_url(lambda url: not url.startswith(f"{site.address}/overview"))
    late = thief.new_page()
    late.goto(f"{site.address}/basics")
    assert heading(late) == "已退出"
    assert site.people["student_a"].number not in late.content()


def _id_number(personal, account):
    found = personal.execute(
        "select id_card_no from student where person_key = ? union all "
        "select id_card_no from staff where person_key = ?",
        [account.person_key, account.person_key],
    ).fetchone()
    return found[0]
