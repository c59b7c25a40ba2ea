"""Am I protected, by whom and until when; whom do I answer for?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("protection")
today, tongue = frame.today(), language()
found = data.my_protection(visit.token)
frame.top(say("page.my_protection"), say("guard.intro"))


def until(one: dict) -> str:
    return formats.last_day(one["until"], today, tongue) if one["until"] else say("guard.open_end")


if own := found["protected"]:
    with frame.card("protected"):
        st.html(markup.title(say("guard.me")) + markup.paragraph(say("guard.me_body")))
        st.html(
            markup.facts(
                [
                    (say("guard.by"), own["unit"]),
                    (say("guard.owner"), own["owner"] or formats.MISSING),
                    (say("guard.since"), formats.day_of(own["since"], today, tongue)),
                    (say("guard.until"), until(own)),
                ]
            )
        )
        st.html(markup.note(say("guard.change")))
if minor := found["minor"]:
    with frame.card("minor"):
        day = formats.day(minor["adult_on"], today, tongue)
        st.html(
            markup.title(say("guard.minor")) + markup.paragraph(say("guard.minor_body", day=day))
        )
        if minor["is_child"]:
            st.html(markup.paragraph(say("guard.child_body")))
if found["answers_for"]:
    with frame.card("answers_for"):
        st.html(markup.title(say("guard.answers")) + markup.note(say("guard.answers_body")))
        st.html(
            markup.entries(
                markup.Entry(
                    one["name"] or formats.MISSING,
                    one["unit"],
                    remark=one["number"] or "",
                    side=until(one),
                )
                for one in found["answers_for"]
            )
        )
