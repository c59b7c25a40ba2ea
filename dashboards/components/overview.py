"""How things stand for a person: term, work, money, recent days and the way that led here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dashboards import formats
from dashboards.components import markup
from dashboards.components.blocks import Tables
from dashboards.text import language, say

__all__ = ["books", "days_line", "meal_weeks", "money", "path", "study", "subtitle", "work"]

#: A salary is told as the latest for so many days after its month began.
_PAY_DAYS = 100
_WEEKS = 12


def subtitle(me: Mapping[str, Any]) -> list[str]:
    """Number, place and class of a student; number and unit of a member of staff."""
    names = ("student_no", "college_name", "major_name", "class_code", "staff_no", "unit_name")
    return [str(me[name]) for name in names if me.get(name)]


def study(me: Mapping[str, Any], today: date) -> list[markup.Tile]:
    """Credits, grade point average, courses of the term; the status of who no longer studies."""
    tongue = language()
    found: list[markup.Tile] = []
    status = me.get("student_status")
    if status and status != "在读":
        found.append((say("over.status"), str(status), "", ""))
    if me.get("credits_earned") is not None:
        earned = formats.number(me["credits_earned"])
        found.append((say("tile.credits"), earned, say("unit.credits"), ""))
    if me.get("gpa") is not None:
        below = formats.term(me.get("gpa_term_code"), tongue)
        if me.get("gpa_before") is not None:
            change = round(float(me["gpa"]) - float(me["gpa_before"]), 2)
            below = say("tile.gpa_same")
            if change:
                below = say("tile.gpa_change", change=f"{change:+.2f}")
        found.append((say("tile.gpa"), formats.number(me["gpa"], 2), "", below))
    if me.get("course_count") and status == "在读":
        below = ""
        if me.get("term_credits") is not None:
            below = say("over.term_credits", credits=formats.number(me["term_credits"]))
        count = formats.number(me["course_count"], 0)
        found.append((say("over.courses"), count, say("unit.courses"), below))
    return found


def work(me: Mapping[str, Any], today: date) -> list[markup.Tile]:
    """Post, title, years and teaching; of who has left, since when."""
    tongue = language()
    found: list[markup.Tile] = []
    left = formats.from_iso_date(me.get("left_date"))
    if left and me.get("on_post_status"):
        since = say("over.left_day", day=formats.day(left, today, tongue))
        found.append((say("over.left"), str(me["on_post_status"]), "", since))
    elif me.get("position_name"):
        since = say("tile.since", day=formats.month(me.get("position_since"), tongue))
        found.append((say("tile.position"), str(me["position_name"]), "", since))
    if me.get("title"):
        found.append((say("over.title"), str(me["title"]), "", ""))
    joined, until = formats.from_iso_date(me.get("joined_school_date")), left or today
    if joined:
        years = until.year - joined.year - ((until.month, until.day) < (joined.month, joined.day))
        since = formats.month(joined, tongue)
        found.append(
            (say("tile.years"), str(years), say("unit.years"), say("tile.since", day=since))
        )
    if me.get("class_count") and not left:
        below = say(
            "over.hours",
            hours=formats.number(me.get("teaching_hours"), 0),
            count=formats.number(me.get("taught_students"), 0),
        )
        term = formats.term(me.get("teaching_term_code"), tongue)
        count = formats.number(me["class_count"], 0)
        found.append((say("over.classes"), count, say("unit.classes"), f"{term} · {below}"))
    return found


def money(me: Mapping[str, Any], days: list[dict[str, Any]], today: date) -> list[markup.Tile]:
    """Card, fees, aid and the last salary."""
    tongue = language()
    found: list[markup.Tile] = []
    if me.get("card_balance") is not None:
        month = f"{today:%Y-%m}"
        spent = sum(
            float(row.get("meal_amount") or 0)
            for row in days
            if str(row.get("day", "")).startswith(month)
        )
        below = say("tile.month_spend", amount=formats.money(spent, tongue)) if days else ""
        balance = formats.number(me["card_balance"], 2)
        found.append((say("tile.balance"), balance, say("unit.yuan"), below))
    owed = me.get("outstanding_amount")
    if owed is not None:
        below = "" if owed else say("tile.unpaid_none")
        found.append((say("tile.unpaid"), formats.number(owed, 2), say("unit.yuan"), below))
    if me.get("aid_amount"):
        below = say("over.aid_day", day=formats.day(me.get("aid_paid_date"), today, tongue))
        amount = formats.number(me["aid_amount"], 2)
        found.append((say("over.aid"), amount, say("unit.yuan"), below))
    month = formats.from_iso_date(f"{me['pay_month']}-01") if me.get("pay_month") else None
    if month and (today - month).days <= _PAY_DAYS and me.get("net_pay") is not None:
        below = formats.month(month, tongue)
        net = formats.number(me["net_pay"], 2)
        found.append((say("over.pay"), net, say("unit.yuan"), below))
    return found


def books(me: Mapping[str, Any], today: date) -> list[markup.Tile]:
    """What is out of the library."""
    if not me.get("open_loans"):
        return []
    due = formats.day(me.get("loan_due_date"), today, language())
    count = formats.number(me["open_loans"], 0)
    return [(say("tile.loans"), count, say("unit.books"), say("tile.loans_due", day=due))]


def meal_weeks(days: list[dict[str, Any]], last: date) -> list[list[int | None]]:
    """Twelve weeks up to the one of `last`, each of seven days: 0 where nothing was spent, 1 to 4
    by a quarter of the dearest day, None behind `last`."""
    spent = {
        formats.from_iso_date(row.get("day")): float(row.get("meal_amount") or 0)
        for row in days
        if (row.get("meal_count") or 0) > 0
    }
    most = max(spent.values(), default=0.0)
    first = last - timedelta(days=last.weekday(), weeks=_WEEKS - 1)

    def level(day: date) -> int | None:
        if day > last:
            return None
        amount = spent.get(day)
        if amount is None or most <= 0:
            return 0
        return max(1, min(4, int(amount / most * 4 + 0.9999)))

    return [
        [level(first + timedelta(weeks=week, days=day)) for day in range(7)]
        for week in range(_WEEKS)
    ]


def days_line(days: list[dict[str, Any]]) -> str:
    """The last twelve weeks in a sentence; empty where there is nothing to say."""
    tongue = language()
    eaten = [row for row in days if (row.get("meal_count") or 0) > 0]
    parts = []
    if eaten:
        mean = sum(float(row.get("meal_amount") or 0) for row in eaten) / len(eaten)
        parts.append(say("over.meals", days=len(eaten), mean=formats.money(mean, tongue)))
    for column, key in (("library_minutes", "over.library"), ("study_minutes", "over.study")):
        minutes = sum(int(row.get(column) or 0) for row in days)
        if minutes >= 30:
            parts.append(say(key, hours=formats.number(minutes / 60, 0)))
    return say("over.full_stop", text=say("over.and").join(parts)) if parts else ""


def path(tables: Tables, today: date) -> list[tuple[str, str, str, bool]]:
    """The way through the college, newest first: when, what, by whom, still to come."""
    tongue = language()
    steps = []
    for row in tables.rows("overview_step"):
        when = formats.from_iso_date(row.get("step_date"))
        if when is None:
            continue
        title = str(row.get("title") or formats.MISSING)
        what = say(f"over.step.{row['kind']}", title=title, status=title)
        shown, future = formats.month(when, tongue), when > today
        shown = say("time.expected", month=shown) if future else shown
        steps.append((shown, what, tables.owner(str(row.get("table_name"))), future))
    return steps
