"""What were those who run the college told each month?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("briefings")
found = data.briefings(visit.token)
frame.top(say("page.briefings"), say("briefings.intro"))
rule = "briefings.rule" if found["addresses"] else "briefings.rule_unset"
st.html(markup.note(say(rule, day=found["day"])))
if not found["briefings"]:
    st.html(markup.empty(say("briefings.none"), say("briefings.none_body")))

today = frame.today()
for one in found["briefings"]:
    mailed = say("briefings.not_mailed")
    if one["mailed_at"]:
        day = formats.day_of(one["mailed_at"], today, language())
        mailed = say("briefings.mailed", day=day, count=one["mailed"])
    as_of = say("briefings.as_of", day=formats.day_of(one["as_of"], today, language()))
    with (
        frame.card(f"briefing_{one['id']}"),
        st.container(horizontal=True, vertical_alignment="center", key=f"row_{one['id']}"),
    ):
        title = say("briefings.title", month=formats.month(one["month"], language()))
        st.html(markup.title(title) + markup.provenance([as_of, mailed]))
        st.link_button(
            say("briefings.fetch", size=max(one["bytes"] // 1000, 1)),
            f"/files/briefings/{one['id']}.pdf",
            key=f"fetch_{one['id']}",
            icon=":material/download:",
        )
