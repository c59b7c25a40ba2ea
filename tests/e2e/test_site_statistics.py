"""The leaders' pages in a browser: what they show is what was released, each figure with its
receipt, at both widths and in both themes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import duckdb
import pytest
from page_checks import sideways, violations
from playwright.sync_api import Page, expect
from site_harness import heading, settled

from dashboards import formats
from dashboards.topics import TOPICS
from warehouse.release import current

ALL = ["statistics", *TOPICS]
#: Pages of leaders that show no figure of their own.
PAPERS = ["briefings", "ministry"]

#: Values that were drawn and stand in no card, chart or table with a receipt.
_WITHOUT_RECEIPT = """
[...document.querySelectorAll(
  '[data-testid=stMetric], [data-testid=stVegaLiteChart], [data-testid=stDataFrame]')]
.filter(drawn => {
  let box = drawn.parentElement;
  for (let up = 0; box && up < 8; up++, box = box.parentElement) {
    if (box.querySelector('[class*=st-key-receipt_]')) return false;
  }
  return true;
}).map(drawn => drawn.innerText.slice(0, 80))
"""
#: Every card's key and the value that it shows.
_CARDS = """
Object.fromEntries([...document.querySelectorAll('[class*=st-key-card_figure_]')].map(card => [
  [...card.classList].find(c => c.startsWith('st-key-card_figure_')).slice(19),
  card.querySelector('[data-testid=stMetricValue]').innerText.trim(),
]))
"""


@pytest.fixture(scope="session")
def released(college, tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The statistics as published. A copy: one process may open a file in one way only."""
    copy = tmp_path_factory.mktemp("released") / "statistics.duckdb"
    shutil.copyfile(current(college).file("statistics"), copy)
    connection = duckdb.connect(str(copy), read_only=True)
    yield connection
    connection.close()


def expected(released, indicator: str, level: str = "school", unit: str = "school") -> str:
    """The indicator's newest figure as a card shows it."""
    found = released.execute(
        "select v.value, i.unit, v.is_suppressed from indicator_value v "
        "join indicator i on i.id = v.indicator where v.indicator = ? and v.level = ? "
        "and v.unit = ? and (v.value is not null or v.is_suppressed) "
        "order by left(v.period, 4) desc, v.as_of_date desc limit 1",
        [indicator, level, unit],
    ).fetchone()
    assert found is not None, indicator
    value, measure, is_suppressed = found
    return "已隐去" if is_suppressed else formats.figure(value, measure)


def faults(page: Page, axe: str) -> list[str]:
    """What is wrong with a page as it stands."""
    found = violations(page, axe)
    if (wider := sideways(page)) > 0:
        found.append(f"{wider} px wider than the window")
    found += [f"no receipt: {text}" for text in page.evaluate(_WITHOUT_RECEIPT)]
    if page.locator(".stException").count() or "这一页出了错" in page.content():
        found.append("the page failed")
    return found


def opened(page: Page, site, address: str) -> Page:
    page.goto(f"{site.address}/{address}")
    heading(page)
    settled(page)
    return page


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)])
def test_every_page_shows_what_was_released_each_figure_with_its_receipt(
    demo, enter, axe, released, phone, dark
):
    page = enter(demo, "leader", "/statistics", phone=phone, dark=dark)
    problems = []
    for address in ALL:
        opened(page, demo, address)
        problems += [f"{address}: {fault}" for fault in faults(page, axe)]
        shown = page.evaluate(_CARDS)
        assert len(shown) == 6, address
        for indicator, value in shown.items():
            if value != (right := expected(released, indicator)):
                problems.append(f"{address}: {indicator} shows {value} and is {right}")
    for address in PAPERS:
        problems += [f"{address}: {fault}" for fault in faults(opened(page, demo, address), axe)]
    assert problems == []


def test_the_start_page_fits_a_screen_and_begins_on_a_phone_with_what_wants_a_look(demo, enter):
    page = enter(demo, "leader", "/statistics")
    opened(page, demo, "statistics")
    lowest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('[class*=st-key-card_]')]"
        ".map(card => card.getBoundingClientRect().bottom))"
    )
    assert lowest <= 768
    assert 0 < page.locator("[class*=st-key-card_notice_]").count() <= 4
    page.locator(".st-key-all_notices button").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[class*=st-key-watch_]").first).to_be_visible()
    said = re.search(r"\d+", page.locator(".st-key-all_notices button").inner_text()).group()
    assert dialog.locator(".c-watch").count() == int(said)
    phone = enter(demo, "leader", "/statistics", phone=True)
    opened(phone, demo, "statistics")
    cards = phone.locator("[class*=st-key-card_]")
    assert "st-key-card_notice_0" in (cards.first.get_attribute("class") or "")
    assert cards.first.bounding_box()["y"] < 844 / 2


def test_the_other_theme_of_each_width_is_accessible_too(demo, enter, axe):
    for phone, dark in ((False, True), (True, False)):
        page = enter(demo, "leader", "/statistics", phone=phone, dark=dark)
        for address in (*ALL, *PAPERS, "topic-people?lang=en"):
            opened(page, demo, address)
            assert faults(page, axe) == [], (address, phone, dark)


def test_a_leader_finds_why_a_figure_changed_which_college_drives_it_and_who_signed(
    demo, enter, released
):
    page = enter(demo, "leader", "/statistics")
    opened(page, demo, "statistics")
    page.locator(".st-key-parts_of_student_teacher_ratio button").click()
    expect(page.locator(".st-key-card_breakdown")).to_contain_text("生师比：各学院")
    expect(page).to_have_url(re.compile("indicator=student_teacher_ratio"))
    expect(page.locator(".st-key-card_breakdown")).to_contain_text(re.compile("比上年|还没有结束"))
    page.locator(".st-key-card_breakdown").get_by_role("link", name="当时是怎么报的").click()
    page.wait_for_url(re.compile("/earlier"))
    assert "生师比" in settled(page)
    opened(page, demo, "topic-people?indicator=student_teacher_ratio")
    part = page.locator(".st-key-card_breakdown")
    expect(part).to_contain_text(re.compile(r"比上年(升高|降低) .*(贡献最大|学院)|比上年持平"))
    part.locator(
        "[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas"
    ).first.wait_for()
    words = part.evaluate("box => box.outerHTML")
    for unit, name in released.execute(
        "select distinct unit, unit_name from indicator_value "
        "where indicator = 'student_teacher_ratio' and level = 'college'"
    ).fetchall():
        right = expected(released, "student_teacher_ratio", "college", unit)
        assert f"{name} {right}" in words
    page.locator(".st-key-card_figure_student_teacher_ratio button").first.click()
    receipt = page.locator(".c-receipt")
    for said in (
        "折合在校生数 ÷ 教师总数",
        "教发〔2004〕2号",
        "人事处",
        "项通过",
        "上一期",
        "未签认",
    ):
        expect(receipt).to_contain_text(said)
    expect(page.get_by_text("查看计算语句（SQL）")).to_be_visible()


def test_a_view_that_is_sent_opens_as_meant_after_signing_in(demo, open_context):
    page = open_context().new_page()
    sent = "/topic-people?unit=college:202&year=2025&indicator=students_enrolled"
    page.goto(demo.address + sent)
    page.locator(".st-key-sign_in button").click()
    demo.sign_in(page, demo.people["leader"])
    page.wait_for_url(re.compile(re.escape(demo.address) + "/topic-people"))
    assert heading(page) == "师生 · 机械工程学院"
    settled(page)
    asked = page.url.replace("%3A", ":")
    assert all(part in asked for part in sent.partition("?")[2].split("&"))
    expect(page.locator(".st-key-card_breakdown")).to_contain_text("机械工程学院各专业")
    page.locator(".st-key-back button").click()
    expect(page.locator(".c-head h1")).to_have_text("师生 · 全校")


def test_a_dean_sees_the_own_college_beside_the_school_and_no_other(demo, enter, axe, released):
    dean = demo.people["dean"]
    page = enter(demo, "dean", "/statistics")
    opened(page, demo, "statistics")
    assert heading(page) == dean.about
    assert faults(page, axe) == []
    for indicator, value in page.evaluate(_CARDS).items():
        assert value == expected(released, indicator, "college", dean.college_code)
    other = "202" if dean.college_code != "202" else "201"
    (name,) = released.execute(
        "select any_value(unit_name) from indicator_value where level = 'college' and unit = ?",
        [other],
    ).fetchone()
    opened(page, demo, f"topic-people?unit=college:{other}")
    assert heading(page) == f"师生 · {dean.about}"
    assert name not in page.locator("[data-testid=stMain]").inner_text()
    opened(page, demo, "topic-people?unit=school")
    assert heading(page) == "师生 · 全校"
    assert name not in page.locator("[data-testid=stMain]").inner_text()
