"""Return of derived data (Article 8): what is due under a grant, and what came back; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

__all__ = ["due_days", "overdue"]

#: Months between two returns. A term is half a year.
_MONTHS = {"month": 1, "term": 6, "year": 12}


def due_days(item: Mapping[str, Any], until: date) -> list[date]:
    """The days on which an item is due, up to `until` included, oldest first."""
    first = date.fromisoformat(str(item["first_due"]))
    if item["every"] == "once":
        return [first] if first <= until else []
    step, found, count = _MONTHS[item["every"]], [], 0
    while (day := _months_later(first, count * step)) <= until:
        found.append(day)
        count += 1
    return found


def overdue(
    items: Sequence[Mapping[str, Any]], received: Iterable[str], today: date
) -> dict[str, date]:
    """Name of each item that is late → the day it was due. `received` names the item of each
    return that came; a return answers for the oldest day that is open."""
    came = Counter(received)
    late = {}
    for item in items:
        days = [day for day in due_days(item, today) if day < today]
        if len(days) > came[item["name"]]:
            late[item["name"]] = days[came[item["name"]]]
    return late


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
