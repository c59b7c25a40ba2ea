"""The overview says what the detailed tables say: each of its tables computed once more, in Python,
from the released rows of the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from warehouse.engine import Connection, open_release
from warehouse.release import current
from warehouse.settings import Settings

Row = dict[str, Any]
DAYS = 84


@pytest.fixture(scope="module")
def personal(college: Settings) -> Iterator[Connection]:
    with open_release(current(college).file("personal")) as connection:
        yield connection


@pytest.fixture(scope="module")
def as_of(college: Settings) -> date:
    moment = datetime.fromisoformat(current(college).manifest["as_of"])
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).date()


def rows(personal: Connection, table: str) -> list[Row]:
    cursor = personal.cursor().execute(f"select * from {table}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def by_person(found: list[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in found:
        grouped[row["person_key"]].append(row)
    return grouped


def test_everybody_has_one_row(personal: Connection) -> None:
    people = Counter(row["person_key"] for row in rows(personal, "overview"))
    assert people == Counter(row["person_key"] for row in rows(personal, "person"))


def test_term_money_and_books_are_those_of_the_detailed_pages(personal: Connection) -> None:
    overview = {row["person_key"]: row for row in rows(personal, "overview")}
    terms = by_person(rows(personal, "term_summary"))
    cards = by_person(rows(personal, "meal_account"))
    bills = by_person(rows(personal, "fee_bill"))
    pay = by_person(rows(personal, "staff_payroll"))
    aid = by_person(rows(personal, "student_disbursement"))
    loans = by_person(rows(personal, "library_loan"))
    seen: Counter[str] = Counter()
    for person, row in overview.items():
        graded = sorted((t for t in terms[person] if t["gpa"] is not None), key=_term)
        newest = max(terms[person], key=_term, default=None)
        valid = [c for c in cards[person] if c["card_status"] != "注销" and not c["ended_on"]]
        paid = [
            a
            for a in aid[person]
            if a["status"] == "成功" and a["payment_type"] in ("奖学金", "助学金", "补助")
        ]
        salary = max(pay[person], key=lambda p: p["month"], default=None)
        out = [loan for loan in loans[person] if loan["returned_at"] is None]
        expected = {
            "term_code": newest and newest["term_code"],
            "course_count": newest and newest["course_count"],
            "gpa": graded[-1]["gpa"] if graded else None,
            "gpa_before": graded[-2]["gpa"] if len(graded) > 1 else None,
            "card_balance": sum(c["balance"] for c in valid) if valid else None,
            "outstanding_amount": (
                sum(b["outstanding_amount"] for b in bills[person]) if bills[person] else None
            ),
            "aid_amount": sum(a["amount"] for a in paid) if paid else None,
            "pay_month": salary and salary["month"],
            "net_pay": salary and salary["net_pay"],
            "open_loans": len(out),
            "loan_due_date": min((loan["due_date"] for loan in out), default=None),
        }
        assert {name: row[name] for name in expected} == expected
        seen.update(name for name, value in expected.items() if value)
    assert set(seen) == set(expected), "each is there for somebody, or nothing was compared"


def _term(row: Row) -> str:
    return row["term_code"]


def test_what_is_next_is_what_is_open(personal: Connection, as_of: date) -> None:
    staff = {(s["person_key"], s["staff_no"]): s["left_date"] for s in rows(personal, "staff")}
    last: dict[tuple[int, str], Row] = {}
    for contract in rows(personal, "staff_contract"):
        holder = (contract["person_key"], contract["staff_no"])
        if contract["end_date"] and holder in staff:
            known = last.get(holder)
            if known is None or known["end_date"] < contract["end_date"]:
                last[holder] = contract
    passed: dict[tuple[int, str], bool] = {}
    for grade in rows(personal, "course_grade"):
        if grade["passed"] is not None:
            course = (grade["person_key"], grade["course_code"])
            passed[course] = passed.get(course, False) or grade["passed"]
    expected = {
        *(
            (r["person_key"], "loan", r["loan_id"], r["due_date"])
            for r in rows(personal, "library_loan")
            if r["returned_at"] is None
        ),
        *(
            (r["person_key"], "fee", r["bill_no"], r["deferred_until"])
            for r in rows(personal, "fee_bill")
            if r["outstanding_amount"] > 0
        ),
        *(
            (r["person_key"], "discipline", r["decision_no"], r["term_ends_on"])
            for r in rows(personal, "discipline")
            if r["revoked_date"] is None and r["term_ends_on"]
        ),
        *(
            (r["person_key"], "notice", r["award_id"], r["notice_end_date"])
            for r in rows(personal, "scholarship")
            if r["notice_end_date"] and r["notice_end_date"] >= as_of
        ),
        *(
            (r["person_key"], "account", r["account"], r["expires_date"])
            for r in rows(personal, "network_account")
            if r["status"] == "正常"
            and not r["ended_on"]
            and r["expires_date"]
            and r["expires_date"] >= as_of
        ),
        *(
            (holder[0], "contract", contract["contract_no"], contract["end_date"])
            for holder, contract in last.items()
            if contract["end_date"] >= as_of and staff[holder] is None
        ),
        *((person, "course", code, None) for (person, code), done in passed.items() if not done),
    }
    found = {
        (r["person_key"], r["kind"], r["thing_no"], r["due_date"])
        for r in rows(personal, "overview_next")
    }
    assert found == expected
    assert {kind for _, kind, _, _ in found} >= {"loan", "fee", "discipline", "account", "course"}


def test_recent_days_are_the_days_of_the_detailed_tables(personal: Connection, as_of: date) -> None:
    expected: dict[tuple[int, date], list[Any]] = defaultdict(lambda: [0, 0, 0, 0])
    sources = (
        ("meal_day", "meal_date", "meal_count", 0),
        ("meal_day", "meal_date", "amount", 1),
        ("library_visit", "visit_date", "minutes", 2),
        ("online_learning_day", "activity_date", "video_seconds", 3),
    )
    for table, day, column, place in sources:
        for row in rows(personal, table):
            if as_of - timedelta(days=DAYS) < row[day] <= as_of:
                expected[row["person_key"], row[day]][place] += row[column] or 0
    found = {
        (r["person_key"], r["day"]): [
            r["meal_count"],
            r["meal_amount"],
            r["library_minutes"],
            r["study_minutes"],
        ]
        for r in rows(personal, "overview_day")
    }
    assert found.keys() == expected.keys() != set()
    for key, (meals, amount, minutes, seconds) in expected.items():
        assert found[key][:3] == [meals, amount, minutes]
        assert abs(found[key][3] - seconds / 60) <= 0.5


def test_grades_and_steps_are_the_newest_of_all(personal: Connection) -> None:
    grades = by_person(rows(personal, "course_grade"))
    shown = by_person(rows(personal, "overview_grade"))
    assert shown.keys() == grades.keys() != set()
    for person, mine in shown.items():
        assert {row["grade_count"] for row in mine} == {len(grades[person])}
        assert sorted(row["place"] for row in mine) == list(
            range(1, min(5, len(grades[person])) + 1)
        )
        newest = sorted((row["term_code"] for row in grades[person]), reverse=True)[:5]
        assert [row["term_code"] for row in sorted(mine, key=_place)] == newest
    for mine in by_person(rows(personal, "overview_step")).values():
        days = [row["step_date"] for row in sorted(mine, key=_place)]
        assert days == sorted(days, reverse=True)
        assert len(days) <= 12


def _place(row: Row) -> int:
    return row["place"]


def test_months_of_meals_are_the_days_and_transactions_of_the_month(personal: Connection) -> None:
    expected: dict[tuple[int, str], list[Any]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows(personal, "meal_day"):
        month = expected[row["person_key"], f"{row['meal_date']:%Y-%m}"]
        month[1] += 1
        month[2] += row["meal_count"]
        month[3] += row["amount"]
    beijing = timedelta(hours=8)
    for person, at in (
        personal.cursor().execute("select person_key, traded_at from meal_transaction").fetchall()
    ):
        expected[person, f"{at + beijing:%Y-%m}"][0] += 1
    found = {
        (r["person_key"], r["month"]): [
            r["transaction_count"],
            r["day_count"],
            r["meal_count"],
            r["amount"],
        ]
        for r in rows(personal, "meal_month")
    }
    assert found == dict(expected) != {}
