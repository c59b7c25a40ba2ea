"""*This is wrong* in the browser, on a phone: from the box to the unit, to the working group and
back, and what nobody else gets to see."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect
from site_harness import heading, settled

PROOF = {"name": "proof.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nproof\n"}
WHY = "成绩单上的总评是 95 分"


def report(page: Page) -> str:
    """Say below the grades that one of them is wrong; the id of the report."""
    page.locator("[class*=st-key-wrong_course_grade] button").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".st-key-wrong_send button")).to_be_visible()
    fits(page)
    expect(dialog).to_contain_text("责任单位：教务处")
    dialog.locator(".st-key-wrong_send button").click()
    expect(dialog).to_contain_text("还没有填写：哪一条；哪个字段；正确的应是什么；为什么")
    dialog.locator(".st-key-wrong_row [role=combobox]").click()
    page.get_by_role("option").first.click()
    dialog.locator(".st-key-wrong_column [role=combobox]").click()
    page.get_by_role("option", name="总评成绩").click()
    expect(dialog).to_contain_text("现在显示：")
    dialog.locator(".st-key-wrong_wanted input").fill("95.5")
    dialog.locator(".st-key-wrong_wanted input").blur()
    dialog.locator(".st-key-wrong_reason textarea").fill(WHY)
    dialog.locator(".st-key-wrong_reason textarea").blur()
    dialog.locator(".st-key-wrong_scan input[type=file]").set_input_files(PROOF)
    expect(dialog).to_contain_text("proof.pdf")
    dialog.locator(".st-key-wrong_send button").click()
    expect(dialog).to_contain_text("已提交给教务处")
    found = re.search(r"JZ\d{8}-[0-9a-f]{8}", dialog.inner_text())
    assert found
    dialog.get_by_role("link", name="查看进度").click()
    page.wait_for_url(re.compile(rf"/tickets\?.*id={found[0]}"))
    settled(page)
    return found[0]


def fits(page: Page) -> None:
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= page.viewport_size["width"]


def stands_at(page: Page, name: str) -> None:
    """Wait until the page shows that step as the one where it stands."""
    expect(page.locator("[aria-current=step] b")).to_have_text(name)


def unfolded(page: Page, name: str) -> Locator:
    """The form below that heading, once it stands still: its fields are loaded when it is first
    opened, and a button that moves while it is pressed is not pressed."""
    page.locator("summary").filter(has_text=name).click()
    form = page.locator("[data-testid=stExpander]").filter(has_text=name).last
    expect(form.get_by_role("button", name=name)).to_be_visible()
    expect(form.locator("input, textarea").last).to_be_visible()
    settled(page)
    return form


def reasoned(page: Page, name: str, reason: str) -> None:
    """Open what asks for a reason, give it, and send it."""
    form = unfolded(page, name)
    form.locator("textarea").fill(reason)
    form.get_by_role("button", name=name).click()
    settled(page)


def test_a_wrong_grade_goes_to_the_unit_and_back_on_a_phone(demo, enter, people):
    mine = enter(demo, "student_a", "/study", phone=True)
    settled(mine)
    fits(mine)
    made = report(mine)
    assert heading(mine) == "我提交的"
    stands_at(mine, "已收")
    fits(mine)

    # Another student and another unit's head do not find it at its address.
    other = enter(demo, "student_b", f"/tickets?id={made}", phone=True)
    assert "没有这一条" in settled(other) and WHY not in settled(other)

    officer = enter(demo, "unit_officer", f"/issues?id={made}")
    text = settled(officer)
    assert WHY in text and people["student_a"].number in text and people["student_a"].name in text
    officer.locator(".st-key-acknowledge button").click()
    expect(officer.locator(".st-key-acknowledge")).to_have_count(0)
    settled(officer)
    reasoned(officer, "不予更正", "与存档试卷一致")
    expect(officer.locator(".c-steps")).to_contain_text("未予更正")

    mine.reload()
    settled(mine)
    reasoned(mine, "提出异议", "请复核试卷")
    stands_at(mine, "工作小组裁定")

    group = enter(demo, "working_group", "/issues")
    row = group.locator("[class*=st-key-row_group_]").filter(has_text=made)
    row.get_by_role("button").click()
    settled(group)
    group.locator("[data-testid=stForm] textarea").fill("试卷复核应为 95.5 分")
    group.get_by_role("button", name="责成单位更正").click()
    stands_at(group, "系统已更新")

    officer.reload()
    settled(officer)
    form = unfolded(officer, "系统里已更正")
    form.get_by_role("textbox").last.fill("已在教务系统更正")
    form.get_by_role("textbox").last.blur()
    form.get_by_role("button", name="系统里已更正").click()
    stands_at(officer, "这里生效")

    mine.reload()
    stands_at(mine, "这里生效")
    assert "等新数据" in settled(mine)
    fits(mine)
    mine.goto(demo.address + "/uses")
    assert heading(mine) == "谁用过我的数据"
    logs = demo.log_text()
    assert WHY not in logs and "Traceback" not in logs
