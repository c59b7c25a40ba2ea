"""A member of staff keeps up what is theirs, through the gateway; nobody else's, and checked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from access_college import CAROL, DAN, College, found_college, write_release
from sqlalchemy import select

from warehouse.governance.appointments import appoint
from warehouse.state import session
from warehouse.state.models import AuditEntry
from warehouse.state.own_edits import OwnEdit, OwnEditRefusal

CONTACT = {
    "office_phone": "0371-1", "mobile_phone": "15400000000", "home_phone": None,
    "email": "carol@staff.example.edu", "current_address": "例示区1号",
}  # fmt: skip
_PERSONAL = """
insert into person_number values (2001, 'staff', '200001', '2011-01-01', null),
  (3001, 'staff', '300001', '2024-07-02', null);
create table staff_contact(person_key bigint, staff_no varchar, office_phone varchar,
  mobile_phone varchar, home_phone varchar, email varchar, current_address varchar,
  filled_in_at timestamp, updated_at timestamp);
insert into staff_contact values
  (2001, '200001', '0371-1', '15400000000', null, 'carol@staff.example.edu', '例示区1号',
   '2026-03-01 00:00:00', '2026-03-01 00:00:00'),
  (3001, '300001', '0371-DAN', '15400000009', null, 'dan@staff.example.edu', '例示区9号',
   '2026-03-01 00:00:00', '2026-03-01 00:00:00');
create table staff_family(person_key bigint, staff_no varchar, marital_status varchar,
  spouse_name varchar, spouse_employer varchar, spouse_employment_status varchar,
  spouse_phone varchar, is_consent_recorded boolean, filled_in_at timestamp, updated_at timestamp);
insert into staff_family values
  (2001, '200001', '已婚', null, null, null, null, false, null, '2026-03-01 00:00:00');
create table staff_honor(person_key bigint, staff_no varchar, record_no varchar,
  honor_name varchar, award_class varchar, level varchar, grade varchar, awarding_body varchar,
  award_date date, updated_at timestamp);
insert into staff_honor values
  (2001, '200001', 'R1', '先进工作者', null, null, null, '例示单位', '2020-09-10', '2020-10-01'),
  (3001, '300001', 'R9', 'HONOR-DAN', null, null, null, '例示单位', '2020-09-10', '2020-10-01');
"""


@pytest.fixture
def college(tmp_path) -> College:
    made = found_college(tmp_path)
    write_release(made.settings, "20260902T000000Z-00000002", personal=_PERSONAL)
    return made


def page(college: College, number: str = "T001") -> dict:
    answer = college.client.get("/v1/own", headers=college.sign_in(number))
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(document: dict, table: str) -> list[dict]:
    return next(one for one in document["tables"] if one["table"] == table)["rows"]


def save(college: College, table: str, record: str = "", *, number: str = "T001",
         kind: str = "set", seen: dict | None = None, **changed):  # fmt: skip
    fields = next(t for t in page(college, number)["tables"] if t["table"] == table)["fields"]
    empty = {field["name"]: None for field in fields}
    seen = empty | (seen or {})
    body = {"table": table, "record": record, "kind": kind, "seen": seen, "values": seen | changed}
    return college.client.post("/v1/own/edits", json=body, headers=college.sign_in(number))


def test_the_page_has_the_nine_items_with_their_forms(college: College):
    document = page(college)
    items = [code for table in document["tables"] for code in table["items"]]
    assert sorted(items) == [f"A3-{n}" for n in (18, 19, 20, 27, 28, 29, 38, 39, 40)]
    assert rows(document, "staff_contact") == [
        {"record": "200001", "values": CONTACT, "state": "published", "shown": {}}
    ]
    (family,) = rows(document, "staff_family")
    assert family["values"]["marital_status"] == "已婚"
    assert family["values"]["consent_recorded"] == "否"
    assert "DAN" not in str(document)


def test_an_edit_is_pending_and_in_the_history_of_its_person_alone(college: College):
    answer = save(college, "staff_contact", seen=CONTACT, mobile_phone=" 15400000001 ")
    assert answer.json()["accepted"] is True
    document = page(college)
    (row,) = rows(document, "staff_contact")
    assert row["state"] == "pending"
    assert row["values"] == CONTACT | {"mobile_phone": "15400000001"}
    assert row["shown"] == {"mobile_phone": "15400000000"}
    (line,) = document["history"]
    assert line["changes"] == [{"title": "移动手机", "from": "15400000000", "to": "15400000001"}]
    other = page(college, "T003")
    assert other["history"] == []
    assert "15400000001" not in str(other)
    with session(college.engine, read_only=True) as opened:
        noted = list(opened.scalars(select(AuditEntry).where(AuditEntry.action == "own.edit")))
    assert [entry.subject for entry in noted] == [f"person:{CAROL}"]
    assert "mobile_phone" in noted[0].detail
    assert "15400000001" not in "".join(entry.detail for entry in noted)


@pytest.mark.parametrize(
    ("table", "changed", "field"),
    [
        ("staff_contact", {"mobile_phone": "12 34a"}, "mobile_phone"),
        ("staff_contact", {"email": "nobody"}, "email"),
        ("staff_family", {"marital_status": "很幸福"}, "marital_status"),
        ("staff_family", {"spouse_phone": "15400000002"}, "consent_recorded"),
        ("staff_honor", {"award_date": "2026-13-40", "honor_name": "优秀"}, "award_date"),
        ("staff_honor", {"awarding_body": "例示单位"}, "honor_name"),
    ],
)
def test_what_the_contract_refuses_is_said_beside_its_field(
    college: College, table, changed, field
):
    seen = {"staff_contact": CONTACT, "staff_family": rows(page(college), "staff_family")[0]}
    known = seen.get(table, {})
    answer = save(college, table, seen=known.get("values", known), **changed)
    assert answer.status_code == 200
    told = answer.json()
    assert told["accepted"] is False
    assert told["fields"][field] and not told["rules"]
    with session(college.engine, read_only=True) as opened:
        assert list(opened.scalars(select(OwnEdit))) == []


def test_spouse_data_with_consent_is_taken(college: College):
    known = rows(page(college), "staff_family")[0]["values"]
    answer = save(college, "staff_family", seen=known, spouse_name="某某", consent_recorded="是")
    assert answer.json()["accepted"] is True


def test_a_record_of_another_person_is_not_there(college: College):
    for kind in ("set", "remove"):
        answer = save(college, "staff_honor", "R9", kind=kind, honor_name="改了")
        assert answer.status_code == 404
    answer = save(college, "staff_contact", "300001", seen=CONTACT, office_phone="0371-2")
    assert answer.json()["accepted"] is True
    with session(college.engine, read_only=True) as opened:
        (edit,) = opened.scalars(select(OwnEdit))
    assert (edit.record, edit.number, edit.person_key) == ("200001", "200001", CAROL)


def test_two_windows_do_not_undo_each_other(college: College):
    assert save(college, "staff_contact", seen=CONTACT, office_phone="0371-2").json()["accepted"]
    assert save(college, "staff_contact", seen=CONTACT, home_phone="0371-3").json()["accepted"]
    (row,) = rows(page(college), "staff_contact")
    assert (row["values"]["office_phone"], row["values"]["home_phone"]) == ("0371-2", "0371-3")
    late = save(college, "staff_contact", seen=CONTACT, office_phone="0371-4")
    assert late.status_code == 409
    again = save(college, "staff_contact", seen=CONTACT, office_phone="0371-2")
    assert again.status_code == 400  # nothing was changed


def test_records_are_added_changed_and_taken_out(college: College):
    assert save(college, "staff_honor", honor_name="优秀教师").json()["accepted"]
    twice = save(college, "staff_honor", honor_name="优秀教师")
    assert twice.status_code == 400
    honors = {row["values"]["honor_name"]: row for row in rows(page(college), "staff_honor")}
    assert honors["优秀教师"]["state"] == "pending"
    record = honors["先进工作者"]
    taken = save(college, "staff_honor", record["record"], kind="remove", seen=record["values"])
    assert taken.json()["accepted"] is True
    left = {row["record"]: row["values"] for row in rows(page(college), "staff_honor")}
    assert left["R1"] is None  # still shown to the person, as ending


def test_an_edit_lies_behind_what_it_changes_whatever_the_clock_says(college: College):
    college.clock.advance(days=-400)
    assert save(college, "staff_contact", seen=CONTACT, office_phone="0371-2").json()["accepted"]
    with session(college.engine, read_only=True) as opened:
        (edit,) = opened.scalars(select(OwnEdit))
    assert f"{edit.at:%Y-%m-%d %H:%M:%S.%f}" == "2026-03-01 00:00:00.000001"


def test_a_refused_edit_comes_back_with_its_reason(college: College):
    made = save(college, "staff_contact", seen=CONTACT, office_phone="0371-2").json()["edit"]
    with college.audit.transaction() as entry:
        reasons = {"columns": {"office_phone": ["pattern"]}, "rules": []}
        entry.session.add(OwnEditRefusal(edit_id=made, at=college.clock.now, reasons=reasons))
    document = page(college)
    (line,) = document["history"]
    assert line["state"] == "refused"
    assert line["words"][0].startswith("“办公电话”应为")
    assert rows(document, "staff_contact")[0]["state"] == "published"


@pytest.mark.parametrize("number", ["S001", "S002"])
def test_a_student_has_nothing_to_keep_up(college: College, number: str):
    header = college.sign_in(number)
    assert college.client.get("/v1/own", headers=header).status_code == 403
    body = {"table": "staff_contact", "record": "", "kind": "set", "values": {}, "seen": {}}
    assert college.client.post("/v1/own/edits", json=body, headers=header).status_code == 403


def test_an_auditor_looks_and_changes_nothing(college: College):
    appoint(college.audit, DAN, "auditor", actor="command:test", now=college.clock.now)
    college.appoint(DAN, "auditor")
    header = college.sign_in("T003")
    body = {"table": "staff_contact", "record": "", "kind": "set", "values": {}, "seen": {}}
    assert college.client.post("/v1/own/edits", json=body, headers=header).status_code == 403


def test_who_has_left_changes_nothing(college: College):
    header = college.sign_in("T001")
    left = "update person_number set valid_to = '2026-09-09' where person_key = 2001;"
    write_release(college.settings, "20260903T000000Z-00000003", personal=_PERSONAL + left)
    college.clock.advance(seconds=1)
    body = {"table": "staff_contact", "record": "", "kind": "set", "values": CONTACT,
            "seen": CONTACT}  # fmt: skip
    assert college.client.post("/v1/own/edits", json=body, headers=header).status_code in (401, 403)


def test_the_person_cannot_be_named(college: College):
    header = college.sign_in("T001")
    assert college.client.get("/v1/own?person=3001", headers=header).status_code == 400
    body = {"table": "staff_contact", "record": "", "kind": "set", "values": {}, "seen": {},
            "person_key": 3001}  # fmt: skip
    assert college.client.post("/v1/own/edits", json=body, headers=header).status_code == 400


def test_without_the_log_nothing_is_kept(college: College, monkeypatch):
    header = college.sign_in("T001")
    college.clock.advance(seconds=timedelta(seconds=1).total_seconds())
    from warehouse.errors import AuditUnavailable

    def fail(*_args, **_more):
        raise AuditUnavailable("no log")

    monkeypatch.setattr(type(college.audit), "transaction", fail)
    body = {"table": "staff_contact", "record": "", "kind": "set", "seen": CONTACT,
            "values": CONTACT | {"office_phone": "0371-5"}}  # fmt: skip
    assert college.client.post("/v1/own/edits", json=body, headers=header).status_code == 503
    with session(college.engine, read_only=True) as opened:
        assert list(opened.scalars(select(OwnEdit))) == []
