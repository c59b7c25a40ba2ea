"""What does one dataset of the statistics say, of which unit, and why has it changed?"""

import streamlit as st

from dashboards.components import frame, markup, statistics_view, topic_view
from dashboards.components.export_box import export_box
from dashboards.components.guard import guarded
from dashboards.components.shown import Shown
from dashboards.text import say
from dashboards.topics import TOPICS

topic = TOPICS[st.session_state["_address"]]
visit = guarded(topic.address)
view = statistics_view.open_view(visit, topic.row)
name = say(f"page.{topic.address}")
if view is None:
    frame.top(name)
    st.html(markup.empty(say("public.none"), say("stat.nothing_open")))
    st.stop()

names = statistics_view.named(view.figures)
lead = topic_view.lead(view, topic)
view = view.with_parts([*lead, *statistics_view.asked_indicator(names)])
default = statistics_view.first_with_parts(view, lead)
chosen = statistics_view.chosen_indicator(names, default)
view.into_address(chosen, default)
shown = Shown(visit, view.figures)
unit = statistics_view.title_of(view)

with st.container(horizontal=True, key="topline", vertical_alignment="center"):
    frame.top(
        say("topic.title", topic=name, unit=unit),
        statistics_view.how_far(view) or say("stat.subtitle"),
    )
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", width="content"
    ):
        frame.as_of_badge(visit.me["release"], short=True)
        statistics_view.choose_unit(view)
        statistics_view.choose_year(view)
        exports = st.container(width="content")

# Whoever follows a link to a figure on a phone sees that figure first.
sections = [topic_view.cards, topic_view.detail]
if frame.is_phone() and "indicator" in st.query_params:
    sections.reverse()
for section in sections:
    section(shown, view, topic, chosen, default)
topic_view.groups(shown, view, topic)
topic_view.all_indicators(shown, view, topic)
st.html(markup.note(say("stat.trend_note")))

with exports:
    export_box(
        visit,
        lambda: shown.page(
            f"{name} · {unit}", say("stat.subtitle"), view.path(f"/{topic.address}")
        ),
    )
