"""Who has left: what is still kept is shown, row by row, and then the door is shut."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from access_college import ALICE, BOB, CAROL, College, found_college, write_release

from warehouse.governance.appointments import appoint

LEFT = date(2026, 9, 15)
#: Table → retention. Nothing else of the fixture's tables has one.
_TERMS = {
    "student": "毕业或离校后 5 年",
    "course_grade": "毕业或离校后 2 年",
    "library_loan": "归还后 3 年",
    "library_visit": "入馆日后 1 年",
    "psych_screening": "毕业或离校后 1 年",
}
PERSONAL = f"""
update person_number set valid_to = '{LEFT}' where person_key = {ALICE} and number <> 'LEFT';
delete from person_number where person_key = {BOB} and number = 'AGAIN';
delete from table_item;
insert into table_item(table_name, retention, owner, source_name)
  values {", ".join(f"('{name}', '{words}', '学生处', '学工')" for name, words in _TERMS.items())};
update library_loan set returned_at = '2026-09-01 00:00:00' where person_key = {ALICE};
create table library_visit as from unplaced_visit;
insert into library_visit values ({ALICE}, '2026-09-10', 'VISIT-LATER');
"""


@pytest.fixture
def college(tmp_path) -> College:
    """ALICE signs in as S001 while she is here; a day after LEFT she is gone."""
    found = found_college(tmp_path)
    found.sign_in("S001")
    write_release(found.settings, "20260902T000000Z-00000002", personal=PERSONAL)
    return found


def on(college: College, day: date) -> dict[str, str]:
    college.clock.now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return college.sign_in("S001")


def text(college: College, header: dict[str, str], page: str) -> str:
    answer = college.client.get(f"/v1/my/{page}", headers=header)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_who_has_left_is_told_since_when_and_loses_all_but_their_own_pages(college: College):
    appoint(college.audit, ALICE, "leader", actor="command:test", now=college.clock.now)
    before = college.client.get("/v1/me", headers=on(college, LEFT - timedelta(days=1))).json()
    assert before["person"]["left_on"] is None and "application_form" in before["pages"]
    assert "overview_statistics" in before["pages"]
    after = college.client.get("/v1/me", headers=on(college, LEFT)).json()
    assert after["person"] == {"name": "艾丽斯", "kinds": ["former_student"], "left_on": str(LEFT)}
    assert after["roles"] == []
    assert after["pages"] == [
        *("my_overview", "my_study", "my_life", "my_basics", "my_care", "my_uses"),
        *("my_tickets", "my_kept", "my_downloads"),
    ]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/applications"),
        ("GET", "/v1/form"),
        ("GET", "/v1/colleagues?number=S002"),
        ("GET", "/v1/undertakings"),
        ("GET", "/v1/grants/held"),
        ("GET", "/v1/my/work"),
    ],
)
def test_what_is_for_members_is_shut(college: College, method: str, path: str):
    header = on(college, LEFT)
    assert college.client.request(method, path, headers=header).status_code == 403


@pytest.mark.parametrize(
    ("page", "mark", "end"),
    [
        ("study", "GRADE-ALICE", date(2028, 9, 15)),
        ("life", "BOOK-ALICE", date(2029, 9, 1)),
        ("life", "VISIT-ALICE", date(2027, 8, 1)),
        ("life", "VISIT-LATER", date(2027, 9, 10)),
        ("care", "SCREEN-ALICE", date(2027, 9, 15)),
    ],
)
def test_a_row_is_shown_to_the_last_day_of_its_retention(college, page, mark, end):
    assert mark in text(college, on(college, end - timedelta(days=1)), page)
    assert mark not in text(college, on(college, end), page)


def test_what_has_not_ended_has_not_begun_to_count(college: College):
    write_release(
        college.settings,
        "20260903T000000Z-00000003",
        personal=PERSONAL + "update library_loan set returned_at = null;",
    )
    assert "BOOK-ALICE" in text(college, on(college, date(2031, 9, 14)), "life")


def test_a_table_whose_retention_nobody_wrote_is_not_shown(college: College):
    header = on(college, LEFT)
    assert "term_summary" not in text(college, header, "study")


def test_of_who_is_here_everything_is_shown_however_old(college: College):
    college.clock.now = datetime(2046, 1, 1, tzinfo=UTC)
    header = college.sign_in("S002")
    assert "GRADE-BOB" in text(college, header, "study")


def test_what_is_kept_is_listed_with_its_last_day(college: College):
    answer = college.client.get("/v1/my/kept", headers=on(college, LEFT)).json()
    found = {one["table"]: (one["rows"], one["until"], one["retention"]) for one in answer["kept"]}
    assert found == {
        "course_grade": (1, "2028-09-14", _TERMS["course_grade"]),
        "library_loan": (1, "2029-08-31", _TERMS["library_loan"]),
        "library_visit": (2, "2027-09-09", _TERMS["library_visit"]),
        "psych_screening": (1, "2027-09-14", _TERMS["psych_screening"]),
        "student": (1, "2031-09-14", _TERMS["student"]),
    }
    assert college.client.get("/v1/my/kept", headers=college.sign_in("S002")).status_code == 403


def test_when_all_of_it_is_over_the_door_is_shut_with_words(college: College):
    header = on(college, date(2031, 9, 14))
    assert "ID-ALICE" in text(college, header, "basics")
    college.clock.now = datetime(2031, 9, 14, 16, 30, tzinfo=UTC)  # past midnight in Beijing
    assert college.client.get("/v1/me", headers=header).status_code == 401
    answer = college.client.post("/v1/session", json={"id_token": college.token("S001")})
    assert (answer.status_code, answer.json()["error"]) == (401, "nothing_kept")


def test_what_is_kept_for_good_keeps_the_door_open(college: College):
    write_release(
        college.settings,
        "20260903T000000Z-00000003",
        personal=PERSONAL + "update table_item set retention = '随学籍档案长期保存' "
        "where table_name = 'student';",
    )
    header = on(college, date(2076, 9, 14))
    assert "ID-ALICE" in text(college, header, "basics")
    assert "GRADE-ALICE" not in text(college, header, "study")
    kept = college.client.get("/v1/my/kept", headers=header).json()["kept"]
    assert [(one["table"], one["permanent"], one["until"]) for one in kept] == [
        ("student", True, None)
    ]


def test_a_number_given_to_a_successor_opens_nothing_of_who_left(college: College):
    header = on(college, LEFT)
    write_release(
        college.settings,
        "20260903T000000Z-00000003",
        personal=PERSONAL
        + f"insert into person_number values ({BOB}, 'student', 'S001', '2026-09-20', null);",
    )
    assert college.client.get("/v1/my/basics", headers=header).status_code == 401
    college.clock.now = datetime(2026, 9, 20, 4, tzinfo=UTC)
    fresh = text(college, college.sign_in("S001"), "basics")
    assert "ID-BOB" in fresh and "ID-ALICE" not in fresh


def test_a_retired_member_of_staff_keeps_the_work_page(college: College):
    college.clock.now = datetime(2026, 9, 10, 2, tzinfo=UTC)
    college.sign_in("T001")
    write_release(
        college.settings,
        "20260903T000000Z-00000003",
        personal=PERSONAL
        + f"update person_number set valid_to = '{LEFT}' where person_key = {CAROL};"
        "insert into table_item(table_name, retention, owner, source_name) values "
        "('staff_position', '随人事档案长期保存', '人事处', '人事系统');",
    )
    college.clock.now = datetime(2036, 9, 16, tzinfo=UTC)
    header = college.sign_in("T001")
    me = college.client.get("/v1/me", headers=header).json()
    assert me["person"]["kinds"] == ["former_staff"]
    assert me["pages"] == [
        "my_overview",
        "my_work",
        "my_life",
        "my_basics",
        "my_uses",
        "my_tickets",
        "my_kept",
        "my_downloads",
    ]
    assert "UNIT-CAROL" in text(college, header, "work")
    assert "COURSE-CAROL" not in text(college, header, "work"), "no retention was written for it"
