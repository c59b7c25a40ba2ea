"""Which posts did I hold, what do I teach and research, and what am I paid?"""

import streamlit as st

from dashboards import auth
from dashboards.components import blocks, frame, markup, sections, work_figures
from dashboards.components.guard import guarded
from dashboards.components.work_sections import WORK
from dashboards.text import say

visit = guarded("work")
tables = blocks.Tables(auth.own_data(visit, "work"))
frame.top(say("page.work"))
if blocks.nothing_here(tables):
    st.stop()

if figures := work_figures.figures(tables, frame.today()):
    with frame.card("now"):
        st.html(markup.tiles(figures))
sections.show_chosen("work", WORK, tables)
