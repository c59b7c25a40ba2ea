"""How long a table's rows are kept, read from the words of its contract.

The words are the promise: they are what people read under their data. This reads a span and what
it counts from out of them; lint reports words that cannot be read, and a test holds each contract
of the college to the value and unit that stand beside the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

__all__ = ["PERMANENT", "Retention", "read_retention"]

_NOTE = re.compile(r"[（(][^（）()]*[）)]")
_SPAN = re.compile(r"(\d+)\s*(年|个月|月|天|日|years?|months?|days?|[ymd])(?![a-z])")
_Unit = Literal["y", "m", "d", ""]
_Since = Literal["leaving", "row"]
_UNITS: dict[str, _Unit] = {
    "年": "y", "个月": "m", "月": "m", "天": "d", "日": "d", "y": "y", "m": "m", "d": "d",
}  # fmt: skip
_LEAVING = ("离校", "毕业", "离职")
#: Kept with a file that is kept for good: 随学籍, 随人事档案长期保存.
_FOREVER = ("长期", "永久", "随学籍", "permanent")


@dataclass(frozen=True)
class Retention:
    """`amount` of `unit` (y, m, d); amount None: for good. `since` says what it counts from: the
    person's leaving, or the event that a row is about."""

    amount: int | None = None
    unit: _Unit = ""
    since: _Since = "row"

    @property
    def is_permanent(self) -> bool:
        return self.amount is None

    def ends_after(self, day: date) -> date | None:
        """The first day on which what counts from `day` is no longer kept; None: never."""
        if self.amount is None:
            return None
        if self.unit == "d":
            return day + timedelta(days=self.amount)
        months = day.year * 12 + day.month - 1 + self.amount * (12 if self.unit == "y" else 1)
        year, month = divmod(months, 12)
        for last in (day.day, 30, 29, 28):
            try:
                return date(year, month + 1, last) + timedelta(days=last != day.day)
            except ValueError:
                continue
        raise AssertionError("every month has 28 days")


PERMANENT = Retention()


def read_retention(text: str) -> Retention | None:
    """What a contract's words say; None where they say neither a span nor for good.

    What stands in brackets is a remark. Of several clauses the first names the span; one that keeps
    the rows with a person's permanent file outweighs it.
    """
    words = _NOTE.sub("", text or "")
    if any(word in words for word in _FOREVER):
        return PERMANENT
    found = _SPAN.search(words)
    if found is None:
        return None
    unit = _UNITS.get(found[2]) or _UNITS[found[2][0]]
    leaving = any(word in words.split("；")[0] for word in _LEAVING)
    return Retention(int(found[1]), unit, "leaving" if leaving else "row")
