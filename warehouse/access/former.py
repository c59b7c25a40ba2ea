"""Who has left: what is still kept of them, table by table and row by row, and until when.

A release holds what the sources still deliver, and the lake longer. Who has left is shown what the
contract's retention lets us keep: a span from their leaving, or from what a row is about. A row
without that day (a book not returned, an account not closed) has not begun to count. A table
without a retention that can be read is not shown: nothing says that it may be kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from warehouse.access.overview import keep_overview
from warehouse.access.personal import PAGES
from warehouse.access.persons import person_of
from warehouse.access.reader import Cursor, Reader
from warehouse.contracts.retention import Retention, read_retention
from warehouse.engine import quote

__all__ = ["ROW_DAYS", "Kept", "keep", "kept_tables", "left_and_over"]

#: Personal table → the column that says when a row's span begins, where its contract counts from
#: what the row is about. A loan counts from its settlement, which no source delivers.
ROW_DAYS: Mapping[str, str | None] = {
    "course_selection": "term_code",
    "dorm_stay": "stay_ends_on",
    "fee_bill": "academic_year",
    "fee_payment": "paid_at",
    "it_ticket": "closed_at",
    "library_loan": "returned_at",
    "library_visit": "visit_date",
    "mail_account": "ended_on",
    "mail_month": "month",
    "meal_account": "ended_on",
    "meal_day": "meal_date",
    "meal_month": "month",
    "meal_transaction": "traded_at",
    "network_account": "ended_on",
    "network_month": "month",
    "onboarding_step": "done_at",
    "online_assignment": "term_code",
    "online_course": "term_code",
    "online_learning_day": "term_code",
    "psych_alert": "closed_date",
    "psych_counselling": "session_date",
    "registration": "reported_at",
    "software_activation": "activated_at",
    "staff_checkup": "year",
    "staff_payroll": "month",
    "staff_physical_exam": "year",
    "staff_reimbursement": "submitted_date",
    "staff_welfare": "benefit_date",
    "student_disbursement": "paid_date",
    "student_loan": None,
    "teaching": "term_code",
    "teaching_evaluation": "term_code",
    "work_study": "month",
}
#: Tables whose span begins for all rows with the last of them.
_TOGETHER = frozenset({"psych_counselling"})
_NO_TABLES = frozenset({"item", "table_item"})
#: They sum up what other tables hold, and are kept as those are.
OVERVIEW = frozenset(table.name for table in PAGES["overview"])


@dataclass(frozen=True)
class Kept:
    """A table of which something is kept. `until` is the last day on which any row of it is, None
    where it is for good or has not begun to count."""

    table: str
    rows: int
    retention: str
    permanent: bool
    until: date | None


def keep(
    tables: Mapping[str, Mapping[str, Any]], left_on: date, today: date
) -> dict[str, dict[str, Any]]:
    """The tables of `personal.read_page` with the rows that are still kept; others are left out.
    `total` then counts what is shown, unless all of the table is kept for good."""
    if any(name in tables for name in OVERVIEW):
        return _keep_overview(tables, left_on, today)
    found = {}
    for name, table in tables.items():
        words = str((table.get("provenance") or {}).get("retention") or "")
        rows = _kept_rows(name, list(table["rows"]), words, left_on, today)
        if rows:
            total = table["total"] if _is_permanent(words) else len(rows)
            found[name] = {**table, "rows": rows, "total": total}
    return found


def _keep_overview(
    tables: Mapping[str, Mapping[str, Any]], left_on: date, today: date
) -> dict[str, dict[str, Any]]:
    promised: dict[str, str] = {}
    for table in tables.values():
        for name, source in table.get("sources", {}).items():
            promised[name] = str((source or {}).get("retention") or "")

    def keeps(name: str, begins: Any) -> bool:
        retention = read_retention(promised.get(name, ""))
        if retention is None or retention.is_permanent:
            return retention is not None
        begins = _day(begins) if name in ROW_DAYS else left_on
        return begins is None or today < _end(retention, begins)

    return keep_overview(tables, keeps, ROW_DAYS)


def kept_tables(cursor: Cursor, person_key: int, left_on: date, today: date) -> Iterator[Kept]:
    """Every table of the release of which something of this person is kept, those kept for good
    first. Reads no further than it is asked."""
    present = [
        row[0]
        for row in cursor.execute(
            "select table_name from duckdb_columns() where column_name = 'person_key' "
            "order by table_name"
        ).fetchall()
    ]
    promised = dict(cursor.execute("select table_name, retention from table_item").fetchall())
    order = sorted(
        (name for name in present if promised.get(name) and name not in _NO_TABLES),
        key=lambda name: (not _is_permanent(promised[name]), name),
    )
    for name in order:
        cursor.execute(f"select * from {quote(name)} where person_key = ?", [person_key])
        columns = [column[0] for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        kept = _kept_rows(name, rows, promised[name], left_on, today)
        if kept:
            yield _described(name, kept, promised[name], left_on)


#: Reader → (release, day, person → whether nothing is kept): sessions ask at every request.
_KEPT: WeakKeyDictionary[Reader, tuple[str, date, dict[int, bool]]] = WeakKeyDictionary()


def left_and_over(reader: Reader, person_key: int, today: date) -> bool:
    """Whether a person has left and nothing of theirs is kept any more."""
    with reader.open("personal") as (cursor, release):
        kept = _KEPT.get(reader)
        if kept is None or kept[:2] != (release.id, today):
            kept = (release.id, today, {})
            _KEPT[reader] = kept
        if person_key not in kept[2]:
            found = person_of(cursor, person_key, today)
            left_on = found.left_on if found is not None else None
            kept[2][person_key] = left_on is not None and not any(
                kept_tables(cursor, person_key, left_on, today)
            )
    return kept[2][person_key]


def _kept_rows(
    table: str, rows: list[dict[str, Any]], words: str, left_on: date, today: date
) -> list[dict[str, Any]]:
    retention = read_retention(words)
    if retention is None:
        return []
    if retention.is_permanent:
        return rows
    begins = _beginnings(table, rows, retention, left_on)
    return [
        row
        for row, day in zip(rows, begins, strict=True)
        if day is None or today < _end(retention, day)
    ]


def _described(table: str, rows: list[dict[str, Any]], words: str, left_on: date) -> Kept:
    retention = read_retention(words)
    assert retention is not None
    begins = [] if retention.is_permanent else _beginnings(table, rows, retention, left_on)
    until = None
    if begins and None not in begins:
        until = max(_end(retention, day) for day in begins if day is not None) - timedelta(days=1)
    return Kept(table, len(rows), words, retention.is_permanent, until)


def _end(retention: Retention, day: date) -> date:
    return retention.ends_after(day) or date.max


def _beginnings(
    table: str, rows: list[dict[str, Any]], retention: Retention, left_on: date
) -> list[date | None]:
    """When the span of each row begins; None where it has not."""
    if table in ROW_DAYS:
        column = ROW_DAYS[table]
        days = [_day(row.get(column)) if column is not None else None for row in rows]
        if table in _TOGETHER:
            known = [day for day in days if day is not None]
            return [max(known) if known else None] * len(rows)
        return days
    # From leaving; so too where the words count from a row and nobody said by which column.
    return [left_on] * len(rows)


def _day(value: Any) -> date | None:
    """The last day of what a value names: a moment, month, term, academic year or year."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    parts = str(value).split("-")
    try:
        if len(parts) == 1:
            return date(int(parts[0]), 12, 31)
        if len(parts) == 3 and len(parts[1]) == 4:
            # Nominal ends of the two terms, as in docs/models.md.
            year = int(parts[1])
            return date(year, 1, 31) if parts[2] == "1" else date(year, 7, 31)
        if len(parts[1]) == 4:
            return date(int(parts[1]), 8, 31)
        if len(parts) == 2:
            return Retention(1, "m").ends_after(date(int(parts[0]), int(parts[1]), 1))
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _is_permanent(words: str) -> bool:
    found = read_retention(words)
    return found is not None and found.is_permanent
