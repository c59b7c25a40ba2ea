"""How a term goes: the figures first, the timetable, marks, and what is not passed yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import blocks, frame, markup, schedule
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, joined, lines
from dashboards.text import language, say

__all__ = ["courses_card", "figures", "grades_card", "not_passed", "not_passed_card", "week_of"]

_FIRST_GRADES = 20


def figures(tables: Tables) -> list[tuple]:
    """Status, credits against the plan, grade point average, courses not passed."""
    found: list[tuple] = []
    student = tables.first("student")
    if student.get("current_status"):
        found.append(
            (
                say("study.status"),
                str(student["current_status"]),
                "",
                joined(student.get("major_name"), student.get("register_status")),
            )
        )
    whole = next((row for row in tables.rows("credit_progress") if row.get("seq") == 1), None)
    if whole:
        asked, done = float(whole["planned_credits"]), float(whole["earned_credits"])
        below = say("study.of_plan", planned=formats.number(asked))
        share = done / asked if asked else 0.0
        found.append((say("tile.credits"), formats.number(done), say("unit.credits"), below, share))
    graded = [row for row in tables.rows("term_summary") if row.get("gpa") is not None]
    if graded:
        newest = max(graded, key=lambda row: row["term_code"])
        below = formats.term(newest["term_code"], language())
        found.append((say("tile.gpa"), formats.number(newest["gpa"], 2), "", below))
    if tables.rows("course_grade"):
        count = len(not_passed(tables.rows("course_grade")))
        below = say("study.open_note") if count else say("tile.all_passed")
        found.append((say("study.open"), str(count), say("unit.courses"), below))
    return found


def courses_card(tables: Tables) -> None:
    """The timetable of a term, the newest first; what has no fixed hour below the week."""
    rows = tables.rows("course_selection")
    if not rows:
        return
    tongue = language()
    terms = sorted({row["term_code"] for row in rows}, reverse=True)
    with frame.card("courses"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.html(markup.title(say("box.course_selection")), width="content")
            term = st.selectbox(
                say("study.term_choice"),
                terms,
                format_func=lambda code: formats.term(code, tongue),
                key="study_courses_term",
                label_visibility="collapsed",
                width=240,
            )
        chosen = [row for row in rows if row["term_code"] == term]
        kept = [row for row in chosen if not row.get("dropped_at")]
        today = frame.today().isoweekday() if term == terms[0] else 0
        days = week_of(kept, today)
        if days:
            st.html(markup.week(days))
        loose = [row for row in kept if not row.get("weekday")]
        if loose:
            if days:
                st.html(markup.note(say("study.no_hour")))
            st.html(markup.entries(schedule.course_entry(row) for row in loose))
        credits = sum(float(row.get("credits") or 0) for row in kept)
        parts = [say("study.term_total", count=len(kept), credits=formats.number(credits, 1))]
        dropped = [course_name(row) for row in chosen if row.get("dropped_at")]
        if dropped:
            parts.append(say("study.dropped_list", names="、".join(dropped)))
        st.html(markup.note(" ".join(parts)))
        chosen_when = markup.entries(_choice(row) for row in chosen)
        st.html(markup.folded(say("study.choices"), chosen_when))
        source_line(tables, "course_selection")


def _choice(row: Row) -> markup.Entry:
    """When a course was chosen and, if so, given up."""
    tongue, today = language(), frame.today()
    return markup.Entry(
        course_name(row),
        joined(
            say("study.chosen_at", moment=formats.moment(row["selected_at"], today, tongue))
            if row.get("selected_at")
            else "",
            say("study.dropped_at", moment=formats.moment(row["dropped_at"], today, tongue))
            if row.get("dropped_at")
            else "",
        ),
        remark=str(row.get("class_no") or ""),
    )


def course_name(row: Row) -> str:
    """A course's name, its code where it has none."""
    return str(row.get("course_name") or row.get("course_code") or formats.MISSING)


def week_of(rows: Iterable[Row], today: int) -> list[tuple[str, bool, list[tuple]]]:
    """Days that have lessons, Monday first, for `markup.week`; `today` is 1 (Monday) to 7, or 0."""
    by_day: dict[int, list[Row]] = {}
    for row in rows:
        if row.get("weekday"):
            by_day.setdefault(int(row["weekday"]), []).append(row)
    return [
        (
            formats.weekday(number, language()),
            number == today,
            [_lesson(row) for row in sorted(by_day[number], key=_hour)],
        )
        for number in sorted(by_day)
    ]


def _hour(row: Row) -> tuple[int, int, str]:
    return (int(row.get("start_period") or 99), int(row.get("end_period") or 99), course_name(row))


def _lesson(row: Row) -> tuple[str, str, list[str], str]:
    when = ""
    if row.get("start_period") and row.get("end_period"):
        when = say("study.periods", start=row["start_period"], end=row["end_period"])
    weeks = say("study.weeks", weeks=row["weeks"]) if row.get("weeks") else ""
    credits = f"{formats.number(row.get('credits'), 1)} {say('unit.credits')}"
    details = [
        joined(weeks, row.get("room_code"), row.get("teacher_name")),
        joined(row.get("course_attribute"), credits),
    ]
    return when, course_name(row), details, say("study.retake") if row.get("is_retake") else ""


def grades_card(tables: Tables) -> None:
    """Marks of a term, the newest first, or of all; each with where it lies in its class."""
    rows = tables.rows("course_grade")
    if not rows:
        return
    tongue = language()
    terms = sorted({row["term_code"] for row in rows}, reverse=True)
    with frame.card("grades"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.html(markup.title(say("study.grades")), width="content")
            term = st.selectbox(
                say("study.term_choice"),
                [*terms, "all"],
                format_func=lambda code: (
                    say("study.all_terms") if code == "all" else formats.term(code, tongue)
                ),
                key="study_term",
                label_visibility="collapsed",
                width=240,
            )
        chosen = [row for row in rows if term in ("all", row["term_code"])]
        entries = [blocks.grade_entry(row, with_term=term == "all") for row in chosen]
        # A term is read whole; all of them are too long for that.
        st.html(lines(entries, _FIRST_GRADES) if term == "all" else markup.entries(entries))
        if any(row.get("class_p25") is not None for row in chosen):
            st.html(markup.note(say("grade.legend")))
        else:
            st.html(markup.note(say("grade.few")))
        source_line(tables, "course_grade")


def not_passed(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Courses that were sat and never passed: the latest sitting of each, newest first."""
    by_course: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_course.setdefault(str(row.get("course_code")), []).append(row)
    latest = [
        max(sat, key=lambda row: (row["term_code"], str(row.get("recorded_at") or "")))
        for sat in by_course.values()
        if not any(row.get("passed") for row in sat)
    ]
    return sorted(latest, key=lambda row: row["term_code"], reverse=True)


def not_passed_card(tables: Tables) -> None:
    """Courses still to be passed, and whether they are being taken again."""
    rows = not_passed(tables.rows("course_grade"))
    if not rows:
        return
    chosen = [row for row in tables.rows("course_selection") if not row.get("dropped_at")]
    newest = max((row["term_code"] for row in chosen), default="")
    again = {row.get("course_code") for row in chosen if row["term_code"] == newest}
    entries = []
    for row in rows:
        retaking = row.get("course_code") in again and row["term_code"] < newest
        score = row.get("total_score")
        shown = formats.number(score) if score is not None else row.get("absent_cheat") or ""
        credits = f"{formats.number(row.get('credits'), 1)} {say('unit.credits')}"
        entries.append(
            markup.Entry(
                course_name(row),
                joined(
                    formats.term(row["term_code"], language()),
                    row.get("exam_nature"),
                    say("study.last_score", score=shown) if shown else "",
                ),
                remark=credits,
                side=say("study.retaking") if retaking else say("grade.not_passed"),
                state="info" if retaking else "watch",
            )
        )
    with frame.card("not_passed"):
        st.html(markup.title(say("study.open_title")))
        st.html(lines(entries))
        source_line(tables, "course_grade")
