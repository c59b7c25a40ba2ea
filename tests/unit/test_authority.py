"""The annexes as data, and the contradictions that follow from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from warehouse.authority import Authority, load_authority
from warehouse.authority.conflicts import Conflict, find_conflicts
from warehouse.authority.holdings import Holding, describe_items, read_holdings
from warehouse.home import Home


@pytest.fixture(scope="module")
def authority() -> Authority:
    return load_authority()


def of_kind(authority: Authority, kind: str) -> list[Conflict]:
    return [conflict for conflict in find_conflicts(authority) if conflict.kind == kind]


def test_the_four_annexes_are_whole(authority: Authority) -> None:
    assert len(authority.systems) == 20
    assert len(authority.datasets) == 23
    assert [item.annex for item in authority.items] == [3] * 40 + [4] * 25
    assert authority.effective_from == date(2019, 7, 5)


def test_every_owner_is_a_known_unit(authority: Authority) -> None:
    named = {system.owner_id for system in authority.systems}
    named |= {unit for dataset in authority.datasets for unit in dataset.owner_ids}
    named |= {item.owner_id for item in authority.items}
    assert named <= set(authority.units)
    assert authority.unit_title("hr_office") == "人事处"
    assert authority.unit_id("人事处") == "hr_office"


def test_items_of_the_two_annexes_keep_apart_though_their_ids_meet(authority: Authority) -> None:
    assert authority.item("A3-39").id == authority.item("A4-06").id == "honor_award"
    assert authority.item("A3-39").person_kind == "staff"
    assert authority.item("A4-06").person_kind == "student"
    assert len({item.code for item in authority.items}) == 65


def test_a_dataset_is_found_by_id_and_by_code(authority: Authority) -> None:
    assert authority.dataset("A2-05") is authority.dataset("student_finance_data")
    with pytest.raises(KeyError):
        authority.dataset("A2-99")


def test_datasets_with_several_owners_contradict_article_10(authority: Authority) -> None:
    rows = [conflict.rows[0] for conflict in of_kind(authority, "several_owners")]
    expected = [d.code for d in authority.datasets if len(d.owner_ids) > 1]
    assert rows == expected and len(rows) == 12


def test_posts_are_owned_twice(authority: Authority) -> None:
    [conflict] = of_kind(authority, "owned_twice")
    assert conflict.rows == ("A2-08", "A3-16", "A3-33")
    assert conflict.units == ("organization_department", "hr_office")


def test_a_contradiction_vanishes_when_the_annex_is_mended(authority: Authority) -> None:
    mended = replace(
        authority,
        datasets=tuple(
            replace(dataset, owner_ids=("hr_office",)) if dataset.code == "A2-08" else dataset
            for dataset in authority.datasets
        ),
    )
    assert of_kind(mended, "owned_twice") == []


def test_eight_items_have_no_deadline(authority: Authority) -> None:
    assert [conflict.rows[0] for conflict in of_kind(authority, "no_deadline")] == [
        "A3-24",
        "A3-25",
        "A3-26",
        "A3-40",
        "A4-10",
        "A4-11",
        "A4-14",
        "A4-17",
    ]


def test_a_deadline_without_a_time_is_vague_and_one_week_is_not(authority: Authority) -> None:
    rows = {conflict.rows[0] for conflict in of_kind(authority, "vague_deadline")}
    assert {"A3-18", "A4-07"} <= rows
    assert rows.isdisjoint({"A3-01", "A4-09", "A4-13", "A3-34", "A3-35", "A3-36"})


def test_owners_without_a_system_must_use_a_form(authority: Authority) -> None:
    units = {conflict.units[0] for conflict in of_kind(authority, "owner_without_system")}
    assert units == {
        "sports_college",
        "campus_hospital",
        "organization_department",
        "labor_union",
        "development_planning_office",
        "evaluation_supervision_office",
        "colleges",
        "staff_self",
    }


def test_items_handed_on_to_another_unit_name_both(authority: Authority) -> None:
    found = {conflict.rows[0]: conflict.units for conflict in of_kind(authority, "handed_on")}
    assert found == {
        "A3-17": ("organization_department", "hr_office"),
        "A3-22": ("colleges", "hr_office"),
        "A3-23": ("colleges", "hr_office"),
    }


def test_nothing_is_held_before_the_first_release(tmp_path: Path) -> None:
    assert read_holdings(Home(tmp_path)) == {}


def test_items_have_null_coverage_where_nothing_is_published(authority: Authority) -> None:
    rows = describe_items(authority, {}, {})
    assert len(rows) == 65
    assert {"code", "name", "owner", "deadline", "source", "personal", "coverage"} <= set(rows[0])
    assert all(row["coverage"] is None and row["newest"] is None for row in rows)


def test_items_show_what_the_release_holds(authority: Authority) -> None:
    newest = datetime(2025, 9, 1, 8, 0)
    held = Holding(({"table": "staff", "columns": ["name"]},), 0.5, None, newest)
    rows = describe_items(authority, {"A3-02": [("staff_basic", ("name",))]}, {"A3-02": held})
    row = next(row for row in rows if row["code"] == "A3-02")
    assert row["source"] == [{"table": "staff_basic", "columns": ["name"]}]
    assert row["personal"] == [{"table": "staff", "columns": ["name"]}]
    assert (row["coverage"], row["oldest"], row["newest"]) == (0.5, None, newest)
