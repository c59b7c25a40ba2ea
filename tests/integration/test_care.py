"""Mental-health data: the person, the counsellor on record while that lasts, and nobody else."""

from __future__ import annotations

import json

import pytest
from access_college import ALICE, CAROL, DAN, College, found_college, write_release

from warehouse.access.audit_view import read_log
from warehouse.access.care import CARE_TABLES, CASE_DAYS
from warehouse.access.personal import PAGES
from warehouse.access.policy import MY_PAGES, ROLES
from warehouse.audit.reading import Wanted
from warehouse.governance.protection import protect

MARKS = {
    "S001": ("PSYCH-ALICE-1", "PSYCH-ALICE-2", "ALERT-ALICE", "SCREEN-ALICE"),
    "S002": ("PSYCH-BOB", "SCREEN-BOB"),
}
ANY = ("PSYCH-", "ALERT-", "SCREEN-")


@pytest.fixture
def college(tmp_path) -> College:
    return found_college(tmp_path)


def listed(college: College, number: str) -> list[str]:
    answer = college.client.get("/v1/care", headers=college.sign_in(number))
    if answer.status_code == 403:
        return []
    assert answer.status_code == 200, answer.text
    return [case["number"] for case in answer.json()["cases"]]


def opening(college: College, number: str, student: str, purpose: str = "session"):
    body = {"number": student, "purpose": purpose}
    return college.client.post("/v1/care", json=body, headers=college.sign_in(number))


def release_with(college: College, personal: str) -> None:
    """A later release whose personal file differs by this SQL."""
    write_release(college.settings, "20260902T000000Z-00000002", personal=personal)


def test_a_person_sees_all_of_their_own_and_nothing_of_anothers(college: College):
    for number, marks in MARKS.items():
        text = college.client.get("/v1/my/care", headers=college.sign_in(number)).text
        assert [mark for mark in marks if mark not in text] == []
        others = [mark for other in MARKS.keys() - {number} for mark in MARKS[other]]
        assert [mark for mark in others if mark in text] == []
        assert "counsellor_key" not in text and "person_key" not in text


def test_no_page_that_is_read_with_others_holds_any_of_it(college: College):
    header = college.sign_in("S001")
    for page in MY_PAGES:
        text = college.client.get(f"/v1/my/{page}", headers=header).text
        assert not [mark for mark in ANY if mark in text], page
    named = {table.name for tables in PAGES.values() for table in tables}
    assert not named & set(CARE_TABLES)


def test_whose_session_is_the_latest_is_the_counsellor_on_record(college: College):
    assert listed(college, "T001") == ["S001"]
    assert listed(college, "T003") == ["S002"], "an earlier session with S001 counts no more"
    text = opening(college, "T001", "S001").text
    assert [mark for mark in MARKS["S001"] if mark not in text] == []
    assert opening(college, "T003", "S001").status_code == 404
    assert opening(college, "T001", "S002").status_code == 404


def test_a_session_with_another_moves_the_case_at_that_release(college: College):
    header = college.sign_in("T001")
    assert college.client.get("/v1/care", headers=header).status_code == 200
    release_with(
        college,
        "insert into psych_counselling values "
        "(1001, 'S001', 'Z9', '2026-09-02', '丹', 3001, 'PSYCH-ALICE-9');",
    )
    assert college.client.get("/v1/care", headers=header).status_code == 403
    assert opening(college, "T001", "S001").status_code == 403
    assert listed(college, "T003") == ["S001", "S002"]


def test_a_case_ends_some_days_after_the_latest_session(college: College):
    college.clock.advance(days=CASE_DAYS - 9)
    assert listed(college, "T001") == ["S001"], "the last of the days after 1 September"
    college.clock.advance(days=1)
    assert listed(college, "T001") == []
    assert opening(college, "T001", "S001").status_code == 403


def test_a_case_lasts_while_an_alert_stands(college: College):
    release_with(
        college,
        "insert into psych_alert values (1001, 'S001', 'Y2', 'ALERT-2', '2026-09-01', null);",
    )
    college.clock.advance(days=3 * CASE_DAYS)
    assert listed(college, "T001") == ["S001"]


def test_the_end_of_an_alert_prolongs_a_case_by_the_same_days(college: College):
    release_with(college, "update psych_alert set closed_date = '2026-09-09';")
    college.clock.advance(days=CASE_DAYS - 1)
    assert listed(college, "T001") == ["S001"]
    college.clock.advance(days=1)
    assert listed(college, "T001") == []


@pytest.mark.parametrize(
    ("change", "still"),
    [
        ("update staff_position set end_date = '2026-09-10' where person_key = 2001;", False),
        ("update staff_position set end_date = '2026-09-11' where person_key = 2001;", True),
        (
            "update staff_position set end_date = '2026-09-05' where person_key = 2001;"
            "insert into staff_position values (2001, 2, '图书馆', true, '2026-09-05', null);",
            False,
        ),
        (
            "update staff_position set end_date = '2026-09-05' where person_key = 2001;"
            "insert into staff_position values (2001, 2, 'UNIT-CAROL', true, '2026-09-05', null);",
            True,
        ),
        ("delete from staff_position where person_key = 2001;", False),
    ],
    ids=["left", "leaves tomorrow", "moved", "another post of the unit", "no post on record"],
)
def test_who_left_the_post_opens_no_case(college: College, change: str, still: bool):
    release_with(college, change)
    assert listed(college, "T001") == (["S001"] if still else [])
    assert (opening(college, "T001", "S001").status_code == 200) is still


def test_an_opening_needs_a_purpose_out_of_the_list(college: College):
    for purpose in ("", "curiosity", "session "):
        assert opening(college, "T001", "S001", purpose).status_code == 400
    body = {"number": "S001"}
    answer = college.client.post("/v1/care", json=body, headers=college.sign_in("T001"))
    assert answer.status_code == 400


def test_unknown_another_ones_and_a_protected_students_number_are_refused_alike(college: College):
    protect(
        college.audit,
        ALICE,
        owner_unit="student_affairs_office",
        owner=4001,
        reason="x",
        actor="command:test",
        now=college.clock.now,
    )
    release_with(
        college,
        "insert into psych_counselling values "
        "(3001, 'S003', 'Z7', '2026-09-02', '卡罗尔', 2001, 'PSYCH-DAN');",
    )
    assert listed(college, "T001") == ["S003"]
    answers = {opening(college, "T001", number).text for number in ("S001", "S002", "NOBODY", "")}
    assert len(answers) == 1 and "no open case" in answers.pop()


def test_each_look_is_shown_to_the_person(college: College):
    listed(college, "T001")
    opening(college, "T001", "S001", "crisis")
    mine = college.client.get("/v1/my/care", headers=college.sign_in("S001")).json()["openings"]
    assert [(one["counsellor"], one["reason"], one["listed"]) for one in mine] == [
        ("卡罗尔", "crisis", False),
        ("卡罗尔", None, True),
    ]
    uses = college.client.get("/v1/my/uses", headers=college.sign_in("S001")).json()["uses"]
    assert {"care.read", "care.list"} <= {use["action"] for use in uses}
    bobs = college.client.get("/v1/my/care", headers=college.sign_in("S002")).json()["openings"]
    assert bobs == []


def test_an_opening_is_noted_before_and_after(college: College):
    opening(college, "T001", "S001", "crisis")
    with college.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "select phase, actor, subject, detail from audit where action = 'care.read'"
        ).all()
    assert [row.phase for row in rows] == ["intent", "outcome"]
    assert {row.actor for row in rows} == {f"person:{CAROL}"}
    assert {row.subject for row in rows} == {f"person:{ALICE}"}
    assert json.loads(rows[0].detail)["reason"] == "crisis"
    assert "PSYCH" not in "".join(row.detail for row in rows)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_opens_anything_of_it(college: College, role: str):
    release_with(college, "update psych_counselling set counsellor_key = 3001;")
    of_a_unit = role.startswith("unit_") or role == "supervising_leader"
    college.appoint(CAROL, role, "student_affairs_office" if of_a_unit else None)
    header = college.sign_in("T001")
    assert college.client.get("/v1/care", headers=header).status_code == 403
    body = {"number": "S001", "purpose": "crisis"}
    assert college.client.post("/v1/care", json=body, headers=header).status_code == 403
    assert college.client.get("/v1/my/care", headers=header).status_code == 403
    assert "care" not in college.client.get("/v1/me", headers=header).json()["pages"]


def test_an_auditor_is_not_told_who_is_in_care(college: College):
    listed(college, "T001")
    opening(college, "T001", "S001")
    college.appoint(DAN, "auditor")
    answer = college.client.get("/v1/audit?action=care", headers=college.sign_in("T003"))
    entries = answer.json()["entries"]
    assert {entry["action"] for entry in entries} == {"care.read", "care.list"}
    assert str(ALICE) not in answer.text
    about = read_log(college.audit, "command:test", Wanted(subject=f"person:{ALICE}"), limit=500)
    assert not [entry for entry in about if entry["actor"] == f"person:{CAROL}"]


def test_a_release_without_the_tables_has_no_cases(college: College):
    release_with(college, "drop table psych_counselling;")
    assert listed(college, "T001") == []
    college.client.get("/v1/my/care", headers=college.sign_in("S002")).raise_for_status()
