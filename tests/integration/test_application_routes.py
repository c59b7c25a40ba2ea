"""An application through the gateway: drafts, the form, four signatures, and who may see what."""

from __future__ import annotations

import json
import threading

import pytest
from access_college import CAROL, DAN, GRADES, College, write_release
from governance_people import (
    AUDITOR,
    FORM,
    GROUP,
    HEAD,
    LEADER,
    NUMBERS,
    OFFICER,
    SIGNERS,
    WORKER,
    Hand,
    authorise,
    found_governed,
)
from sqlalchemy import select

from warehouse.access.unit_heads import units_led
from warehouse.governance.appointments import appoint, end_appointment
from warehouse.state import session
from warehouse.state.models import AuditEntry, Protection

CAROL_NO = "T001"


@pytest.fixture
def college(tmp_path) -> College:
    return found_governed(tmp_path)


def test_from_the_draft_to_the_query_and_out_at_the_next_read(college: College):
    college.appoint(CAROL, "analyst")
    made, grant = authorise(college)
    analyst = Hand(college, CAROL_NO)
    assert analyst.get("/v1/grants")["grants"] == [], "the analyst has not signed yet"
    (words,) = analyst.waiting()
    assert words["application"] == made and "保密" in words["text"]
    assert analyst.sign(words)["text_sha256"] == words["text_sha256"]
    (held,) = analyst.get("/v1/grants")["grants"]
    assert [column["name"] for column in held["tables"][0]["columns"]] == FORM["columns"][GRADES]
    query = {"grant": grant, "sql": f"select count(*) from {GRADES}"}
    assert analyst.post("/v1/sql", query)["rows"] == [[500]]
    Hand(college, WORKER).post(f"/v1/grants/{grant}/revocation", {"reason": "用途已变"})
    assert "revoked" in analyst.post("/v1/sql", query, 403)["message"]
    assert analyst.get("/v1/grants")["grants"] == []
    (seen,) = analyst.get("/v1/grants/held")["grants"]
    assert (seen["state"], seen["end_reason"]) == ("revoked", "用途已变")


def test_a_colleague_without_a_part_sees_nothing(college: College):
    made, grant = authorise(college)
    stranger = Hand(college, "S003")
    stranger.get(f"/v1/applications/{made}", 404)
    for path in ("/v1/applications", "/v1/applications?scope=named", "/v1/applications?scope=unit"):
        assert stranger.get(path)["applications"] == []
    assert stranger.get("/v1/grants/held")["grants"] == []
    assert stranger.get("/v1/undertakings") == {"waiting": [], "signed": []}
    for scope in ("all", "waiting"):
        stranger.get(f"/v1/applications?scope={scope}", 403)
    stranger.get("/v1/grants/held?scope=all", 403)
    stranger.get("/v1/units", 403)
    body = {"decision": "approve", "reason": "", "stage": "", "content_sha256": ""}
    stranger.post(f"/v1/applications/{made}/decision", body, 403)
    stranger.post(f"/v1/applications/{made}/withdrawal", {"reason": ""}, 404)
    stranger.post(f"/v1/grants/{grant}/return", {"reason": "x"}, 404)
    stranger.post(f"/v1/grants/{grant}/revocation", {"reason": "x"}, 403)


def test_nobody_reads_changes_or_submits_anothers_draft(college: College):
    draft = Hand(college, OFFICER).save()
    for other in (HEAD, WORKER, AUDITOR):
        hand = Hand(college, other)
        hand.get(f"/v1/drafts/{draft['id']}", 404)
        assert hand.get("/v1/drafts")["drafts"] == []
    head = Hand(college, HEAD)
    change = {"draft": draft["id"], "version": 1, "content": {**FORM, "purpose_text": "别的"}}
    head.post("/v1/drafts", change, 404)
    head.submit(draft, 404)
    head.delete(f"/v1/drafts/{draft['id']}")
    assert Hand(college, OFFICER).get(f"/v1/drafts/{draft['id']}")["version"] == 1


def test_a_draft_outlives_its_session_and_tells_of_another_window(college: College):
    draft = Hand(college, OFFICER).save(purpose_text="一半")
    again = Hand(college, OFFICER)
    seen = again.get(f"/v1/drafts/{draft['id']}")
    assert seen["content"]["purpose_text"] == "一半"
    change = {"draft": draft["id"], "version": 1, "content": {**FORM, "purpose_text": "写完"}}
    assert again.post("/v1/drafts", change)["version"] == 2
    late = {**change, "content": {**FORM, "purpose_text": "另一扇窗"}}
    assert again.post("/v1/drafts", late, 409)["error"] == "conflict"
    again.submit(draft, 409)


def test_two_clicks_at_once_are_one_application(college: College):
    officer = Hand(college, OFFICER)
    draft, made = officer.save(), []
    clicks = [
        threading.Thread(target=lambda: made.append(officer.submit(draft)["application"]))
        for _ in range(4)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(made) == 4 and len(set(made)) == 1
    assert [one["id"] for one in officer.get("/v1/applications")["applications"]] == made[:1]
    assert officer.get("/v1/drafts")["drafts"] == []


def test_each_signer_has_it_in_turn_and_only_then(college: College):
    made = Hand(college, OFFICER).apply()
    head = Hand(college, HEAD)
    head.sign(head.waiting()[0])
    for stage, person in SIGNERS.items():
        for other in SIGNERS.values():
            waits = Hand(college, other).get("/v1/applications?scope=waiting")["applications"]
            assert [one["id"] for one in waits] == ([made] if other == person else [])
        seen = Hand(college, person).get(f"/v1/applications/{made}")
        assert seen["stage"] == stage and seen["may"]["sign"]
        assert [one["state"] for one in seen["stages"]].count("done") == list(SIGNERS).index(stage)
        Hand(college, person).decide(made)


def test_what_was_decided_meanwhile_is_a_conflict_and_a_second_click_nothing(college: College):
    made = Hand(college, OFFICER).apply()
    head = Hand(college, HEAD)
    seen = head.get(f"/v1/applications/{made}")
    said = {"stage": "unit_head", "content_sha256": seen["content_sha256"]}
    assert head.decide(made, **said)["recorded"] is True
    assert head.decide(made, **said)["recorded"] is False
    Hand(college, LEADER).decide(made, 409, stage="unit_head")
    Hand(college, LEADER).decide(made, 409, content_sha256="0" * 64)
    Hand(college, GROUP).decide(made, 403)
    Hand(college, LEADER).decide(made, 400, decision="return")


def test_a_returned_application_comes_back_as_a_draft_and_is_signed_anew(college: College):
    officer = Hand(college, OFFICER)
    made = officer.apply()
    Hand(college, HEAD).decide(made, decision="return", reason="少要一列")
    seen = officer.get(f"/v1/applications/{made}")
    assert seen["status"] == "returned" and seen["may"]["again"]
    assert seen["history"][-1]["reason"] == "少要一列"
    draft = officer.post("/v1/drafts/begin", {"application": made, "grant": ""})
    assert draft["content"]["users"] == [CAROL_NO] and draft["application"] == made
    assert officer.post("/v1/drafts/begin", {"application": made, "grant": ""}) == draft
    change = {**draft["content"], "columns": {GRADES: ["person_key"]}}
    body = {"draft": draft["id"], "version": 1, "content": change}
    draft = officer.post("/v1/drafts", body)
    said = {"draft": draft["id"], "version": draft["version"], "application": made}
    for _ in range(2):
        assert officer.post("/v1/drafts/submit", said) == {"application": made}
    assert officer.get(f"/v1/applications/{made}")["stage"] == "unit_head"
    Hand(college, HEAD).post("/v1/drafts/begin", {"application": made, "grant": ""}, 404)


def test_a_term_is_lengthened_by_an_application_of_its_own(college: College):
    _made, grant = authorise(college)
    officer = Hand(college, OFFICER)
    draft = officer.post("/v1/drafts/begin", {"application": "", "grant": grant})
    assert draft["content"]["extends"] == grant
    body = {
        "draft": draft["id"],
        "version": 1,
        "content": {**draft["content"], "last_day": "2027-06-30"},
    }
    gap = {**body, "content": {**body["content"], "first_day": "2027-01-02"}}
    officer.submit(officer.post("/v1/drafts", gap), 400)
    body = {**body, "version": 2, "content": {**body["content"], "first_day": "2027-01-01"}}
    again = officer.submit(officer.post("/v1/drafts", body))["application"]
    head = Hand(college, HEAD)
    head.sign(head.waiting()[0])
    for person in SIGNERS.values():
        Hand(college, person).decide(again)
    (held,) = officer.get("/v1/grants/held?scope=unit")["grants"]
    assert held["id"] == grant and held["expires_at"] == "2027-06-30T16:00:00Z"
    Hand(college, "S003").post("/v1/drafts/begin", {"application": "", "grant": grant}, 404)


def test_the_form_says_what_is_missing_and_less_that_serves(college: College):
    officer = Hand(college, OFFICER)
    content = {
        **FORM,
        "columns": {GRADES: ["student_no", "total_score"]},
        "users": ["T001", "NOBODY"],
        "last_day": "2020-01-01",
    }
    found = officer.post("/v1/form/check", {"content": content})
    codes = {(one["code"], one["about"]) for one in found["problems"]}
    assert {("last_day", ""), ("unknown_user", "NOBODY")} <= codes
    assert found["people"] == {"T001": {"number": "T001", "name": "卡罗尔", "unit": "教务处"}}
    (proposal,) = found["proposals"]
    assert (proposal["code"], proposal["columns"]) == ("pseudonym", ["student_no"])
    choices = {one["column"]: one["values"] for one in found["choices"]}
    assert {one["value"]: one["label"] for one in choices["college_code"]} == {
        "03": "信息工程学院",
        "04": None,
    }
    assert found["counts"]["tables"] == {GRADES: 500}
    officer.save(status=400, secret="x")
    assert officer.post("/v1/form/check", {"content": FORM})["problems"] == []


def test_looking_people_up_through_the_form_is_in_the_log(college: College):
    Hand(college, "S001").post(
        "/v1/form/check", {"content": {**FORM, "users": ["T003", "T001", "NO"]}}
    )
    with session(college.engine, read_only=True) as opened:
        entries = opened.scalars(
            select(AuditEntry).where(AuditEntry.action == "application.check")
        ).all()
    assert [entry.phase for entry in entries] == ["intent", "outcome"]
    found = json.loads(entries[1].detail)["found"]
    assert found == [f"person:{CAROL}", f"person:{DAN}"]


def test_a_role_that_is_given_again_begins_with_a_new_signature(college: College):
    officer, now = Hand(college, OFFICER), college.clock.now
    who = {"actor": "command:test", "unit": FORM["unit"]}
    end_appointment(college.audit, OFFICER, "unit_officer", now=now, **who)
    appoint(college.audit, OFFICER, "unit_officer", now=now, **who)
    assert officer.get("/v1/form")["units"] == []
    (words,) = officer.waiting()
    officer.sign(words)
    assert [one["unit"] for one in officer.get("/v1/form")["units"]] == [FORM["unit"]]
    appoint(college.audit, OFFICER, "unit_officer", now=now, **who)
    assert officer.waiting() == [], "who holds it goes on holding it"


def test_a_narrow_scope_is_not_counted_out(college: College):
    rows = {"students": {"grade_year": ["2024"]}, "columns": {"student_no": ["G2"]}}
    found = Hand(college, OFFICER).post("/v1/form/check", {"content": {**FORM, "rows": rows}})
    assert found["counts"]["tables"] == {}
    rows = {"students": {"grade_year": ["1999"]}}
    found = Hand(college, OFFICER).post("/v1/form/check", {"content": {**FORM, "rows": rows}})
    assert found["counts"]["tables"] == {GRADES: None}


def test_health_of_mind_is_shown_and_never_applied_for(college: College):
    officer, table = Hand(college, OFFICER), "student_health_data.psych_screening"
    datasets = officer.get("/v1/form")["datasets"]
    tables = {one["name"]: one for dataset in datasets for one in dataset["tables"]}
    assert tables[table]["never"] and not tables[GRADES]["never"]
    form = {"columns": {table: ["person_key"]}, "rows": {}}
    found = officer.post("/v1/form/check", {"content": {**FORM, **form}})
    assert "never" in {one["code"] for one in found["problems"]} and found["counts"] is None
    officer.submit(officer.save(**form), 400)


def test_a_form_for_another_unit_or_another_person_is_told_and_refused(college: College):
    officer = Hand(college, OFFICER)
    other = {**FORM, "unit": "hr_office"}
    codes = [o["code"] for o in officer.post("/v1/form/check", {"content": other})["problems"]]
    assert codes == ["not_your_unit"]
    officer.submit(officer.save(unit="hr_office"), 403)
    alice = Hand(college, "S001")
    alice.submit(alice.save(kind="individual", unit="03", users=["S002"]), 403)
    mine = {"kind": "individual", "users": ["S001"]}
    elsewhere = alice.post("/v1/form/check", {"content": {**FORM, **mine}})["problems"]
    assert [one["code"] for one in elsewhere] == ["not_your_own_unit"]
    alice.submit(alice.save(**mine), 400)
    assert alice.get("/v1/form")["own_units"] == [{"unit": "03", "name": "信息工程学院"}]
    assert alice.apply(**mine, unit="03")
    assert Hand(college, "T001").apply(kind="individual", users=["T001"]), "of this office"


def test_a_unit_with_two_heads_in_the_personnel_system_has_none(college: College):
    """Neither signs until the working group appoints one: who applies shall not choose."""
    leaders = "create table unit_leadership(unit_code text, unit_name text, person_key bigint);"
    for heads, found in (((HEAD,), [HEAD]), ((HEAD, LEADER), [])):
        rows = ", ".join(f"('77', '实训中心', {key})" for key in heads)
        write_release(
            college.settings,
            f"2026090{2 + len(heads)}T000000Z-0000000{2 + len(heads)}",
            personal=f"{leaders} insert into unit_leadership values {rows};",
        )
        assert [key for key in (HEAD, LEADER) if "77" in units_led(college.reader, key)] == found


def test_a_colleague_is_found_by_the_exact_number_alone(college: College):
    officer = Hand(college, OFFICER)
    found = officer.get("/v1/colleagues?number=T003")
    assert found == {"number": "T003", "name": "丹", "unit": "教务处"}
    for number in ("T00", "丹", "TWICE", "%25", "LEFT"):
        officer.get(f"/v1/colleagues?number={number}", 404)
    officer.get("/v1/colleagues?name=丹", 400)
    officer.get("/v1/colleagues?number=", 400)
    flag = {"owner_unit": "hr_office", "valid_from": college.clock.now, "reason": "-", "by": "-"}
    with session(college.engine) as opened:
        opened.add(Protection(person_key=DAN, **flag))
    officer.get("/v1/colleagues?number=T003", 404)
    found = officer.post("/v1/form/check", {"content": {**FORM, "users": ["T003"]}})
    assert {"code": "unknown_user", "about": "T003"} in found["problems"]
    officer.submit(officer.save(users=["T003"]), 400)


def test_the_catalogue_tells_no_values_and_whose_tables_are_reserved(college: College):
    found = Hand(college, OFFICER).get("/v1/form")
    tables = {t["name"]: t for dataset in found["datasets"] for t in dataset["tables"]}
    columns = {column["name"]: column for column in tables[GRADES]["columns"]}
    assert columns["total_score"]["title"] and columns["student_no"]["privacy"] == "identifying"
    assert found["kinds"] == ["unit", "individual"]
    assert [unit["unit"] for unit in found["units"]] == [FORM["unit"]]
    assert Hand(college, "S001").get("/v1/form")["kinds"] == ["individual"]


@pytest.mark.parametrize(
    "query", ["person=T001", "person_key=4001", "applicant=T001", "scope=mine&scope=all", "scope=x"]
)
def test_a_forged_parameter_is_refused(college: College, query: str):
    for path in ("/v1/applications", "/v1/grants/held"):
        Hand(college, OFFICER).get(f"{path}?{query}", 400)
    for path in ("/v1/drafts", "/v1/undertakings", "/v1/units", "/v1/form"):
        Hand(college, WORKER).get(f"{path}?{query}", 400)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"draft": ""}',
        b"[" * 100_000,
        b'{"content": {}}' + b" " * (1 << 18),
        b'{"draft": "", "version": true, "content": {}}',
        b'{"draft": "", "version": 0, "content": 1}',
    ],
)
def test_a_body_that_is_no_form_is_refused(college: College, body: bytes):
    header = college.sign_in(NUMBERS[OFFICER])
    answer = college.client.post("/v1/drafts", content=body, headers=header)
    assert answer.status_code == 400
    assert answer.json()["error"] == "usage_error"


def test_users_learn_what_office_signed_and_not_who(college: College):
    made, _grant = authorise(college)
    stages = Hand(college, CAROL_NO).get(f"/v1/applications/{made}")["stages"]
    assert {one["who"] for one in stages} == {None}
    stages = Hand(college, OFFICER).get(f"/v1/applications/{made}")["stages"]
    assert stages[0]["who"] == "职工T402"


def test_the_grant_is_given_back_by_its_unit(college: College):
    _made, grant = authorise(college)
    head = Hand(college, HEAD)
    head.post(f"/v1/grants/{grant}/return", {"reason": ""}, 400)
    assert head.post(f"/v1/grants/{grant}/return", {"reason": "分析做完了"})["state"] == "revoked"
    (held,) = Hand(college, OFFICER).get("/v1/grants/held?scope=unit")["grants"]
    assert held["state"] == "revoked" and not any(held["may"].values())


def test_what_is_ended_already_is_a_conflict_and_no_fault_of_the_gateway(college: College):
    made, grant = authorise(college)
    worker, reason = Hand(college, WORKER), {"reason": "用途已变"}
    assert worker.get(f"/v1/applications/{made}")["grant_state"] == "live"
    worker.post(f"/v1/grants/{grant}/revocation", reason)
    assert worker.post(f"/v1/grants/{grant}/revocation", reason, 409)["error"] == "conflict"
    assert worker.get(f"/v1/applications/{made}")["grant_state"] == "revoked"
    Hand(college, OFFICER).post(f"/v1/applications/{made}/withdrawal", reason, 409)


def test_words_that_were_not_shown_are_not_signed(college: College):
    Hand(college, OFFICER).apply()
    head = Hand(college, HEAD)
    (words,) = head.waiting()
    head.sign(words, 409, text_sha256="0" * 64)
    head.sign(words, 404, party="vendor")
    assert head.sign(words)["recorded"] is True
    assert head.sign(words)["recorded"] is False
    assert head.waiting() == []


def test_units_show_their_gaps_and_unit_people_their_own(college: College):
    units = {one["unit"]: one for one in Hand(college, AUDITOR).get("/v1/units")["units"]}
    assert units[FORM["unit"]]["lacks"] == []
    assert units[FORM["unit"]]["contacts"][0]["name"] == "职工T401"
    assert units["hr_office"]["lacks"] == ["head", "contact"]
    assert "staff_self" not in units
    own = Hand(college, OFFICER).get("/v1/units")["units"]
    assert [one["unit"] for one in own] == [FORM["unit"]]


def test_every_read_of_an_application_is_in_the_log_twice(college: College):
    made = Hand(college, OFFICER).apply()
    Hand(college, WORKER).get(f"/v1/applications/{made}")
    with college.engine.connect() as connection:
        phases = connection.exec_driver_sql(
            "select phase, detail from audit where action = 'application.read' "
            f"and actor = 'person:{WORKER}' order by seq"
        ).all()
    assert [row.phase for row in phases] == ["intent", "outcome"]
    assert made in phases[1].detail


def test_limits_of_the_form_are_shown_with_the_application_and_the_grant(college: College):
    limits = {"rows_per_day": 1000, "exports_per_day": None}
    made, grant = authorise(college, limits=limits)
    officer = Hand(college, OFFICER)
    assert officer.get(f"/v1/applications/{made}")["content"]["limits"] == limits
    (held,) = officer.get("/v1/grants/held?scope=unit")["grants"]
    assert (held["id"], held["limits"]) == (grant, limits)
    draft = officer.post("/v1/drafts/begin", {"application": "", "grant": grant})
    assert draft["content"]["limits"] == limits
    none_at_all = {**FORM, "limits": {"rows_per_day": 0}}
    officer.post("/v1/form/check", {"content": none_at_all}, 400)
