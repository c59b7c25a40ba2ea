"""What do I study, and how did it go?"""

import streamlit as st

from dashboards import auth, formats
from dashboards.components import blocks, frame, markup, schedule
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("study")
tables = blocks.Tables(auth.own_data(visit, "study"))
tongue = language()
frame.top(say("page.study"))
if blocks.nothing_here(tables):
    st.stop()

left, right = st.columns([7, 5], gap="small")
with left:
    grades = tables.rows("course_grade")
    if grades:
        terms = sorted({row["term_code"] for row in grades}, reverse=True)
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
            st.html(
                markup.entries(
                    blocks.grade_entry(row, with_term=term == "all")
                    for row in grades
                    if term in ("all", row["term_code"])
                )
            )
            st.html(markup.note(say("grade.legend")))
            blocks.source_line(tables, "course_grade")
    summaries = sorted(tables.rows("term_summary"), key=lambda row: row["term_code"], reverse=True)
    if summaries:
        with frame.card("terms"):
            st.html(markup.title(say("study.terms")))
            st.html(
                markup.entries(
                    markup.Entry(
                        formats.term(row["term_code"], tongue),
                        say(
                            "study.term_line",
                            count=row.get("course_count") or 0,
                            credits=formats.number(row.get("credits_earned"), 1),
                            failed=row.get("failed_count") or 0,
                        ),
                        side=formats.number(row.get("gpa"), 2),
                        side_note=say("study.gpa"),
                        score=True,
                    )
                    for row in summaries
                )
            )
            blocks.source_line(tables, "term_summary")
    changes = tables.rows("student_status_change")
    if changes:
        with frame.card("changes"):
            st.html(markup.title(say("study.changes")))
            st.html(markup.timeline(blocks.change_steps(changes)))
            blocks.source_line(tables, "student_status_change")
with right:
    courses = tables.rows("course_selection")
    if courses:
        latest = max(row["term_code"] for row in courses)
        with frame.card("courses"):
            st.html(markup.title(f"{say('study.schedule')} · {formats.term(latest, tongue)}"))
            st.html(
                markup.entries(
                    schedule.course_entry(row) for row in courses if row["term_code"] == latest
                )
            )
            blocks.source_line(tables, "course_selection")
