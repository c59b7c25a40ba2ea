"""The site as a whole: shutting people out, logs, health, looks, starting and ending."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect
from site_harness import answers, free_port, heading, serve, settled

from warehouse.access.desk import open_desk
from warehouse.governance import appointments, exclusions


def test_a_disabled_person_is_out_at_the_next_click_and_in_again_when_enabled(demo, enter, college):
    page = enter(demo, "student_b", "/uses")
    key = demo.people["student_b"].person_key
    with open_desk(college) as desk:
        exclusions.disable(desk.audit, key, actor="command:test", reason="test")
    try:
        page.get_by_text("近半年").click()
        expect(page.locator(".c-head h1")).to_have_text("已退出")
        page.locator(".st-key-sign_in button").click()
        demo.sign_in(page, demo.people["student_b"])
        expect(page.locator(".c-head h1")).to_have_text("这里没有找到你")
        assert demo.people["student_b"].number not in settled(page)
    finally:
        with open_desk(college) as desk:
            exclusions.enable(desk.audit, key, actor="command:test", reason="test")
    again = enter(demo, "student_b", "/basics")
    assert demo.people["student_b"].number in settled(again)


def test_a_role_that_ends_takes_its_page_away_at_once(demo, enter, college):
    page = enter(demo, "leader", "/statistics")
    key = demo.people["leader"].person_key
    with open_desk(college) as desk:
        appointments.end_appointment(desk.audit, key, "leader", actor="command:test")
    try:
        page.locator(".st-key-year").get_by_text("2025年", exact=True).click()
        expect(page.locator(".c-head h1")).to_have_text("你不能打开这一页")
        assert "1,000 人" not in settled(page)
    finally:
        with open_desk(college) as desk:
            appointments.appoint(desk.audit, key, "leader", actor="command:demo")


def test_somebody_unknown_to_the_college_is_told_so(certified, open_context):
    page = open_context().new_page()
    page.goto(f"{certified.address}/overview")
    page.locator(".st-key-sign_in button").click()
    page.locator("input[name=number]").fill("0000000000")
    page.locator("button[type=submit]").click()
    expect(page.locator(".c-head h1")).to_have_text("这里没有找到你")


def test_single_sign_on_asks_once(certified, enter):
    page = enter(certified, "staff", "/overview")
    page.context.clear_cookies(name=re.compile("^_streamlit"))
    page.goto(f"{certified.address}/work")
    page.locator(".st-key-sign_in button").click()
    expect(page.locator(".c-head h1")).to_have_text("工作")
    expect(page).to_have_url(f"{certified.address}/work")


def test_no_log_holds_an_id_number_or_a_token(demo, certified, enter, personal):
    for site in (demo, certified):
        page = enter(site, "student_a", "/basics")
        page.locator("summary", has_text="显示证件号").click()
        page.goto(f"{site.address}/life?card=1")
        heading(page)
    numbers = {
        row[0]
        for row in personal.execute(
            "select id_card_no from student union select id_card_no from staff"
        ).fetchall()
        if row[0]
    }
    assert len(numbers) > 1000
    for site in (demo, certified):
        text = site.log_text()
        assert text
        found = set(re.findall(r"\d{17}[\dX]", text)) & numbers
        assert not found
        assert not re.search(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", text), "a token stands in a log"


def test_no_page_failed(demo, enter):
    enter(demo, "leader", "/statistics")
    said = demo.log_text()
    started = said.rfind("You can now view your Streamlit app")
    assert "page failed" not in said[started:]


def test_health_asks_the_gateway(demo):
    answer = httpx.get(f"{demo.address}/healthz", trust_env=False)
    assert answer.status_code == 200
    assert answer.json()["gateway"] == "ok"


def test_pages_are_chinese_and_load_nothing_from_elsewhere(demo, enter):
    page = enter(demo, "leader", "/statistics")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    heading(page)
    settled(page)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    outside = [
        url for url in asked if not re.match(r"(https?|wss?)://127\.0\.0\.1|data:|blob:", url)
    ]
    assert asked
    assert not outside


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_needs_no_sideways_scroll_and_has_a_bar(demo, enter, dark):
    page = enter(demo, "student_a", "/overview", phone=True, dark=dark)
    for address in ("overview", "study", "life", "basics", "uses", "public"):
        page.goto(f"{demo.address}/{address}")
        heading(page)
        settled(page)
        wide, room = page.evaluate(
            "[document.querySelector('[data-testid=stMain]').scrollWidth, innerWidth]"
        )
        assert wide <= room, address
    bar = page.locator(".st-key-phone_bar")
    expect(bar).to_be_visible()
    for box in (link.bounding_box() for link in bar.locator("a").all()):
        assert box["height"] >= 44


def test_english_is_one_press_away_and_stays(demo, enter):
    page = enter(demo, "student_a", "/life")
    page.locator(".st-key-switch_language button").first.click()
    expect(page.locator(".c-head h1")).to_have_text("Life")
    expect(page).to_have_url(re.compile("lang=en"))
    page.get_by_role("link", name="Study").click()
    expect(page.locator(".c-head h1")).to_have_text("Study")


def test_sign_in_cookies_end_with_the_session(demo, enter, college):
    page = enter(demo, "staff", "/overview")
    import time

    held = {cookie["name"]: cookie for cookie in page.context.cookies()}
    user = held["_streamlit_user"]
    assert user["httpOnly"]
    assert user["sameSite"] == "Lax"
    assert user["expires"] <= time.time() + college.session_seconds + 60


def test_the_command_fails_when_a_part_dies_and_ends_the_rest(college, tmp_path):
    port = free_port()
    command = serve(
        college, tmp_path / "serve.log", "--demo", "--port", str(port), "--provider-port",
        str(free_port()), CAMPUS_SOCKET_PATH=str(tmp_path / "s" / "g.sock"),
    )  # fmt: skip
    command.wait_for(answers(f"http://127.0.0.1:{port}/healthz"))
    _end_child(command.process.pid, "warehouse.gateway")
    assert command.process.wait(30) == 1
    assert not answers(f"http://127.0.0.1:{port}/healthz")()


def _end_child(parent: int, module: str) -> None:
    import psutil

    for child in psutil.Process(parent).children():
        if module in " ".join(child.cmdline()):
            child.kill()
            return
    raise AssertionError("no such child")


def test_the_demo_listens_on_this_machine_only(college, tmp_path):
    command = serve(college, tmp_path / "serve.log", "--demo", "--host", "0.0.0.0")
    assert command.process.wait(60) == 2
    assert "this machine only" in (tmp_path / "serve.log").read_text()


def test_production_without_a_provider_is_refused(college, tmp_path):
    command = serve(
        college, tmp_path / "serve.log", "--port", str(free_port()),
        CAMPUS_SOCKET_PATH=str(tmp_path / "s" / "g.sock"),
    )  # fmt: skip
    assert command.process.wait(60) != 0
    assert "oidc_issuer" in (tmp_path / "serve.log").read_text()
