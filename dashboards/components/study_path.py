"""The way through the college: status, coming in, going out, offices, family."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import blocks, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, day, facts, joined, span, text
from dashboards.components.listing import list_card as listed
from dashboards.text import language, say

__all__ = [
    "admission_card",
    "arrival_card",
    "cadre_card",
    "changes_card",
    "destination_card",
    "family_card",
    "graduation_card",
    "political_card",
    "schools_card",
    "status_card",
    "status_steps",
]


def status_steps(
    students: list[dict[str, Any]], changes: list[dict[str, Any]], ends: list[dict[str, Any]]
) -> list[tuple[str, str, str, bool]]:
    """Entry, every change of status and the end of studies on one line of time, newest first.
    An end that is only expected comes first, hollow."""
    tongue, today = language(), frame.today()
    dated = [
        (str(change.get("effective_date") or ""), step)
        for change in changes
        for step in blocks.change_steps([change])
    ]
    over = {row.get("student_no") for row in ends}
    coming = []
    for student in students:
        entered = say("time.entered", major=_entered_for(student, students, changes))
        about = joined(student.get("student_no"), student.get("entry_mode"))
        when = formats.day(student.get("entry_date"), today, tongue)
        dated.append((str(student.get("entry_date") or ""), (when, entered, about, False)))
        awaited = student.get("expected_graduation")
        if awaited and student.get("student_no") not in over and awaited > f"{today:%Y-%m}":
            month = say("time.expected", month=formats.month(awaited, tongue))
            coming.append((month, say("time.graduate"), str(student.get("student_no")), True))
    return coming + [step for _, step in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def _entered_for(
    student: Row, students: list[dict[str, Any]], changes: list[dict[str, Any]]
) -> str:
    """The major one came for: what the first change under this number changed from."""
    begin = str(student.get("entry_date") or "")
    later = [str(s.get("entry_date") or "") for s in students]
    end = min((entry for entry in later if entry > begin), default="9999-12-31")
    own = [row for row in changes if begin <= str(row.get("effective_date") or "") < end]
    first = min(own, key=lambda row: str(row["effective_date"]), default={})
    return str(first.get("from_major") or student.get("major_name") or formats.MISSING)


def status_card(tables: Tables) -> None:
    """Status now: where one is enrolled, in which class, under whose care."""
    _facts_card(
        tables,
        "student",
        "student_no current_status register_status college_name major_name class_code grade_year "
        "school_years counselor_name",
    )


def changes_card(tables: Tables) -> None:
    """How the status came to be, from entry to the end of studies."""
    students, changes = tables.rows("student"), tables.rows("student_status_change")
    steps = status_steps(students, changes, tables.rows("graduation"))
    if not steps:
        return
    with frame.card("student_status_change"):
        st.html(markup.title(say("box.student_status_change")))
        st.html(markup.timeline(steps))
        source_line(tables, "student_status_change" if changes else "student")


def graduation_card(tables: Tables) -> None:
    """How studies ended: result, degree, numbers of the certificates."""
    _facts_card(
        tables,
        "graduation",
        "graduation_term result is_degree_awarded degree gpa total_credits thesis_score "
        "certificate_no degree_certificate_no",
    )


def destination_card(tables: Tables) -> None:
    """Where one went afterwards."""
    _facts_card(
        tables,
        "graduate_destination",
        "graduation_year destination destination_class employer employer_place industry "
        "is_major_match reported_date",
    )


def admission_card(tables: Tables) -> None:
    """What was on record when one was admitted."""
    _facts_card(
        tables,
        "admission",
        "year major_name admitted_date province admission_type batch subject_group total_score "
        "preference_rank exam_no middle_school candidate_type name sex birth_date ethnicity "
        "political_affiliation",
        hidden="id_card_tail phone address",
    )


def _facts_card(tables: Tables, table: str, names: str, hidden: str = "") -> None:
    """Label and value of the columns named, each row by itself."""
    rows = tables.rows(table)
    if not rows:
        return
    with frame.card(table):
        st.html(markup.title(say(f"box.{table}")))
        for row in rows:
            if row.get("graduation_term"):
                row = {**row, "graduation_term": formats.term(row["graduation_term"], language())}
            st.html(facts(row, names.split(), hidden.split()))
        source_line(tables, table)


def arrival_card(tables: Tables) -> None:
    """Reporting for the first time, step by step."""
    rows, steps = tables.rows("registration"), tables.rows("onboarding_step")
    if not rows and not steps:
        return
    tongue, today = language(), frame.today()
    with frame.card("registration"):
        st.html(markup.title(say("box.registration")))
        for row in rows:
            about = joined(
                formats.moment(row.get("reported_at"), today, tongue),
                row.get("no_show_reason"),
                row.get("transport"),
                say("study.companions", count=row["companion_count"])
                if row.get("companion_count")
                else "",
                say("study.green_channel") if row.get("is_green_channel") else "",
            )
            st.html(markup.entries([markup.Entry(text(row, "report_status"), about)]))
        if steps:
            st.html(
                markup.stepper(
                    (
                        text(step, "step_code"),
                        joined(
                            step.get("result"), formats.moment(step.get("done_at"), today, tongue)
                        ),
                        "done" if step.get("done_at") else "to_come",
                    )
                    for step in steps
                )
            )
        source_line(tables, "registration" if rows else "onboarding_step")


def schools_card(tables: Tables) -> None:
    """Schools attended before."""
    rows = tables.rows("student_education_history")
    if not rows:
        return
    steps = []
    for row in rows:
        witness = say("study.witness", name=row["witness"]) if row.get("witness") else ""
        about = joined(row.get("school_place"), row.get("role"), witness)
        when = span(row.get("start_month"), row.get("end_month"))
        steps.append((when, text(row, "school_name"), about, False))
    with frame.card("student_education_history"):
        st.html(markup.title(say("box.student_education_history")))
        st.html(markup.timeline(steps))
        source_line(tables, "student_education_history")


def political_card(tables: Tables) -> None:
    """Joining the League or the Party, stage by stage."""
    rows = tables.rows("student_political_history")
    if not rows:
        return
    steps = []
    for row in rows:
        introducer = (
            say("study.introducer", name=row["introducer"]) if row.get("introducer") else ""
        )
        about = joined(row.get("political_affiliation"), row.get("branch"), introducer)
        steps.append((day(row, "stage_date"), text(row, "stage"), about, False))
    with frame.card("student_political_history"):
        st.html(markup.title(say("box.student_political_history")))
        st.html(markup.timeline(steps))
        source_line(tables, "student_political_history")


def cadre_card(tables: Tables) -> None:
    """Offices held in class, League and student bodies."""
    listed(tables, "student_cadre", _office)


def _office(row: Row) -> markup.Entry:
    level = say("study.level", level=row["post_level"]) if row.get("post_level") else ""
    return markup.Entry(
        text(row, "post"),
        joined(row.get("organization"), level, span(row.get("start_date"), row.get("end_date"))),
        joined(row.get("appraisal")),
        side=say("study.in_office") if row.get("is_current") else "",
        state="info",
    )


def family_card(tables: Tables) -> None:
    """Family members as reported; phones and addresses open on a press."""
    rows = tables.rows("student_family_member")
    if not rows:
        return
    with frame.card("student_family_member"):
        st.html(markup.title(say("box.student_family_member")))
        for row in rows:
            former = say("study.former_member") if row.get("ended_on") else ""
            guardian = say("study.guardian") if row.get("is_guardian") else ""
            st.html(
                markup.entries(
                    [
                        markup.Entry(
                            text(row, "member_name"),
                            joined(guardian, former),
                            remark=text(row, "relation"),
                        )
                    ]
                )
                + facts(row, ("birth_year", "employment_status", "employer"), ("phone", "address"))
            )
        source_line(tables, "student_family_member")
