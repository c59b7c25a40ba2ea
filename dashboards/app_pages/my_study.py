"""What do I study, and how did it go?"""

import streamlit as st

from dashboards import auth
from dashboards.components import blocks, frame, markup, sections, study_courses
from dashboards.components.guard import guarded
from dashboards.components.study_sections import STUDY
from dashboards.text import say

visit = guarded("study")
tables = blocks.Tables(auth.own_data(visit, "study"))
frame.top(say("page.study"))
if blocks.nothing_here(tables):
    st.stop()

if figures := study_courses.figures(tables):
    with frame.card("now"):
        st.html(markup.tiles(figures))
sections.show_chosen("study", STUDY, tables)
