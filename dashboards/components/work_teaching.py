"""Teaching as it stands: the timetable of a term, what is done in a year, courses online."""

from __future__ import annotations

import streamlit as st

from dashboards import formats
from dashboards.components import charts, frame, markup, schedule
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, joined, lines, list_card
from dashboards.components.schedule import course_name, hours
from dashboards.components.term_week import chosen_term, show_week, terms_of
from dashboards.text import language, say

__all__ = ["online_card", "performance_card", "timetable_card"]

_LEAD = "主讲"


def timetable_card(tables: Tables) -> None:
    """The week of a term, the newest first, classes taught with others included."""
    rows = tables.rows("teaching")
    if not rows:
        return
    terms = terms_of(rows)
    with frame.card("teaching"):
        term = chosen_term(say("box.teaching"), terms, "work_term")
        chosen = [row for row in rows if row["term_code"] == term]
        show_week(chosen, _lesson, _listed, is_now=term == terms[0])
        st.html(
            markup.note(
                say(
                    "work.term_total",
                    count=len(chosen),
                    hours=formats.number(sum(float(row.get("hours") or 0) for row in chosen)),
                    people=formats.number(sum(int(row.get("enrolled") or 0) for row in chosen)),
                )
            )
        )
        source_line(tables, "teaching")


def _listed(rows: list[Row]) -> str:
    return lines([schedule.class_entry(row) for row in rows])


def _lesson(row: Row) -> tuple[str, str, list[str], str]:
    role = row.get("teacher_role")
    enrolled = ""
    if row.get("enrolled") is not None:
        capacity = row.get("capacity")
        enrolled = say(
            "work.enrolled",
            enrolled=row["enrolled"],
            capacity=formats.MISSING if capacity is None else capacity,
        )
    details = [
        joined(
            say("study.weeks", weeks=row["weeks"]) if row.get("weeks") else "", row.get("room_code")
        ),
        joined(
            role if role != _LEAD else "", enrolled, row.get("teaching_mode"), row.get("exam_form")
        ),
        str(row.get("class_no") or ""),
    ]
    return hours(row), course_name(row), details, ""


def performance_card(tables: Tables) -> None:
    """What was taught in each academic year, with the hours over the years."""
    rows = tables.rows("teaching_performance")
    if not rows:
        return
    tongue = language()
    known = [row for row in rows[::-1] if row.get("workload_total") is not None]
    with frame.card("teaching_performance"):
        st.html(markup.title(say("box.teaching_performance")))
        if len(known) > 1:
            points = [_workload(row) for row in known]
            st.vega_lite_chart(
                charts.trend(points, dark=frame.is_dark(), height=150),
                theme=None,
                key="workload_trend",
                alt=say(
                    "work.workload_alt",
                    count=len(points),
                    first=points[0]["label"],
                    last=points[-1]["label"],
                ),
            )
        st.html(lines([_performance(row, tongue) for row in rows]))
        source_line(tables, "teaching_performance")


def _workload(row: Row) -> dict:
    shown = formats.number(row["workload_total"], 0)
    period = formats.year_name(row.get("academic_year"), "en")
    return {"period": period, "value": float(row["workload_total"]), "label": shown, "shown": shown}


def _performance(row: Row, tongue: str) -> markup.Entry:
    def counted(name: str) -> str:
        found = row.get(name)
        return say(f"work.{name}", count=formats.number(found, 0)) if found else ""

    return markup.Entry(
        formats.year_name(row.get("academic_year"), tongue),
        joined(counted("course_count"), counted("class_count")),
        joined(
            counted("classroom_hours"), counted("practice_hours"), counted("undergraduate_hours")
        ),
        joined(
            counted("thesis_students"), counted("teaching_projects"), counted("teaching_awards")
        ),
        counted("teaching_accidents"),
        side=formats.number(row.get("workload_total"), 0),
        side_note=say("work.workload"),
        score=True,
    )


def online_card(tables: Tables) -> None:
    """Courses that one keeps online."""
    list_card(tables, "online_course", _online)


def _online(row: Row) -> markup.Entry:
    def counted(name: str) -> str:
        found = row.get(name)
        return say(f"work.{name}", count=formats.number(found, 0)) if found is not None else ""

    return markup.Entry(
        str(row.get("course_name") or row.get("online_course_no") or formats.MISSING),
        joined(formats.term(row.get("term_code"), language()), row.get("course_kind")),
        joined(counted("resource_count"), counted("video_minutes")),
        joined(row.get("class_no"), row.get("online_course_no")),
        side=_learners(row),
    )


def _learners(row: Row) -> str:
    found = row.get("enrolled")
    return "" if found is None else say("tile.students", count=formats.number(found, 0))
