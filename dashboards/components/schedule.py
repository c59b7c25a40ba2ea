"""Lines of a timetable, for those who learn and those who teach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards import formats
from dashboards.components.markup import Entry
from dashboards.text import language, say

__all__ = ["class_entry", "course_entry", "course_name", "hours", "when_and_where"]


def course_name(row: Mapping[str, Any]) -> str:
    """A course's name, its code where it has none."""
    return str(row.get("course_name") or row.get("course_code") or formats.MISSING)


def hours(row: Mapping[str, Any]) -> str:
    """`第 3–4 节`, empty where they are not known."""
    if row.get("start_period") and row.get("end_period"):
        return say("study.periods", start=row["start_period"], end=row["end_period"])
    return ""


def when_and_where(row: Mapping[str, Any]) -> str:
    """`周三 · 第 3–4 节 · 1-16 周 · A301`, as far as it is known."""
    parts = []
    if row.get("weekday"):
        parts.append(formats.weekday(int(row["weekday"]), language()))
    if when := hours(row):
        parts.append(when)
    if row.get("weeks"):
        parts.append(say("study.weeks", weeks=row["weeks"]))
    if row.get("room_code"):
        parts.append(str(row["room_code"]))
    return " · ".join(parts)


def course_entry(row: Mapping[str, Any]) -> Entry:
    """A course one has chosen."""
    credits = f"{formats.number(row.get('credits'), 1)} {say('unit.credits')}"
    about = " · ".join(
        str(part) for part in (row.get("teacher_name"), row.get("course_attribute")) if part
    )
    side, state = "", None
    if row.get("dropped_at"):
        side, state = say("study.dropped"), ""
    elif row.get("is_retake"):
        side, state = say("study.retake"), "watch"
    return Entry(
        course_name(row), when_and_where(row), about, remark=credits, side=side, state=state
    )


def class_entry(row: Mapping[str, Any]) -> Entry:
    """A class one teaches."""
    taught = say("work.hours", hours=row["hours"]) if row.get("hours") else ""
    about = " · ".join(part for part in (when_and_where(row), taught) if part)
    side = ""
    if row.get("enrolled") is not None:
        capacity = row.get("capacity")
        side = say(
            "work.enrolled",
            enrolled=row["enrolled"],
            capacity=capacity if capacity is not None else "—",
        )
    return Entry(course_name(row), about, remark=str(row.get("class_no") or ""), side=side)
