"""Credits against the plan, the grade point average over the terms, learning online."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import charts, days, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, joined, lines
from dashboards.text import language, say

__all__ = [
    "assignments_card",
    "online_card",
    "online_courses",
    "plan_card",
    "terms_card",
    "trend_rows",
]

_LATEST = 5


def plan_card(tables: Tables) -> None:
    """Earned, under way and missing, by kind of credits; one plan for each student number."""
    rows = tables.rows("credit_progress")
    if not rows:
        return
    with frame.card("credit_progress"):
        st.html(markup.title(say("box.credit_progress")))
        for number in dict.fromkeys(row["student_no"] for row in rows):
            own = [row for row in rows if row["student_no"] == number]
            st.html(markup.note(joined(own[0].get("major_name"), number)))
            st.html(markup.progress(_bar(row) for row in own))
        st.html(markup.note(say("study.plan_note")))
        source_line(tables, "credit_progress")


def _bar(row: Row) -> tuple[str, str, str, float, float, str]:
    names = ("planned_credits", "earned_credits", "ongoing_credits", "remaining_credits")
    asked, done, ongoing, missing = (float(row.get(name) or 0) for name in names)
    figure = f"{formats.number(done, 1)} / {formats.number(asked, 1)}"
    if missing:
        after = max(missing - ongoing, 0)
        below = say("study.missing", missing=formats.number(missing, 1))
        if ongoing:
            below = say(
                "study.missing_ongoing",
                missing=formats.number(missing, 1),
                ongoing=formats.number(ongoing, 1),
                after=formats.number(after, 1),
            )
    else:
        below = say("study.plan_met")
    kind = say(f"study.kind.{row['seq']}")
    whole = asked or 1.0
    return kind, figure, below, done / whole, ongoing / whole, f"{kind}: {figure}. {below}"


def trend_rows(summaries: Sequence[Row]) -> list[dict[str, Any]]:
    """Terms with a grade point average, oldest first, for `charts.trend`."""
    rows = []
    for row in sorted(summaries, key=lambda row: row["term_code"]):
        if row.get("gpa") is None:
            continue
        years, _, part = str(row["term_code"]).rpartition("-")
        shown = formats.number(row["gpa"], 2)
        rows.append(
            {
                "period": f"{years[2:4]}–{years[-2:]} {'①②③'[int(part) - 1]}"
                if part in ("1", "2", "3")
                else str(row["term_code"]),
                "value": float(row["gpa"]),
                "label": shown,
                "shown": f"{formats.term(row['term_code'], language())} {shown}",
            }
        )
    return rows


def terms_card(tables: Tables) -> None:
    """The grade point average over the terms, and each term in a line."""
    summaries = sorted(tables.rows("term_summary"), key=lambda row: row["term_code"], reverse=True)
    if not summaries:
        return
    rows = trend_rows(summaries)
    with frame.card("terms"):
        st.html(markup.title(say("study.terms")))
        if len(rows) > 1:
            st.vega_lite_chart(
                charts.trend(rows, dark=frame.is_dark(), height=150),
                theme=None,
                key="gpa_trend",
                alt=say(
                    "study.trend_alt",
                    first=rows[0]["label"],
                    last=rows[-1]["label"],
                    count=len(rows),
                ),
            )
        st.html(lines([_term_entry(row) for row in summaries]))
        source_line(tables, "term_summary")


def _term_entry(row: Row) -> markup.Entry:
    failed = int(row.get("failed_count") or 0)
    key = "study.term_line" if failed else "study.term_passed"
    graded = row.get("gpa") is not None
    return markup.Entry(
        formats.term(row["term_code"], language()),
        say(
            key if graded else "study.term_running",
            count=row.get("course_count") or 0,
            credits=formats.number(row.get("credits_earned"), 1),
            failed=failed,
        ),
        side=formats.number(row["gpa"], 2) if graded else "",
        side_note=say("study.gpa") if graded else "",
        score=graded,
    )


def online_courses(days: Sequence[Row], tasks: Sequence[Row]) -> list[dict[str, Any]]:
    """Learning online by term and course, newest term first: days, minutes of video, tasks done,
    posts; assignments handed in and their mean share of the full score (0–1, None without one)."""
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def of(row: Row) -> dict[str, Any]:
        name = str(row.get("course_name") or row.get("online_course_no") or formats.MISSING)
        key = (str(row.get("term_code") or ""), name)
        empty = {"days": 0, "seconds": 0, "tasks": 0, "posts": 0, "handed_in": 0, "shares": []}
        return found.setdefault(key, {"term": key[0], "course": name, **empty})

    for row in days:
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
        last = frame.data_day()
        if any(when > last - timedelta(weeks=days.WEEKS) for when in minutes):
            days.calendar(
                "online_calendar",
                [(when, spent, _minutes(spent)) for when, spent in minutes.items()],
                last,
                scale=say("study.online_scale"),
                alt=say("study.online_alt"),
            )
        st.html(lines([_online_entry(course) for course in courses]))
        source_line(tables, "online_learning_day")


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
