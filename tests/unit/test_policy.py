"""Who may do what, written out in full: a row that is not here is refused."""

from __future__ import annotations

import itertools

import pytest

from warehouse.access.policy import (
    ACTIONS,
    CHANGES,
    KINDS,
    MY_PAGES,
    PAGES,
    ROLES,
    TOPICS,
    HeldRole,
    Standing,
    allowed_pages,
    may,
    require,
)
from warehouse.errors import Forbidden

PERSON = {
    "my_overview", "my_life", "my_basics", "my_uses", "my_tickets", "my_downloads",
    "my_applications", "application_form",
}  # fmt: skip
FORMER = {
    "my_overview", "my_life", "my_basics", "my_uses", "my_tickets", "my_downloads", "my_kept",
}  # fmt: skip
STATISTICS = {"overview_statistics", "earlier_figures", *TOPICS}
LEADERS = STATISTICS | {"briefings", "ministry", "units"}
EXPECTED = {
    "leader": LEADERS,
    "working_group": LEADERS | {"inbox", "issues", "governance_desk"},
    "leading_group": LEADERS | {"inbox", "governance_desk"},
    "auditor": LEADERS | {"issues", "governance_desk", "audit_log"},
    "analyst": {"sql_bench"},
    "unit_officer": {"figures_sign", "ministry", "issues", "hand_in", "units"},
    "unit_head": STATISTICS | {"ministry", "inbox", "issues", "units"},
    "supervising_leader": {"inbox", "units"},
    "student": PERSON | {"my_study", "my_care"},
    "staff": PERSON | {"my_work"},
    "counsellor": {"care"},
    "guarded": {"my_protection"},
    "former_student": FORMER | {"my_study", "my_care"},
    "former_staff": FORMER | {"my_work"},
}


def standing(*names: str) -> Standing:
    kinds = frozenset(names) & frozenset(KINDS)
    return Standing(1, kinds, tuple(HeldRole(name) for name in names if name not in kinds))


@pytest.mark.parametrize("name", [*ROLES, *KINDS])
def test_each_role_and_kind_opens_exactly_its_pages(name: str):
    assert set(allowed_pages(standing(name))) == EXPECTED[name]


def test_several_roles_open_the_union():
    for one, other in itertools.combinations(EXPECTED, 2):
        pages = set(allowed_pages(standing(one, other)))
        changing = {page for page, action in PAGES.items() if action in CHANGES}
        closed = changing if "auditor" in (one, other) else set()
        assert pages == (EXPECTED[one] | EXPECTED[other]) - closed


@pytest.mark.parametrize("action", sorted(CHANGES))
def test_an_auditor_changes_nothing_whatever_else_they_are(action: str):
    assert may(standing(*ROLES[:-1], *KINDS), action)
    assert not may(standing(*ROLES, *KINDS), action)


def test_nobody_may_do_anything():
    assert [action for action in ACTIONS if may(Standing(1), action)] == []


def test_unknown_action_is_refused_to_everybody():
    everybody = standing(*ROLES, *KINDS)
    assert not may(everybody, "personal.export")
    with pytest.raises(Forbidden):
        require(everybody, "personal.export")


def test_unknown_role_opens_nothing():
    assert allowed_pages(Standing(1, frozenset({"visitor"}), (HeldRole("superuser"),))) == []


def test_role_name_as_a_kind_opens_nothing_more():
    assert allowed_pages(Standing(1, frozenset({"leader"}))) == []
    assert allowed_pages(Standing(1, frozenset(), (HeldRole("student"),))) == []


def test_every_page_has_an_action_and_every_my_page_a_rule():
    assert set(PAGES.values()) <= set(ACTIONS)
    assert {f"my.{page}" for page in MY_PAGES} <= set(ACTIONS)
    known = set(ROLES) | set(KINDS)
    assert all(names <= known for names in ACTIONS.values())


def test_pages_come_in_the_order_of_the_navigation():
    pages = allowed_pages(standing("leader", "staff", "analyst"))
    assert pages[0] == "overview_statistics" and pages[-3:] == ["sql_bench", "ministry", "units"]


def test_refusal_names_who_may():
    with pytest.raises(Forbidden) as refused:
        require(standing("student"), "statistics.read")
    assert "leader" in (refused.value.next_step or "")
