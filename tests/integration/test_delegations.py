"""Deputies named and ended on the site by who holds the role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from access_college import CAROL, DAN, College, write_release
from governance_people import (
    AUDITOR,
    GROUP,
    HEAD,
    LEADER,
    NUMBERS,
    OFFICER,
    UNIT,
    WORKER,
    Hand,
    found_governed,
)
from sqlalchemy import select

from warehouse.state import session
from warehouse.state.models import Appointment, AuditEntry, Protection

DEPUTY = "T003"
UNTIL = "2026-12-31"


@pytest.fixture
def college(tmp_path) -> College:
    return found_governed(tmp_path)


def entrust(hand: Hand, status: int = 200, **changes: str) -> Any:
    body = {"role": "unit_head", "unit": UNIT, "number": DEPUTY, "until": UNTIL, **changes}
    return hand.post("/v1/delegations", body, status)


def test_a_deputy_signs_for_the_holder_until_it_is_ended(college: College):
    head, deputy = Hand(college, HEAD), Hand(college, DEPUTY)
    deputy.get("/v1/delegations", 403)
    made = entrust(head)["id"]
    assert entrust(head)["id"] == made, "a second click"
    (shown,) = head.get("/v1/delegations")["deputies"]
    assert (shown["id"], shown["deputy"]["number"], shown["until"]) == (made, DEPUTY, UNTIL)
    assert (shown["unit_name"], shown["waits_for_undertaking"]) == ("教务处", False)
    (other,) = deputy.get("/v1/delegations")["standing_in"]
    assert (other["role"], other["holder"]["number"]) == ("unit_head", NUMBERS[HEAD])

    application = Hand(college, OFFICER).apply()
    deputy.decide(application)
    seen = Hand(college, OFFICER).get(f"/v1/applications/{application}")
    assert (seen["stages"][0]["who"], seen["stages"][0]["for"]) == ("丹", "职工T402")

    assert head.delete(f"/v1/delegations/{made}")["recorded"] is True
    assert head.delete(f"/v1/delegations/{made}")["recorded"] is False
    assert head.get("/v1/delegations")["deputies"] == []
    deputy.get("/v1/delegations", 403)
    with session(college.engine, read_only=True) as opened:
        noted = opened.execute(
            select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject).where(
                AuditEntry.action.in_(["role.delegate", "role.end"])
            )
        ).all()
    assert [tuple(one) for one in noted] == [
        (f"person:{HEAD}", "role.delegate", f"person:{DAN}"),
        (f"person:{HEAD}", "role.end", f"person:{DAN}"),
    ]


def test_only_roles_of_ones_own_are_delegated(college: College):
    head, leader = Hand(college, HEAD), Hand(college, LEADER)
    assert [one["role"] for one in head.get("/v1/delegations")["roles"]] == ["unit_head"]
    entrust(head, 403, role="supervising_leader")
    entrust(head, 403, unit="hr_office")
    entrust(head, 403, role="unit_officer")
    entrust(leader, 403)
    for person in (OFFICER, AUDITOR):
        Hand(college, person).get("/v1/delegations", 403)
        entrust(Hand(college, person), 403)
    entrust(head)
    entrust(Hand(college, DEPUTY), 403, number=NUMBERS[OFFICER])


def test_another_s_delegation_is_left_alone(college: College):
    made = entrust(Hand(college, HEAD))["id"]
    for person in (LEADER, GROUP, DEPUTY):
        Hand(college, person).delete(f"/v1/delegations/{made}", 404)
    head = Hand(college, HEAD)
    with session(college.engine, read_only=True) as opened:
        own = opened.scalars(select(Appointment.id).where(Appointment.person_key == HEAD)).one()
    for wrong in (str(own), "0", "-1", "x", "9" * 30, "１"):
        head.delete(f"/v1/delegations/{wrong}", 404)
    assert len(head.get("/v1/delegations")["deputies"]) == 1
    assert Hand(college, LEADER).get("/v1/delegations")["deputies"] == []


def test_a_deputy_is_a_colleague_who_can_act(college: College):
    head = Hand(college, HEAD)
    entrust(head, 404, number="NOBODY")
    entrust(head, 404, number="S001")
    entrust(head, 403, number=NUMBERS[AUDITOR])
    entrust(head, 400, number=NUMBERS[HEAD])
    entrust(head, 400, until="2020-01-01")
    entrust(head, 400, until="soon")
    flag = {"owner_unit": "hr_office", "valid_from": college.clock.now, "reason": "-", "by": "-"}
    with session(college.engine) as opened:
        opened.add(Protection(person_key=DAN, **flag))
    entrust(head, 404)
    entrust(head, number="T001")
    entrust(head, 409, number="T001", until="2026-11-30")


def test_a_deputy_of_the_working_group_waits_for_the_undertaking(college: College):
    worker = Hand(college, WORKER)
    entrust(worker, role="working_group", unit="")
    (shown,) = worker.get("/v1/delegations")["deputies"]
    assert shown["waits_for_undertaking"]
    deputy = Hand(college, DEPUTY)
    (words,) = deputy.waiting()
    deputy.sign(words)
    (shown,) = worker.get("/v1/delegations")["deputies"]
    assert not shown["waits_for_undertaking"]


def test_a_head_by_the_hr_system_is_told_to_be_appointed_first(college: College):
    led = (
        "create table unit_leadership(person_key bigint, unit_code varchar, unit_name varchar);"
        f"insert into unit_leadership values ({CAROL}, 'U9', '人事处');"
    )
    write_release(college.settings, "20260903T000000Z-00000003", personal=led)
    head = Hand(college, "T001")
    (role,) = head.get("/v1/delegations")["roles"]
    assert (role["unit_name"], role["can_delegate"]) == ("人事处", False)
    entrust(head, 403, unit=role["unit"])


def test_a_delegation_ends_with_the_appointment_behind_it(college: College):
    entrust(Hand(college, HEAD))
    deputy = Hand(college, DEPUTY)
    with session(college.engine) as opened:
        own = opened.scalars(select(Appointment).where(Appointment.person_key == HEAD)).one()
        own.valid_to = own.valid_from - timedelta(days=1)
    deputy.get("/v1/delegations", 403)
