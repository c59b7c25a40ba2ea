"""What is next for me, and how do things stand?"""

from datetime import UTC, datetime

import streamlit as st

from dashboards import auth, data, formats
from dashboards.components import blocks, frame, markup, overview, uses
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("overview")
tables = blocks.Tables(auth.own_data(visit, "overview"))
tongue, today = language(), frame.today()

name = visit.me["person"].get("name") or ""
hello = formats.greeting(datetime.now(UTC), tongue)
as_of = formats.moment(visit.me["release"].get("as_of"), today, tongue)
frame.top(
    say("me.greeting", name=name, greeting=hello) if name else hello,
    *overview.subtitle(tables),
    say("frame.as_of", moment=as_of),
)
if blocks.nothing_here(tables):
    st.stop()

left, right = st.columns([7, 5], gap="small")
with left:
    with frame.card("next"):
        st.html(markup.title(say("me.next")))
        things = overview.next_things(tables, today)
        if things:
            st.html(markup.entries(things))
        else:
            st.html(markup.note(say("me.next_none")))
    figures = overview.tiles(tables, today)
    if figures:
        with frame.card("now"):
            st.html(markup.title(say("me.now")))
            st.html(markup.tiles(figures))
    blocks.grades_card(tables, limit=4)
with right:
    steps = overview.path(tables)
    if steps:
        with frame.card("path"):
            st.html(markup.title(say("me.timeline")))
            st.html(markup.timeline(steps))
    if "my_uses" in visit.pages:
        with frame.card("uses"):
            st.html(markup.title(say("me.uses")))
            entries = uses.lines(data.my_uses(visit.token)["uses"], today, limit=4)
            st.html(markup.entries(entries) if entries else markup.note(say("uses.none")))
            st.page_link(st.session_state["_pages"]["uses"], label=say("me.more"))
