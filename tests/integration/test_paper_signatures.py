"""Signatures on paper that the working group enters on the site, with their scan."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from access_college import CAROL, DAN, College
from governance_people import (
    AUDITOR,
    GROUP,
    HEAD,
    LEADER,
    NUMBERS,
    OFFICER,
    WORKER,
    Hand,
    found_governed,
)
from sqlalchemy import select

from warehouse.state import session
from warehouse.state.models import ApplicationEvent, AuditEntry, Undertaking

PDF = b"%PDF-1.7\n signed by hand"
VENDOR = {"name": "某软件公司", "contact": {"name": "经办", "phone": "0371-0001"}}
SECOND = "T003"
"Number of another member of the working group."


@pytest.fixture
def college(tmp_path) -> College:
    return found_governed(tmp_path)


class Clerk(Hand):
    """A member of the working group with signed papers in hand."""

    def __init__(self, college: College, person_key: int | str) -> None:
        super().__init__(college, person_key)
        told = {**self.header, "Content-Type": "application/pdf"}
        answer = college.client.post("/v1/attachments", content=PDF, headers=told)
        self.kept = answer.json().get("attachment") or hashlib.sha256(PDF).hexdigest()
        "Its scan; who may bring none names the one that others brought."

    def enter(self, application: str, number: str, status: int = 200, **changes: str) -> Any:
        seen = self.get(f"/v1/applications/{application}")
        body = {
            "number": number,
            "stage": seen["stage"] or "",
            "content_sha256": seen["content_sha256"],
            "decision": "approve",
            "reason": "",
            "attachment": self.kept,
            **changes,
        }
        return self.post(f"/v1/applications/{application}/paper", body, status)

    def bind(
        self, application: str, party: str, number: str, status: int = 200, **changes: str
    ) -> Any:
        seen = self.get(f"/v1/applications/{application}")
        body = {
            "application": application,
            "party": party,
            "number": number,
            "content_sha256": seen["content_sha256"],
            "attachment": self.kept,
            **changes,
        }
        return self.post("/v1/undertakings/paper", body, status)


def events(college: College, application: str) -> list[ApplicationEvent]:
    with session(college.engine, read_only=True) as opened:
        return list(
            opened.scalars(
                select(ApplicationEvent)
                .where(ApplicationEvent.application_id == application)
                .order_by(ApplicationEvent.seq)
            )
        )


def test_an_application_on_paper_from_the_first_signature_to_the_grant(college: College):
    made, clerk = Hand(college, OFFICER).apply(vendor=VENDOR), Clerk(college, WORKER)
    assert clerk.bind(made, "unit", NUMBERS[HEAD])["recorded"] is True
    assert clerk.bind(made, "vendor", "")["recorded"] is True
    assert clerk.bind(made, "person", "T001")["recorded"] is True
    assert clerk.bind(made, "person", "T001")["recorded"] is False
    for person in (HEAD, LEADER, GROUP):
        assert clerk.enter(made, NUMBERS[person])["status"] == "open"
    shown = clerk.get(f"/v1/applications/{made}")
    assert shown["undertakings"] | {"users": None} == {"unit": True, "vendor": True, "users": None}
    assert {step["channel"] for step in shown["history"][1:]} == {"paper"}

    college.appoint(DAN, "working_group")
    assert Hand(college, SECOND).decide(made)["grant"]
    steps = events(college, made)
    assert [step.person_key for step in steps[1:]] == [HEAD, LEADER, GROUP, DAN]
    assert {step.recorded_by for step in steps[1:-1]} == {f"person:{WORKER}"}
    assert all(step.attachment for step in steps[1:-1])
    with session(college.engine, read_only=True) as opened:
        signed = opened.scalars(select(Undertaking).where(Undertaking.application_id == made)).all()
        noted = opened.scalars(
            select(AuditEntry.detail).where(AuditEntry.action == "application.approve")
        ).all()
    assert {one.channel for one in signed} == {"paper"} and all(one.attachment for one in signed)
    assert [json.loads(one)["on_behalf_of"] for one in noted] == [
        f"person:{person}" for person in (HEAD, LEADER, GROUP)
    ]


def test_who_entered_a_signature_authorises_neither_on_screen_nor_for_another(college: College):
    made, clerk = Hand(college, OFFICER).apply(), Clerk(college, WORKER)
    clerk.bind(made, "unit", NUMBERS[HEAD])
    clerk.enter(made, NUMBERS[HEAD])
    for person in (LEADER, GROUP):
        Hand(college, person).decide(made)
    college.appoint(DAN, "working_group")
    clerk.decide(made, 403)
    clerk.enter(made, NUMBERS[WORKER], 400)
    clerk.enter(made, SECOND, 403)
    assert Clerk(college, SECOND).enter(made, NUMBERS[WORKER])["grant"]


def test_an_entry_is_bound_to_what_was_on_the_screen(college: College):
    made, clerk = Hand(college, OFFICER).apply(), Clerk(college, WORKER)
    clerk.enter(made, NUMBERS[HEAD], 409, content_sha256="0" * 64)
    clerk.enter(made, NUMBERS[HEAD], 409, stage="leading_group")
    clerk.bind(made, "unit", NUMBERS[HEAD], 409, content_sha256="0" * 64)
    assert clerk.enter(made, NUMBERS[HEAD])["recorded"] is True
    again = clerk.enter(made, NUMBERS[HEAD], stage="unit_head")
    assert again["recorded"] is False and len(events(college, made)) == 2


def test_an_entry_needs_a_scan_that_is_kept(college: College):
    made, clerk = Hand(college, OFFICER).apply(vendor=VENDOR), Clerk(college, WORKER)
    for missing, status in (("", 400), ("0" * 64, 404), ("../x", 404)):
        clerk.enter(made, NUMBERS[HEAD], status, attachment=missing)
        clerk.bind(made, "vendor", "", status, attachment=missing)
    assert len(events(college, made)) == 1


def test_the_same_rules_hold_as_on_screen(college: College):
    made, clerk = Hand(college, OFFICER).apply(), Clerk(college, WORKER)
    clerk.enter(made, NUMBERS[LEADER], 403)
    clerk.enter(made, NUMBERS[OFFICER], 403)
    clerk.enter(made, "NOBODY", 400)
    clerk.enter(made, NUMBERS[HEAD], 400, decision="reject")
    clerk.enter(made, NUMBERS[HEAD], 400, decision="sign")
    clerk.bind(made, "unit", NUMBERS[LEADER], 403)
    clerk.bind(made, "person", NUMBERS[HEAD], 403)
    clerk.bind(made, "vendor", "", 400)
    clerk.bind(made, "vendor", NUMBERS[HEAD], 400)
    clerk.bind(made, "person", "", 400)
    clerk.bind(made, "leader", "", 400)
    returned = clerk.enter(made, NUMBERS[HEAD], decision="return", reason="少要一列")
    assert returned["status"] == "returned"
    clerk.bind(made, "person", "T001", 409)
    assert not clerk.get(f"/v1/applications/{made}")["may"]["record"]


def test_only_the_working_group_enters_and_never_on_its_own_application(college: College):
    officer = Clerk(college, OFFICER)
    made = officer.apply()
    clerk = Clerk(college, WORKER)
    assert clerk.get(f"/v1/applications/{made}")["may"]["record"]
    assert not officer.get(f"/v1/applications/{made}")["may"]["record"]
    for person in (OFFICER, HEAD, GROUP, AUDITOR):
        hand = Clerk(college, person)
        hand.enter(made, NUMBERS[HEAD], 403)
        hand.bind(made, "unit", NUMBERS[HEAD], 403)
    college.appoint(CAROL, "working_group")
    carol = Clerk(college, "T001")  # a user of the data
    assert not carol.get(f"/v1/applications/{made}")["may"]["record"]
    carol.enter(made, NUMBERS[HEAD], 403)
    carol.bind(made, "person", "T001", 403)
    assert len(events(college, made)) == 1


def test_an_individual_binds_no_unit(college: College):
    made = Hand(college, "T001").apply(kind="individual", users=["T001"])
    Clerk(college, WORKER).bind(made, "unit", NUMBERS[HEAD], 400)


def test_an_application_that_is_none_is_told_from_no_other(college: College):
    made, clerk = Hand(college, OFFICER).apply(), Clerk(college, WORKER)
    seen = clerk.get(f"/v1/applications/{made}")
    said = {"number": NUMBERS[HEAD], "content_sha256": seen["content_sha256"]}
    body = {**said, "stage": "unit_head", "decision": "approve", "reason": ""}
    clerk.post("/v1/applications/SQ0/paper", body | {"attachment": clerk.kept}, 404)
    body = {**said, "application": "SQ0", "party": "unit", "attachment": clerk.kept}
    clerk.post("/v1/undertakings/paper", body, 404)
