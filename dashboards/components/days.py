"""Twelve weeks of somebody's days as a calendar, whatever is counted by the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import charts, frame
from dashboards.text import language

__all__ = ["calendar", "calendar_rows"]

_WEEKS = 12  # as many as a phone of 390 pixels shows
_FEW = 4  # fewer days are told better in words


def calendar_rows(
    found: Iterable[tuple[date | None, float, str]], last: date, tongue: str
) -> list[dict[str, Any]]:
    """Days of the twelve weeks up to `last`, oldest first, for `charts.calendar`.

    Each is the day, how much, and the same in words; `_date` holds the day for who counts.
    """
    first = _mondays(last)[0]
    rows = []
    for day, much, shown in found:
        if day is None or not first <= day <= last:
            continue
        monday = day - timedelta(days=day.weekday())
        rows.append(
            {
                "week": _week(monday),
                "weekday": formats.weekday(day, tongue),
                "amount": much,
                "day": f"{formats.day(day, last, tongue)} {formats.weekday(day, tongue)}",
                "shown": shown,
                "_date": day,
            }
        )
    return sorted(rows, key=lambda row: row["_date"])


def _mondays(last: date) -> list[date]:
    this = last - timedelta(days=last.weekday())
    return [this - timedelta(weeks=back) for back in range(_WEEKS - 1, -1, -1)]


def _week(monday: date) -> str:
    return f"{monday.month}/{monday.day}"


def calendar(
    key: str,
    found: Iterable[tuple[date | None, float, str]],
    last: date,
    *,
    scale: str,
    alt: str,
) -> list[dict[str, Any]]:
    """Draw it, unless only a few days lie in the twelve weeks, and hand back its rows."""
    tongue = language()
    rows = calendar_rows(found, last, tongue)
    if len(rows) >= _FEW:
        names = tuple(formats.weekday(number, tongue) for number in range(1, 8))
        plain = [{name: row[name] for name in row if name != "_date"} for row in rows]
        st.vega_lite_chart(
            charts.calendar(
                plain,
                dark=frame.is_dark(),
                scale_title=scale,
                days=names,
                weeks=[_week(monday) for monday in _mondays(last)],
            ),
            theme=None,
            key=key,
            alt=alt,
        )
    return rows
