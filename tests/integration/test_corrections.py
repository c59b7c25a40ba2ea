"""*This is wrong* from the report to the end, with two persons and two units."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from access_college import ALICE, BOB, College
from archive_scene import ask, fetch, ready, rows_of
from archive_scene import opened as unpacked
from correction_scene import (
    FIRST,
    OTHER_OFFICER,
    PDF,
    SECOND,
    THIRD,
    after,
    form,
    found_scene,
    grade,
    publish,
    reported,
    seen,
    step,
)
from governance_people import AUDITOR, HEAD, NUMBERS, OFFICER, UNIT, WORKER, Hand, authorise
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from warehouse.access.desk import Desk
from warehouse.access.name_masks import HIDDEN
from warehouse.access.reminders import remind
from warehouse.audit import head_file
from warehouse.audit.reading import verify
from warehouse.cli.main import build_app
from warehouse.governance.protection import protect
from warehouse.governance.roles import holders
from warehouse.state import session
from warehouse.state.corrections import Correction, CorrectionEvent, CorrectionTold
from warehouse.state.models import AuditEntry, Notice

NUMBERS[OTHER_OFFICER] = "T407"


@pytest.fixture
def college(tmp_path) -> College:
    return found_scene(tmp_path)


def notices(college: College, kind: str) -> list[tuple[int, dict]]:
    with session(college.engine, read_only=True) as opened:
        found = opened.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id))
        return [(one.person_key, one.about) for one in found]


def entries(college: College, action: str) -> list[tuple[str, str | None, dict]]:
    with session(college.engine, read_only=True) as opened:
        rows = opened.scalars(select(AuditEntry).where(AuditEntry.action == action))
        return [(row.actor, row.subject, json.loads(row.detail)) for row in rows]


# -- the form


def test_the_form_offers_own_rows_and_columns_with_their_one_unit(college: College):
    offered = Hand(college, "S001").get("/v1/corrections/choices?table=course_grade")
    assert [item["unit"] for item in offered["items"]] == [UNIT]
    assert {"course_code", "total_score"} <= {column["name"] for column in offered["columns"]}
    (row,) = offered["rows"]
    assert "GRADE-ALICE" in row["label"] and "GRADE-BOB" not in json.dumps(offered)


@pytest.mark.parametrize("table", ["person", "unit_leadership", "nothing", "item", ""])
def test_no_form_opens_for_what_is_no_table_of_mine(college: College, table: str):
    Hand(college, "S001").get(f"/v1/corrections/choices?table={table}", 404)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"kind": "everything"}, 400),
        ({"item": "A4-20"}, 400),
        ({"column": "updated_at"}, 400),
        ({"column": "person_key"}, 400),
        ({"row": "0" * 64}, 400),
        ({"wanted": " "}, 400),
        ({"reason": ""}, 400),
        ({"wanted": "x" * 201}, 400),
        ({"reason": "x" * 1001}, 400),
        ({"reference": "1"}, 400),
        ({"wanted": "91.25"}, 400),
        ({"wanted": "91.250"}, 400),
        ({"table": "unplaced_visit"}, 400),
        ({"table": "nothing"}, 404),
    ],
)
def test_what_was_not_offered_is_not_taken(college: College, changes: dict, status: int):
    hand = Hand(college, "S001")
    hand.post("/v1/corrections", form(hand) | changes, status)
    assert hand.get("/v1/corrections")["corrections"] == []


def test_what_the_staff_member_keeps_up_is_not_reported(college: College):
    publish(
        college, SECOND, "update table_item set item_codes = ['A3-18'] where table_name = 'staff';"
    )
    hand = Hand(college, "T001")
    body = form(hand, "staff", column="name")
    assert hand.get("/v1/corrections/choices?table=staff")["items"][0]["self"]
    assert "yours" in hand.post("/v1/corrections", body, 400)["message"]


# -- reporting


def test_a_report_goes_to_the_one_unit_and_runs_against_its_clock(college: College):
    made = reported(college)
    (line,) = Hand(college, "S001").get("/v1/corrections")["corrections"]
    assert (line["unit"], line["status"], line["due_on"]) == (UNIT, "reported", "2026-09-17")
    told = {key for key, about in notices(college, "correction.unit_reported")}
    assert told == {OFFICER, HEAD}
    assert Hand(college, OFFICER).get("/v1/corrections?scope=unit")["corrections"][0]["id"] == made


def test_a_double_click_is_one_report_and_one_step(college: College):
    hand = Hand(college, "S001")
    body = form(hand)
    first = hand.post("/v1/corrections", body)
    assert hand.post("/v1/corrections", body) == first
    assert len(hand.get("/v1/corrections")["corrections"]) == 1
    officer = Hand(college, OFFICER)
    path = f"/v1/corrections/{first['correction']}/acknowledgement"
    assert officer.post(path, {"seq": 1})["recorded"] is True
    assert officer.post(path, {"seq": 1})["recorded"] is False
    with session(college.engine, read_only=True) as opened:
        assert len(opened.scalars(select(CorrectionEvent)).all()) == 2


def test_anothers_reference_is_no_way_to_their_report(college: College):
    alice, bob = Hand(college, "S001"), Hand(college, "S002")
    body = form(alice)
    alice.post("/v1/corrections", body)
    bob.post("/v1/corrections", form(bob) | {"reference": body["reference"]}, 409)


def test_the_same_place_is_reported_once_at_a_time(college: College):
    made = reported(college)
    hand = Hand(college, "S001")
    hand.post("/v1/corrections", form(hand, wanted="96"), 409)
    step(college, "S001", made, "withdrawal", reason="")
    assert reported(college, wanted="96") != made


def test_the_registry_holds_no_value_of_it(college: College):
    made = reported(college)
    step(college, OFFICER, made, "refusal", reason="成绩单为 91.25")
    with session(college.engine, read_only=True) as opened:
        held = [vars(row) for row in opened.scalars(select(Correction))]
        held += [vars(row) for row in opened.scalars(select(CorrectionEvent))]
    written = json.dumps([{k: str(v) for k, v in row.items()} for row in held], ensure_ascii=False)
    assert not any(word in written for word in ("91.25", "试卷", "成绩单", "GRADE-ALICE"))
    assert seen(college, "S001", made)["events"][-1]["reason"] == "成绩单为 91.25"


def test_what_happened_cannot_be_changed_in_the_database(college: College):
    reported(college)
    for statement in (
        "update correction set unit_code = 'x'",
        "delete from correction_event",
        "update correction_event set due_on = null",
    ):
        with pytest.raises(DatabaseError), college.engine.begin() as connection:
            connection.execute(text(statement))


# -- who sees what


def test_no_other_person_unit_or_group_gets_at_it(college: College):
    made = reported(college)
    for who in ("S002", "T001", OTHER_OFFICER, WORKER, AUDITOR):
        hand = Hand(college, who)
        hand.get(f"/v1/corrections/{made}", 404)
        for scope in ("mine", "unit", "group"):
            answer = college.client.get(f"/v1/corrections?scope={scope}", headers=hand.header)
            assert made not in answer.text
    for name, body in (
        ("contest", {"seq": 1, "reason": "x"}),
        ("withdrawal", {"seq": 1, "reason": "x"}),
    ):
        Hand(college, "S002").post(f"/v1/corrections/{made}/{name}", body, 404)
    for name, body in (
        ("acknowledgement", {"seq": 1}),
        ("refusal", {"seq": 1, "reason": "x"}),
        ("corrected", {"seq": 1, "reason": "", "expected": "2026-09-20"}),
    ):
        Hand(college, OTHER_OFFICER).post(f"/v1/corrections/{made}/{name}", body, 404)
        Hand(college, "S001").post(f"/v1/corrections/{made}/{name}", body, 403)
    assert seen(college, "S001", made)["seq"] == 1


def test_the_unit_sees_whose_it_is_and_the_person_sees_that(college: College):
    made = reported(college)
    found = seen(college, OFFICER, made)
    assert found["person"] == {"name": "艾丽斯", "number": "S001", "unit": "信息工程学院"}
    assert (found["wanted"], found["shown"]) == ("95", "91.25")
    assert "person_key" not in json.dumps(found)
    uses = Hand(college, "S001").get("/v1/my/uses")["uses"]
    assert [
        (use["who"], use["unit"], use["role"], use["purpose"], use["items"])
        for use in uses
        if use["action"] == "correction.read"
    ] == [("person", UNIT, "unit_officer", "correction", [{"code": "A4-23", "name": "学习成绩"}])]
    (line,) = Hand(college, OFFICER).get("/v1/corrections?scope=unit")["corrections"]
    assert line.keys().isdisjoint({"person", "wanted", "reason"})


def test_a_role_that_ended_closes_the_door_at_the_next_request(college: College):
    from warehouse.governance.appointments import end_appointment

    made = reported(college)
    officer = Hand(college, OFFICER)
    officer.get(f"/v1/corrections/{made}")
    end_appointment(college.audit, OFFICER, "unit_officer", actor="command:test",
                    now=college.clock.now)  # fmt: skip
    officer.get(f"/v1/corrections/{made}", 404)
    officer.post(f"/v1/corrections/{made}/acknowledgement", {"seq": 1}, 403)


def test_the_unit_finds_whom_it_answers_for_though_they_are_protected(college: College):
    made = reported(college)
    protect(
        college.audit, ALICE, owner_unit=UNIT, owner=HEAD, reason="威胁", actor="command:test",
        now=college.clock.now,
    )  # fmt: skip
    assert seen(college, OFFICER, made)["person"]["number"] == "S001"
    step(college, OFFICER, made, "refusal", reason="与试卷一致")
    step(college, "S001", made, "contest", reason="请复核")
    found = seen(college, WORKER, made)
    assert (found["person"]["number"], found["shown"]) == (None, HIDDEN)
    assert "GRADE-ALICE" not in json.dumps(found)


def test_who_has_left_follows_theirs_and_is_offered_what_is_still_kept(college: College):
    made = reported(college)
    step(college, OFFICER, made, "refusal", reason="与试卷一致")
    publish(
        college, SECOND,
        f"update person_number set valid_to = '2026-09-20' where person_key = {ALICE};",
    )  # fmt: skip
    college.clock.advance(days=30)
    step(college, "S001", made, "contest", reason="请复核")
    hand = Hand(college, "S001")
    assert len(hand.get("/v1/corrections/choices?table=course_grade")["rows"]) == 1
    # The contract of that table says nothing that can be read about how long it is kept.
    hand.get("/v1/corrections/choices?table=student", 404)


def test_a_person_takes_their_own_along(college: College):
    made = reported(college)
    step(college, OFFICER, made, "refusal", reason="与试卷一致")
    reported(college, "S002", wanted="60")
    header = college.sign_in("S001")
    archive, password = ask(college, header)
    ready(college, header)
    _, inner = unpacked(fetch(college, header, archive).content, password)
    (row,) = rows_of(inner["csv/corrections.csv"])
    assert (row["id"], row["status"], row["wanted"]) == (made, "refused", "95")
    assert "与试卷一致" in row["steps"]


def test_nobody_handles_a_correction_of_their_own_data(college: College):
    college.appoint(ALICE, "unit_officer", UNIT)
    made = reported(college)
    assert not seen(college, "S001", made)["may"]["refused"]
    step(college, "S001", made, "acknowledgement", status=403)
    assert step(college, OFFICER, made, "acknowledgement")["recorded"]


# -- evidence


def scan(college: College, who: int | str, made: str, content: bytes = PDF, kind="application/pdf"):
    header = Hand(college, who).header | {"Content-Type": kind}
    path = f"/v1/corrections/{made}/evidence"
    return college.client.post(path, content=content, headers=header)


def test_evidence_is_seen_by_the_person_and_the_unit_alone(college: College):
    made = reported(college)
    assert scan(college, "S002", made).status_code == 404
    assert scan(college, OFFICER, made).status_code == 404
    kept = scan(college, "S001", made).json()
    assert kept["recorded"] and not scan(college, "S001", made).json()["recorded"]
    path = f"/v1/attachments/{kept['attachment']}"
    for who, status in (("S001", 200), (OFFICER, 200), ("S002", 404), (OTHER_OFFICER, 404)):
        answer = college.client.get(path, headers=Hand(college, who).header)
        assert answer.status_code == status, who
    assert ("person:4001", f"person:{ALICE}") in {
        (actor, subject) for actor, subject, _ in entries(college, "attachment.read")
    }


def test_what_is_no_scan_is_no_evidence(college: College):
    made = reported(college)
    assert scan(college, "S001", made, b"MZ\x90").status_code == 400
    assert scan(college, "S001", made, kind="text/html").status_code == 400
    assert seen(college, "S001", made)["evidence"] == 0


def test_a_correction_takes_five_scans_and_keeps_no_sixth(college: College):
    made = reported(college)
    for number in range(5):
        assert scan(college, "S001", made, PDF + bytes([number])).status_code == 200
    kept = sorted(college.settings.paths.attachments.rglob("*"))
    assert scan(college, "S001", made, PDF + b"six").status_code == 409
    assert sorted(college.settings.paths.attachments.rglob("*")) == kept


# -- the end


def test_a_later_release_with_the_right_value_closes_it(college: College):
    made = reported(college)
    step(college, OFFICER, made, "acknowledgement")
    step(college, OFFICER, made, "corrected", reason="已改分", expected="2026-09-14")
    college.clock.advance(days=5)
    publish(college, SECOND, grade("95"))
    (closed,) = after(college, SECOND)
    assert (closed.correction, closed.outcome) == (made, "as_asked")
    found = seen(college, "S001", made)
    assert (found["status"], found["release"], found["shown"]) == ("closed", SECOND, "95")
    assert notices(college, "correction.closed") == [(ALICE, {"correction": made})]
    assert after(college, SECOND) == []


@pytest.mark.parametrize(
    ("sql", "outcome"),
    [
        (grade("60"), "other"),
        (grade("null"), "other"),
        (f"delete from course_grade where person_key = {ALICE};", "gone"),
        ("update course_grade set total_score = 95 where person_key = 1002;", None),
        ("update course_grade set recorded_at = '2026-09-01' where person_key = 1001;", None),
        ("drop table course_grade;", None),
        ("", None),
    ],
)
def test_only_another_value_in_that_very_place_ends_it(college: College, sql: str, outcome):
    made = reported(college)
    publish(college, SECOND, sql)
    assert [one.outcome for one in after(college, SECOND)] == ([outcome] if outcome else [])
    assert seen(college, "S001", made)["status"] == ("closed" if outcome else "reported")


def test_the_release_that_was_seen_and_earlier_ones_close_nothing(college: College):
    publish(college, SECOND)
    reported(college)
    assert after(college, SECOND) == []
    college.settings.paths.current_release.write_text(FIRST + "\n")
    assert after(college, FIRST) == []


def test_a_home_that_lost_its_secrets_closes_nothing(college: College):
    reported(college)
    for key in college.settings.paths.secrets.glob("correction*.key"):
        key.unlink()
    publish(college, SECOND, grade("95"))
    assert after(college, SECOND) == []


def test_a_missing_row_waits_for_the_units_word(college: College):
    made = reported(college, kind="missing", row="", column="", wanted="《大学英语》88 分")
    more = "insert into course_grade values (1001, '2025-2026-2', 'NEW', 88, '2026-09-01');"
    publish(college, SECOND, more)
    assert after(college, SECOND) == []
    step(college, OFFICER, made, "corrected", reason="", expected="2026-09-20")
    publish(college, THIRD, more)
    assert [one.outcome for one in after(college, THIRD)] == ["added"]


def test_a_row_that_should_not_be_there_closes_when_it_is_gone(college: College):
    made = reported(college, kind="row", column="", wanted="不是我的课")
    publish(college, SECOND, grade("60"))
    assert after(college, SECOND) == []
    publish(college, THIRD, f"delete from course_grade where person_key = {ALICE};")
    assert [(one.correction, one.outcome) for one in after(college, THIRD)] == [(made, "as_asked")]


def test_a_refusal_is_contested_once_and_given_back_with_a_new_clock(college: College):
    made = reported(college)
    step(college, OFFICER, made, "refusal", reason="", status=400)
    step(college, OFFICER, made, "refusal", reason="与试卷一致")
    step(college, "S001", made, "contest", reason="", status=400)
    step(college, "S001", made, "contest", reason="请复核试卷")
    assert {key for key, _ in notices(college, "correction.contested")} == {WORKER}
    found = seen(college, WORKER, made)
    assert (found["waits_for"], found["due_on"]) == ("working_group", "2026-10-01")
    step(college, OFFICER, made, "decision", decision="uphold", reason="x", status=403)
    step(college, WORKER, made, "decision", decision="uphold", reason="", status=400)
    college.clock.advance(days=3)
    step(college, WORKER, made, "decision", decision="overturn", reason="复核为 95 分")
    found = seen(college, OFFICER, made)
    assert (found["status"], found["due_on"]) == ("overturned", "2026-10-04")
    step(college, OFFICER, made, "refusal", reason="仍不改", status=409)
    step(college, OFFICER, made, "corrected", reason="", expected="2026-09-20")
    publish(college, SECOND, grade("95"))
    assert [one.outcome for one in after(college, SECOND)] == ["as_asked"]


def test_an_upheld_refusal_is_the_end(college: College):
    made = reported(college)
    step(college, OFFICER, made, "refusal", reason="与试卷一致")
    step(college, "S001", made, "contest", reason="请复核")
    step(college, WORKER, made, "decision", decision="uphold", reason="已复核试卷")
    step(college, "S001", made, "contest", reason="再复核", status=409)
    step(college, "S001", made, "withdrawal", reason="", status=409)
    assert not any(seen(college, "S001", made)["may"].values())


def test_who_refused_does_not_decide_what_is_contested(college: College):
    college.appoint(OFFICER, "working_group")
    made = reported(college)
    step(college, OFFICER, made, "refusal", reason="与试卷一致")
    step(college, "S001", made, "contest", reason="请复核")
    step(college, OFFICER, made, "decision", decision="uphold", reason="x", status=403)


def test_what_happened_meanwhile_is_a_conflict(college: College):
    made = reported(college)
    step(college, OFFICER, made, "acknowledgement")
    step(college, HEAD, made, "refusal", seq=1, reason="x", status=409)


@pytest.mark.parametrize("day", ["2026-09-09", "2027-09-09", "soon"])
def test_the_unit_names_a_day_that_can_be_kept(college: College, day: str):
    made = reported(college)
    step(college, OFFICER, made, "corrected", reason="", expected=day, status=400)


def test_what_is_late_is_seen_by_the_person_the_unit_and_the_working_group(college: College):
    made = reported(college)
    college.clock.advance(days=7)
    assert not seen(college, "S001", made)["late"]
    assert Hand(college, WORKER).get("/v1/corrections?scope=group")["corrections"] == []
    college.clock.advance(days=1)
    for who, scope in (("S001", "mine"), (OFFICER, "unit"), (WORKER, "group"), (AUDITOR, "group")):
        (line,) = Hand(college, who).get(f"/v1/corrections?scope={scope}")["corrections"]
        assert line["late"] and line["opens"] == (scope != "group")
    Hand(college, OTHER_OFFICER).get("/v1/corrections?scope=group", 403)
    for who in (WORKER, AUDITOR):
        Hand(college, who).get(f"/v1/corrections/{made}", 404)
    desk = Desk(
        college.settings, college.engine, college.reader, college.audit, "job:x",
        clock=college.clock,
    )  # fmt: skip
    assert (remind(desk), remind(desk)) == (3, 0)
    assert {key for key, _ in notices(college, "correction.late")} == {OFFICER, HEAD, WORKER}


def test_the_commands_take_each_step_with_the_rights_of_a_person(college: College):
    made = reported(college)

    def run(*words: str) -> int:
        home = ["--home", str(college.settings.paths.root)]
        return CliRunner().invoke(build_app(), [*home, "correction", *words]).exit_code

    assert run("acknowledge", made, "--by", "S001") != 0
    assert run("acknowledge", made, "--by", "T401") == 0
    assert run("refuse", made, "--by", "T401", "--reason", "与试卷一致") == 0
    assert run("contest", made, "--by", "S002", "--reason", "请复核") != 0
    assert run("contest", made, "--by", "S001", "--reason", "请复核") == 0
    assert run("decide", made, "overturn", "--by", "T401", "--reason", "x") != 0
    assert run("decide", made, "overturn", "--by", "T405", "--reason", "应更正") == 0
    day = str(datetime.now(UTC).date() + timedelta(days=2))
    assert run("corrected", made, "--by", "T401", "--expected", day) == 0
    assert seen(college, "S001", made)["status"] == "corrected"
    assert run("withdraw", made, "--by", "S001") == 0
    steps = entries(college, "correction.overturned")
    assert steps[0][0].startswith("command:") and steps[0][1] == f"person:{ALICE}"


# -- who had the old value


def held(college: College, **changes) -> str:
    """A grant whose file was built from the present release."""
    _, grant = authorise(college, **changes)
    assert rebuild_now(college) == []
    return grant


def rebuild_now(college: College) -> list[str]:
    from warehouse.access.grant_files import rebuild

    return rebuild(college.settings, college.engine, college.reader)


def test_those_who_had_the_old_value_are_told_without_a_name(college: College):
    grades = "student_academic_data.course_grade"
    told = held(college, rows={"students": {"college_code": ["04"]}})
    held(college, rows={"students": {"college_code": ["03"]}})  # ALICE is of college 04
    held(college, rows={"students": {"college_code": ["04"]}},
         columns={grades: ["person_key", "course_code"]})  # fmt: skip
    made = reported(college)
    publish(college, SECOND, grade("95"))
    (closed,) = after(college, SECOND)
    assert closed.told == 1
    with session(college.engine, read_only=True) as opened:
        assert [(one.grant_id, one.sure) for one in opened.scalars(select(CorrectionTold))] == [
            (told, 1)
        ]
        officers = {one.person_key for one in holders(opened, "unit_officer", UNIT,
                                                      college.clock.now)}  # fmt: skip
    assert notices(college, "correction.told") == [(key, {"grant": told}) for key in officers]
    assert seen(college, "S001", made)["told"] == 1
    (line,) = Hand(college, OFFICER).get("/v1/corrections/told")["told"]
    assert line["grant"] == told and isinstance(line["pseudonym"], int)
    assert str(ALICE) not in json.dumps(line) and "S001" not in json.dumps(line)
    assert Hand(college, OTHER_OFFICER).get("/v1/corrections/told")["told"] == []


@pytest.mark.parametrize("known", [True, False], ids=["on record", "before the record"])
def test_a_grant_that_died_meanwhile_is_told(college: College, known: bool):
    grant = held(college, rows={"students": {"college_code": ["04"]}})
    if not known:
        with college.engine.begin() as connection:
            connection.execute(text("update grant_build set people_version = null"))
    reported(college)
    Hand(college, WORKER).post(f"/v1/grants/{grant}/revocation", {"reason": "用毕"})
    rebuild_now(college)
    publish(college, SECOND, grade("95"))
    assert [one.told for one in after(college, SECOND)] == [1]
    with session(college.engine, read_only=True) as opened:
        assert [one.sure for one in opened.scalars(select(CorrectionTold))] == [int(known)]


def test_a_legal_case_is_told_and_its_person_hears_nothing_of_it(college: College):
    grant = held(college, rows={"students": {"college_code": ["04"]}})
    with college.engine.begin() as connection:
        connection.execute(text("update \"grant\" set purpose = 'legal_case'"))
    made = reported(college)
    publish(college, SECOND, grade("95"))
    assert [one.told for one in after(college, SECOND)] == [1]
    assert seen(college, "S001", made)["told"] == 0
    uses = json.dumps(Hand(college, "S001").get("/v1/my/uses")["uses"])
    assert "correction.closed" in uses and "correction.tell" not in uses
    told = entries(college, "correction.tell")
    assert [(subject, detail["grant"]) for _, subject, detail in told] == [(None, grant)]


def test_the_log_of_the_whole_way_is_whole(college: College):
    made = reported(college)
    step(college, OFFICER, made, "refusal", reason="x")
    step(college, "S001", made, "contest", reason="x")
    subjects = {subject for _, subject, _ in entries(college, "correction.refused")}
    assert subjects == {f"person:{ALICE}"}
    assert not any(
        subject == f"person:{BOB}" for _, subject, _ in entries(college, "correction.read")
    )
    assert verify(college.engine, head_file(college.settings.paths)).broken_seq is None
