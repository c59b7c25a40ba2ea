"""People under eighteen: out of every grant that does not say why it needs them, and told so."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from access_college import ALICE, BOB, College
from governance_people import FORM, OFFICER, Hand, found_governed
from grant_scene import STATUS, add_to_release, built, found_scene, rows_of

from warehouse.access.grant_people import people_of
from warehouse.access.grant_verification import verify
from warehouse.access.minors import minors
from warehouse.gateway.protection_routes import birthday
from warehouse.governance.content import read_content

#: The release's data reach 1 September 2026 in Beijing.
TURNS = f"""
update {STATUS} set birth_date = '2008-09-01' where person_key = 1003;
update {STATUS} set birth_date = '2008-09-02' where person_key = 1005;
update {STATUS} set birth_date = '2013-01-01' where person_key = 1007;
update {STATUS} set birth_date = null where person_key = 1009;
"""


@pytest.fixture
def college(tmp_path) -> College:
    found = found_scene(tmp_path)
    add_to_release(found, TURNS)
    return found


def held(college: College, grant: str) -> frozenset[int]:
    """Whose rows the grant's file holds."""
    found = people_of(college.settings, grant, built(college, grant).stem)
    assert found is not None
    return found


def test_a_grant_leaves_out_who_is_under_eighteen_on_the_day_of_its_release(college: College):
    people = held(college, college.grant(columns={STATUS: ["person_key"]}))
    assert {1003, 1009} <= people and not {1005, 1007} & people
    assert set(minors(college.reader)) == {1005, 1007}


def test_tables_without_keys_of_people_leave_them_out_too(college: College):
    path = built(college, college.grant(columns={STATUS: ["student_no"]}))
    numbers = {row[0] for row in rows_of(path, f"select student_no from {STATUS}")}
    assert "S1003" in numbers and not {"S1005", "S1007"} & numbers


def test_an_application_that_says_why_gets_them(college: College):
    grant = college.grant(columns={STATUS: ["person_key"]}, reasons={"minors": "新生心理适应服务"})
    assert {1005, 1007} <= held(college, grant)
    (verdict,) = looked(college)
    assert verdict.result == "ok"


def test_a_blank_reason_is_none(college: College):
    grant = college.grant(columns={STATUS: ["person_key"]}, reasons={"minors": "  "})
    assert not {1005, 1007} & held(college, grant)


def test_verification_knows_the_rule(college: College):
    built(college, college.grant(columns={STATUS: ["person_key"]}))
    (verdict,) = looked(college)
    assert verdict.result == "ok" and verdict.rows[STATUS] == 38


def looked(college: College):
    return verify(
        college.settings,
        college.engine,
        college.reader,
        college.audit,
        actor="command:test",
        now=college.clock.now,
    )


def test_signers_read_why_minors_are_asked_for(tmp_path):
    college = found_governed(tmp_path)
    made = Hand(college, OFFICER).apply(reasons={"minors": "新生心理适应服务"})
    assert Hand(college, OFFICER).get(f"/v1/applications/{made}")["minors"] == "新生心理适应服务"
    other = Hand(college, OFFICER).apply()
    assert Hand(college, OFFICER).get(f"/v1/applications/{other}")["minors"] == ""


def test_the_reason_is_part_of_what_is_signed():
    content = {**FORM, "users": [1]}
    asked = read_content({**content, "reasons": {"minors": "x"}})
    assert asked.sha256 != read_content(content).sha256


def test_a_minor_sees_what_it_means_until_the_birthday(tmp_path):
    college = found_governed(tmp_path)
    add_to_release(
        college,
        f"alter table {STATUS} add column birth_date date;"
        f"insert into {STATUS}(person_key, birth_date) values "
        f"({ALICE}, '2008-10-05'), ({BOB}, '2013-02-01');",
    )
    mine = Hand(college, "S001").get("/v1/my/protection")
    assert mine["minor"] == {"adult_on": "2026-10-05", "is_child": False}
    assert mine["protected"] is None and mine["answers_for"] == []
    assert Hand(college, "S002").get("/v1/my/protection")["minor"]["is_child"] is True
    Hand(college, "S003").get("/v1/my/protection", 403)
    college.clock.now = datetime(2026, 10, 4, 16, 1, tzinfo=UTC)  # the birthday has begun
    assert Hand(college, "S001").get("/v1/my/protection")["minor"] is None


def test_who_is_born_on_a_leap_day_comes_of_age_on_the_first_of_march():
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 3, 1), 18) == date(2026, 3, 1)
