"""Who used my data, when and for what?"""

from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup, uses
from dashboards.components.address import pills
from dashboards.components.guard import guarded
from dashboards.text import say

visit = guarded("uses")
today = frame.today()
SPANS, KINDS = ("30", "180", "all"), ("others", "self", "automatic", "all")
ABOUT = ("include", "names", "silent", "classes", "rights")


def newest() -> None:
    st.query_params.pop("before", None)


frame.top(say("page.uses"), say("uses.intro"))
with st.container(key="topline", horizontal=True):
    kind = pills(
        "kind", KINDS, "others", say("uses.kind"),
        lambda key: say(f"uses.kind.{key}"), on_change=newest,
    )  # fmt: skip
    span = pills(
        "span", SPANS, "30", say("uses.filter"), lambda key: say(f"uses.{key}"), on_change=newest
    )

asked = {"kind": kind}
if span != "all":
    since = datetime.now(UTC).astimezone(formats.BEIJING).date() - timedelta(days=int(span) - 1)
    asked["since"] = since.isoformat()
if before := st.query_params.get("before"):
    asked["before"] = before
try:
    found = data.my_uses(visit.token, **asked)
except data.Refused as refusal:
    if refusal.status != 400 or not before:
        raise
    newest()  # what stands in the address is no day
    st.rerun()

if told := uses.sentence(found["summary"]):
    st.html(markup.paragraph(told))
lines = uses.lines(found["uses"], today)
with frame.card("uses"):
    if lines:
        st.html(markup.entries(lines))
    else:
        st.html(markup.empty(say("uses.none"), say("uses.none_body")))
    with st.container(horizontal=True):
        if before:
            st.button(say("uses.newest"), key="newest", type="tertiary", on_click=newest)
        if found["next"] and st.button(say("uses.older"), key="older", type="tertiary"):
            st.query_params["before"] = found["next"]
            st.rerun()
with frame.card("about"):
    st.html(markup.title(say("uses.about")))
    st.html(markup.bullets(say(f"uses.about.{part}") for part in ABOUT))
