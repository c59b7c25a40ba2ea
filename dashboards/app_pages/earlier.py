"""What was reported then, what is it now, and why has it changed?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import earlier_choice, frame, markup
from dashboards.components.address import from_address
from dashboards.components.earlier_view import Comparison
from dashboards.components.export_box import export_box
from dashboards.components.guard import guarded
from dashboards.components.receipt import name_of
from dashboards.earlier_figures import (
    figures_now,
    first_moment,
    moments,
    newest,
    read_pairs,
    up_to_year,
    years,
)
from dashboards.earlier_sentences import moment_name
from dashboards.text import language, say

visit = guarded("earlier")
earlier_choice.begin()
choices = data.earlier_releases(visit.token)
today, tongue = frame.today(), language()
options = moments(choices, st.session_state.get("then", st.query_params.get("then")))
top = st.container(horizontal=True, key="topline", vertical_alignment="center")
with top:
    frame.top(say("page.earlier"), say("earlier.subtitle"))
if not options:
    st.html(markup.empty(say("earlier.nothing"), say("earlier.nothing_body")))
    st.stop()

units = earlier_choice.unit_names(choices)
first = first_moment(options, choices)
then = from_address("then", options, first)
unit = from_address("unit", list(units), "school")
answered = data.earlier_figures(visit.token, then, unit=unit)
pairs = read_pairs(answered)
indicators = {item["id"]: item for item in answered["indicators"]}
periods = years(pairs) if answered["then"] else []
lead = "student_teacher_ratio"
leading = lead if lead in indicators else next(iter(indicators), "")
chosen = from_address("indicator", list(indicators), leading) if indicators else ""
year = from_address("year", periods, periods[-1]) if periods else ""
moment = moment_name(then, choices, today, tongue)

with st.container(horizontal=True, key="earlier_choices", vertical_alignment="bottom"):
    earlier_choice.choose(
        "then",
        options,
        first,
        say("earlier.then"),
        lambda option: moment_name(option, choices, today, tongue),
        270,
    )
    earlier_choice.choose_day(choices)
    earlier_choice.choose("unit", list(units), "school", say("stat.unit"), units.get, 230)
    if indicators:
        earlier_choice.choose(
            "indicator",
            list(indicators),
            leading,
            say("stat.indicator"),
            lambda name: name_of(indicators[name]),
            270,
        )
    if periods:
        earlier_choice.choose(
            "year",
            periods,
            periods[-1],
            say("stat.period"),
            lambda value: formats.year_name(value, tongue),
            130,
        )

if not answered["then"]:
    releases = choices["releases"]
    is_alone = len(releases) == 1
    day = releases[0]["published_at"] if is_alone else f"{then}T00:00:00+08:00"
    sentence = "earlier.one_release" if is_alone else "earlier.only_now"
    st.html(markup.note(say(sentence, day=formats.day_of(day, today, tongue))))
if not pairs:
    st.html(markup.empty(say("earlier.none_of_unit"), ""))
    st.stop()

inside = {"figures": []}
if not unit.startswith("major:"):
    inside = data.earlier_figures(visit.token, then, unit=unit, indicator=chosen, parts="1")
shown = up_to_year(pairs, year or None)
below = up_to_year(read_pairs(inside), year or None)
below = [pair for (_, key), pair in below.items() if key != unit]
figures = figures_now([*pairs, *below], answered)
comparison = Comparison(visit, figures, indicators, answered, moment)

with frame.card("earlier_answer"):
    pair = shown.get((chosen, unit))
    if pair is not None:
        comparison.side_by_side(pair, units[unit], newest(pairs, chosen, unit))
        comparison.story(pair, choices)
    else:
        st.html(markup.note(say("earlier.none_of_unit")))
if below:
    with frame.card("earlier_parts"):
        comparison.parts(below)
with frame.card("earlier_changed"):
    comparison.changed(list(shown.values()), units[unit], year)

with top:
    title = say("earlier.export", unit=units[unit])
    export_box(visit, lambda: comparison.page(title, earlier_choice.address()))
