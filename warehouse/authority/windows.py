"""When an item of annex 3 may be changed by hand: what the annex says under 备注."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["Window", "read_window"]

_ALWAYS = re.compile(r"权限\s*长期\s*开放")
_MONTHS = re.compile(r"权限\s*开放\s*时间\s*(\d{1,2})\s*月\s*[—–\-~至到]+\s*(\d{1,2})\s*月")


@dataclass(frozen=True)
class Window:
    """Open from the first day of a month to the last day of another, which may lie in the next
    year; `months` None: always."""

    months: tuple[int, int] | None = None

    def is_open(self, day: date) -> bool:
        if self.months is None:
            return True
        first, last = self.months
        inside = day.month >= first, day.month <= last
        return all(inside) if first <= last else any(inside)

    def opens_on(self, day: date) -> date | None:
        """The next first day of the window after `day`, or that day; None where it is open."""
        if self.months is None or self.is_open(day):
            return None
        first = self.months[0]
        return date(day.year if day.month < first else day.year + 1, first, 1)

    def last_day(self, day: date) -> date | None:
        """The last day of the window that is open on `day`; None where it has no end."""
        if self.months is None or not self.is_open(day):
            return None
        last = self.months[1]
        year = day.year if day.month <= last else day.year + 1
        begins_next = date(year + last // 12, last % 12 + 1, 1)
        return begins_next - timedelta(days=1)


def read_window(note: str) -> Window | None:
    """The window that a note of the annex states; None where it states none."""
    if _ALWAYS.search(note):
        return Window()
    if (found := _MONTHS.search(note)) is None:
        return None
    months = int(found[1]), int(found[2])
    return Window(months) if all(1 <= month <= 12 for month in months) else None
