"""How a term goes: the figures first, the timetable, marks, and what is not passed yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import blocks, frame, markup, schedule
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, joined, lines
from dashboards.components.schedule import course_name, hours
from dashboards.components.term_week import ALL, chosen_term, show_week, terms_of
from dashboards.text import language, say

__all__ = ["courses_card", "figures", "grades_card", "lesson", "not_passed", "not_passed_card"]

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
    terms = terms_of(rows)
    with frame.card("courses"):
        term = chosen_term(say("box.course_selection"), terms, "study_courses_term")
        chosen = [row for row in rows if row["term_code"] == term]
        kept = [row for row in chosen if not row.get("dropped_at")]
        show_week(kept, lesson, _listed, is_now=term == terms[0])
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


def _listed(rows: list[Row]) -> str:
    return markup.entries(schedule.course_entry(row) for row in rows)


def lesson(row: Row) -> tuple[str, str, list[str], str]:
    """A line of the timetable, for `markup.week`."""
    weeks = say("study.weeks", weeks=row["weeks"]) if row.get("weeks") else ""
    credits = f"{formats.number(row.get('credits'), 1)} {say('unit.credits')}"
    details = [
        joined(weeks, row.get("room_code"), row.get("teacher_name")),
        joined(row.get("course_attribute"), credits),
    ]
    retake = say("study.retake") if row.get("is_retake") else ""
    return hours(row), course_name(row), details, retake


def grades_card(tables: Tables) -> None:
    """Marks of a term, the newest first, or of all; each with where it lies in its class."""
    rows = tables.rows("course_grade")
    if not rows:
        return
    with frame.card("grades"):
        term = chosen_term(say("study.grades"), [*terms_of(rows), ALL], "study_term")
        chosen = [row for row in rows if term in (ALL, row["term_code"])]
        entries = [blocks.grade_entry(row, with_term=term == ALL) for row in chosen]
        # A term is read whole; all of them are too long for that.
        st.html(lines(entries, _FIRST_GRADES) if term == ALL else markup.entries(entries))
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
