"""Who used my data, when and for what?"""

from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup, uses
from dashboards.components.address import from_address, into_address
from dashboards.components.guard import guarded
from dashboards.text import say

visit = guarded("uses")
today = frame.today()
frame.top(say("page.uses"), say("uses.intro"))
span = from_address("span", ("30", "180", "all"), "30")
st.pills(
    say("uses.filter"),
    ["30", "180", "all"],
    required=True,
    format_func=lambda key: say(f"uses.{key}"),
    key="span",
    label_visibility="collapsed",
)
into_address("span", span, "30")
found = data.my_uses(visit.token)["uses"]
if span != "all":
    since = datetime.now(UTC) - timedelta(days=int(span))
    found = [use for use in found if formats.from_iso_moment(use["at"]) >= since]
lines = uses.lines(found, today)
with frame.card("uses"):
    if lines:
        st.html(markup.entries(lines))
    else:
        st.html(markup.empty(say("uses.none"), say("uses.none_body")))
