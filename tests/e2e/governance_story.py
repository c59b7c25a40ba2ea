"""What the people of an application do in the browser, step by step."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect
from site_harness import heading, settled

GRADES = "student_academic_data.course_grade"
STATUS = "student_enrollment_data.student_status"
PURPOSE = "各年级课程成绩分析"


def write_form(page: Page, numbers: list[str], college: str) -> None:
    """Three columns of two tables, for the students of one college, for two people."""
    page.get_by_role("button", name="新申请").click()
    page.wait_for_url(re.compile("/apply"))
    press(page, "channels", "在线查询")
    for table, title, columns in (
        (GRADES, "学习成绩", ("人员代号", "总评成绩")),
        (STATUS, "学籍信息", ("年级",)),
    ):
        add_table(page, title, table)
        for column in columns:
            press(page, f"columns_{table}", column)
    choose(page, "rows_students_college_code", college)
    press(page, "purpose", "管理")
    page.locator(".st-key-form_purpose_text textarea").fill(PURPOSE)
    page.locator(".st-key-form_purpose_text textarea").blur()
    settled(page)
    write_day(page, "last_day", str(date.today() + timedelta(days=200)))
    for number in numbers:
        page.locator(".st-key-user_number input").fill(number)
        page.locator(".st-key-user_add button").click()
        expect(page.locator(f".st-key-row_user_{number}")).to_be_visible()
        settled(page)
    for name, value in (("contact_name", "联络人"), ("contact_phone", "0371-6000")):
        field = page.locator(f".st-key-form_{name} input")
        field.fill(value)
        field.blur()
        settled(page)


def add_table(page: Page, title: str, table: str) -> None:
    field = page.locator(".st-key-catalogue_word input")
    field.fill(title)
    field.press("Enter")
    row = page.locator(f".st-key-row_{table.replace('.', '_')}")
    row.get_by_role("button", name="加入").click()
    expect(page.locator(f".st-key-chosen_{table.replace('.', '_')}")).to_be_visible()
    settled(page)


def press(page: Page, name: str, label: str) -> None:
    """Press a pill of a field of the form."""
    key = re.sub(r"[^\w-]", "-", name)
    page.locator(f".st-key-form_{key} button").filter(
        has_text=re.compile(f"{label}$")
    ).first.click()
    settled(page)


def choose(page: Page, name: str, label: str) -> None:
    """Choose a value of a list by the beginning of its words."""
    field = page.locator(f".st-key-form_{name} input")
    field.click()
    field.fill(label)
    page.locator("[role=listbox] [role=option]").filter(has_text=label).first.click()
    page.keyboard.press("Escape")
    settled(page)


def write_day(page: Page, name: str, day: str) -> None:
    """Type a day into its three parts; the last digit of each moves on to the next."""
    page.locator(f".st-key-form_{name} [role=spinbutton]").first.click()
    page.keyboard.type(day.replace("-", ""), delay=30)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    settled(page)


def send(page: Page) -> str:
    """Submit by a double click; the id of the one application that comes of it."""
    button = page.locator(".st-key-submit button")
    expect(button).to_be_enabled()
    button.dblclick()
    page.wait_for_url(re.compile(r"/applications\?id=SQ"))
    expect(page.locator(".c-head h1")).to_have_text(PURPOSE)
    return page.url.rpartition("id=")[2]


def open_waiting(page: Page, application: str) -> None:
    page.locator(f".st-key-row_waiting_{application} button").click()
    page.wait_for_url(re.compile(f"id={application}"))
    expect(page.locator(".st-key-card_decide")).to_be_visible()


def approve(page: Page, application: str) -> None:
    open_waiting(page, application)
    page.locator(".st-key-card_decide button[kind=primaryFormSubmit]").click()
    expect(page.locator(f".st-key-row_waiting_{application}")).to_have_count(0)
    settled(page)


def sign_words(page: Page, title: str) -> None:
    """Sign the undertaking with that title, and see it gone."""
    box = page.locator("[class*='st-key-card_words_']").filter(has_text=title)
    expect(box.locator(".c-document")).to_contain_text("保密")
    box.get_by_role("button", name="签署").click()
    expect(box).to_have_count(0)
    settled(page)


def ask(page: Page, grant: str, statement: str) -> None:
    page.locator(".st-key-card_bench textarea").fill(statement)
    page.locator(".st-key-card_bench button[kind=primaryFormSubmit]").click()
    page.wait_for_timeout(300)
    settled(page)


def result(page: Page) -> list[list[str]]:
    """Headings and rows of the result as they are read out; the grid itself is a picture."""
    grid = page.locator("[data-testid=stDataFrame] canvas table").first
    grid.wait_for(state="attached")
    return grid.evaluate(
        "table => [...table.querySelectorAll('tr')].map("
        "row => [...row.querySelectorAll('th,td')].map(cell => cell.textContent))"
    )


def revoke(page: Page, grant: str, reason: str) -> None:
    page.locator(f".st-key-revoke_{grant} button").click()
    dialog = page.locator("[role=dialog]")
    dialog.locator("textarea").fill(reason)
    dialog.locator(".st-key-end_now button").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(f".st-key-grant_{grant}")).to_contain_text("已终止")


def refused(page: Page) -> bool:
    return heading(page) == "你不能打开这一页"
