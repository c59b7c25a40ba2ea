"""What the record of uses says of one use, and what it keeps to itself."""

from __future__ import annotations

import json
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from access_college import ALICE, BOB, CAROL, DAN, GRADES, NOW, College, found_college
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from warehouse.access.operator_grants import trace_file
from warehouse.access.people_sets import note_people
from warehouse.access.use_items import items_of
from warehouse.audit import Concern, audited_read, named, of_sets, person
from warehouse.audit.concern import keys_hash
from warehouse.audit.reading import verify
from warehouse.state import session
from warehouse.state.models import AuditEntry, GrantBuild
from warehouse.state.uses import AuditPerson, PeopleMember, PeopleSet, PeopleVersion

#: People of `GRADES`: 1000 … 1009, so ALICE and BOB are among them and CAROL and DAN are not.
TODAY = date(2026, 9, 10)


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path, sql_seconds=20.0)
    college.appoint(CAROL, "analyst")
    return college


def query(college: College, grant: str, sql: str = f"select count(*) from {GRADES}") -> Any:
    header = college.sign_in("T001")
    return college.client.post("/v1/sql", json={"grant": grant, "sql": sql}, headers=header)


def record(college: College, number: str = "S001", **asked: str) -> dict[str, Any]:
    answer = college.client.get(
        "/v1/my/uses", headers=college.sign_in(number), params={"kind": "others", **asked}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_query_is_told_by_unit_purpose_items_and_application_and_by_no_name(college: College):
    grant = college.grant(users=[CAROL])
    assert query(college, grant).status_code == 200
    page = record(college)
    (use,) = page["uses"]
    assert (use["day"], use["who"], use["unit_name"], use["count"]) == (
        TODAY.isoformat(), "person", "教务处", 1,
    )  # fmt: skip
    approval = page["approvals"][use["grant"]]
    assert use["application"] == approval["application"]
    assert approval["purpose_text"] == "分析成绩" and approval["unit_name"] == "教务处"
    assert [item["name"] for item in approval["items"]] == ["学习成绩"]
    assert (approval["begins"], approval["ends"]) == ("2026-09-10", "2026-10-10")
    told = json.dumps(page, ensure_ascii=False)
    for hidden in ("卡罗尔", "T001", str(CAROL), "联络人", "course_code", "total_score"):
        assert hidden not in told
    assert page["summary"] == {
        "days": 30,
        "count": 1,
        "units": [{"unit": "academic_affairs_office", "unit_name": "教务处", "count": 1}],
    }


def test_who_is_not_in_the_file_is_told_nothing(college: College):
    query(college, college.grant(users=[CAROL]))
    assert record(college, "S003")["uses"] == []
    assert record(college, "S003")["summary"]["count"] == 0


def test_a_statement_that_names_nobody_and_one_that_fails_are_uses_a_refused_one_is_none(
    college: College,
):
    grant = college.grant(users=[CAROL])
    assert query(college, grant, "select 1").status_code == 200
    assert query(college, grant, "select error('x')").status_code == 400
    assert query(college, grant, "drop table x").status_code == 400
    assert {use["result"]: use["count"] for use in record(college)["uses"]} == {
        "served": 1,
        "failed": 1,
    }


def test_what_was_done_stays_told_when_the_grant_and_its_file_are_gone(college: College):
    grant = college.grant(users=[CAROL])
    query(college, grant)
    college.clock.advance(days=400)
    with session(college.engine) as opened:
        opened.execute(text("delete from grant_build"))
    assert [use["day"] for use in record(college, since="2026-09-01")["uses"]] == ["2026-09-10"]


def test_a_grant_file_of_before_it_was_kept_whom_it_holds_is_built_anew(college: College):
    grant = college.grant(users=[CAROL])
    query(college, grant)
    with session(college.engine) as opened:
        opened.execute(text("update grant_build set people_version = null"))
    query(college, grant)
    with session(college.engine, read_only=True) as opened:
        assert opened.scalars(select(GrantBuild.people_version)).all() == [1]


# -- the law


LEGAL = {
    "kind": "legal_case",
    "purpose": "legal_case",
    "purpose_text": "案情不告知",
    "legal": {"authority": "某法院", "case_number": "1", "keep_silent_until": "2026-09-20"},
}


def test_a_legal_case_is_told_the_day_after_its_letter_allows_with_the_reason(college: College):
    query(college, college.grant(users=[CAROL], **LEGAL))
    for kind in ("others", "automatic", "all"):
        page = record(college, kind=kind)
        assert not [use for use in page["uses"] if use["purpose"] == "legal_case"], kind
        assert page["approvals"] == {}
    assert record(college)["summary"]["count"] == 0
    college.clock.now = NOW.replace(day=20, hour=15, minute=59)
    assert record(college)["uses"] == []
    college.clock.advance(minutes=1)  # midnight at the school
    page = record(college)
    (use,) = page["uses"]
    assert use["silent_until"] == "2026-09-20" and use["day"] == "2026-09-10"
    assert page["approvals"][use["grant"]]["purpose_text"] is None
    assert "案情" not in json.dumps(page, ensure_ascii=False)
    assert page["summary"]["count"] == 1


def test_what_is_done_after_the_silence_is_told_at_once_and_without_a_reason(college: College):
    grant = college.grant(users=[CAROL], **LEGAL)
    college.clock.advance(days=15)
    query(college, grant)
    (use,) = record(college)["uses"]
    assert use["silent_until"] is None


def test_a_legal_case_without_a_delay_is_told_at_once(college: College):
    form = LEGAL | {"legal": {"authority": "某法院", "case_number": "1"}}
    query(college, college.grant(users=[CAROL], **form))
    assert [use["purpose"] for use in record(college)["uses"]] == ["legal_case"]


# -- the sets


def test_a_set_keeps_a_row_for_who_comes_and_goes_and_nothing_for_who_stays(college: College):
    def note(release: str, *people: int) -> int:
        with session(college.engine) as opened:
            return note_people(opened, "grant:x", release, people, NOW)

    first = note("r1", *range(1, 2001))
    assert note("r2", *reversed(range(1, 2001))) == first, "the same people are the same version"
    second = note("r3", *range(2, 2002))
    third = note("r4", *range(1, 2001))
    with session(college.engine, read_only=True) as opened:
        rows = opened.execute(
            select(PeopleMember.person_key, PeopleMember.since, PeopleMember.until)
            .join(PeopleSet, PeopleSet.no == PeopleMember.set_no)
            .where(PeopleSet.name == "grant:x", PeopleMember.person_key.in_((1, 2, 2001)))
            .order_by(PeopleMember.person_key, PeopleMember.since)
        ).all()
        versions = opened.scalars(select(PeopleVersion).order_by(PeopleVersion.id)).all()
    assert [tuple(row) for row in rows] == [
        (1, first, second), (1, third, None), (2, first, None), (2001, second, third),
    ]  # fmt: skip
    assert [(v.people, v.entered, v.left) for v in versions] == [
        (2000, 2000, 0), (2000, 1, 1), (2000, 1, 1),
    ]  # fmt: skip
    assert versions[0].sha256 == versions[2].sha256 == keys_hash(range(1, 2001))


def test_an_empty_set_is_a_version_too(college: College):
    with session(college.engine) as opened:
        first = note_people(opened, "grant:x", "r1", [1], NOW)
        none = note_people(opened, "grant:x", "r2", [], NOW)
        assert none != first and note_people(opened, "grant:x", "r3", [], NOW) == none


# -- entries that name somebody


def test_an_entry_names_persons_by_number_and_hash_which_the_chain_covers(college: College):
    two = named([BOB, ALICE, BOB])
    assert audited_read(college.audit, "person:7", "a.b", lambda: 1, concern=lambda _: two) == 1
    with session(college.engine, read_only=True) as opened:
        last = opened.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        rows = opened.execute(select(AuditPerson.person_key, AuditPerson.seq)).all()
    assert json.loads(last.detail)["people"] == {
        "count": 2,
        "sha256": keys_hash([ALICE, BOB]),
    }
    assert {tuple(row) for row in rows} == {(ALICE, last.seq), (BOB, last.seq)}
    assert verify(college.engine).whole
    for statement in ("delete from audit_person", "update audit_person set seq = 1"):
        with pytest.raises(DatabaseError, match="append-only"), session(college.engine) as opened:
            opened.execute(text(statement))


def test_a_use_that_is_not_written_is_not_counted(college: College):
    with pytest.raises(RuntimeError), college.audit.transaction() as entry:
        version = note_people(entry.session, "grant:x", "r", [ALICE], NOW)
        entry.record("job:t", "grant.build", subject="grant:x", concern=of_sets([version]))
        raise RuntimeError
    with session(college.engine, read_only=True) as opened:
        for table in ("people_use", "people_member", "people_version", "people_set"):
            assert opened.scalar(text(f"select count(*) from {table}")) == 0


def test_the_searcher_is_told_of_by_unit_and_role(college: College):
    college.client.get("/v1/colleagues?number=S001", headers=college.sign_in("T003"))
    (use,) = record(college)["uses"]
    assert (use["action"], use["who"], use["role"]) == ("colleague.find", "person", "staff")
    assert use["unit_name"] == "教务处"


def test_who_is_named_in_an_application_sees_who_opened_it_and_who_printed_it(college: College):
    college.appoint(DAN, "working_group")
    grant = college.grant(users=[ALICE])
    with session(college.engine, read_only=True) as opened:
        number = opened.scalar(text('select application_id from "grant"').bindparams())
    header = college.sign_in("T003")
    assert college.client.get(f"/v1/applications/{number}", headers=header).status_code == 200
    assert grant and {use["action"] for use in record(college)["uses"]} >= {"application.read"}
    (use,) = [use for use in record(college)["uses"] if use["action"] == "application.read"]
    assert (use["role"], use["application"]) == ("working_group", number)
    assert record(college, "S002")["uses"] == []


def test_who_had_the_file_that_is_traced_is_told(college: College, tmp_path):
    from warehouse.access.confined import QueryResult
    from warehouse.access.exports import export_result
    from warehouse.access.granted_sql import GrantedQuery

    grant = college.grant(users=[ALICE])
    result = QueryResult([{"name": "a", "type": "INTEGER"}], [[1]], None, 0.1)
    content = export_result(
        college.audit, college.settings.paths,
        GrantedQuery("q", result, SimpleNamespace(id="r")), "xlsx",
        grant_id=grant, person_key=ALICE, actor="command:test", now=college.clock.now,
    )  # fmt: skip
    file = tmp_path / "found.xlsx"
    file.write_bytes(content)
    from warehouse.access.desk import Desk

    trace_file(
        Desk(college.settings, college.engine, college.reader, college.audit, "command:root",
             clock=college.clock),
        file,
    )  # fmt: skip
    assert "grant.trace" in {use["action"] for use in record(college)["uses"]}


def test_what_others_do_about_a_person_is_shown_with_the_role_and_items_that_the_log_has(
    college: College,
):
    """As tickets, archives and mental-health openings are logged: a subject, unit, role, items."""
    college.audit.event(
        person(CAROL), "correction.read", subject=person(ALICE),
        detail={"unit": "academic_affairs_office", "role": "unit_officer", "items": ["A4-23"]},
    )  # fmt: skip
    (use,) = record(college)["uses"]
    assert (use["unit_name"], use["role"], use["action"]) == (
        "教务处", "unit_officer", "correction.read",
    )  # fmt: skip
    assert [item["name"] for item in use["items"]] == ["学习成绩"]


# -- the address


@pytest.mark.parametrize(
    "query", ["kind=x", "since=today", "before=1", "limit=0", "limit=201", "limit=x", "person=1002"]
)
def test_a_request_that_means_nothing_is_refused(college: College, query: str):
    answer = college.client.get(f"/v1/my/uses?{query}", headers=college.sign_in("S001"))
    assert answer.status_code == 400


def test_two_people_never_see_each_others_own_reads(college: College):
    college.client.get("/v1/my/overview", headers=college.sign_in("S002"))
    mine = record(college, kind="all")
    assert {use["about"] for use in mine["uses"]} <= {"", "my_uses"}


def test_items_are_those_of_what_the_person_is():
    columns = {GRADES: ["student_no", "total_score"]}
    assert [item["name"] for item in items_of(columns, {"student"})] == ["学习成绩"]
    (table,) = items_of(columns, {"staff"})
    assert table["code"] is None and "_" not in table["name"], "a title, where no item is theirs"
    assert items_of({}, {"student"}) == []


def test_a_concern_without_people_says_nothing():
    assert Concern().noted() == {} and named([]).noted() == {}
    assert of_sets([3, 1, 3]).noted() == {"versions": [1, 3]}


def test_days_are_the_schools(college: College):
    college.clock.now = NOW.replace(hour=15, minute=59)
    grant = college.grant(users=[CAROL])
    query(college, grant)
    college.clock.advance(minutes=2)
    query(college, grant)
    days = [use["day"] for use in record(college)["uses"]]
    assert days == [(TODAY + timedelta(days=1)).isoformat(), TODAY.isoformat()]
