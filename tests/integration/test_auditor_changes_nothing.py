"""Every address that changes something refuses an auditor, whatever else the auditor is."""

from __future__ import annotations

import re

import pytest
from access_college import College
from governance_people import AUDITOR, FORM, NUMBERS, OFFICER, Hand, authorise, found_governed
from starlette.routing import Route

from warehouse.governance.appointments import appoint

#: What is open to an auditor as to anybody: one's own session, one's own data to take along, and
#: the note that precedes taking along a page that may be read.
_OWN = {
    ("POST", "/v1/session"),
    ("DELETE", "/v1/session"),
    ("POST", "/v1/archives"),
    ("POST", "/v1/statistics/exports"),
}

#: A body that everybody else's request would pass with.
BODIES = {
    "/v1/sign-offs": dict.fromkeys(
        ("dataset", "period", "unit", "decision", "reason", "content"), "x"
    ),
    "/v1/care": {"number": "x", "purpose": "session"},
    "/v1/sql": {"grant": "g", "sql": "select 1", "id": "0" * 32},
    "/v1/form/check": {"content": FORM},
    "/v1/drafts": {"draft": "", "version": 0, "content": FORM},
    "/v1/drafts/begin": {"application": "x", "grant": ""},
    "/v1/drafts/submit": {"draft": "x", "version": 1, "application": ""},
    "/v1/applications/{application}/decision": {
        "decision": "approve", "reason": "", "stage": "unit_head", "content_sha256": "0",
    },
    "/v1/applications/{application}/withdrawal": {"reason": ""},
    "/v1/undertakings": {
        "role": "", "unit": "", "application": "x", "party": "person", "text_sha256": "0",
    },
    "/v1/grants/{grant}/revocation": {"reason": "x"},
    "/v1/grants/{grant}/return": {"reason": "x"},
    "/v1/attachments": {},
    "/v1/applications/{application}/paper": {
        "number": "T402", "stage": "unit_head", "content_sha256": "0", "decision": "approve",
        "reason": "", "attachment": "0",
    },
    "/v1/undertakings/paper": {
        "application": "x", "party": "vendor", "number": "", "content_sha256": "0",
        "attachment": "0",
    },
    "/v1/corrections": dict.fromkeys(
        ("kind", "table", "item", "row", "column", "wanted", "reason", "reference"), "x"
    ),
    "/v1/corrections/{correction}/evidence": {},
    "/v1/corrections/{correction}/acknowledgement": {"seq": 1},
    "/v1/corrections/{correction}/corrected": {"seq": 1, "reason": "", "expected": "2026-12-31"},
    "/v1/corrections/{correction}/refusal": {"seq": 1, "reason": "x"},
    "/v1/corrections/{correction}/contest": {"seq": 1, "reason": "x"},
    "/v1/corrections/{correction}/withdrawal": {"seq": 1, "reason": "x"},
    "/v1/corrections/{correction}/decision": {"seq": 1, "decision": "uphold", "reason": "x"},
    "/v1/own/edits": {
        "table": "staff_contact", "record": "", "kind": "set", "values": {}, "seen": {},
    },
    "/v1/deliveries/{source}/{table}": {},
    "/v1/delegations": {
        "role": "working_group", "unit": "", "number": "T401", "until": "2026-12-31",
    },
}  # fmt: skip


@pytest.fixture
def college(tmp_path) -> College:
    return found_governed(tmp_path)


def test_every_changing_address_refuses_an_auditor(college: College):
    made, grant = authorise(college)
    appoint(college.audit, AUDITOR, "leader", actor="command:test", now=college.clock.now)
    header = college.sign_in(NUMBERS[AUDITOR])
    known, tried = {"application": made, "grant": grant}, 0
    for route in college.client.app.routes:
        assert isinstance(route, Route)
        for method in sorted((route.methods or set()) - {"GET", "HEAD"}):
            # The office system signs with its key; a person's session opens nothing there.
            if (method, route.path) in _OWN or route.path.startswith("/oa/"):
                continue
            path = re.sub(r"{(\w+)}", lambda name: known.get(name[1], "x"), route.path)
            body = BODIES[route.path] if method == "POST" else None
            answer = college.client.request(method, path, json=body, headers=header)
            assert answer.status_code == 403, (method, route.path, answer.text)
            tried += 1
    assert tried >= 12


def test_an_auditor_signs_the_words_of_the_own_role_and_begins(college: College):
    appoint(college.audit, 2001, "auditor", actor="command:test", now=college.clock.now)
    hand = Hand(college, "T001")
    hand.get("/v1/applications?scope=all", 403)
    (words,) = hand.waiting()
    assert words["role"] == "auditor"
    hand.sign(words)
    assert hand.get("/v1/applications?scope=all")["applications"] == []


def test_an_auditor_reads_everything_of_governance(college: College):
    made, grant = authorise(college)
    auditor = Hand(college, AUDITOR)
    assert auditor.get("/v1/applications?scope=all")["applications"][0]["id"] == made
    assert auditor.get("/v1/grants/held?scope=all")["grants"][0]["id"] == grant
    shown = auditor.get(f"/v1/applications/{made}")
    assert not any(shown["may"].values())
    assert Hand(college, OFFICER).get("/v1/grants/held?scope=unit")["grants"][0]["id"] == grant
