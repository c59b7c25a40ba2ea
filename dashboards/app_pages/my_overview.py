"""What is next for me, and how do things stand?"""

from datetime import UTC, datetime

import streamlit as st

from dashboards import auth, data, formats
from dashboards.components import blocks, frame, markup, overview, overview_next, uses
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("overview")
tables = blocks.Tables(auth.own_data(visit, "overview"))
tongue, today = language(), frame.today()
me, days = tables.first("overview"), tables.rows("overview_day")

name = visit.me["person"].get("name") or ""
hello = formats.greeting(datetime.now(UTC), tongue)
as_of = formats.moment(visit.me["release"].get("as_of"), today, tongue)
frame.top(
    say("me.greeting", name=name, greeting=hello) if name else hello,
    *overview.subtitle(me),
    say("frame.as_of", moment=as_of),
)
if blocks.nothing_here(tables):
    st.stop()

left, right = st.columns([7, 5], gap="small")
with left:
    with frame.card("next"):
        things, more = overview_next.next_things(tables, today)
        body = markup.entries(things) if things else markup.note(say("me.next_none"))
        if more:
            body += markup.note(say("over.more_next", count=more))
        if tables.rows("overview_class"):
            body += markup.note(say("over.by_timetable"))
        st.html(markup.title(say("me.next")) + body)
    figures = overview.study(me, today)
    if figures:
        with frame.card("term"):
            heading = "over.term" if me.get("student_status") == "在读" else "page.study"
            st.html(markup.title(say(heading)) + markup.tiles(figures))
            blocks.source_line(tables, "term_summary")
    figures = overview.work(me, today)
    if figures:
        with frame.card("work"):
            st.html(markup.title(say("over.work")) + markup.tiles(figures))
            blocks.source_line(tables, "staff")
    figures = overview.money(me, days, today)
    if figures:
        with frame.card("money"):
            st.html(markup.title(say("over.money")) + markup.tiles(figures))
            owed = me.get("outstanding_amount") is not None
            blocks.source_line(tables, "fee_bill" if owed else "staff_payroll")
    blocks.grades_card(tables, limit=4)
with right:
    line, out = overview.days_line(days), overview.books(me, today)
    if line or out:
        with frame.card("days"):
            weeks = overview.meal_weeks(days, frame.data_day())
            drawn = ""
            eaten = any(level for week in weeks for level in week)
            if eaten:
                drawn = markup.calendar(weeks, say("over.calendar"))
            drawn += markup.paragraph(line) if line else ""
            drawn += markup.tiles(out) if out else ""
            st.html(markup.title(say("over.days")) + drawn)
            blocks.source_line(tables, "meal_day" if eaten else "library_visit")
    steps = overview.path(tables, today)
    if steps:
        with frame.card("path"):
            st.html(markup.title(say("me.timeline")) + markup.timeline(steps))
            blocks.source_line(tables, "student" if me.get("student_no") else "staff")
    # The log is read last: everything above is on the screen by then.
    if "my_uses" in visit.pages:
        with frame.card("uses"):
            entries = uses.lines(data.my_uses(visit.token)["uses"], today, limit=4)
            body = markup.entries(entries) if entries else markup.note(say("uses.none"))
            st.html(markup.title(say("me.uses")) + body)
            st.page_link(st.session_state["_pages"]["uses"], label=say("me.more"))
