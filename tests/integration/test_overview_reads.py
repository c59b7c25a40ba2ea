"""What a page asks of the personal file: how often, of which tables, and for which month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from access_college import College, found_college

from warehouse.access.personal import PAGES

OVERVIEW = {table.name for table in PAGES["overview"]}
#: What every request asks to know who it is, before anything of theirs is read.
SESSION = {"person", "person_number", "unit_leadership"}
#: What is asked once a release.
LAYOUT = {"duckdb_columns", "table_item", "item"}


class Spy:
    """A release reader that notes the tables of every statement."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.statements: list[set[str]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reader, name)

    @contextmanager
    def open(self, audience: str) -> Iterator[tuple[Any, Any]]:
        with self.reader.open(audience) as (cursor, release):
            yield _SpiedCursor(cursor, self.statements), release


class _SpiedCursor:
    def __init__(self, cursor: Any, statements: list[set[str]]) -> None:
        self._cursor, self._statements = cursor, statements

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, query: str, *parameters: Any) -> Any:
        self._statements.append(
            {name.strip('"') for name in re.findall(r"from (\S+?)[\s(,]", f"{query} ")}
        )
        return self._cursor.execute(query, *parameters)


@pytest.fixture
def college(tmp_path) -> College:
    return found_college(tmp_path)


@pytest.fixture
def spy(college: College) -> Spy:
    services = college.client.app.state.services
    spied = Spy(services.reader)
    object.__setattr__(services, "reader", spied)
    return spied


def test_the_overview_reads_its_own_tables_and_no_other(college: College, spy: Spy) -> None:
    header = college.sign_in("S001")
    college.client.get("/v1/my/study", headers=header)  # the layout is known from here on
    spy.statements.clear()
    assert college.client.get("/v1/my/overview", headers=header).status_code == 200
    read = set().union(*spy.statements)
    assert read - SESSION <= OVERVIEW
    assert OVERVIEW & read == {"overview", "overview_next", "overview_grade"}
    assert len([tables for tables in spy.statements if not tables & SESSION]) <= len(OVERVIEW)


def test_a_page_costs_one_statement_a_table_and_the_layout_is_read_once_a_release(
    college: College, spy: Spy
) -> None:
    header = college.sign_in("S001")
    for _ in range(3):
        for page in ("overview", "study", "life", "record"):
            college.client.get(f"/v1/my/{page}", headers=header)
    flat = [name for tables in spy.statements for name in tables]
    assert {name: flat.count(name) for name in LAYOUT} == dict.fromkeys(LAYOUT, 1)
    assert flat.count("overview") == 3
    assert flat.count("course_grade") == 3
    assert flat.count("library_loan") == 3


def test_a_summary_says_where_what_it_sums_up_comes_from(college: College) -> None:
    tables = college.client.get("/v1/my/overview", headers=college.sign_in("S001")).json()["tables"]
    assert tables["overview"]["sources"]["student"]["owner"] == "学生处"
    assert set(tables["overview_next"]["sources"]) == {"library_loan"}


@pytest.mark.parametrize(
    ("month", "seen"),
    [
        ("2026-07", {"MEAL-ALICE-JULY"}),
        ("2026-08", {"MEAL-ALICE-AUGUST", "MEAL-ALICE-AUGUST-END"}),
        ("2026-09", {"MEAL-ALICE-SEPTEMBER"}),
        ("2026-12", set()),
    ],
)
def test_a_month_of_transactions_is_the_readers_own_and_the_colleges_month(
    college: College, month: str, seen: set[str]
) -> None:
    answer = college.client.get(
        f"/v1/my/life/transactions?month={month}", headers=college.sign_in("S001")
    )
    rows = answer.json()["tables"].get("meal_transaction", {"rows": []})["rows"]
    assert {row["merchant_name"] for row in rows} == seen


@pytest.mark.parametrize(
    "query", ["", "?month=2026-13", "?month=0000-01", "?month=2026-8", "?month=9999-12"]
)
def test_what_is_no_month_is_refused(college: College, query: str) -> None:
    answer = college.client.get(f"/v1/my/life/transactions{query}", headers=college.sign_in("S001"))
    assert answer.status_code == 400


def test_a_month_is_refused_to_nobody_signed_in_and_to_who_names_another(college: College) -> None:
    path = "/v1/my/life/transactions?month=2026-08"
    assert college.client.get(path).status_code == 401
    named = college.client.get(f"{path}&person_key=1002", headers=college.sign_in("S001"))
    assert (named.status_code, "MEAL-BOB" in named.text) == (400, False)
