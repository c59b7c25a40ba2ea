"""What was reported then, what is it now, and why has it changed?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import earlier_view, frame, markup
from dashboards.components.address import from_address, into_address
from dashboards.components.guard import guarded
from dashboards.components.statistics_view import name_of
from dashboards.earlier_figures import first_moment, moments, newest, read_pairs, up_to_year, years
from dashboards.earlier_sentences import moment_name
from dashboards.text import language, say

visit = guarded("earlier")
choices = data.earlier_releases(visit.token)
today, tongue = frame.today(), language()
asked = st.session_state.get("then", st.query_params.get("then"))
options = moments(choices, asked)
frame.top(say("page.earlier"), say("earlier.subtitle"))
if not options:
    st.html(markup.empty(say("earlier.nothing"), say("earlier.nothing_body")))
    st.stop()

units = earlier_view.unit_names(choices)
first = first_moment(options, choices)
then = from_address("then", options, first)
unit = from_address("unit", list(units), "school")
answered = data.earlier_figures(visit.token, then, unit=unit)
pairs = read_pairs(answered)
indicators = {item["id"]: item for item in answered["indicators"]}

wide = not frame.is_phone()
with st.container(horizontal=True, key="earlier_choices", vertical_alignment="bottom"):
    st.selectbox(
        say("earlier.then"),
        options,
        format_func=lambda option: moment_name(option, choices, today, tongue),
        key="then",
        width=270 if wide else "stretch",
    )
    earlier_view.choose_day(choices)
    st.selectbox(
        say("stat.unit"),
        list(units),
        format_func=units.get,
        key="unit",
        width=230 if wide else "stretch",
    )
    if pairs:
        names = {name: name_of(indicators[name]) for name in indicators}
        leading = next((n for n in ("student_teacher_ratio",) if n in names), next(iter(names)))
        chosen = from_address("indicator", list(names), leading)
        st.selectbox(
            say("stat.indicator"),
            list(names),
            format_func=names.get,
            key="indicator",
            width=270 if wide else "stretch",
        )
    periods = years(pairs) if answered["then"] else []
    year = from_address("year", periods, periods[-1]) if periods else ""
    if periods:
        st.selectbox(
            say("stat.period"),
            periods,
            format_func=lambda value: formats.year_name(value, tongue),
            key="year",
            width=130 if wide else "stretch",
        )
into_address("then", then, "")
into_address("unit", unit, "school")

if not answered["then"]:
    releases = choices["releases"]
    said = "one_release" if len(releases) == 1 else "only_now"
    moment = releases[0]["published_at"] if len(releases) == 1 else f"{then}T00:00:00+08:00"
    st.html(markup.note(say(f"earlier.{said}", day=formats.day_of(moment, today, tongue))))
if not pairs:
    st.html(markup.empty(say("earlier.none_of_unit"), ""))
    st.stop()

into_address("indicator", chosen, leading)
into_address("year", year, periods[-1] if periods else "")
shown = up_to_year(pairs, year or None)

with frame.card("earlier_answer"):
    if (chosen, unit) in shown:
        pair = shown[chosen, unit]
        indicator = indicators[chosen]
        earlier_view.side_by_side(
            pair,
            indicator,
            units[unit],
            answered,
            moment_name(then, choices, today, tongue),
            newest(pairs, chosen, unit),
        )
        earlier_view.story(visit, pair, indicator, choices)
    else:
        st.html(markup.note(say("earlier.none_of_unit")))

if not unit.startswith("major:"):
    inside = read_pairs(
        data.earlier_figures(visit.token, then, unit=unit, indicator=chosen, parts="1")
    )
    below = [p for (_, key), p in up_to_year(inside, year or None).items() if key != unit]
    if below:
        with frame.card("earlier_parts"):
            earlier_view.parts(below, indicators[chosen])

with frame.card("earlier_changed"):
    of_unit = [pair for (_, key), pair in shown.items() if key == unit]
    earlier_view.changed(of_unit, indicators, units[unit], year)
