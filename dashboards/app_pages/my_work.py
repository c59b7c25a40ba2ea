"""Which posts did I hold, and what do I teach?"""

import streamlit as st

from dashboards import auth, formats
from dashboards.components import blocks, frame, markup, schedule
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("work")
tables = blocks.Tables(auth.own_data(visit, "work"))
frame.top(say("page.work"))
if blocks.nothing_here(tables):
    st.stop()

left, right = st.columns([7, 5], gap="small")
with left:
    classes = tables.rows("teaching")
    if classes:
        terms = sorted({row["term_code"] for row in classes}, reverse=True)
        with frame.card("teaching"):
            st.html(markup.title(say("work.teaching")))
            term = st.selectbox(
                say("study.term_choice"),
                terms,
                format_func=lambda code: formats.term(code, language()),
                key="work_term",
                label_visibility="collapsed",
            )
            st.html(
                markup.entries(
                    schedule.class_entry(row) for row in classes if row["term_code"] == term
                )
            )
            blocks.source_line(tables, "teaching")
with right:
    blocks.posts_card(tables)
