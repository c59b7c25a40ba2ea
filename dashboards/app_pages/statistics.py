"""How does the college stand, over the years and in each college?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup, statistics_view
from dashboards.components.address import from_address, into_address
from dashboards.components.guard import guarded
from dashboards.figures import read_figures
from dashboards.text import language, say

visit = guarded("statistics")
figures = read_figures(data.statistics(visit.token, level="school,college,major"))
years = figures.years()
if not years:
    frame.top(say("stat.title"))
    st.html(markup.empty(say("public.none"), say("public.none_body")))
    st.stop()


def open_unit(key: str) -> None:
    st.session_state["unit"] = key


def pick_bar() -> None:
    """A bar was selected: open its unit, if there is anything inside."""
    for name, state in st.session_state.items():
        if str(name).startswith("bars_") and state:
            for point in state.selection.get("pick", []):
                if figures.inside(point.get("unit", "")):
                    open_unit(point["unit"])


names = {item["id"]: statistics_view.name_of(item) for item in figures.indicators}
first = next(iter(names))
scope = from_address("unit", list(figures.scopes), "school")
year = from_address("year", years, years[-1])
chosen = from_address("indicator", list(names), first)
here = figures.scopes.get(scope)
indicator = figures.indicator(chosen)

with st.container(horizontal=True, key="topline", vertical_alignment="center"):
    frame.top(
        say("stat.title") if scope == "school" else statistics_view.scope_name(here),
        say("stat.subtitle"),
    )
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", width="content"
    ):
        frame.as_of_badge(visit.me["release"])
        st.segmented_control(
            say("stat.period"),
            years[-4:],
            required=True,
            format_func=lambda value: formats.year_name(value, language()),
            key="year",
            label_visibility="collapsed",
        )

shown = figures.shown(scope, year)
statistics_view.cards(visit, figures, shown[:6])

left, right = st.columns([5, 7], gap="small")
with left, frame.card("attention", stretch=True):
    statistics_view.attention(figures, scope, year)
with right, frame.card("breakdown", stretch=True):
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            say("stat.indicator"), list(names), format_func=names.get, key="indicator", width=270
        )
        st.selectbox(
            say("stat.unit"),
            ["school", *statistics_view.choices(figures, scope)],
            format_func=lambda key: statistics_view.scope_name(figures.scopes.get(key)),
            key="unit",
            width=190,
        )
        around = figures.around(scope)
        if around is not None:
            st.button(
                say("stat.back", unit=statistics_view.scope_name(figures.scopes.get(around))),
                icon=":material/arrow_back:",
                type="tertiary",
                key="back",
                on_click=open_unit,
                args=(around,),
            )
    if scope == "school":
        st.html(markup.title(say("stat.by_college", indicator=names[chosen])))
    elif figures.inside(scope):
        unit = statistics_view.scope_name(here)
        st.html(markup.title(say("stat.by_major", indicator=names[chosen], unit=unit)))
    if not statistics_view.breakdown(figures, indicator, scope, year, pick_bar):
        st.html(markup.note(say("stat.none_here")))

row = statistics_view.choose_row(figures)
of_row = [(item, cell) for item, cell in shown[6:] if item["row_code"] == row]
if of_row:
    statistics_view.cards(visit, figures, of_row)
else:
    st.html(markup.note(say("stat.none_here")))

with frame.card("trend"):
    st.html(markup.title(say("stat.over_years", indicator=names[chosen])))
    statistics_view.trend(figures, indicator, scope)
    st.html(markup.note(say("stat.trend_note")))

into_address("unit", scope, "school")
into_address("year", year, years[-1])
into_address("indicator", chosen, first)
