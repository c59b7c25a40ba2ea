"""What is next for a person: classes of today and tomorrow, then what is due, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dashboards import formats
from dashboards.components.blocks import Tables
from dashboards.components.markup import Entry
from dashboards.text import language, say

__all__ = ["MOST", "classes", "in_weeks", "next_things"]

MOST = 6
#: Days ahead from which a thing is worth a line; what is not here always is.
_AHEAD = {"contract": 180, "account": 30, "discipline": 366, "notice": 60}
_SOON = 7
#: Courses not passed that are named.
_NAMED = 3


def in_weeks(weeks: str | None, week: int) -> bool:
    """Whether a class of these teaching weeks (`1-16`, `1-8,10`) meets in that one. What cannot be
    read says nothing against it."""
    if not weeks:
        return True
    for part in weeks.replace("，", ",").split(","):
        first, _, last = part.strip().partition("-")
        if not (first.isdigit() and (last or first).isdigit()):
            return True
        if int(first) <= week <= int(last or first):
            return True
    return False


def classes(rows: Iterable[Mapping[str, Any]], day: date) -> list[Mapping[str, Any]]:
    """The rows of a timetable that meet on that day, the earliest first. Weeks are counted from the
    Monday of the week in which the term begins."""
    found = []
    for row in rows:
        begins = formats.from_iso_date(row.get("term_start_date"))
        if begins is None or row.get("weekday") != day.isoweekday():
            continue
        week = (day - (begins - timedelta(days=begins.weekday()))).days // 7 + 1
        if week >= 1 and in_weeks(row.get("weeks"), week):
            found.append(row)
    return sorted(found, key=lambda row: (row.get("start_period") or 0, str(row.get("class_no"))))


def next_things(tables: Tables, today: date) -> tuple[list[Entry], int]:
    """Lines for what is next and how many more there are. What is late or due today stands first,
    then the classes, then the rest by its day; what has no day comes last."""
    rows = tables.rows("overview_next")
    timed = [found for row in rows if (found := _thing(tables, row, today))]
    timed += [
        (left, 1, _class(row, left))
        for left in (0, 1)
        for row in classes(tables.rows("overview_class"), today + timedelta(days=left))
    ]
    if failed := [row for row in rows if row.get("kind") == "course"]:
        timed.append((_NO_DAY, 0, _failed(tables, failed)))
    timed.sort(key=lambda thing: thing[:2])
    return [entry for _, _, entry in timed[:MOST]], max(0, len(timed) - MOST)


#: Where things without a day stand.
_UNPAID, _NO_DAY = 2, 400


def _thing(tables: Tables, row: Mapping[str, Any], today: date) -> tuple[int, int, Entry] | None:
    kind = str(row.get("kind"))
    if kind == "course":
        return None
    due = formats.from_iso_date(row.get("due_date"))
    left = (due - today).days if due else None
    if kind in _AHEAD and (left is None or left > _AHEAD[kind]):
        return None
    if kind in ("contract", "account", "notice") and left is not None and left < 0:
        return None
    owner = tables.owner(str(row.get("table_name")))
    shown = formats.day(due, today, language())
    main, note = _words(kind, row, owner, shown, left, today)
    if left is None:
        return _UNPAID, 0, Entry(main, note, side=say("next.unpaid"), state="watch")
    if kind == "discipline" and left < 0:
        return _UNPAID, 0, Entry(main, note, side=say("over.discipline_over"), state="info")
    return left, 0, Entry(main, note, side=_countdown(left), state=_state(kind, left))


def _words(
    kind: str, row: Mapping[str, Any], owner: str, day: str, left: int | None, today: date
) -> tuple[str, str]:
    tongue = language()
    title = str(row.get("title") or formats.MISSING)
    if kind == "loan":
        return say("next.return", title=title), say("next.return_note", day=day, owner=owner)
    if kind == "fee":
        amount = formats.money(row.get("amount"), tongue)
        year = formats.year_name(row.get("period"), tongue)
        note = say("next.pay_note", year=year, owner=owner)
        return say("next.pay", item=title, amount=amount), note
    over = left is not None and left < 0
    note = say("over.since" if over else "over.until", day=day, owner=owner)
    if kind == "contract":
        return say("over.contract", kind=title), note
    if kind == "account":
        return say("over.account"), note
    if kind == "notice":
        return say("over.notice", award=title), note
    return say("over.discipline", punishment=title), note


def _failed(tables: Tables, rows: Sequence[Mapping[str, Any]]) -> Entry:
    """Courses not passed yet: one by its name, several in one line."""
    rows = sorted(rows, key=lambda row: str(row.get("period")), reverse=True)
    names = [str(row.get("title")) for row in rows]
    owner = tables.owner("course_grade")
    if len(rows) == 1:
        term = formats.term(rows[0].get("period"), language())
        main = say("next.retake", course=names[0])
        note = say("next.retake_note", term=term, owner=owner)
    else:
        main = say("over.failed", count=len(rows))
        some = say("over.list_mark").join(names[:_NAMED])
        some = say("over.and_others", names=some) if len(names) > _NAMED else some
        note = f"{some} · {owner}"
    return Entry(main, note, side=say("next.failed"), state="watch")


def _class(row: Mapping[str, Any], left: int) -> Entry:
    first, last = row.get("start_period"), row.get("end_period")
    periods = f"{first}–{last}" if last and last != first else str(first or formats.MISSING)
    if row.get("room_code"):
        note = say("over.class_note", periods=periods, room=row["room_code"])
    else:
        note = say("over.class_bare", periods=periods)
    taught = say("over.class_taught") if row.get("part") == "teacher" else ""
    side = say("next.today") if left == 0 else say("over.tomorrow")
    name = str(row.get("course_name") or row.get("class_no"))
    return Entry(name, note, remark=taught, side=side, state="info")


def _state(kind: str, left: int) -> str:
    if left < 0:
        return "bad"
    return "watch" if left <= _SOON and kind != "notice" else "info"


def _countdown(left: int) -> str:
    if left < 0:
        return say("next.overdue", days=-left)
    return say("next.today") if left == 0 else say("next.days", days=left)
