"""What does the college have on record about me, and who answers for it?"""

import streamlit as st

from dashboards import auth
from dashboards.components import blocks, frame, own_edit, sections
from dashboards.components.basics_sections import sections_of
from dashboards.components.guard import guarded
from dashboards.text import say

visit = guarded("basics")
answer = auth.own_data(visit, "basics")
tables = blocks.Tables(answer)
frame.top(say("page.basics"), say("basics.intro"))
if blocks.nothing_here(tables):
    st.stop()

parts = sections_of(tables, lambda: auth.own_items(visit))
if "staff" in visit.kinds:
    own = sections.Box(lambda shown: own_edit.boxes(visit, shown), ("person",))
    parts = {**parts, "own": sections.Section(left=(own,))}
sections.show_chosen("basics", parts, tables)
