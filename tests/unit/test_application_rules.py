"""The rules of an application, without a database: who may sign, in what order, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from warehouse.errors import UsageError
from warehouse.governance.application import PATHS, Actor, derive, refusal
from warehouse.governance.content import Content, read_content
from warehouse.governance.returns import due_days, overdue

NOW = datetime(2026, 9, 10, tzinfo=UTC)
OFFICER, USER = 1, 2
FORM = {
    "unit": "hr_office",
    "channels": ["sql"],
    "columns": {"a.b": ["c"]},
    "purpose": "management",
    "purpose_text": "分析",
    "last_day": "2026-12-31",
    "users": [USER],
    "contact": {"name": "联络人", "phone": "0000"},
}


@dataclass
class Step:
    seq: int
    kind: str
    person_key: int
    stage: str | None = None
    principal_key: int | None = None
    content: Any = None
    content_sha256: str = "x"
    reason: str = ""
    channel: str = "site"
    at: datetime = NOW
    recorded_by: str = field(default="")


def submitted(seq: int = 1, **changes: Any) -> Step:
    return Step(seq, "submitted", OFFICER, content=FORM | changes)


def role(name: str, unit: str | None = None, principal: int | None = None):
    return (name, unit, principal)


HEAD = Actor(11, (role("unit_head", "hr_office"),))
LEADER = Actor(12, (role("supervising_leader", "hr_office"),))
GROUP = Actor(13, (role("leading_group"),))
WORKING = Actor(14, (role("working_group"),))
SIGNERS = (HEAD, LEADER, GROUP, WORKING)


def signed(count: int) -> list[Step]:
    """A submission and the first `count` approvals."""
    steps = [submitted()]
    for number, stage in enumerate(PATHS["unit"][:count]):
        key = SIGNERS[number].person_key
        steps.append(Step(number + 2, "approved", key, stage, recorded_by=f"person:{key}"))
    return steps


def test_the_path_is_walked_in_the_order_of_the_form():
    for count, stage in enumerate(PATHS["unit"]):
        state = derive(signed(count))
        assert (state.status, state.stage) == ("open", stage)
        assert refusal(state, SIGNERS[count]) is None
        for other in SIGNERS[:count] + SIGNERS[count + 1 :]:
            assert refusal(state, other) is not None
    done = derive([*signed(3), Step(5, "authorised", 14, "working_group")])
    assert done.status == "authorised" and done.is_signed_through and done.stage is None


@pytest.mark.parametrize("kind", PATHS)
def test_each_kind_ends_with_the_working_group(kind: str):
    assert PATHS[kind][-1] == "working_group"
    assert "leading_group" in PATHS[kind], "Article 8: the leading group approves"


@pytest.mark.parametrize("own", [OFFICER, USER])
def test_nobody_signs_their_own_application(own: int):
    state = derive(signed(0))
    assert "own" in (refusal(state, Actor(own, (role("unit_head", "hr_office"),))) or "")
    deputy = Actor(99, (role("unit_head", "hr_office", own),))
    assert "own" in (refusal(state, deputy) or ""), "not through a deputy either"


def test_a_signature_on_another_form_signs_nothing():
    """Else who can write to the database exchanges the form under its signatures."""
    steps = signed(4)
    steps[2].content_sha256 = "y"
    state = derive(steps)
    assert not state.is_signed_through
    assert [step.stage for step in state.steps] == ["unit_head", *PATHS["unit"][2:]]


def test_an_auditor_signs_nothing_whatever_the_personnel_system_says():
    both = Actor(11, (*HEAD.roles, role("auditor")))
    assert "auditor" in (refusal(derive(signed(0)), both) or "")


def test_who_approved_does_not_authorise_in_whatever_guise():
    state = derive(signed(3))
    both = Actor(13, (role("leading_group"), role("working_group")))
    assert "earlier" in (refusal(state, both) or "")
    deputy_of_approver = Actor(99, (role("working_group", None, 13),))
    assert "earlier" in (refusal(state, deputy_of_approver) or "")


def test_who_recorded_a_signature_on_paper_does_not_authorise():
    steps = [*signed(2), Step(4, "approved", 13, "leading_group", recorded_by="person:14")]
    assert "recorded" in (refusal(derive(steps), WORKING) or "")
    assert refusal(derive(steps), Actor(15, (role("working_group"),))) is None


def test_head_of_another_unit_is_not_asked():
    other = Actor(11, (role("unit_head", "finance_office"),))
    assert "stage" in (refusal(derive(signed(0)), other) or "")


def test_returned_and_submitted_anew_all_signatures_are_gone():
    steps = [*signed(2), Step(4, "returned", 13, "leading_group", reason="x")]
    assert derive(steps).status == "returned" and derive(steps).stage is None
    again = derive([*steps, submitted(5, purpose_text="anders")])
    assert (again.stage, again.steps) == ("unit_head", ())


@pytest.mark.parametrize("end", ["rejected", "withdrawn"])
def test_an_end_is_an_end(end: str):
    state = derive([*signed(1), Step(3, end, 12)])
    assert state.status == end
    assert refusal(state, LEADER) is not None


def test_the_hash_covers_every_field():
    base = read_content(FORM)
    changes = {
        "kind": "individual", "unit": "x", "channels": ["file"], "columns": {"a.b": ["d"]},
        "reasons": {"a.b.c": "x"}, "rows": {"students": {"x": ["1"]}},
        "limits": {"rows_per_day": 5},
        "returns": [{"name": "r", "first_due": "2026-10-01"}], "purpose": "research",
        "purpose_text": "y", "first_day": "2026-10-01", "last_day": "2027-01-01", "users": [3],
        "vendor": {"name": "v"}, "system_owner": {"name": "n"}, "contact": {"name": "m"},
        "legal": {"authority": "a", "case_number": "n"}, "extends": "g1",
    }  # fmt: skip
    assert set(changes) == set(Content.model_fields), "a new field belongs into this list"
    hashes = {read_content(FORM | {name: value}).sha256 for name, value in changes.items()}
    assert len(hashes | {base.sha256}) == len(changes) + 1
    assert base.sha256 == read_content(base.document).sha256, "what is stored is what was signed"


def test_form_with_an_unknown_field_is_refused_without_its_value():
    with pytest.raises(UsageError) as refused:
        read_content(FORM | {"shoe_size": "SECRET"})
    assert "shoe_size" in refused.value.message and "SECRET" not in refused.value.message


def test_a_complete_form_has_no_problem_and_an_empty_one_names_all():
    assert read_content(FORM).problems(date(2026, 9, 10)) == []
    assert len(read_content({"unit": ""}).problems(date(2026, 9, 10))) >= 7


def test_returns_fall_due_and_the_oldest_open_one_is_named():
    monthly = {"name": "m", "every": "month", "first_due": "2026-01-31"}
    days = due_days(monthly, date(2026, 4, 30))
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert overdue([monthly], [], date(2026, 1, 31)) == {}, "the day itself is in time"
    assert overdue([monthly], [], date(2026, 2, 1)) == {"m": date(2026, 1, 31)}
    assert overdue([monthly], ["m"], date(2026, 3, 1)) == {"m": date(2026, 2, 28)}
    assert overdue([monthly], ["m", "m"], date(2026, 3, 1)) == {}
