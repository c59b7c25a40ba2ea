"""The working group's entry of paper signatures, deputies and limits, over a faked gateway."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import data
from dashboards.components.limits import limits_line
from dashboards.text import say

PDF = b"%PDF-1.7\n"
APPLICATION = {
    "id": "SQ1",
    "stage": "unit_head",
    "content_sha256": "c" * 64,
    "stages": [{"stage": "unit_head"}, {"stage": "working_group"}],
    "history": [{}],
    "undertakings": {"unit": True, "vendor": False, "users": [{"signed": True}]},
}
DELEGATIONS = {
    "roles": [
        {"role": "unit_head", "unit": "u1", "unit_name": "教务处", "can_delegate": True},
        {"role": "unit_head", "unit": "u2", "unit_name": "人事处", "can_delegate": False},
    ],
    "deputies": [
        {
            "id": 7,
            "role": "unit_head",
            "unit": "u1",
            "unit_name": "教务处",
            "deputy": {"number": "T003", "name": "丹", "unit": "教务处"},
            "until": "2026-12-31",
            "waits_for_undertaking": False,
        }
    ],
    "standing_in": [],
}


class Gateway:
    """Remembers what it was asked to write; refuses once `refusal` is set."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.refusal: data.Refused | None = None

    def note(self, name: str):
        def called(token: str, *said: Any) -> Any:
            self.asked.append((name, *said))
            if self.refusal is not None:
                raise self.refusal
            return "s" * 64

        return called


@pytest.fixture
def gateway(monkeypatch) -> Gateway:
    found = Gateway()
    for name in (
        *("keep_scan", "record_paper", "record_paper_undertaking"),
        *("name_deputy", "end_delegation"),
    ):
        monkeypatch.setattr(data, name, found.note(name))
    monkeypatch.setattr(data, "delegations", lambda token: copy.deepcopy(DELEGATIONS))
    return found


def entry_page() -> None:
    import streamlit as st

    from dashboards.components.paper_entry import record_paper

    record_paper("token", st.session_state["found"])


def deputies_page() -> None:
    from datetime import date

    from dashboards.components.deputies import show_deputies

    show_deputies("token", date(2026, 11, 29))


def entry(**changes: Any) -> AppTest:
    page = AppTest.from_function(entry_page, default_timeout=60)
    page.session_state["found"] = {**APPLICATION, **changes}
    return page.run()


def press(page: AppTest) -> AppTest:
    next(button for button in page.button if button.form_id).click()
    page.run()
    assert not page.exception
    return page


def test_a_decision_is_entered_once_with_its_scan(gateway: Gateway):
    page = entry()
    page.text_input[0].set_value(" T402 ")
    page.file_uploader[0].set_value(("form.pdf", PDF, "application/pdf"))
    press(page)
    assert not page.error
    assert gateway.asked == [
        ("keep_scan", PDF, "application/pdf"),
        ("record_paper", APPLICATION, "T402", "approve", "", "s" * 64),
    ]


def test_a_vendor_s_undertaking_asks_for_no_number(gateway: Gateway):
    page = entry()
    page.selectbox[0].set_value("vendor").run()
    assert not page.text_input
    page.file_uploader[0].set_value(("form.png", b"\x89PNG\r\n\x1a\n", "image/png"))
    press(page)
    assert gateway.asked[-1] == ("record_paper_undertaking", APPLICATION, "vendor", "", "s" * 64)


def test_what_is_missing_is_said_before_anything_is_sent(gateway: Gateway):
    page = press(entry())
    assert page.error[0].value == say("paper.no_number")
    page.text_input[0].set_value("T402")
    press(page)
    assert page.error[0].value == say("paper.no_scan")
    page.file_uploader[0].set_value(("form.pdf", PDF, "application/pdf"))
    page.selectbox[1].set_value("return")
    press(page)
    assert page.error[0].value == say("inbox.no_reason")
    page.selectbox[1].set_value("approve")
    page.file_uploader[0].set_value(("form.pdf", b"MZ", "application/pdf"))
    press(page)
    assert page.error[0].value == say("paper.no_picture")
    assert gateway.asked == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("conflict", "paper.moved"),
        ("forbidden", "paper.may_not"),
        ("usage_error", "paper.wrong"),
        ("other", "paper.wrong"),
    ],
)
def test_a_refusal_is_said_in_chinese(gateway: Gateway, code: str, sentence: str):
    page = entry()
    page.text_input[0].set_value("T402")
    page.file_uploader[0].set_value(("form.pdf", PDF, "application/pdf"))
    gateway.refusal = data.Refused(400, code, "English words.")
    press(page)
    assert [error.value for error in page.error] == [say(sentence)]


def test_the_last_stage_waits_for_the_undertakings(gateway: Gateway):
    page = entry(stage="working_group")
    page.text_input[0].set_value("T404")
    page.file_uploader[0].set_value(("form.pdf", PDF, "application/pdf"))
    press(page)
    missing = say("app.undertaking_vendor")
    assert page.error[0].value == say("inbox.missing", parties=missing)
    assert gateway.asked == []


def test_nothing_to_sign_shows_no_box(gateway: Gateway):
    signed = {"unit": True, "vendor": None, "users": [{"signed": True}]}
    assert not entry(stage=None, undertakings=signed).selectbox
    assert list(entry(stage=None).selectbox[0].options) == [say("paper.what.vendor")]


def test_a_deputy_is_named_and_ended(gateway: Gateway):
    page = AppTest.from_function(deputies_page, default_timeout=60).run()
    assert not page.exception
    assert any("人事处" in text.proto.body for text in page.get("html")), "HR heads are told"
    assert len(page.selectbox(key="deputy_role").options) == 1
    page.text_input(key="deputy_number").set_value("T003")
    page.date_input(key="deputy_until").set_value(date(2026, 12, 24))
    page.button(key="deputy_name").click().run()
    page.button(key="end_deputy_7").click().run()
    assert not page.exception and not page.error
    assert gateway.asked == [
        ("name_deputy", "unit_head", "u1", "T003", "2026-12-24"),
        ("end_delegation", 7),
    ]


def test_a_deputy_without_a_number_is_not_sent(gateway: Gateway):
    page = AppTest.from_function(deputies_page, default_timeout=60).run()
    page.button(key="deputy_name").click().run()
    assert page.error[0].value == say("deputy.incomplete")
    gateway.refusal = data.Refused(404, "not_found", "Nobody.")
    page.text_input(key="deputy_number").set_value("T9")
    page.button(key="deputy_name").click().run()
    assert page.error[0].value == say("deputy.nobody")


def test_limits_in_words():
    assert limits_line({"rows_per_day": 12000, "exports_per_day": 3}) == "12,000 行、导出 3 次"
    assert limits_line({"rows_per_day": None, "exports_per_day": 1}) == "导出 1 次"
    assert limits_line(None) == limits_line({}) == ""


def limits_page() -> None:
    import streamlit as st

    from dashboards.components.form_state import open_form
    from dashboards.components.limits import ask_limits

    form = open_form("token")
    st.session_state["gathered"] = form.content["limits"]
    ask_limits(form)


def test_limits_typed_into_the_form_are_gathered_and_can_be_cleared(monkeypatch):
    monkeypatch.setattr(data, "form", lambda token: {"kinds": ["unit"], "units": [], "number": []})
    page = AppTest.from_function(limits_page, default_timeout=60).run()
    assert page.session_state["gathered"] == {"rows_per_day": None, "exports_per_day": None}
    page.number_input[0].set_value(500).run()
    assert page.session_state["gathered"] == {"rows_per_day": 500, "exports_per_day": None}
    page.number_input[0].set_value(None).run()
    assert page.session_state["gathered"] == {"rows_per_day": None, "exports_per_day": None}
    assert not page.exception
