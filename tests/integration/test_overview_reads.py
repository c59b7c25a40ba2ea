"""What a page asks of the personal file: how often, of which tables, and for which month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from access_college import ALICE, College, found_college, write_release
from sqlalchemy import event

from warehouse.access.personal import PAGES
from warehouse.state.models import Protection

OVERVIEW = {table.name for table in PAGES["overview"]}
#: What every request asks to know who it is, before anything of theirs is read.
SESSION = {"person", "person_number", "unit_leadership"}
#: What a student may open.
PAGES_ASKED = ("overview", "study", "life", "record", "basics")
#: What is asked once a release.
LAYOUT = {"duckdb_columns", "duckdb_tables", "table_item", "item"}


class Spy:
    """A release reader that notes the tables of every statement, and how many rows came of one."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.statements: list[set[str]] = []
        self.fetched: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reader, name)

    @contextmanager
    def open(self, audience: str) -> Iterator[tuple[Any, Any]]:
        with self.reader.open(audience) as (cursor, release):
            yield _SpiedCursor(cursor, self), release


class _SpiedCursor:
    def __init__(self, cursor: Any, spy: Spy) -> None:
        self._cursor, self._statements, self._fetched = cursor, spy.statements, spy.fetched

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, query: str, *parameters: Any) -> Any:
        self._statements.append(
            {name.strip('"') for name in re.findall(r"from (\S+?)[\s(,]", f"{query} ")}
        )
        return self._cursor.execute(query, *parameters)

    def fetchall(self) -> list[tuple[Any, ...]]:
        rows = self._cursor.fetchall()
        for name in self._statements[-1]:
            self._fetched[name] = len(rows)
        return rows


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
    for page in PAGES_ASKED:
        college.client.get(f"/v1/my/{page}", headers=header)
    first = [name for tables in spy.statements for name in tables]
    assert {name: first.count(name) for name in LAYOUT} == dict.fromkeys(LAYOUT, 1)
    for page in PAGES_ASKED:
        spy.statements.clear()
        answer = college.client.get(f"/v1/my/{page}", headers=header).json()
        asked = [name for tables in spy.statements for name in tables - SESSION]
        shown = set(answer["tables"]) - SESSION
        assert not LAYOUT & set(asked)
        assert sorted(asked) == sorted(shown), "one statement a table, and none for an empty one"


#: Three meals a day over ten years up to August 2026, of one person.
HISTORY = f"""
create or replace table meal_transaction as
select {ALICE}::bigint as person_key,
    timestamp '2026-08-31 10:00:00' - to_days(n // 3) - to_hours(5 * (n % 3)) as traded_at,
    9.5::decimal(14, 2) as amount
from range(3 * 3650) numbers(n) order by traded_at;
create or replace table meal_day as
select person_key, traded_at::date as meal_date, count(*)::integer as meal_count,
    sum(amount) as amount
from meal_transaction group by all order by meal_date;
create or replace table meal_month as
select person_key, strftime(meal_date, '%Y-%m') as month, count(*)::integer as day_count
from meal_day group by all order by month;
"""


def test_life_reads_the_months_it_shows_however_long_somebody_has_been_here(
    college: College, spy: Spy
) -> None:
    write_release(college.settings, "20260902T001000Z-bbbb2222", personal=HISTORY)
    header = college.sign_in("S001")
    tables = college.client.get("/v1/my/life", headers=header).json()["tables"]
    assert [row["meal_date"] for row in tables["meal_day"]["rows"]][::83] == [
        "2026-08-31",
        "2026-06-09",
    ]
    assert len(tables["meal_transaction"]["rows"]) == 20
    assert tables["meal_month"]["total"] == 120
    assert spy.fetched["meal_day"] == 31 + 30 + 31 + 31, "four months"
    assert spy.fetched["meal_transaction"] == 3 * 31, "the last month"


@pytest.mark.parametrize(
    ("table", "condition", "bound"),
    [
        ("meal_day", "meal_date >= ?", date(2026, 5, 1)),
        ("meal_transaction", "traded_at >= ?", datetime(2026, 7, 31, 16)),
        ("meal_transaction", "traded_at >= ? and traded_at < '2026-08-31'", datetime(2026, 7, 31)),
    ],
)
def test_what_is_asked_of_a_table_is_decided_as_it_is_scanned(
    college: College, table: str, condition: str, bound: date
) -> None:
    """Or every block of rows is read; the personal file is planned for few rows."""
    write_release(college.settings, "20260902T001000Z-bbbb2222", personal=HISTORY)
    with college.reader.open("personal") as (cursor, _):
        plan = cursor.execute(
            f'explain select * from "{table}" where person_key = ? and ({condition})',
            [ALICE, bound],
        ).fetchall()[0][1]
    assert "SEQ_SCAN" in plan
    assert "FILTER" not in plan, plan
    assert "CAST" not in plan.upper(), plan


def test_a_table_is_asked_again_in_a_new_release(college: College, spy: Spy) -> None:
    header = college.sign_in("S001")
    before = college.client.get("/v1/my/study", headers=header).json()["tables"]
    assert "honor" not in before
    honor = (
        f"create or replace table honor as select {ALICE}::bigint as person_key, "
        "date '2026-05-01' as award_date, 'HONOUR-ALICE' as honor_name;"
    )
    write_release(college.settings, "20260902T001000Z-bbbb2222", personal=honor)
    after = college.client.get("/v1/my/study", headers=header).json()["tables"]
    assert [row["honor_name"] for row in after["honor"]["rows"]] == ["HONOUR-ALICE"]
    theirs = college.client.get("/v1/my/study", headers=college.sign_in("S002")).json()["tables"]
    assert "honor" not in theirs


def test_the_registry_is_asked_once_a_request_who_is_protected(college: College) -> None:
    header = college.sign_in("S001")
    asked: list[str] = []
    event.listen(
        college.engine, "before_cursor_execute", lambda _c, _cursor, text, *_: asked.append(text)
    )
    assert college.client.get("/v1/my/study", headers=header).status_code == 200
    table = f"FROM {Protection.__tablename__}"
    assert len([text for text in asked if table in text]) == 1


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
