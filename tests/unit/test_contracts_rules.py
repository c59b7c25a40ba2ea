"""What the cross-column rules take and refuse, each at its boundary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from warehouse.contracts import load_contracts
from warehouse.engine import open_work, quote


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_work(threads=1) as opened:
        yield opened


def verdict(
    connection: duckdb.DuckDBPyConnection, table_id: str, rule_id: str, row: dict[str, Any]
) -> bool | None:
    """The rule's value for a row of which only the given columns are filled."""
    source, name = table_id.split("/")
    table = load_contracts().table(source, name)
    [rule] = [rule for rule in table.rules if rule.id == rule_id]
    assert set(row) <= set(table.column_names)
    columns = ", ".join(
        f"CAST(${column.name} AS {column.sql_type}) AS {quote(column.name)}"
        if column.name in row
        else f"CAST(NULL AS {column.sql_type}) AS {quote(column.name)}"
        for column in table.columns
    )
    relation = f"(SELECT {columns})"
    if rule.through:
        links = {reference.name: reference.to for reference in table.references}
        other = load_contracts().parent_table(table, links[rule.through])
        values = ", ".join(f"NULL::{c.sql_type} AS {quote(c.name)}" for c in other.columns)
        relation = f"(SELECT r.*, p AS parent FROM {relation} AS r, (SELECT {values}) AS p)"
    found = connection.execute(f"SELECT ({rule.expression}) FROM {relation}", row)
    return found.fetchone()[0]  # type: ignore[index]


BILL = "tuition_collection/fee_bill"
STAFF = "hr_management/staff_basic"
STUDENT = "student_affairs/student_status"
LOAN = "library_management/library_loan"
IDENTITY = {"id_doc_type": "1", "id_card_no": "11010519491231002X"}


@pytest.mark.parametrize(
    ("table", "rule", "row", "good"),
    [
        (
            BILL,
            "due_is_standard_less_waiver",
            {"standard_amount": 5000, "waiver_amount": 500, "due_amount": 4500},
            True,
        ),
        (BILL, "due_is_standard_less_waiver", {"standard_amount": 5000, "due_amount": 5000}, True),
        (
            BILL,
            "due_is_standard_less_waiver",
            {"standard_amount": 5000, "waiver_amount": 500, "due_amount": 4500.01},
            False,
        ),
        (BILL, "paid_within_due", {"due_amount": 100, "paid_amount": 100.01}, True),
        (BILL, "paid_within_due", {"due_amount": 100, "paid_amount": 100.02}, False),
        (
            BILL,
            "status_matches_amounts",
            {"fee_status": "1", "due_amount": 100, "paid_amount": 0},
            True,
        ),
        (
            BILL,
            "status_matches_amounts",
            {"fee_status": "1", "due_amount": 100, "paid_amount": 1},
            False,
        ),
        (
            BILL,
            "status_matches_amounts",
            {"fee_status": "2", "due_amount": 100, "paid_amount": 100},
            True,
        ),
        (
            BILL,
            "status_matches_amounts",
            {"fee_status": "2", "due_amount": 100, "paid_amount": 99},
            False,
        ),
        (
            BILL,
            "status_matches_amounts",
            {"fee_status": "4", "due_amount": 100, "paid_amount": 100},
            False,
        ),
        (BILL, "academic_year_consecutive", {"academic_year": "2024-2025"}, True),
        (BILL, "academic_year_consecutive", {"academic_year": "2024-2026"}, False),
        (STAFF, "id_number_birth_date", {**IDENTITY, "birth_date": "1949-12-31"}, True),
        (STAFF, "id_number_birth_date", {**IDENTITY, "birth_date": "1949-12-30"}, False),
        (
            STAFF,
            "id_number_birth_date",
            {**IDENTITY, "id_doc_type": "A", "birth_date": "1949-12-30"},
            True,
        ),
        (STUDENT, "id_number_sex", {**IDENTITY, "sex": "2"}, True),
        (STUDENT, "id_number_sex", {**IDENTITY, "sex": "1"}, False),
        (STUDENT, "id_number_sex", {**IDENTITY, "sex": "9"}, True),
        (STUDENT, "id_number_sex", {**IDENTITY, "id_doc_type": "A", "sex": "1"}, True),
        (
            STAFF,
            "left_after_joined",
            {"joined_school_date": "2020-01-01", "left_date": "2020-01-01"},
            True,
        ),
        (
            STAFF,
            "left_after_joined",
            {"joined_school_date": "2020-01-01", "left_date": "2019-12-31"},
            False,
        ),
        (STAFF, "left_has_date", {"leaving_reason": "12"}, False),
        (
            "academic_affairs/course",
            "hours_add_up",
            {"hours_total": 48, "hours_theory": 32, "hours_experiment": 16},
            True,
        ),
        ("academic_affairs/course", "hours_add_up", {"hours_total": 48, "hours_theory": 32}, False),
        ("academic_affairs/course", "hours_add_up", {"hours_total": 48}, True),
        (
            "academic_affairs/course_grade",
            "credits_need_pass",
            {"passed": False, "credits_earned": 2},
            False,
        ),
        (
            "academic_affairs/course_grade",
            "term_code_consecutive",
            {"term_code": "2024-2025-1"},
            True,
        ),
        (
            "academic_affairs/course_grade",
            "term_code_consecutive",
            {"term_code": "2024-2024-1"},
            False,
        ),
        (
            "academic_affairs/teaching_class",
            "periods_in_order",
            {"start_period": 3, "end_period": 3},
            True,
        ),
        (
            "academic_affairs/teaching_class",
            "periods_in_order",
            {"start_period": 3, "end_period": 2},
            False,
        ),
        (
            LOAN,
            "returned_after_borrowed",
            {"borrowed_at": "2024-03-01 09:00:00", "returned_at": "2024-03-01 08:59:59"},
            False,
        ),
        # 2024-02-29 16:30 UTC is already 1 March in Beijing.
        (
            LOAN,
            "due_after_borrowed",
            {"borrowed_at": "2024-02-29 16:30:00", "due_date": "2024-02-29"},
            False,
        ),
        (
            LOAN,
            "due_after_borrowed",
            {"borrowed_at": "2024-02-29 16:30:00", "due_date": "2024-03-01"},
            True,
        ),
        (LOAN, "reader_no_matches_kind", {"reader_kind": "学生", "reader_no": "2023010101"}, True),
        (LOAN, "reader_no_matches_kind", {"reader_kind": "学生", "reader_no": "201901"}, False),
        (
            "student_meal_card/meal_transaction",
            "spending_names_merchant",
            {"transaction_type": "消费"},
            False,
        ),
        (
            "student_meal_card/meal_transaction",
            "spending_names_merchant",
            {"transaction_type": "充值"},
            True,
        ),
        (
            "hr_management/staff_position_record",
            "current_has_no_end",
            {"is_current": True, "end_date": "2024-01-01"},
            False,
        ),
    ],
)
def test_rule_at_its_boundary(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rule: str,
    row: dict[str, Any],
    good: bool,
) -> None:
    assert verdict(connection, table, rule, row) is good


def test_a_rule_over_missing_values_counts_as_good(connection: duckdb.DuckDBPyConnection) -> None:
    """Null is good: whether a column may be empty is the business of `required` alone."""
    for table in load_contracts():
        for rule in table.rules:
            assert verdict(connection, table.id, rule.id, {}) is not False, (table.id, rule.id)


@pytest.mark.parametrize(
    ("table", "column", "good", "bad"),
    [
        ("hr_management/staff_basic", "staff_no", "201901", "20190A"),
        ("student_affairs/student_status", "student_no", "2023010101", "20230101"),
        ("academic_affairs/teaching_class", "term_code", "2024-2025-2", "2024-2025-3"),
        ("academic_affairs/teaching_class", "weeks", "1-8,10-16", "1~16"),
        ("academic_affairs/teaching_class", "weeks", "1-15单", "单"),
        ("academic_affairs/teaching_class", "other_staff_nos", "201901,201902", "201901,,"),
        ("academic_affairs/major", "catalogue_code", "080717T", "08071"),
        ("hr_management/staff_basic", "nationality", "CHN", "China"),
    ],
)
def test_pattern_takes_and_refuses(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, good: str, bad: str
) -> None:
    pattern = load_contracts().table(*table.split("/")).column(column).pattern
    assert connection.execute(
        "SELECT regexp_full_match($1, $3), regexp_full_match($2, $3)", [good, bad, pattern]
    ).fetchone() == (True, False)
