"""Which figures of the college may anybody know?"""

import streamlit as st

from dashboards import auth, data
from dashboards.components import frame, markup, parts, statistics_view
from dashboards.components.address import into_address
from dashboards.components.export_box import export_box
from dashboards.components.guard import guarded
from dashboards.components.shown import Shown
from dashboards.figures import read_figures
from dashboards.text import say

visit = guarded("public")
release = data.public_release()
figures = read_figures(data.public_statistics(release["id"]))

frame.top(say("page.public"), say("public.intro"))
frame.as_of_badge(release)
if visit.state == "anonymous":
    with frame.card("sign_in_hint"):
        st.html(markup.paragraph(say("public.sign_in")))
        if st.button(say("frame.sign_in_sso"), type="primary", key="sign_in"):
            auth.sign_in()

if not figures.cells:
    st.html(markup.empty(say("public.none"), say("public.none_body")))
    st.stop()

shown = Shown(visit, figures)
row = statistics_view.choose_row(figures)
statistics_view.public_cards(shown, row)

names = statistics_view.named(figures)
with frame.card("public_trend"):
    chosen = statistics_view.choose_indicator(names, next(iter(names)))
    into_address("indicator", chosen, next(iter(names)))
    title = say("stat.over_years", indicator=names[chosen])
    parts.trend(shown, figures.indicator(chosen), "school", title=title)
    st.html(markup.note(say("stat.trend_note")))
export_box(visit, lambda: shown.page(say("page.public"), say("public.intro"), "/public"))
