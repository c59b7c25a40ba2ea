"""The list of items on one's page, and the tables that no page names, through the gateway."""

from __future__ import annotations

import json

import pytest
from access_college import College, found_college

from warehouse.access.personal import PAGES, read_items
from warehouse.engine import open_work


@pytest.fixture
def college(tmp_path) -> College:
    return found_college(tmp_path)


def _basics(college: College, number: str) -> dict:
    return college.client.get("/v1/my/basics", headers=college.sign_in(number)).json()


def _items(college: College, number: str) -> list[dict]:
    answer = college.client.get("/v1/my/items", headers=college.sign_in(number))
    return answer.json()["items"]


def test_an_item_says_whether_this_person_has_it_and_since_when(college: College):
    (item,) = _items(college, "S001")
    assert (item["code"], item["held"]) == ("A4-01", True)
    assert item["updated_at"] == "2026-08-31T01:02:03Z"
    (item,) = _items(college, "T001")
    assert (item["code"], item["held"], item["updated_at"]) == ("A3-01", False, None)


def test_a_person_with_both_roles_is_asked_about_by_both_annexes(college: College):
    items = {item["code"]: item["held"] for item in _items(college, "S003")}
    assert items == {"A3-01": False, "A4-01": True}


@pytest.mark.parametrize(
    ("number", "own", "other"), [("S001", "ALICE", "BOB"), ("S002", "BOB", "ALICE")]
)
def test_what_no_page_names_is_shown_with_ones_basics(college, number, own, other):
    text = json.dumps(_basics(college, number))
    assert f"VISIT-{own}" in text
    assert f"VISIT-{other}" not in text
    assert all(
        "unplaced_visit" not in {table.name for table in tables} for tables in PAGES.values()
    )


def test_a_column_that_holds_nothing_on_a_person_is_not_held():
    database = open_work()
    database.execute(
        """
        create table staff_contact(person_key bigint, home_phone varchar, email varchar,
          updated_at timestamp);
        insert into staff_contact values (1, null, 'a@b', '2026-01-02'),
          (2, '1', null, '2026-02-03');
        create table item(code varchar, name varchar, person_kind varchar, owner varchar,
          owner_id varchar, deadline varchar, note varchar, holders varchar, is_due boolean);
        insert into item values
          ('A3-27', '家庭电话', 'staff', '教职工本人', 'staff_self', '及时', null,
           '[{"table": "staff_contact", "columns": ["home_phone"]}]', false),
          ('A3-28', '电子邮箱', 'staff', '教职工本人', 'staff_self', '及时', null,
           '[{"table": "staff_contact", "columns": ["email"]}]', true),
          ('A3-99', '尚无', 'staff', '人事处', 'hr_office', null, null,
           '[{"table": "not_built", "columns": ["x"]}]', true);
        """
    )
    held = {
        person: {item["code"]: item["held"] for item in read_items(database, ["staff"], person, {})}
        for person in (1, 2, 3)
    }
    database.close()
    assert held == {
        1: {"A3-27": False, "A3-28": True, "A3-99": False},
        2: {"A3-27": True, "A3-28": False, "A3-99": False},
        3: {"A3-27": False, "A3-28": False, "A3-99": False},
    }
