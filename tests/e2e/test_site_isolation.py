"""Two people in two browsers, page by page in turn: nobody sees the other's, and an end is an end.

The pages are the site's own list, so one that comes later is tried too.
"""

from __future__ import annotations

from itertools import product

from playwright.sync_api import Page, expect
from site_harness import heading, settled

from dashboards.pages import PAGES

MINE = [page.address for page in PAGES if page.group == "page.me"]
TWO = ("student_a", "student_b")


def marks(personal, account) -> list[str]:
    """What is one person's alone, of every text in the released file: numbers of cards, documents,
    bills, phones, mails, as long as no other person has them."""
    tables = [
        row[0]
        for row in personal.execute(
            "select distinct table_name from duckdb_columns() where column_name = 'person_key'"
        ).fetchall()
    ]
    found = {account.number, account.name}
    for table in tables:
        names = [
            row[0]
            for row in personal.execute(
                "select column_name from duckdb_columns() where table_name = ? "
                "and data_type = 'VARCHAR' and (column_name like '%\\_no' escape '\\' "
                "or column_name like '%\\_id' escape '\\' or column_name in ('phone', 'address', "
                "'personal_email'))",
                [table],
            ).fetchall()
        ]
        for name in names:
            found |= {
                row[0]
                for row in personal.execute(
                    f"select distinct {name} from {table} where person_key = ? "
                    f"and {name} is not null and {name} not in "
                    f"(select {name} from {table} where person_key <> ? and {name} is not null)",
                    [account.person_key, account.person_key],
                ).fetchall()
                if len(row[0]) > 5
            }
    return sorted(found)


def whole(page: Page) -> str:
    return settled(page) + page.content()


def test_two_people_in_turn_see_each_their_own_on_every_page(demo, enter, personal):
    own = {role: marks(personal, demo.people[role]) for role in TWO}
    assert all(len(found) > 10 for found in own.values())
    pages = {role: enter(demo, role) for role in TWO}
    seen = dict.fromkeys(TWO, "")
    for address, role in product(MINE, TWO):
        page = pages[role]
        page.goto(f"{demo.address}/{address}")
        heading(page)
        text = whole(page)
        seen[role] += text
        other = own[TWO[1 - TWO.index(role)]]
        assert [mark for mark in other if mark in text] == [], (role, address)
    for role in TWO:
        assert len([mark for mark in own[role] if mark in seen[role]]) > 3, "the marks are shown"


def test_signing_out_in_one_tab_shuts_every_page_in_every_other(demo, enter):
    first = enter(demo, "student_b")
    tabs = []
    for mine in MINE:
        tab = first.context.new_page()
        tab.goto(f"{demo.address}/{mine}")
        heading(tab)
        settled(tab)
        tabs.append((mine, tab))
    first.locator(".st-key-sign_out button").click()
    first.wait_for_timeout(1000)
    for mine, tab in tabs:
        tab.locator(".st-key-switch_language button").first.click()
        expect(tab.locator(".c-head h1")).to_have_text("You are signed out", timeout=20_000)
        assert demo.people["student_b"].number not in settled(tab), mine


def test_another_person_in_the_same_browser_gets_nothing_of_the_first(demo, enter, personal):
    """Neither the tab's state nor a cache hands anything on."""
    page = enter(demo, "student_a", "/basics")
    assert demo.people["student_a"].number in whole(page)
    page.locator(".st-key-sign_out button").click()
    page.wait_for_url(lambda url: not url.startswith(f"{demo.address}/basics"))
    page.goto(f"{demo.address}/basics")
    page.locator(".st-key-sign_in button").click()
    demo.sign_in(page, demo.people["student_b"])
    expect(page.locator(".st-key-sign_out button")).to_be_visible()
    for address in MINE:
        page.goto(f"{demo.address}/{address}")
        heading(page)
        text = whole(page)
        assert [m for m in marks(personal, demo.people["student_a"]) if m in text] == [], address
