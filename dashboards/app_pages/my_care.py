"""What is held on my mental health, and who opened it? Nothing is read before I open it."""

import streamlit as st

from dashboards import data, formats
from dashboards.components import care, frame, markup
from dashboards.components.blocks import Tables
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("wellbeing")
today = frame.today()
frame.top(say("page.my_care"), say("mine.intro"))
with frame.card("door"):
    st.html(markup.paragraph(say("mine.who")) + markup.note(say("mine.help")))
    # A widget's state goes when its page is left, so a return finds the door shut.
    opened = st.toggle(say("mine.open"), key="care_opened")
    if not opened:
        st.html(markup.note(say("mine.shut")))
if not opened:
    st.stop()

found = data.my_care(visit.token)
tables = Tables(found)
if not tables.any():
    st.html(markup.empty(say("mine.none"), say("mine.none_body")))
care.show_records(tables, today)
with frame.card("openings"):
    st.html(markup.title(say("mine.openings")))
    lines = [
        markup.Entry(
            one["counsellor"] or say("mine.somebody"),
            say("mine.listed")
            if one["listed"]
            else say("mine.opened", reason=say(f"care.purpose.{one['reason']}")),
            side=formats.moment(one["at"], today, language()),
        )
        for one in found["openings"]
    ]
    st.html(markup.entries(lines) if lines else markup.note(say("mine.no_openings")))
