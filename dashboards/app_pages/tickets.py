"""What have I reported as wrong, and how far is it?"""

import streamlit as st

from dashboards import data
from dashboards.components import frame, markup, ticket_view
from dashboards.components.guard import guarded
from dashboards.components.ticket_steps import show_steps
from dashboards.text import say

visit = guarded("tickets")
today = frame.today()


def overview() -> None:
    frame.top(say("page.tickets"), say("ticket.intro"))
    rows = data.corrections(visit.token, "mine")
    if not rows:
        st.html(markup.empty(say("ticket.none"), say("ticket.none_body")))
    parts = {
        "running": [row for row in rows if row["waits_for"] or row["status"] == "refused"],
        "over": [row for row in rows if not row["waits_for"] and row["status"] != "refused"],
    }
    for name, some in parts.items():
        if some:
            with frame.card(name):
                st.html(markup.title(say(f"ticket.{name}")))
                ticket_view.listed("mine", some, today)


if chosen := st.query_params.get("id"):
    frame.top(say("page.tickets"), chosen)
    found = ticket_view.opened(visit.token, chosen)
    if found is not None and found["person"] is not None:
        st.info(say("ticket.gone"))  # of others one reads under 问题
    elif found is not None:
        left, right = st.columns([7, 5], gap="small")
        with left:
            ticket_view.show_progress(found, today)
        with right:
            ticket_view.show_reported(found, today)
            show_steps(visit.token, found, today)
else:
    overview()
