"""The office system's endpoint: the same rules as for persons, each message once, no forgery."""

from __future__ import annotations

import itertools
import json
import threading
from typing import Any

import pytest
from access_college import ALICE, BOB, CAROL, DAN, College, found_college, write_release
from sqlalchemy import func, select

from warehouse.access.office_signature import sign_message
from warehouse.gateway.oa_routes import MOST_BODY
from warehouse.governance.appointments import end_appointment
from warehouse.governance.exclusions import disable
from warehouse.governance.grants import state_of
from warehouse.state import session
from warehouse.state.models import Application, ApplicationEvent, AuditEntry, Grant, OfficeMessage

KEY = "k" * 40
UNIT = "academic_affairs_office"
SUBMIT = "/oa/v1/applications"
FORM = {
    "unit": "教务处",
    "channels": ["sql"],
    "columns": {"student_academic_data.course_grade": ["student_no", "total_score"]},
    "purpose": "management",
    "purpose_text": "分析成绩",
    "last_day": "2026-12-31",
    "users": ["S001"],
    "contact": {"name": "联络人", "phone": "0000"},
}
LATER = "20260902T000000Z-00000002"
_MORE_PEOPLE = """
insert into person values (4001, '领', false, true), (4002, '工', false, true);
insert into person_number values
  (4001, 'staff', 'T004', '2010-01-01', null), (4002, 'staff', 'T005', '2010-01-01', null);
"""
_nonces = itertools.count(1)


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path, oa_key=KEY)
    college.appoint(DAN, "unit_officer", UNIT)
    college.appoint(CAROL, "unit_head", UNIT)
    return college


def send(college: College, path: str, document: Any = None, **changes: Any):
    """One message; `changes` replace parts of it after it was signed or before (`nonce`, `key`,
    `timestamp`)."""
    body = changes.pop("raw", None)
    if body is None:
        body = b"" if document is None else json.dumps(document).encode()
    method = changes.pop("method", "GET" if document is None and not body else "POST")
    timestamp = changes.pop("timestamp", str(int(college.clock.seconds())))
    nonce = changes.pop("nonce", f"nonce-{next(_nonces):012d}")
    key = changes.pop("key", KEY).encode()
    signature = sign_message(key, method, path, timestamp, nonce, body)
    headers = [
        ("x-campus-timestamp", timestamp),
        ("x-campus-nonce", nonce),
        ("x-campus-signature", changes.pop("signature", signature)),
        *changes.pop("more", []),
    ]
    return college.client.request(
        changes.pop("sent_method", method),
        changes.pop("sent_path", path),
        content=changes.pop("sent_body", body),
        headers=headers,
    )


def submission(**changes: Any) -> dict[str, Any]:
    return {"process": "OA-2026-1", "applicant": "T003", "form": FORM, **changes}


def count(college: College, table: Any) -> int:
    with session(college.engine, read_only=True) as opened:
        return opened.scalar(select(func.count()).select_from(table))


def test_the_whole_way_through_the_office_system_makes_one_grant(college: College):
    write_release(college.settings, LATER, personal=_MORE_PEOPLE)
    for key, role, unit in (
        (BOB, "supervising_leader", UNIT),
        (4001, "leading_group", None),
        (4002, "working_group", None),
    ):
        college.appoint(key, role, unit)
    told = send(college, SUBMIT, submission())
    assert told.status_code == 200, told.text
    state = told.json()
    assert (state["stage"], state["signers"]) == ("unit_head", ["T001"])
    with session(college.engine, read_only=True) as opened:
        row = opened.get(Application, state["application"])
        event = opened.get(ApplicationEvent, (row.id, 1))
    assert (row.channel, row.reference) == ("oa", "oa:OA-2026-1")
    assert (event.channel, event.recorded_by, event.person_key) == ("oa", "oa", DAN)
    for one in state["undertakings"]:
        signed = {
            "process": "OA-2026-1", "party": one["party"], "signer": one["signer"] or "T001",
            "text_sha256": one["text_sha256"],
        }  # fmt: skip
        assert send(college, "/oa/v1/undertakings", signed).json()["recorded"] is True
    for number, stage in (
        ("T001", "unit_head"),
        ("S002", "supervising_leader"),
        ("T004", "leading_group"),
        ("T005", "working_group"),
    ):
        assert (state["stage"], len(state["signers"])) == (stage, 1)
        assert count(college, Grant) == 0
        said = signature(state, signer=number, stage=stage)
        told = send(college, f"{SUBMIT}/OA-2026-1/signatures", said)
        assert told.status_code == 200, told.text
        state = told.json()
    assert (state["status"], state["signers"]) == ("authorised", [])
    state = send(college, f"{SUBMIT}/OA-2026-1").json()
    assert [one["signed"] for one in state["undertakings"]] == [True, True]
    with session(college.engine, read_only=True) as opened:
        (grant,) = opened.scalars(select(Grant)).all()
        assert (grant.id, grant.people) == (state["grant"], [ALICE])
        assert state_of(opened, grant, college.clock.now) == "live"


def signature(state: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "signer": "T001",
        "stage": "unit_head",
        "decision": "approve",
        "content_sha256": state["content_sha256"],
        **changes,
    }


def test_a_message_that_is_repeated_gets_its_answer_and_does_nothing_more(college: College):
    first = send(college, SUBMIT, submission(), nonce="nonce-once-and-again")
    college.clock.advance(minutes=4)
    again = send(college, SUBMIT, submission(), nonce="nonce-once-and-again")
    assert first.json() == again.json()
    assert count(college, Application) == 1
    signed = f"{SUBMIT}/OA-2026-1/signatures"
    one = send(college, signed, signature(first.json()), nonce="nonce-for-signature")
    two = send(college, signed, signature(first.json()), nonce="nonce-for-signature")
    assert one.json() == two.json()
    assert one.json()["recorded"] is True
    three = send(college, signed, signature(first.json()))
    assert three.json()["recorded"] is False
    assert count(college, ApplicationEvent) == 2


def test_a_refusal_is_an_answer_too(college: College):
    refused = send(college, SUBMIT, submission(applicant="S002"), nonce="nonce-of-a-refusal")
    assert refused.status_code == 403
    college.appoint(BOB, "unit_officer", UNIT)
    again = send(college, SUBMIT, submission(applicant="S002"), nonce="nonce-of-a-refusal")
    assert (again.status_code, again.json()) == (403, refused.json())
    assert send(college, SUBMIT, submission(applicant="S002")).status_code == 200


def test_a_nonce_is_good_for_one_message(college: College):
    assert send(college, SUBMIT, submission(), nonce="nonce-used-already").status_code == 200
    other = submission(process="OA-2026-2")
    told = send(college, SUBMIT, other, nonce="nonce-used-already")
    assert (told.status_code, told.json()["error"]) == (409, "conflict")
    told = send(college, "/oa/v1/undertakings", submission(), nonce="nonce-used-already")
    assert told.status_code == 409
    assert count(college, Application) == 1


def test_a_message_that_was_cut_off_in_the_middle_is_carried_out_when_it_is_repeated(
    college: College, monkeypatch
):
    from warehouse.access import office_desk

    def fails(*_arguments):
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as broken:
        broken.setattr(office_desk, "describe", fails)
        assert send(college, SUBMIT, submission(), nonce="nonce-cut-off-once").status_code == 500
    told = send(college, SUBMIT, submission(), nonce="nonce-cut-off-once")
    assert (told.status_code, count(college, Application)) == (200, 1)
    changed = send(college, SUBMIT, submission(process="X"), nonce="nonce-cut-off-once")
    assert changed.status_code == 409


@pytest.mark.parametrize(
    "attack",
    [
        {"signature": "0" * 64},
        {"key": "x" * 40},
        {"sent_body": json.dumps(submission(process="OA-EVIL")).encode()},
        {"sent_body": b""},
        {"sent_path": "/oa/v1/undertakings"},
        {"sent_path": "/oa/v1/%61pplications"},
        {"timestamp": "1"},
        {"timestamp": "0000000000"},
        {"timestamp": "9999999999"},
        {"timestamp": "-178900000"},
        {"nonce": "short"},
        {"nonce": "n" * 65},
        {"nonce": "nonce with blanks in it"},
        {"more": [("x-campus-nonce", "nonce-000000000000")]},
        {"more": [("x-campus-signature", "0" * 64)]},
        {"more": [("x-campus-timestamp", "1789000000")]},
    ],
)
def test_a_forged_message_is_refused_and_leaves_nothing(college: College, attack):
    told = send(college, SUBMIT, submission(), **attack)
    assert told.status_code == 401, told.text
    assert told.json()["next_step"]
    assert (count(college, Application), count(college, OfficeMessage)) == (0, 0)
    with session(college.engine, read_only=True) as opened:
        noted = opened.scalars(select(AuditEntry.detail).where(AuditEntry.action == "oa.refuse"))
        assert len(noted.all()) == 1


def test_a_message_without_headers_or_with_parameters_is_refused(college: College):
    assert college.client.post(SUBMIT, json=submission()).status_code == 401
    told = send(college, SUBMIT, submission(), sent_path=f"{SUBMIT}?a=b")
    assert told.status_code == 400


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_replay_outside_of_five_minutes_is_refused_even_of_a_known_message(college, minutes):
    then = str(int(college.clock.seconds()))
    nonce = "nonce-replayed-later"
    assert send(college, SUBMIT, submission(), nonce=nonce, timestamp=then).status_code == 200
    college.clock.advance(minutes=minutes)
    told = send(college, SUBMIT, submission(), nonce=nonce, timestamp=then)
    assert told.status_code == 401


def test_the_address_is_not_there_without_a_key(tmp_path):
    closed = found_college(tmp_path)
    assert send(closed, SUBMIT, submission()).status_code == 404
    assert send(closed, f"{SUBMIT}/OA-2026-1").status_code == 404


def test_during_a_change_of_keys_both_are_good(tmp_path):
    changing = found_college(tmp_path, oa_key=f"{'a' * 32}\n{'b' * 32}")
    for key, status in (("a" * 32, 404), ("b" * 32, 404), ("c" * 32, 401)):
        told = send(changing, f"{SUBMIT}/unknown", key=key)
        assert told.status_code == status


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\xff\xfe{}", b"{}", b"[]", b"null", b"{", b'{"process": 1}', b"[" * 100_000,
        json.dumps(submission(more=1)).encode(),
        json.dumps(submission(process=["x"])).encode(),
        json.dumps(submission(process="../x")).encode(),
        json.dumps(submission(process="x" * 61)).encode(),
        json.dumps(submission(form={**FORM, "users": "S001"})).encode(),
        json.dumps(submission(form={**FORM, "users": ["nobody"]})).encode(),
        json.dumps(submission(form={**FORM, "evil": 1})).encode(),
        json.dumps(submission(form={**FORM, "columns": {"secret.table": ["x"]}})).encode(),
        json.dumps(submission())[:-1].encode() + b', "process": "twice"}',
        json.dumps(submission(), ensure_ascii=False).encode("gb18030"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_message_is_refused_with_what_is_expected(college: College, raw):
    told = send(college, SUBMIT, raw=raw, method="POST")
    assert told.status_code == 400, told.text
    assert told.json()["message"]
    assert count(college, Application) == 0


def test_a_huge_body_is_not_read_to_its_end(college: College):
    told = send(college, SUBMIT, raw=b" " * (MOST_BODY + 1), method="POST")
    assert told.status_code == 413
    taken = []

    def endless():
        for _ in range(10_000):
            taken.append(1)
            yield b" " * 65536

    told = college.client.post(SUBMIT, content=endless())
    assert told.status_code == 413


def test_too_many_messages_wait_and_strangers_cannot_use_up_the_limit(tmp_path):
    few = found_college(tmp_path, oa_key=KEY, oa_messages_per_minute=3)
    for _ in range(20):
        assert send(few, f"{SUBMIT}/x", key="z" * 40).status_code == 401
    codes = [send(few, f"{SUBMIT}/x").status_code for _ in range(4)]
    assert codes == [404, 404, 404, 429]
    few.clock.advance(seconds=61)
    assert send(few, f"{SUBMIT}/x").status_code == 404
    with session(few.engine, read_only=True) as opened:
        noted = opened.scalars(select(AuditEntry).where(AuditEntry.action == "oa.refuse")).all()
    assert len(noted) == 10


def test_the_office_system_can_do_nothing_that_the_person_could_not(college: College):
    state = send(college, SUBMIT, submission()).json()
    path = f"{SUBMIT}/OA-2026-1/signatures"
    # The applicant, the user of the data, somebody without the role, the wrong stage and content.
    assert send(college, path, signature(state, signer="T003")).status_code == 403
    assert send(college, path, signature(state, signer="S001")).status_code == 403
    with session(college.engine, read_only=True) as opened:
        noted = opened.scalars(select(AuditEntry).where(AuditEntry.action == "access.refuse")).all()
    assert [entry.actor for entry in noted] == ["oa", "oa"]
    assert send(college, path, signature(state, stage="working_group")).status_code == 409
    assert send(college, path, signature(state, content_sha256="0" * 64)).status_code == 409
    assert send(college, path, signature(state, decision="authorise")).status_code == 400
    assert send(college, path, signature(state, decision="return")).status_code == 400
    assert count(college, ApplicationEvent) == 1


def test_the_office_system_acts_for_nobody_whom_the_site_would_refuse(college: College):
    """Somebody who is shut out, and an auditor, even one who heads a unit by the HR system."""
    mine = {**FORM, "kind": "individual", "unit": "03"}
    form = submission(process="OWN", applicant="S001", form=mine)
    disable(college.audit, ALICE, actor="command:test", reason="x", now=college.clock.now)
    assert send(college, SUBMIT, form).status_code == 403
    state = send(college, SUBMIT, submission()).json()
    said = {"process": "OA-2026-1", "signer": "S001", "party": "person"}
    said["text_sha256"] = state["undertakings"][0]["text_sha256"]
    assert send(college, "/oa/v1/undertakings", said).status_code == 403
    end_appointment(college.audit, CAROL, "unit_head", actor="command:test", now=college.clock.now)
    leaders = f"""create table unit_leadership(unit_code text, unit_name text, person_key bigint);
        insert into unit_leadership values ('1', '教务处', {BOB})"""
    write_release(college.settings, LATER, personal=leaders)
    assert send(college, f"{SUBMIT}/OA-2026-1").json()["signers"] == ["AGAIN"], "a number of BOB"
    college.appoint(BOB, "auditor")
    path = f"{SUBMIT}/OA-2026-1/signatures"
    assert send(college, path, signature(state, signer="S002")).status_code == 403
    own = {**mine, "users": ["S002"]}
    theirs = submission(process="AUDITOR", applicant="S002", form=own)
    assert send(college, SUBMIT, theirs).status_code == 403
    assert (count(college, Application), count(college, ApplicationEvent)) == (1, 1)


def test_an_undertaking_is_signed_on_the_words_that_were_shown(college: College):
    state = send(college, SUBMIT, submission()).json()
    person = next(one for one in state["undertakings"] if one["party"] == "person")
    said = {"process": "OA-2026-1", "signer": "S001", "text_sha256": "0" * 64}
    assert send(college, "/oa/v1/undertakings", said).status_code == 409
    said["text_sha256"] = person["text_sha256"]
    assert send(college, "/oa/v1/undertakings", {**said, "signer": "S002"}).status_code == 403
    assert send(college, "/oa/v1/undertakings", {**said, "party": "vendor"}).status_code == 400
    assert send(college, "/oa/v1/undertakings", {**said, "role": "analyst"}).status_code == 400
    assert send(college, "/oa/v1/undertakings", said).json()["recorded"] is True


def test_a_returned_application_comes_again_only_when_it_says_so(college: College):
    state = send(college, SUBMIT, submission()).json()
    back = signature(state, decision="return", reason="列太多")
    assert send(college, f"{SUBMIT}/OA-2026-1/signatures", back).json()["status"] == "returned"
    less = {**FORM, "columns": {"student_academic_data.course_grade": ["total_score"]}}
    assert send(college, SUBMIT, submission(form=less)).status_code == 409
    assert send(college, SUBMIT, submission()).json()["status"] == "returned"
    told = send(college, SUBMIT, submission(form=less, again=True)).json()
    assert (told["status"], told["stage"], told["application"]) == (
        "open", "unit_head", state["application"],
    )  # fmt: skip
    assert send(college, SUBMIT, submission(process="new", again=True)).status_code == 404


def test_one_process_sent_by_many_at_once_is_one_application(college: College):
    codes: list[int] = []

    def one() -> None:
        codes.append(send(college, SUBMIT, submission()).status_code)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 6
    assert count(college, Application) == 1
    with session(college.engine, read_only=True) as opened:
        content = opened.scalars(select(ApplicationEvent.content)).one()
    assert content["users"] == [ALICE]
