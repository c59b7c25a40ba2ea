"""What do meals, money, books, my room, my health and my accounts look like?"""

import streamlit as st

from dashboards import auth
from dashboards.components import blocks, frame, life_sections, markup, sections
from dashboards.components.guard import guarded
from dashboards.text import say

visit = guarded("life")
tables = blocks.Tables(auth.own_data(visit, "life"))
frame.top(say("page.life"))
if blocks.nothing_here(tables):
    st.stop()

if figures := life_sections.figures(tables, frame.today()):
    with frame.card("now"):
        st.html(markup.tiles(figures))
sections.show_chosen("life", life_sections.LIFE, tables)
