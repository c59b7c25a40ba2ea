"""Two persons, every page: each sees their own and nothing of the other's."""

from __future__ import annotations

import pytest
from access_college import ALICE, College, found_college


@pytest.fixture
def college(tmp_path) -> College:
    return found_college(tmp_path)


PAGES = ("overview", "study", "life", "work", "basics", "record")
MARKS = {
    "S001": ("ID-ALICE", "GRADE-ALICE", "BOOK-ALICE", "VISIT-ALICE", "MEAL-ALICE", "艾丽斯"),
    "S002": ("ID-BOB", "GRADE-BOB", "BOOK-BOB", "VISIT-BOB", "MEAL-BOB", "鲍勃"),
    "T001": ("ID-CAROL", "COURSE-CAROL", "BOOK-CAROL", "VISIT-CAROL", "卡罗尔"),
    "S003": ("ID-DAN", "COURSE-DAN", "GRADE-DAN", "UNIT-DAN", "BOOK-DAN", "VISIT-DAN"),
}


@pytest.mark.parametrize("number", sorted(MARKS))
@pytest.mark.parametrize("page", PAGES)
def test_my_page_never_holds_another_persons_data(college: College, number: str, page: str):
    answer = college.client.get(f"/v1/my/{page}", headers=college.sign_in(number))
    others = [mark for other, marks in MARKS.items() if other != number for mark in marks]
    assert not [mark for mark in others if mark in answer.text]
    if answer.status_code == 200:
        assert answer.json()["tables"], "a page that is allowed shows something here"
    else:
        assert answer.status_code == 403


def test_each_person_sees_all_of_their_marks_over_their_pages(college: College):
    for number, marks in MARKS.items():
        header = college.sign_in(number)
        text = "".join(college.client.get(f"/v1/my/{p}", headers=header).text for p in PAGES)
        assert [mark for mark in marks if mark not in text] == []


def test_uses_tell_a_person_only_of_themselves(college: College):
    alice, bob = college.sign_in("S001"), college.sign_in("S002")
    college.client.get("/v1/my/study", headers=alice)
    pages = [use["about"] for use in college.client.get("/v1/my/uses", headers=bob).json()["uses"]]
    assert "my_study" not in pages
    uses = college.client.get("/v1/my/uses", headers=alice).json()["uses"]
    study = next(use for use in uses if use["about"] == "my_study")
    assert (study["who"], study["result"], study["purpose"]) == ("self", "served", "own_data")


@pytest.mark.parametrize(
    "query",
    ["person_key=1002", "person=S002", "student_no=S002", "STUDENT_NO=S002", "as=1002", "id=1002"],
)
@pytest.mark.parametrize("path", ["/v1/my/overview", "/v1/my/basics", "/v1/my/uses", "/v1/me"])
def test_parameter_that_names_a_person_is_refused_and_noted(college: College, path, query):
    header = college.sign_in("S001")
    answer = college.client.get(f"{path}?{query}", headers=header)
    assert answer.status_code == 400
    assert "BOB" not in answer.text
    with college.engine.connect() as connection:
        noted = connection.exec_driver_sql(
            "select actor, detail from audit where action = 'request.forged'"
        ).all()
    assert len(noted) == 1
    assert noted[0].actor == f"person:{ALICE}"
    assert "S002" not in noted[0].detail and "1002" not in noted[0].detail


@pytest.mark.parametrize("path", ["/v1/my/overview?limit=5", "/v1/public/release?x=1", "/v1/me?y"])
def test_unknown_parameter_is_refused(college: College, path: str):
    assert college.client.get(path, headers=college.sign_in("S001")).status_code in {400}


@pytest.mark.parametrize("page", ["nope", "..%2f..%2fstate.db", "overview%00", "Study", "person"])
def test_forged_page_name_is_not_found(college: College, page: str):
    answer = college.client.get(f"/v1/my/{page}", headers=college.sign_in("S001"))
    assert answer.status_code == 404


def test_pages_follow_what_a_person_is(college: College):
    pages = {
        number: college.client.get("/v1/me", headers=college.sign_in(number)).json()["pages"]
        for number in ("S001", "T001", "S003")
    }
    assert "my_study" in pages["S001"] and "my_work" not in pages["S001"]
    assert "my_work" in pages["T001"] and "my_study" not in pages["T001"]
    assert {"my_work", "my_study"} <= set(pages["S003"])
    assert all("overview_statistics" not in p and "sql_bench" not in p for p in pages.values())


def test_values_keep_their_form(college: College):
    table = college.client.get("/v1/my/basics", headers=college.sign_in("S001")).json()
    row = table["tables"]["student"]["rows"][0]
    assert row["birth_date"] == "2006-01-02"
    assert row["total_credits"] == 30.5
    assert row["updated_at"] == "2026-08-31T01:02:03Z"
    assert "person_key" not in row
    provenance = table["tables"]["student"]["provenance"]
    assert provenance["owner"] == "学生处" and provenance["deadline"] == "9月30日"
    assert provenance["items"] == [{"code": "A4-01", "name": "基本信息"}]
    assert provenance["updated_at"] == "2026-08-31T16:00:00+00:00"
    items = college.client.get("/v1/my/items", headers=college.sign_in("S001")).json()["items"]
    assert [item["code"] for item in items] == ["A4-01"]


def test_every_answer_forbids_storing(college: College):
    for path in ("/healthz", "/v1/me", "/v1/my/overview", "/v1/public/release", "/nothing"):
        answer = college.client.get(path, headers=college.sign_in("S001"))
        assert answer.headers["cache-control"] == "no-store", path
