"""Which figures of the college may anybody know?"""

from dataclasses import replace

import streamlit as st

from dashboards import auth, data
from dashboards.components import frame, markup, parts, statistics_view
from dashboards.components.address import into_address
from dashboards.components.export_box import export_box
from dashboards.components.guard import guarded
from dashboards.components.public_view import definitions
from dashboards.components.shown import Shown
from dashboards.figures import read_figures
from dashboards.text import say

visit = guarded("public")
release = data.public_release()
figures = read_figures(data.public_statistics(release["id"]))

with st.container(horizontal=True, key="topline", vertical_alignment="center"):
    frame.top(say("page.public"), say("public.intro"))
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", width="content"
    ):
        frame.as_of_badge(release)
        exports = st.container(width="content")
if visit.state == "anonymous":
    with frame.card("sign_in_hint"):
        st.html(markup.paragraph(say("public.sign_in")))
        if st.button(say("frame.sign_in_sso"), type="primary", key="sign_in"):
            auth.sign_in()

if not figures.cells:
    st.html(markup.empty(say("public.none"), say("public.none_body")))
    st.stop()

# Whoever reads, and whatever they may see elsewhere: here it is the public file alone.
shown = Shown(replace(visit, pages=frozenset()), figures)
row = statistics_view.choose_row(figures)
of_row = [indicator for indicator in figures.indicators if indicator["row_code"] == row]
statistics_view.public_cards(shown, row)

names = statistics_view.named(replace(figures, indicators=of_row))
with frame.card("public_trend"):
    chosen = statistics_view.choose_indicator(names, next(iter(names)))
    into_address("indicator", chosen, next(iter(names)))
    title = say("stat.over_years", indicator=names[chosen])
    parts.trend(shown, figures.indicator(chosen), "school", title=title)
    st.html(markup.note(say("stat.trend_note")))
with frame.card("public_definitions"):
    definitions(figures, of_row)

with exports:
    address = f"/public?row={row}"
    export_box(
        visit,
        lambda: replace(
            shown.page(f"{say('page.public')} · {say(f'stat.row.{row}')}", "", address),
            release=release["id"],
            as_of=release["as_of"],
        ),
    )
