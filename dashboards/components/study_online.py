"""Learning online: days, courses, assignments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import days, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, joined, lines
from dashboards.text import language, say

__all__ = ["assignments_card", "online_card", "online_courses"]

_LATEST = 5


def online_courses(learned: Sequence[Row], tasks: Sequence[Row]) -> list[dict[str, Any]]:
    """Learning online by term and course, newest term first: days, minutes of video, tasks done,
    posts; assignments handed in and their mean share of the full score (0–1, None without one)."""
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def of(row: Row) -> dict[str, Any]:
        name = str(row.get("course_name") or row.get("online_course_no") or formats.MISSING)
        key = (str(row.get("term_code") or ""), name)
        empty = {"days": 0, "seconds": 0, "tasks": 0, "posts": 0, "handed_in": 0, "shares": []}
        return found.setdefault(key, {"term": key[0], "course": name, **empty})

    for row in learned:
        course = of(row)
        course["days"] += 1
        course["seconds"] += int(row.get("video_seconds") or 0)
        course["tasks"] += int(row.get("tasks_done") or 0)
        course["posts"] += int(row.get("posts") or 0)
    for row in tasks:
        course = of(row)
        course["handed_in"] += 1
        if row.get("score") is not None and row.get("full_score"):
            course["shares"].append(float(row["score"]) / float(row["full_score"]))
    ordered = sorted(found.values(), key=lambda course: course["course"])
    ordered.sort(key=lambda course: course["term"], reverse=True)
    return [
        {**course, "share": sum(course["shares"]) / len(course["shares"])}
        if course["shares"]
        else {**course, "share": None}
        for course in ordered
    ]


def online_card(tables: Tables) -> None:
    """Days of learning online in a calendar, then each course."""
    learned = tables.rows("online_learning_day")
    courses = online_courses(learned, tables.rows("online_assignment"))
    if not courses:
        return
    minutes: dict[date, float] = {}
    for row in learned:
        if when := formats.from_iso_date(row.get("activity_date")):
            minutes[when] = minutes.get(when, 0.0) + int(row.get("video_seconds") or 0) / 60
    with frame.card("online_learning_day"):
        st.html(markup.title(say("box.online_learning_day")))
        days.calendar(
            "online_calendar",
            [(when, spent, _minutes(spent)) for when, spent in minutes.items()],
            frame.data_day(),
            scale=say("study.online_scale"),
            alt=say("study.online_alt"),
        )
        st.html(lines([_online_entry(course) for course in courses]))
        source_line(tables, "online_learning_day" if learned else "online_assignment")


def _minutes(spent: float) -> str:
    return say("study.minutes", count=formats.number(spent, 0))


def _online_entry(course: dict[str, Any]) -> markup.Entry:
    learned = say(
        "study.online_line",
        days=course["days"],
        minutes=formats.number(course["seconds"] / 60, 0),
        tasks=course["tasks"],
        posts=course["posts"],
    )
    handed = ""
    if course["handed_in"]:
        handed = say("study.handed_in", count=course["handed_in"])
        if course["share"] is not None:
            share = formats.share(course["share"] * 100, 0)
            handed = say("study.handed_in_share", count=course["handed_in"], share=share)
    return markup.Entry(
        course["course"],
        learned if course["days"] else "",
        handed,
        remark=formats.term(course["term"], language()),
    )


def assignments_card(tables: Tables) -> None:
    """What was handed in online, with its score."""
    rows = tables.rows("online_assignment")
    if not rows:
        return
    with frame.card("online_assignment"):
        st.html(markup.title(say("box.online_assignment")))
        st.html(lines([_assignment(row) for row in rows], _LATEST))
        source_line(tables, "online_assignment")


def _assignment(row: Row) -> markup.Entry:
    when = formats.moment(row.get("submitted_at"), frame.today(), language())
    side = say("study.unmarked")
    if row.get("score") is not None:
        side = f"{formats.number(row['score'])} / {formats.number(row.get('full_score'))}"
    name = str(row.get("course_name") or row.get("online_course_no") or formats.MISSING)
    return markup.Entry(name, joined(row.get("task_type"), when), side=side)
