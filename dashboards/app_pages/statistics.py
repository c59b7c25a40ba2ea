"""What wants a look first, and how does the college stand?"""

from functools import partial

import streamlit as st

from dashboards import auth
from dashboards.attention import first, notices
from dashboards.components import frame, markup, notices_view, parts, statistics_view
from dashboards.components.export_box import export_box
from dashboards.components.guard import guarded
from dashboards.components.shown import Shown
from dashboards.text import say

visit = guarded("statistics")
view = statistics_view.open_view(visit)
if view is None:
    frame.top(say("stat.title"))
    st.html(markup.empty(say("public.none"), say("stat.nothing_open")))
    st.stop()

found = notices(view.figures, view.scope, view.year, auth.late_deliveries(visit))
worst = first(found)
names = statistics_view.named(view.figures)
lead = [notice.indicator["id"] for notice in worst if notice.indicator]
front = view.figures.shown(view.scope, view.year)[:6]
candidates = [*lead, *(indicator["id"] for indicator, _ in front)] or [next(iter(names))]
view = view.with_parts([*candidates, *statistics_view.asked_indicator(names)])
default = statistics_view.first_with_parts(view, candidates)
chosen = statistics_view.chosen_indicator(names, default)
view.into_address(chosen, default)
shown = Shown(visit, view.figures)
title = say("stat.title") if view.scope == "school" else statistics_view.title_of(view)

with st.container(horizontal=True, key="topline", vertical_alignment="center"):
    frame.top(title, statistics_view.how_far(view))
    if st.button(
        say("notice.all", count=len(found)), key="all_notices", icon=":material/flag:",
        type="tertiary", disabled=not found,
    ):  # fmt: skip
        notices_view.all_notices(view, found)
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", width="content"
    ):
        frame.as_of_badge(visit.me["release"], short=True)
        statistics_view.choose_unit(view)
        statistics_view.choose_year(view)
        exports = st.container(width="content")

if worst:
    notices_view.cards(shown, view, worst)
else:
    st.html(markup.paragraph(say("stat.watch_none")))

left, right = st.columns([6, 7], gap="small")
with left:
    grid = st.grid(3, min_column_width=150)
    for indicator, cell in front:
        with grid.cell(), frame.card(f"figure_{indicator['id']}", stretch=True, tight=True):
            shown.metric(
                indicator,
                cell,
                indicator["id"],
                spark=False,
                after=partial(statistics_view.parts_button, indicator["id"]),
            )
with right, frame.card("breakdown", stretch=True, tight=True):
    indicator = view.figures.indicator(chosen)
    if parts.has_parts(view.figures, indicator, view.scope, view.year):
        statistics_view.bars_inside(shown, view, chosen, limit=6)
    else:
        title_of_years = say("stat.over_years", indicator=names[chosen])
        parts.trend(shown, indicator, view.scope, title=title_of_years)
    if told := parts.told_change(view.figures, indicator, view.scope, view.year):
        st.html(markup.note(told + say("notice.stop")))
    with st.container(horizontal=True, key="ways_on"):
        parts.earlier_link(indicator, view.scope, view.year)
        statistics_view.topic_link(view, indicator.get("row_code"), chosen, named=True)
with exports:
    export_box(visit, lambda: shown.page(title, say("stat.subtitle"), view.path("/statistics")))
