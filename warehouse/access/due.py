"""When a table is to be updated next: pure rules over the words of the annexes and the contract.

An annex that names months means each year's: what came within the month has kept it. Where its
words name no month (及时, 文件出台一周内) the contract's cadence says how old the data may grow,
by the same grace as `campus status`. What promises neither has no day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from warehouse.release.freshness import grace

__all__ = ["next_due"]

_MONTHS = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s*月(?:(3[01]|[12]\d|0?[1-9])日)?")
_YEAR_END = "年末"


def next_due(
    deadlines: Iterable[str | None], cadence: str | None, updated: date
) -> tuple[date, str] | None:
    """The last day for the next update, with annex or cadence as what says so; None where nothing
    does. `deadlines` are those of the items that the table holds, the earliest counts; `cadence` is
    the contract's; `updated` is the day of the last extract."""
    days = [day for text in deadlines if text and (day := _of_words(text, updated)) is not None]
    if days:
        return min(days), "annex"
    allowed = grace(cadence) if cadence is not None else None
    return None if allowed is None else (updated + allowed, "cadence")


def _of_words(text: str, updated: date) -> date | None:
    named = [(int(month), int(day) if day else None) for month, day in _MONTHS.findall(text)]
    if not named and _YEAR_END in text and "学年末" not in text:
        named = [(12, None)]
    spans = [
        _span(year, month, day) for year in (updated.year, updated.year + 1) for month, day in named
    ]
    return min((last for first, last in spans if updated < first), default=None)


def _span(year: int, month: int, day: int | None) -> tuple[date, date]:
    """From the first day on which an update keeps the deadline to the last."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    last = following - timedelta(days=1)
    return first, min(last, first + timedelta(days=day - 1)) if day else last
