"""My data: what each page shows of one person, and where each table comes from.

The person is always an argument that the caller took from the session. Reads are parameterised
on the integer `person_key`, which the personal file is sorted by.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from warehouse.access.due import next_due
from warehouse.access.reader import Cursor
from warehouse.contracts import load_contracts
from warehouse.engine import quote
from warehouse.governance.appointments import school_day

__all__ = ["PAGES", "RECORD", "PageTable", "read_items", "read_page"]

#: No page of one person comes near it; it bounds what a damaged release could make us hold.
MOST_ROWS = 5_000


@dataclass(frozen=True)
class PageTable:
    """A table on a page. `order` and `only` are SQL over its columns."""

    name: str
    order: str = ""
    only: str = "true"
    limit: int = MOST_ROWS


def _table(name: str, order: str = "") -> PageTable:
    return PageTable(name, order)


_STUDENT = _table("student")
_STAFF = _table("staff")
_CHANGES = _table("student_status_change", "effective_date desc")
_POSTS = _table("staff_position", "is_current desc, effective_date desc")

#: Page → its tables, in the order they are shown.
PAGES: dict[str, tuple[PageTable, ...]] = {
    "overview": (
        _STUDENT,
        _STAFF,
        PageTable("staff_position", "effective_date desc", only="is_current", limit=5),
        PageTable("term_summary", "term_code desc", limit=8),
        PageTable("course_grade", "term_code desc, recorded_at desc", limit=5),
        PageTable("teaching", "term_code desc, class_no", limit=5),
        PageTable("library_loan", "due_date", only="returned_at is null", limit=5),
        PageTable("fee_bill", "academic_year desc", only="outstanding_amount > 0", limit=5),
        PageTable("meal_account", "", limit=2),
        PageTable("meal_day", "meal_date desc", limit=31),
    ),
    "study": (
        _table("term_summary", "term_code desc"),
        _table("course_grade", "term_code desc, course_code"),
        _table("course_selection", "term_code desc, course_code"),
        _CHANGES,
    ),
    "life": (
        _table("fee_bill", "academic_year desc, bill_no"),
        _table("fee_payment", "paid_at desc"),
        _table("meal_account"),
        _table("meal_day", "meal_date desc"),
        _table("meal_transaction", "traded_at desc"),
        _table("library_loan", "borrowed_at desc"),
    ),
    "work": (_table("teaching", "term_code desc, class_no"), _POSTS),
    "basics": (_STUDENT, _STAFF, _table("person_number", "valid_from"), _CHANGES, _POSTS),
}

#: The page of what no other page shows: every further table that the release holds on a person.
RECORD = "record"


def read_page(
    cursor: Cursor, page: str, person_key: int, manifest: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Table name → `{"rows", "total", "columns", "provenance"}`, for tables that hold rows of
    this person. `total` counts all of them, `rows` may be fewer on the overview. A table the
    release does not have is left out. KeyError for a page that is not one.
    """
    present = {
        row[0] for row in cursor.execute("select table_name from duckdb_tables()").fetchall()
    }
    provenance = _Provenance(cursor, manifest, present)
    found: dict[str, dict[str, Any]] = {}
    for table in provenance.further_tables() if page == RECORD else PAGES[page]:
        if table.name in present and (answer := _read_table(cursor, table, person_key)):
            found[table.name] = {**answer, "provenance": provenance.of(table.name)}
    return found


def _read_table(cursor: Cursor, table: PageTable, person_key: int) -> dict[str, Any] | None:
    source = f"from {quote(table.name)} where person_key = ? and ({table.only})"
    total = cursor.execute(f"select count(*) {source}", [person_key]).fetchone()[0]
    if not total:
        return None
    order = f"order by {table.order}" if table.order else ""
    cursor.execute(
        f"select * exclude (person_key) {source} {order} limit {table.limit}", [person_key]
    )
    columns = [(column[0], str(column[1])) for column in cursor.description]
    rows = [dict(zip((name for name, _ in columns), row, strict=True)) for row in cursor.fetchall()]
    return {
        "rows": rows,
        "total": total,
        "columns": [{"name": name, "type": kind} for name, kind in columns],
    }


def read_items(cursor: Cursor, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """The items of annexes 3 and 4 for persons of these kinds: who answers for each, by when,
    and which tables and columns hold it (`holders` is empty where nothing feeds it yet)."""
    cursor.execute(
        "select code, name, person_kind, owner, deadline, note, holders, coverage, oldest, newest "
        "from item where person_kind in (select unnest(?)) order by code",
        [list(kinds)],
    )
    names = [column[0] for column in cursor.description]
    items = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for item in items:
        if isinstance(item["holders"], str):
            item["holders"] = json.loads(item["holders"])
    return items


class _Provenance:
    """Where a personal table comes from: item, owner unit, source system, freshness."""

    def __init__(self, cursor: Cursor, manifest: Mapping[str, Any], present: set[str]) -> None:
        self._rows: dict[str, dict[str, Any]] = {}
        self._items: dict[str, tuple[str, str]] = {}
        self._newest: dict[str, str] = {}
        if "table_item" in present:
            cursor.execute("select * from table_item")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                self._rows[row[names.index("table_name")]] = dict(zip(names, row, strict=True))
        if "item" in present:
            rows = cursor.execute("select code, name, deadline from item").fetchall()
            self._items = {code: (name, deadline) for code, name, deadline in rows}
        for batch in manifest.get("batches", []):
            table, at = f"{batch['source']}.{batch['table']}", batch["extracted_at"]
            self._newest[table] = max(self._newest.get(table, at), at)

    def further_tables(self) -> list[PageTable]:
        """The tables on no page of `PAGES`, in the order their rows are stored in."""
        shown = {table.name for tables in PAGES.values() for table in tables}
        return [PageTable(name) for name in sorted(self._rows.keys() - shown)]

    def of(self, table: str) -> dict[str, Any] | None:
        row = self._rows.get(table)
        if row is None:
            return None
        codes = list(row["item_codes"] or ())
        deadlines = [self._items[code][1] for code in codes if code in self._items]
        updated = self._updated(row)
        due = next_due(deadlines, _cadence(row), _school_day(updated)) if updated else None
        return {
            "items": [{"code": c, "name": self._items.get(c, ("", ""))[0]} for c in codes],
            "datasets": list(row.get("dataset_codes") or ()),
            "owner": row["owner"],
            "source_name": row["source_name"],
            "updated_at": updated,
            "due_on": due[0] if due else None,
            "due_by": due[1] if due else None,
            "cadence": row["cadence"],
            "legal_basis": row["legal_basis"],
            "retention": row["retention"],
            "deadline": "；".join(dict.fromkeys(d for d in deadlines if d)) or None,
        }

    def _updated(self, row: Mapping[str, Any]) -> str | None:
        """When the newest batch of its source table was extracted."""
        for name in str(row["source_table"] or "").replace(" ", "").split(","):
            table = name.replace("/", ".")
            if "." not in table:
                table = f"{row['source_id']}.{table}"
            if table in self._newest:
                return self._newest[table]
        return None


def _cadence(row: Mapping[str, Any]) -> str | None:
    """The contract's cadence for a line of `table_item`, which has it in words."""
    return _cadences().get((row["source_id"], row["source_table"]))


@lru_cache(maxsize=1)
def _cadences() -> Mapping[tuple[str, str], str]:
    return {(table.source, table.name): table.cadence for table in load_contracts()}


def _school_day(moment: str) -> date:
    """The college's day of a moment of the manifest, which is UTC where it says no zone."""
    found = datetime.fromisoformat(moment)
    return school_day(found if found.tzinfo else found.replace(tzinfo=UTC))
