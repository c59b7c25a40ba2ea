"""My data for everybody: axe-core, keyboard, headings, language, big text, narrow screens, themes.

The pages are those of the site's own list, so a later one is tried too. One sign-in serves all
pages of a person in one look.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from page_checks import sideways, sideways_with_big_text, violations
from playwright.sync_api import Page
from site_harness import heading, settled

from dashboards.pages import PAGES

_REFUSED = {"你不能打开这一页", "This page is not open to you"}
#: Pages of one's own that stand outside the heading 我的数据.
_ALSO = {"tickets", "downloads", "care"}
MINE = [page.address for page in PAGES if page.group == "page.me" or page.address in _ALSO]
#: Open only to whom they concern, whom the college of the day may lack.
_MAY_LACK = {"care", "protection"}


@dataclass(frozen=True)
class Look:
    role: str
    phone: bool
    dark: bool
    language: str

    def __str__(self) -> str:
        size, theme = "390" if self.phone else "1280", "dark" if self.dark else "light"
        return f"{self.role}-{size}-{theme}-{self.language}"


LOOKS = [
    *(
        Look("student_a", phone, dark, language)
        for phone, dark, language in (
            (True, False, "zh"),
            (True, True, "en"),
            (False, False, "en"),
            (False, True, "zh"),
        )
    ),
    *(Look("staff", *rest) for rest in ((True, False, "zh"), (False, True, "en"))),
    *(Look("graduate", *rest) for rest in ((True, True, "zh"), (False, False, "en"))),
    Look("retired", True, False, "zh"),
    Look("counsellor", True, False, "zh"),
]
opened: set[str] = set()


def levels(page: Page) -> list[int]:
    return page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] :is(h1,h2,h3,h4,h5,h6)')]"
        ".filter(h => h.offsetParent).map(h => +h.tagName[1])"
    )


#: What can be acted on in the main part and is shown. A radio group is one stop.
_ACTIONS = """
[...document.querySelectorAll(
  '[data-testid=stMain] :is(button, a[href], summary, input, textarea, [role=combobox])')]
.filter(e => e.offsetParent && !e.disabled && e.tabIndex >= 0 && e.type !== 'radio'
  && !e.closest('[role=radiogroup], [role=tablist], [data-testid=stElementToolbar], .vega-embed, '
    + '[data-testid=stDataFrame]'))
"""


def unreachable(page: Page) -> list[str]:
    """Actions that Tab does not reach."""
    wanted = page.evaluate(
        f"(() => {{ const all = {_ACTIONS}; all.forEach((e, i) => e.dataset.action = i);"
        " document.activeElement?.blur(); return all.length; })()"
    )
    reached = set()
    for _ in range(wanted + 60):
        page.keyboard.press("Tab")
        at = page.evaluate("document.activeElement?.dataset?.action ?? null")
        if at is not None:
            reached.add(int(at))
        if len(reached) == wanted:
            break
    missing = set(range(wanted)) - reached
    return [
        page.evaluate(f"document.querySelector('[data-action=\"{i}\"]').outerHTML.slice(0, 120)")
        for i in sorted(missing)
    ]


def test_the_checks_find_what_is_wrong(demo, enter, axe):
    """A picture without words, a wide box, a button that Tab passes by."""
    page = enter(demo, "student_a", "/uses")
    settled(page)
    assert violations(page, axe) == [] and sideways(page) <= 0 and unreachable(page) == []
    page.evaluate(
        "document.querySelector('.c-head').insertAdjacentHTML('beforeend', "
        '\'<img src="data:,"><h4>…</h4><div style="width:3000px">…</div>\')'
    )
    assert any(one.startswith("image-alt") for one in violations(page, axe))
    assert sideways(page) > 0
    assert levels(page)[:2] == [1, 4]
    page.evaluate(
        "document.addEventListener('keydown', e => e.key === 'Tab' && e.preventDefault(), true)"
    )
    assert unreachable(page) != []


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_of_my_data_is_accessible(demo, enter, axe, look: Look):
    if look.role not in demo.people:
        pytest.fail(f"the demo has no {look.role}")
    page = enter(demo, look.role, "/overview", phone=look.phone, dark=look.dark)
    if not look.phone:
        page.set_viewport_size({"width": 1280, "height": 800})
    problems: list[str] = []
    for address in MINE:
        page.goto(f"{demo.address}/{address}?lang={look.language}")
        if heading(page) in _REFUSED:
            continue
        settled(page)
        opened.add(address)
        assert page.locator(".stException").count() == 0, address
        if address == "wellbeing":
            page.locator(".st-key-care_opened label").click()
            settled(page)
        found = violations(page, axe)
        if (wider := sideways(page)) > 0:
            found.append(f"{wider} px wider than the window")
        if look.phone and (wider := sideways_with_big_text(page)) > 0:
            found.append(f"{wider} px wider with text of 200 %")
        order = levels(page)
        if order[:1] != [1] or order.count(1) != 1:
            found.append(f"headings begin with {order[:3]}")
        found += [
            f"a heading of level {b} after one of {a}" for a, b in pairwise(order) if b > a + 1
        ]
        language = page.evaluate("document.documentElement.lang")
        if language != {"zh": "zh-CN", "en": "en"}[look.language]:
            found.append(f"lang is {language}")
        if not look.phone:
            found += [f"no Tab reaches {one}" for one in unreachable(page)]
        problems += [f"{address}: {one}" for one in found]
    assert problems == []


def faults(page: Page, axe: str) -> list[str]:
    return [*violations(page, axe), *(["wider than the window"] if sideways(page) > 0 else [])]


@pytest.mark.parametrize(
    ("role", "phone", "dark", "language"),
    [("student_a", True, False, "zh"), ("student_b", False, True, "en")],
)
def test_reporting_what_is_wrong_is_accessible(demo, enter, axe, role, phone, dark, language):
    """The dialog with a mistake, one's own report, and the list and the report of the unit."""
    page = enter(demo, role, "/study", phone=phone, dark=dark)
    page.goto(f"{demo.address}/study?lang={language}")
    settled(page)
    page.locator("[class*=st-key-wrong_course_grade] button").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".st-key-wrong_kind button").last.click()
    dialog.locator(".st-key-wrong_row").wait_for(state="detached")
    dialog.locator(".st-key-wrong_send button").click()
    dialog.locator("[data-testid=stAlert]").wait_for()
    problems = {"dialog": faults(page, axe)}
    for part in ("wanted input", "reason textarea"):
        dialog.locator(f".st-key-wrong_{part}").fill("大学英语（三）")
        dialog.locator(f".st-key-wrong_{part}").blur()
    dialog.locator(".st-key-wrong_send button").click()
    dialog.get_by_role("link").last.click()
    page.wait_for_url(lambda url: "/tickets" in url)
    settled(page)
    problems["own"] = faults(page, axe)
    unit = enter(demo, "unit_officer", "/issues", phone=phone, dark=dark)
    settled(unit)
    problems["list"] = faults(unit, axe)
    unit.locator("[class*=st-key-row_unit_] button").first.click()
    settled(unit)
    problems["unit"] = faults(unit, axe)
    assert not any(problems.values()), problems


def test_every_page_of_my_data_was_opened_by_somebody():
    """The test before went through all of them: none is refused to everybody it tried."""
    assert set(MINE) - opened <= _MAY_LACK
