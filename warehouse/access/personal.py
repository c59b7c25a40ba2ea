"""My data: what each page shows of one person, and where each table comes from.

The person is always an argument that the caller took from the session. Reads are parameterised
on the integer `person_key`, which the personal file is sorted by.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.access.care import CARE_TABLES
from warehouse.access.due import next_due
from warehouse.access.holders import Holders
from warehouse.access.overview import COLUMNS, DAY_SOURCES
from warehouse.access.reader import Cursor
from warehouse.contracts import load_contracts
from warehouse.engine import quote
from warehouse.governance.appointments import school_day

__all__ = [
    "CARE",
    "PAGES",
    "RECORD",
    "PageTable",
    "read_care",
    "read_items",
    "read_page",
    "read_transactions",
    "sources",
]

#: No page of one person comes near it; it bounds what a damaged release could make us hold.
MOST_ROWS = 5_000
_SCHOOL = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class PageTable:
    """A table on a page. `order` (see `row_order`) and `only` are SQL over its columns. One that
    sums others up says in `sources` which of its columns come from which, or names them in a
    column `table_name`. `newest` names the column of the day and how many months of a large table
    may be read at all, back from the last month of `meal_month`.
    """

    name: str
    order: str = ""
    only: str = ""
    limit: int | None = MOST_ROWS
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    newest: tuple[str, int] | None = None


def _table(name: str, order: str = "") -> PageTable:
    return PageTable(name, order)


_STUDENT = _table("student")
_STAFF = _table("staff")
_CHANGES = _table("student_status_change", "effective_date desc")
_POSTS = _table("staff_position", "is_current desc, effective_date desc")

#: Page → its tables, in the order they are shown.
PAGES: dict[str, tuple[PageTable, ...]] = {
    # Summaries alone: none grows with the years that a person is here, or with a table's size.
    "overview": (
        PageTable("overview", sources=COLUMNS),
        PageTable("overview_next", "due_date"),
        PageTable("overview_class", "weekday, start_period"),
        PageTable("overview_day", "day", sources=DAY_SOURCES),
        PageTable(
            "overview_grade", "place", sources={"course_grade": ("course_name", "course_code")}
        ),
        PageTable("overview_step", "place"),
    ),
    "study": (
        _STUDENT,
        _table("course_selection", "term_code desc, weekday, start_period, course_code"),
        _table("course_grade", "term_code desc, course_code, recorded_at desc"),
        _table("credit_progress", "student_no desc, seq"),
        _table("term_summary", "term_code desc"),
        _table("online_learning_day", "activity_date desc"),
        _table("online_assignment", "submitted_at desc"),
        _CHANGES,
        _table("graduation", "graduation_term desc"),
        _table("graduate_destination", "reported_date desc"),
        _table("admission", "year desc"),
        _table("registration", "reported_at desc"),
        _table("onboarding_step", "done_at"),
        _table("student_education_history", "start_month desc, seq desc"),
        _table("student_political_history", "stage_date desc"),
        _table("student_cadre", "start_date desc"),
        _table("student_family_member", "ended_on nulls first, seq"),
        _table("scholarship", "award_date desc"),
        _table("honor", "award_date desc"),
        _table("achievement", "award_date desc"),
        _table("research_output", "published_date desc"),
        _table("student_grant", "approved_date desc"),
        _table("hardship_aid", "approved_date desc"),
        _table("student_loan", "approved_date desc"),
        _table("work_study", "month desc, post_no"),
        _table("discipline", "decided_date desc"),
        _table("student_evaluation", "academic_year desc"),
        _table("student_certificate", "exam_date desc, exam_code"),
        _table("social_practice", "start_date desc"),
        _table("club_activity", "start_date desc"),
        _table("volunteer_service", "start_date desc"),
    ),
    "life": (
        _table("meal_account"),
        # Years of card data are told by their months; a page holds no more of them than it shows.
        _table("meal_month", "month desc"),
        PageTable("meal_day", "meal_date desc", limit=84, newest=("meal_date", 4)),
        PageTable("meal_transaction", "traded_at desc", limit=20, newest=("traded_at", 1)),
        _table("fee_bill", "academic_year desc, bill_no"),
        _table("fee_payment", "paid_at desc"),
        _table("student_disbursement", "paid_date desc, payment_no"),
        _table("library_loan", "borrowed_at desc"),
        _table("library_visit", "visit_date desc"),
        _table("dorm_stay", "check_in_date desc"),
        _table("staff_room", "end_date desc nulls first, start_date desc"),
        _table("student_physical_exam", "exam_date desc"),
        _table("student_fitness_test", "year desc"),
        _table("staff_checkup", "year desc"),
        _table("staff_physical_exam", "year desc"),
        _table("network_account", "opened_date desc"),
        _table("network_month", "month desc"),
        _table("mail_account", "created_date desc"),
        _table("mail_month", "month desc"),
        _table("software_activation", "activated_at desc"),
        _table("it_ticket", "opened_at desc"),
    ),
    "work": (
        _STAFF,
        _POSTS,
        _table("unit_leadership", "since desc"),
        _table("cadre_appointment", "document_date desc"),
        _table("staff_contract", "start_date desc"),
        _table("staff_title", "award_date desc"),
        _table("staff_education", "award_date desc, seq desc"),
        _table("staff_resume", "start_month desc, seq desc"),
        _table("teaching", "term_code desc, class_no"),
        _table("online_course", "term_code desc, course_name"),
        _table("teaching_evaluation", "term_code desc, class_no, evaluator_group"),
        _table("teaching_performance", "academic_year desc"),
        _table("staff_academic_affiliation", "academic_year desc"),
        _table("research_project", "approved_date desc"),
        _table("research_output", "published_date desc"),
        _table("staff_payroll", "month desc"),
        _table("staff_reimbursement", "submitted_date desc"),
        _table("staff_welfare", "benefit_date desc"),
        _table("staff_training", "start_date desc"),
        _table("staff_honor", "award_date desc"),
        _table("staff_social_post", "end_date desc nulls first, start_date desc"),
        _table("asset_in_custody", "acquired_date desc"),
        _table("staff_room", "end_date desc nulls first, start_date desc"),
    ),
    # and, below, every table that no page names
    "basics": (
        _table("person"),
        _STUDENT,
        _STAFF,
        _table("person_number", "valid_from desc"),
        _table("staff_contact"),
        _table("staff_family"),
        _table("staff_political_affiliation", "effective_date desc"),
    ),
}

#: What no page names: every further table that the release holds on a person. The page of
#: one's basics shows it below all else, so that a table of a system that comes later is seen.
#: Those of mental health stand apart and are not among them.
RECORD = "record"

#: What is read by nothing but an opening of its own (`access.care`).
CARE = (
    PageTable("psych_alert", "opened_date desc"),
    PageTable("psych_counselling", "session_date desc"),
    PageTable("psych_screening", "taken_at desc"),
)
#: So many rows are looked through here rather than counted by the engine.
_FEW_ROWS = 100
#: Columns that only join.
_KEYS = frozenset({"person_key", "counsellor_key"})


def read_page(
    cursor: Cursor,
    page: str,
    person_key: int,
    manifest: Mapping[str, Any],
    *,
    whole: bool = False,
) -> dict[str, dict[str, Any]]:
    """Table name → `{"rows", "total", "columns", "provenance"}`, for tables that hold rows of
    this person. `total` counts all of them, `rows` may be fewer. A table that sums others up has
    `sources`, their provenance by name. A table the release does not have is left out. `whole`
    gives every row of every table, for who takes them along. KeyError for a page that is not one.
    """
    tables = None if page == RECORD else PAGES[page]
    found = _read_tables(cursor, tables, person_key, manifest, whole=whole)
    if page == "basics":
        found |= _read_tables(cursor, None, person_key, manifest, whole=whole)
    return found


def read_care(
    cursor: Cursor, person_key: int, manifest: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """As `read_page`, of the tables of mental health."""
    return _read_tables(cursor, CARE, person_key, manifest)


def _read_tables(
    cursor: Cursor,
    tables: Sequence[PageTable] | None,
    person_key: int,
    manifest: Mapping[str, Any],
    *,
    whole: bool = False,
    parameters: Sequence[Any] = (),
) -> dict[str, dict[str, Any]]:
    """`tables` None: all that are on no page. `parameters` are those of each table's `only`."""
    release = _layout(cursor, manifest)
    found: dict[str, dict[str, Any]] = {}
    for table in release.further_tables() if tables is None else tables:
        if whole:
            table = replace(table, only="", limit=None, newest=None)
        if table.name not in release.columns:
            continue
        bounds = [*parameters]
        if table.newest and (months := found.get("meal_month", {}).get("rows")):
            column, back = table.newest
            table = replace(table, only=f"{quote(column)} >= ?")
            first = _months_before(months[0]["month"], back - 1)
            # Of the column's type, or each value is converted and no block of rows is left out.
            bounds = [_begins(first) if column.endswith("_at") else first]
        if answer := _read_table(cursor, release, table, [person_key, *bounds]):
            found[table.name] = {**answer, "provenance": release.of(table.name)}
            if summed_up := sorted(_summed_up(table, answer["rows"])):
                found[table.name]["sources"] = {name: release.of(name) for name in summed_up}
    return found


def _months_before(month: str, back: int) -> date:
    """The first day of the month so many months before this one (`2026-05`)."""
    years, ordinal = divmod(int(month[:4]) * 12 + int(month[5:7]) - 1 - back, 12)
    return date(years, ordinal + 1, 1)


def _begins(day: date) -> datetime:
    """When a day of the college begins, in UTC without a zone as the tables hold it."""
    return datetime.combine(day, time(), _SCHOOL).astimezone(UTC).replace(tzinfo=None)


def _summed_up(table: PageTable, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """The tables that these rows say something of."""
    named = {row["table_name"] for row in rows if "table_name" in row}
    return named | {
        name
        for name, columns in table.sources.items()
        if any(row.get(column) for row in rows for column in columns)
    }


def read_transactions(
    cursor: Cursor, person_key: int, month: date, manifest: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """As `read_page`: the card transactions of the month (Beijing) that begins with that day."""
    following = (month.replace(day=1) + timedelta(days=31)).replace(day=1)
    bounds = [_begins(month), _begins(following)]
    table = PageTable("meal_transaction", "traded_at desc", "traded_at >= ? and traded_at < ?")
    return _read_tables(cursor, [table], person_key, manifest, parameters=bounds)


def _read_table(
    cursor: Cursor, release: _Layout, table: PageTable, parameters: Sequence[Any]
) -> dict[str, Any] | None:
    """`parameters` are the person's key and those of the table's `only`."""
    held = release.holders.rows(cursor, table.name, parameters[0])
    if held == 0:
        return None
    also = f" and ({table.only})" if table.only else ""
    source = f"from {quote(table.name)} where person_key = ?{also}"
    # For the engine, a limit is a fifth of such a statement and a sort a third: what is known to be
    # few rows goes without the one, and all are put in order here. One more than are shown tells
    # whether there are more.
    few = table.limit is None or (held is not None and held <= MOST_ROWS)
    bound = "" if few else f"limit {MOST_ROWS + 1}"
    cursor.execute(f"select * {source} {bound}", parameters)
    shape = release.shape(table.name, cursor.description)
    fetched = cursor.fetchall()
    total = len(fetched)
    if not few and total > MOST_ROWS:
        total = cursor.execute(f"select count(*) {source}", parameters).fetchone()[0]
        order = f"order by {table.order}" if table.order else ""
        cursor.execute(f"select * {source} {order} limit {table.limit}", parameters)
        fetched = cursor.fetchall()
    elif table.order and total > 1:
        fetched = in_order(fetched, shape.names, row_order(table.order))
    if not fetched:
        return None
    return {
        "rows": [shape.shown(row) for row in fetched[: table.limit]],
        "total": total,
        "columns": shape.columns,
    }


class _Shape:
    """The columns of a table, and which of them are shown: all but those that only join."""

    def __init__(self, description: Sequence[Sequence[Any]]) -> None:
        self.names = [str(column[0]) for column in description]
        shown = [place for place, name in enumerate(self.names) if name not in _KEYS]
        self._shown_names = [self.names[place] for place in shown]
        self._first = shown[0] if shown else 0
        self._in_a_row = shown == list(range(self._first, len(self.names)))
        self._pick = itemgetter(*shown, self._first)
        self.columns = [
            {"name": self.names[place], "type": str(description[place][1])} for place in shown
        ]

    def shown(self, row: tuple[Any, ...]) -> dict[str, Any]:
        # Nearly always the key comes first: what is behind it is cut off faster than picked out.
        values = row[self._first :] if self._in_a_row else self._pick(row)
        return dict(zip(self._shown_names, values, strict=False))


@cache
def row_order(order: str) -> tuple[tuple[str, bool, bool], ...]:
    """Column, whether descending, whether nulls come first, of an `order by` of plain columns:
    `end_date desc nulls first, seq`. ValueError for any other."""
    found = []
    for part in order.split(","):
        column, *words = part.split()
        descending = words[:1] == ["desc"]
        rest = words[1:] if descending else words
        if rest not in ([], ["nulls", "first"]) or not column.isidentifier():
            raise ValueError(f"not an order of columns: {order}")
        found.append((column, descending, bool(rest)))
    return tuple(found)


def in_order(
    rows: list[tuple[Any, ...]], columns: Sequence[str], order: Sequence[tuple[str, bool, bool]]
) -> list[tuple[Any, ...]]:
    """Rows as `order by` would give them; rows that are alike in it stay as they came."""
    for column, descending, nulls_first in reversed(order):
        place = columns.index(column)
        known = [row for row in rows if row[place] is not None]
        missing = [row for row in rows if row[place] is None]
        known.sort(key=itemgetter(place), reverse=descending)
        rows = missing + known if nulls_first else known + missing
    return rows


def sources(cursor: Cursor, manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Personal table → where it comes from, as below the tables of a page."""
    release = _layout(cursor, manifest)
    return {name: found for name in release.columns if (found := release.of(name)) is not None}


def read_items(
    cursor: Cursor,
    kinds: Sequence[str],
    person_key: int,
    manifest: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """The items of annexes 3 and 4 for persons of these kinds: who answers for each, by when,
    which tables and columns hold it (`holders` is empty where nothing feeds it yet), whether
    everybody should have it (`is_due`), and of this person whether it is `held` and when what
    holds it was last updated in its system (`updated_at`, UTC, None where nothing is held)."""
    release = _layout(cursor, manifest)
    items = [dict(item) for item in release.items if item["person_kind"] in kinds]
    held = _held_columns(cursor, items, person_key, release)
    for item in items:
        own = [
            held[holder["table"]][1]
            for holder in item["holders"]
            if holder["table"] in held and held[holder["table"]][0] & set(holder["columns"])
        ]
        item["held"] = bool(own)
        item["updated_at"] = max((at for at in own if at), default=None)
    return items


def _read_items(cursor: Cursor) -> list[dict[str, Any]]:
    cursor.execute(
        "select code, name, person_kind, owner, owner_id, deadline, note, holders, is_due "
        "from item order by code"
    )
    names = [column[0] for column in cursor.description]
    items = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for item in items:
        if isinstance(item["holders"], str):
            item["holders"] = json.loads(item["holders"])
    return items


def _held_columns(
    cursor: Cursor,
    items: Sequence[Mapping[str, Any]],
    person_key: int,
    release: _Layout,
) -> dict[str, tuple[set[str], Any]]:
    """Of each table that holds an item: the columns in which this person has a value, and the
    newest update of their rows."""
    present = release.columns
    wanted: dict[str, set[str]] = {}
    for item in items:
        for holder in item["holders"]:
            known = present.get(holder["table"], ())
            wanted.setdefault(holder["table"], set()).update(set(known) & set(holder["columns"]))
    found: dict[str, tuple[set[str], Any]] = {}
    for table, columns in wanted.items():
        if "person_key" not in present.get(table, ()) or not columns:
            continue
        found[table] = _filled(cursor, release, table, sorted(columns), person_key)
    return found


def _filled(
    cursor: Cursor, release: _Layout, table: str, columns: Sequence[str], person_key: int
) -> tuple[set[str], Any]:
    """Which of the columns hold a value of this person, and the newest update of their rows."""
    held = release.holders.rows(cursor, table, person_key)
    if held == 0:
        return set(), None
    source = f"from {quote(table)} where person_key = ?"
    updated = "updated_at" if "updated_at" in release.columns[table] else "null"
    if held is not None and held <= _FEW_ROWS:  # the engine takes twice as long to count them
        names = ", ".join(map(quote, columns))
        rows = cursor.execute(f"select {updated}, {names} {source}", [person_key]).fetchall()
        return _looked_through(columns, rows)
    counts = ", ".join(f"count({quote(column)})" for column in columns)
    row = cursor.execute(f"select max({updated}), {counts} {source}", [person_key]).fetchone()
    return {column for column, count in zip(columns, row[1:], strict=True) if count}, row[0]


def _looked_through(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[set[str], Any]:
    """As `_filled`, of rows of the update and the columns."""
    newest, *values = zip(*rows, strict=True)
    filled = {
        column
        for column, given in zip(columns, values, strict=True)
        if any(value is not None for value in given)
    }
    return filled, max((at for at in newest if at is not None), default=None)


class _Layout:
    """What a release holds whoever asks: its tables with their columns, and where each comes from
    (item, owner unit, source system, freshness)."""

    def __init__(self, cursor: Cursor, manifest: Mapping[str, Any]) -> None:
        self.manifest = manifest
        self.columns: dict[str, set[str]] = {}
        for table, column in cursor.execute(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall():
            self.columns.setdefault(table, set()).add(column)
        self.holders = Holders(
            dict(
                cursor.execute("select table_name, estimated_size from duckdb_tables()").fetchall()
            )
        )
        self._shapes: dict[str, _Shape] = {}
        self._found: dict[str, dict[str, Any] | None] = {}
        self._rows: dict[str, dict[str, Any]] = {}
        self.items: list[dict[str, Any]] = []
        self._newest: dict[str, str] = {}
        if "table_item" in self.columns:
            cursor.execute("select * from table_item")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                self._rows[row[names.index("table_name")]] = dict(zip(names, row, strict=True))
        if "item" in self.columns:
            self.items = _read_items(cursor)
        self._items = {item["code"]: (item["name"], item["deadline"]) for item in self.items}
        for batch in manifest.get("batches", []):
            table, at = f"{batch['source']}.{batch['table']}", batch["extracted_at"]
            self._newest[table] = max(self._newest.get(table, at), at)

    def shape(self, table: str, description: Sequence[Sequence[Any]]) -> _Shape:
        """Of `select *`, as the cursor describes it."""
        if table not in self._shapes:
            self._shapes[table] = _Shape(description)
        return self._shapes[table]

    def further_tables(self) -> list[PageTable]:
        """The tables on no page of `PAGES`, in the order their rows are stored in. Those of mental
        health are on none and not here either."""
        shown = {table.name for tables in PAGES.values() for table in tables} | set(CARE_TABLES)
        return [PageTable(name) for name in sorted(self._rows.keys() - shown)]

    def of(self, table: str) -> dict[str, Any] | None:
        if table not in self._found:
            self._found[table] = self._provenance(table)
        return self._found[table]

    def _provenance(self, table: str) -> dict[str, Any] | None:
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
            "due_on": due[0].isoformat() if due else None,
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


#: The layout of the release read last. It holds no person's value.
_known: list[_Layout] = []


def _layout(cursor: Cursor, manifest: Mapping[str, Any]) -> _Layout:
    """Read once a release: a reader hands the same manifest to all who read one release."""
    held = _known[:1]
    if not held or held[0].manifest is not manifest:
        held = [_Layout(cursor, manifest)]
        _known[:] = held
    return held[0]


def _cadence(row: Mapping[str, Any]) -> str | None:
    """The contract's cadence for a line of `table_item`, which has it in words."""
    return _cadences().get((row["source_id"], row["source_table"]))


@cache
def _cadences() -> Mapping[tuple[str, str], str]:
    return {(table.source, table.name): table.cadence for table in load_contracts()}


def _school_day(moment: str) -> date:
    """The college's day of a moment of the manifest, which is UTC where it says no zone."""
    found = datetime.fromisoformat(moment)
    return school_day(found if found.tzinfo else found.replace(tzinfo=UTC))
