"""Which table each part of the overview comes from, and what of it who has left still sees.

The overview's tables sum others up. They have no retention of their own: a part of one is kept as
long as the table it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

__all__ = ["COLUMNS", "DAY_SOURCES", "keep_overview"]

#: Personal table → the columns of `overview` that come from it.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "course_selection": ("term_credits",),
        "fee_bill": ("outstanding_amount",),
        "library_loan": ("open_loans", "loan_due_date"),
        "meal_account": ("card_balance",),
        "staff": ("staff_no", "unit_name", "on_post_status", "joined_school_date", "left_date"),
        "staff_payroll": ("pay_month", "net_pay"),
        "staff_position": ("position_name", "position_since"),
        "staff_title": ("title",),
        "student": (
            *("student_no", "college_name", "major_name", "class_code", "student_status"),
            "credits_earned",
        ),
        "student_disbursement": ("aid_amount", "aid_paid_date"),
        "teaching": ("teaching_term_code", "class_count", "teaching_hours", "taught_students"),
        "term_summary": ("term_code", "course_count", "gpa_term_code", "gpa", "gpa_before"),
    }
)
#: Personal table → the columns of `overview_day` that come from it.
DAY_SOURCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "library_visit": ("library_minutes",),
        "meal_day": ("meal_count", "meal_amount"),
        "online_learning_day": ("study_minutes",),
    }
)
#: Which column says when what is summed up happened, for tables whose retention counts from that.
#: None: it has not ended, so it has not begun to count.
_DAYS: Mapping[str, str | None] = MappingProxyType(
    {
        "library_loan": None,
        "staff_payroll": "pay_month",
        "student_disbursement": "aid_paid_date",
        "teaching": "teaching_term_code",
        "course_selection": "term_code",
    }
)

#: Personal table and what its rows count from (a day or what names one; None: not begun) → whether
#: rows of it are kept.
Keeps = Callable[[str, Any], bool]


def keep_overview(
    tables: Mapping[str, Mapping[str, Any]], keeps: Keeps, counts_from_rows: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """The tables of the overview with what is still kept of them. `counts_from_rows` are the tables
    whose retention counts from what a row is about; a sum over such rows that says no day is left
    out."""
    by_row = frozenset(counts_from_rows)
    found: dict[str, dict[str, Any]] = {}
    for name, table in tables.items():
        rows = [row for row in (_kept(name, row, keeps, by_row) for row in table["rows"]) if row]
        if rows:
            found[name] = {**table, "rows": rows, "total": len(rows)}
    return found


def _kept(
    name: str, row: Mapping[str, Any], keeps: Keeps, by_row: frozenset[str]
) -> dict[str, Any] | None:
    """The row without what is kept no longer, None where nothing is left of it."""
    if name == "overview":
        return _without(row, COLUMNS, lambda table: _sum_kept(table, row, keeps, by_row))
    if name == "overview_day":
        day: date = row["day"]
        return _without(row, DAY_SOURCES, lambda table: keeps(table, day))
    if name == "overview_grade":
        return dict(row) if keeps("course_grade", None) else None
    table = str(row["table_name"])
    return dict(row) if keeps(table, row.get("step_date")) else None


def _sum_kept(table: str, row: Mapping[str, Any], keeps: Keeps, by_row: frozenset[str]) -> bool:
    if table not in by_row:
        return keeps(table, None)
    if table not in _DAYS:
        return False
    column = _DAYS[table]
    return keeps(table, row.get(column) if column else None)


def _without(
    row: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]], kept: Callable[[str], bool]
) -> dict[str, Any] | None:
    over = {name for table, names in columns.items() if not kept(table) for name in names}
    left = {name: None if name in over else value for name, value in row.items()}
    told = {name for names in columns.values() for name in names}
    return left if any(left.get(name) for name in told) else None
