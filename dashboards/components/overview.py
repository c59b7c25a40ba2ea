"""What the overview tells a person first: what is next, and how things stand."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboards import formats
from dashboards.components.blocks import Tables
from dashboards.components.markup import Entry
from dashboards.text import language, say

__all__ = ["next_things", "path", "subtitle", "tiles"]


def subtitle(tables: Tables) -> list[str]:
    """Number, place and class of a student; number and unit of a member of staff."""
    parts: list[str] = []
    student, staff = tables.first("student"), tables.first("staff")
    if student:
        names = ("student_no", "college_name", "major_name", "class_code")
        parts += [str(student[name]) for name in names if student.get(name)]
    if staff:
        parts += [str(staff[name]) for name in ("staff_no", "unit_name") if staff.get(name)]
    return parts


def next_things(tables: Tables, today: date) -> list[Entry]:
    """Books to return, fees to pay, courses to take again: the nearest first."""
    tongue = language()
    found: list[tuple[int, Entry]] = []
    for row in tables.rows("library_loan"):
        due = formats.from_iso_date(row.get("due_date"))
        if row.get("returned_at") or due is None:
            continue
        left = (due - today).days
        entry = Entry(
            say("next.return", title=row.get("title") or "—"),
            say(
                "next.return_note",
                day=formats.day(due, today, tongue),
                owner=tables.owner("library_loan"),
            ),
            side=_countdown(left),
            state="bad" if left < 0 else "watch" if left <= 7 else "info",
        )
        found.append((left, entry))
    for row in tables.rows("fee_bill"):
        if not (row.get("outstanding_amount") or 0) > 0:
            continue
        until = formats.from_iso_date(row.get("deferred_until"))
        left = (until - today).days if until else 0
        entry = Entry(
            say(
                "next.pay",
                item=row.get("fee_item") or "—",
                amount=formats.money(row["outstanding_amount"], tongue),
            ),
            say(
                "next.pay_note",
                year=formats.year_name(row.get("academic_year"), tongue),
                owner=tables.owner("fee_bill"),
            ),
            side=_countdown(left) if until else say("next.unpaid"),
            state="watch" if left >= 0 else "bad",
        )
        found.append((left, entry))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])[:4]]


def _countdown(left: int) -> str:
    if left < 0:
        return say("next.overdue", days=-left)
    return say("next.today") if left == 0 else say("next.days", days=left)


def tiles(tables: Tables, today: date) -> list[tuple]:
    """Credits, grade point average, card, books for a student; post and teaching for staff."""
    return [*_study_tiles(tables), *_work_tiles(tables, today), *_life_tiles(tables, today)]


def _study_tiles(tables: Tables) -> list[tuple]:
    found: list[tuple] = []
    student = tables.first("student")
    terms = sorted(tables.rows("term_summary"), key=lambda row: row.get("term_code") or "")
    if student.get("total_credits") is not None:
        figure = formats.number(student["total_credits"])
        found.append((say("tile.credits"), figure, say("unit.credits"), ""))
    graded = [row for row in terms if row.get("gpa") is not None]
    if graded:
        now = graded[-1]["gpa"]
        below = formats.term(graded[-1].get("term_code"), language())
        if len(graded) > 1:
            change = round(float(now) - float(graded[-2]["gpa"]), 2)
            below = say("tile.gpa_same")
            if change:
                below = say("tile.gpa_change", change=f"{change:+.2f}")
        found.append((say("tile.gpa"), formats.number(now, 2), "", below))
    return found


def _work_tiles(tables: Tables, today: date) -> list[tuple]:
    found: list[tuple] = []
    tongue = language()
    staff = tables.first("staff")
    current = [row for row in tables.rows("staff_position") if row.get("is_current")]
    if current:
        since = formats.month(current[0].get("effective_date"), tongue)
        name = str(current[0].get("position_name") or current[0].get("post_category") or "—")
        found.append((say("tile.position"), name, "", say("tile.since", day=since)))
    joined = formats.from_iso_date(staff.get("joined_school_date"))
    if joined:
        years = today.year - joined.year - ((today.month, today.day) < (joined.month, joined.day))
        since = formats.month(joined, tongue)
        found.append(
            (say("tile.years"), str(years), say("unit.years"), say("tile.since", day=since))
        )
    classes = tables.rows("teaching")
    if classes:
        latest = max(row.get("term_code") or "" for row in classes)
        mine = [row for row in classes if row.get("term_code") == latest]
        people = sum(int(row.get("enrolled") or 0) for row in mine)
        found.append(
            (
                say("tile.classes"),
                str(len(mine)),
                say("unit.classes"),
                say("tile.students", count=formats.number(people, 0)),
            )
        )
    return found


def _life_tiles(tables: Tables, today: date) -> list[tuple]:
    found: list[tuple] = []
    tongue = language()
    card = tables.first("meal_account")
    if card.get("balance") is not None:
        days: list[dict[str, Any]] = tables.rows("meal_day")
        month = f"{today:%Y-%m}"
        spent = sum(
            float(row.get("amount") or 0)
            for row in days
            if str(row.get("meal_date", "")).startswith(month)
        )
        below = say("tile.month_spend", amount=formats.money(spent, tongue)) if days else ""
        found.append(
            (say("tile.balance"), formats.number(card["balance"], 2), say("unit.yuan"), below)
        )
    out = [row for row in tables.rows("library_loan") if not row.get("returned_at")]
    if out:
        due = min(str(row.get("due_date") or "9999-12-31") for row in out)
        below = say("tile.loans_due", day=formats.day(due, today, tongue))
        found.append((say("tile.loans"), str(len(out)), say("unit.books"), below))
    return found


def path(tables: Tables) -> list[tuple[str, str, str, bool]]:
    """The way through the college, newest first: when, what, by whom, still to come."""
    tongue = language()
    steps: list[tuple[str, str, str, str, bool]] = []

    def step(when: str | None, what: str, who: str, future: bool = False) -> None:
        if when:
            shown = formats.month(when, tongue)
            shown = say("time.expected", month=shown) if future else shown
            steps.append((str(when), shown, what, who, future))

    student, staff = tables.first("student"), tables.first("staff")
    if student:
        owner = tables.owner("student")
        entered = say("time.entered", major=student.get("major_name") or "—")
        step(student.get("entry_date"), entered, owner)
        step(student.get("expected_graduation"), say("time.graduate"), owner, True)
    if staff:
        owner = tables.owner("staff")
        step(staff.get("work_start_date"), say("time.started"), owner)
        step(staff.get("joined_school_date"), say("time.joined"), owner)
    for row in tables.rows("student_status_change"):
        into = row.get("to_major") or row.get("to_class") or row.get("to_status")
        what = str(row.get("change_type") or "—") + (f"：{into}" if into else "")
        step(row.get("effective_date"), what, tables.owner("student_status_change"))
    for row in tables.rows("staff_position"):
        name = row.get("position_name") or row.get("post_category") or "—"
        owner = tables.owner("staff_position")
        step(row.get("effective_date"), say("time.post", position=name), owner)
    return [(shown, what, who, future) for _, shown, what, who, future in sorted(steps)[::-1]]
