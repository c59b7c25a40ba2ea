"""The pages for paper signatures and deputies, run against the gateway itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from access_college import College
from governance_people import GROUP, HEAD, LEADER, NUMBERS, OFFICER, WORKER, Hand, found_governed
from streamlit.testing.v1 import AppTest

from dashboards import auth, data
from dashboards.text import say

#: The gateway of a test has no connection that could time out.
pytestmark = pytest.mark.filterwarnings("ignore:You should not use the 'timeout' argument")

PAGES = Path(__file__).parents[2] / "dashboards" / "app_pages"
PDF = b"%PDF-1.7\n signed by hand"
VENDOR = {"name": "某软件公司", "contact": {"name": "经办", "phone": "0371-0001"}}


@pytest.fixture
def college(tmp_path, monkeypatch) -> College:
    college = found_governed(tmp_path)
    monkeypatch.setitem(data._state, "client", college.client)
    return college


def opened(hand: Hand, file: str, **address: str) -> AppTest:
    """A page as this person opens it."""
    page = AppTest.from_file(str(PAGES / file), default_timeout=120)
    token = hand.header["Authorization"].removeprefix("Bearer ")
    page.session_state["_visit"] = auth.Visit("signed_in", token=token, me=hand.get("/v1/me"))
    for name, value in address.items():
        page.query_params[name] = value
    return shown(page.run())


def shown(page: AppTest) -> AppTest:
    assert not page.exception, page.exception[0].value
    return page


def enter(page: AppTest, what: str, number: str = "") -> AppTest:
    page.selectbox[0].set_value(what).run()
    if number:
        page.text_input[0].set_value(number)
    page.file_uploader[0].set_value(("form.pdf", PDF, "application/pdf"))
    button = next(one for one in page.button if one.label == say("paper.enter"))
    button.click().run()
    return shown(page)


def test_papers_are_entered_one_after_the_other(college: College):
    made, worker = Hand(college, OFFICER).apply(vendor=VENDOR), Hand(college, WORKER)
    page = opened(worker, "governance.py", id=made)
    enter(page, "stage", NUMBERS[LEADER])
    assert page.error[0].value == say("paper.may_not")
    for person in (HEAD, LEADER, GROUP):
        enter(page, "stage", NUMBERS[person])
        assert not page.error
    enter(page, "unit", NUMBERS[HEAD])
    enter(page, "vendor")
    enter(page, "person", "T001")
    assert not page.error
    seen = worker.get(f"/v1/applications/{made}")
    assert seen["stage"] == "working_group"
    assert [step["channel"] for step in seen["history"][1:]] == ["paper"] * 3
    assert (seen["undertakings"]["unit"], seen["undertakings"]["vendor"]) == (True, True)
    assert [user["signed"] for user in seen["undertakings"]["users"]] == [True]


def test_who_only_reads_has_no_box(college: College):
    made = Hand(college, OFFICER).apply()
    page = opened(Hand(college, GROUP), "governance.py", id=made)
    assert not page.selectbox


def test_a_deputy_is_named_and_ended_below_the_inbox(college: College):
    head = Hand(college, HEAD)
    page = opened(head, "inbox.py")
    page.text_input(key="deputy_number").set_value("T003")
    page.date_input(key="deputy_until").set_value(date(2030, 12, 31))
    shown(page.button(key="deputy_name").click().run())
    (deputy,) = head.get("/v1/delegations")["deputies"]
    assert (deputy["deputy"]["number"], deputy["until"]) == ("T003", "2030-12-31")
    shown(page.button(key=f"end_deputy_{deputy['id']}").click().run())
    assert head.get("/v1/delegations")["deputies"] == []
