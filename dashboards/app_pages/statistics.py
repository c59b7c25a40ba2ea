"""How does the college stand, over the years and in each college?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup, statistics_view
from dashboards.components.guard import guarded
from dashboards.figures import read_figures
from dashboards.text import language, say

visit = guarded("statistics")
figures = read_figures(data.statistics(visit.token, visit.me, level="school,college,major"))
years = figures.years()
if not years:
    frame.top(say("stat.title"))
    st.html(markup.empty(say("public.none"), say("public.none_body")))
    st.stop()

# A unit or indicator in the address that is not there is no reason to fail.
if st.query_params.get("unit") not in (None, *figures.scopes):
    del st.query_params["unit"]


def open_unit(key: str) -> None:
    st.session_state["unit"] = key


def pick_bar() -> None:
    """A bar was selected: open its unit, if there is anything inside."""
    for name, state in st.session_state.items():
        if str(name).startswith("bars_") and state:
            for point in state.selection.get("pick", []):
                key = point.get("unit")
                if key in figures.scopes and figures.inside(key):
                    open_unit(key)


scope = st.session_state.get("unit") or st.query_params.get("unit") or "school"
scope = scope if scope in figures.scopes else "school"
here = figures.scopes.get(scope)

with st.container(horizontal=True, key="topline", vertical_alignment="center"):
    title = say("stat.title") if scope == "school" else statistics_view.scope_name(here)
    frame.top(title, say("stat.subtitle"))
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", width="content"
    ):
        frame.as_of_badge(visit.me["release"])
        year = st.segmented_control(
            say("stat.period"),
            years[-4:],
            default=years[-1],
            required=True,
            format_func=lambda value: formats.year_name(value, language()),
            key="year",
            bind="query-params",
            label_visibility="collapsed",
        )

statistics_view.cards(visit, figures, scope, year or years[-1])

left, right = st.columns([5, 7], gap="small")
names = {item["id"]: statistics_view.name_of(item) for item in figures.indicators}
with left, frame.card("attention", stretch=True):
    statistics_view.attention(figures, scope, year or years[-1])
with right, frame.card("breakdown", stretch=True):
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            say("stat.indicator"),
            list(names),
            format_func=names.get,
            key="indicator",
            bind="query-params",
            width=260,
        )
        around = figures.around(scope)
        units = ["school", *statistics_view.choices(figures, scope)]
        st.selectbox(
            say("stat.unit"),
            units,
            format_func=lambda key: statistics_view.scope_name(figures.scopes.get(key)),
            key="unit",
            bind="query-params",
            width=200,
        )
        if around is not None:
            st.button(
                say("stat.back", unit=statistics_view.scope_name(figures.scopes.get(around))),
                icon=":material/arrow_back:",
                type="tertiary",
                key="back",
                on_click=open_unit,
                args=(around,),
            )
    indicator = figures.indicator(chosen)
    if scope == "school":
        st.html(markup.title(say("stat.by_college", indicator=names[chosen])))
    elif figures.inside(scope):
        unit = statistics_view.scope_name(here)
        st.html(markup.title(say("stat.by_major", indicator=names[chosen], unit=unit)))
    if not statistics_view.breakdown(figures, indicator, scope, year or years[-1], pick_bar):
        st.html(markup.note(say("stat.none_here")))

with frame.card("trend"):
    st.html(markup.title(say("stat.over_years", indicator=names[chosen])))
    statistics_view.trend(figures, indicator, scope)
    st.html(markup.note(say("stat.trend_note")))
