"""On a phone: a member of staff changes a number, and a student takes everything along."""

from __future__ import annotations

import re

import pyzipper
from playwright.sync_api import expect
from site_harness import heading, settled


def test_an_item_of_ones_own_is_changed_in_place_on_a_phone(demo, enter):
    page = enter(demo, "staff", "/basics", phone=True)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(".st-key-basics_part").get_by_text("我维护的").click()
    card = page.locator(".st-key-card_own_staff_contact")
    expect(card).to_contain_text("由你自己维护")
    card.locator(".st-key-own_edit_staff_contact button").click()
    dialog = page.get_by_role("dialog")
    number = dialog.get_by_role("textbox", name="移动手机")
    number.fill("12ab")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_contain_text("“移动手机”应为：电话号码")
    number.fill("15400000123")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_have_count(0)
    expect(card).to_contain_text("待生效")
    expect(card).to_contain_text("移动手机：现在生效的是")
    page.locator(".st-key-card_own_history").get_by_text("修改记录").click()
    expect(page.locator(".st-key-card_own_history")).to_contain_text("→ 15400000123")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert "15400000123" not in demo.log_text()
    other = enter(demo, "analyst", "/basics")
    assert "15400000123" not in settled(other)


def test_a_student_takes_everything_along(demo, enter, tmp_path):
    page = enter(demo, "student_a", "/downloads", phone=True)
    assert heading(page) == "证明与下载"
    page.locator(".st-key-down_ask button").click()
    shown = page.locator("[data-testid=stCode]")
    expect(page.get_by_role("link", name="下载压缩包")).to_be_visible(timeout=60_000)
    password = shown.inner_text().strip()
    assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", password)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    with page.expect_download() as started:
        page.get_by_role("link", name="下载压缩包").click()
    place = tmp_path / "mine.zip"
    started.value.save_as(place)
    with pyzipper.AESZipFile(place) as archive:
        archive.setpassword(password.encode())
        assert archive.read("my-data.pdf").startswith(b"%PDF-")
    link = page.get_by_role("link", name="下载压缩包").get_attribute("href")
    page.locator(".st-key-down_noted button").click()
    expect(shown).to_have_count(0)
    assert password not in demo.log_text()
    other = enter(demo, "student_b", "/downloads")
    answer = other.request.get(demo.address + re.sub(r"^https?://[^/]+", "", link))
    assert answer.status == 404
    stranger = page.context.browser.new_context()
    assert stranger.request.get(demo.address + link).status == 401
    stranger.close()
