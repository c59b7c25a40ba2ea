"""Which units lack a responsible head or a contact?"""

import streamlit as st

from dashboards import data
from dashboards.components import frame, markup
from dashboards.components.address import from_address, into_address
from dashboards.components.guard import guarded
from dashboards.text import say

visit = guarded("units")
frame.top(say("page.units"), say("units.intro"))
units = data.units(visit.token)
lacking = [unit for unit in units if unit["lacks"]]


def people(found: list, mark: str, remark: str) -> str:
    return say("grant.and").join(
        f"{one['name'] or one['number'] or '—'}{say(remark) if mark(one) else ''}" for one in found
    )


def line(unit: dict) -> markup.Entry:
    owns = " · ".join(
        f"{say(f'units.owns.{what}')} {unit[what]}"
        for what in ("systems", "datasets", "items")
        if unit[what]
    )
    heads = people(unit["heads"], lambda one: one["source"] == "hr", "units.hr")
    contacts = people(unit["contacts"], lambda one: not one["signed"], "units.unsigned")
    known = " · ".join(
        f"{say(label)} {names}"
        for label, names in (("units.head", heads), ("units.contact", contacts))
        if names
    )
    lacks = say("grant.and").join(say(f"units.lack.{word}") for word in unit["lacks"])
    return markup.Entry(
        unit["name"],
        known,
        owns,
        side=lacks or say("units.complete"),
        state="watch" if lacks else "good",
    )


which = from_address("which", ("lacking", "all"), "lacking" if len(units) > 1 else "all")
if len(units) > 1:
    counts = {"lacking": len(lacking), "all": len(units)}
    st.segmented_control(
        say("units.show"),
        ["lacking", "all"],
        required=True,
        format_func=lambda key: say(f"units.{key}", count=counts[key]),
        key="which",
        label_visibility="collapsed",
    )
    into_address("which", which, "lacking")
with frame.card("units"):
    listed = lacking if which == "lacking" else units
    if listed:
        st.html(markup.entries(line(unit) for unit in listed))
    else:
        st.html(markup.empty(say("units.none"), say("units.none_body")))
    st.html(markup.note(say("units.how")))
