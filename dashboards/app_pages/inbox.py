"""Which applications wait for my signature?"""

import streamlit as st

from dashboards import data
from dashboards.components import application_view, frame, markup
from dashboards.components.application_list import application_entry, rows
from dashboards.components.decision import decide
from dashboards.components.deputies import show_deputies
from dashboards.components.guard import guarded
from dashboards.components.undertaking_box import sign_box
from dashboards.text import say

visit = guarded("inbox")
today = frame.today()


def detail(application_id: str) -> None:
    found = application_view.opened(visit.token, application_id)
    if found is None:
        return
    left, right = st.columns([8, 4], gap="small")
    with right:
        for number, words in enumerate(data.undertakings(visit.token)["waiting"]):
            if words["application"] == application_id and words["party"] == "unit":
                sign_box(visit.token, words, number)
        if found["may"]["sign"]:
            decide(visit.token, found)
        application_view.show_stands(found, today)
    with left:
        application_view.show_asked(found, today)


if chosen := st.query_params.get("id"):
    detail(chosen)
    st.stop()

frame.top(say("page.inbox"), say("inbox.intro"))
waiting = data.applications(visit.token, "waiting")
with frame.card("waiting"):
    if waiting:
        rows("waiting", waiting, lambda line: application_entry(line, today), application_view.show)
    else:
        st.html(markup.empty(say("inbox.none"), say("inbox.none_body")))
show_deputies(visit.token, today)
