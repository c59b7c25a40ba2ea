"""Where do all applications and grants of the college stand?"""

import streamlit as st

from dashboards import data
from dashboards.components import application_view, frame, markup
from dashboards.components.address import from_address, into_address
from dashboards.components.application_list import application_entry, rows
from dashboards.components.grant_box import grant_row
from dashboards.components.guard import guarded
from dashboards.components.paper_entry import record_paper
from dashboards.text import say

visit = guarded("governance")
today = frame.today()

STATES = {
    "applications": ("open", "returned", "rejected", "withdrawn", "authorised"),
    "grants": (
        *("live", "waiting", "not_yet", "frozen", "shut", "return_overdue"),
        *("expired", "revoked", "unapproved"),
    ),
}


def detail(application_id: str) -> None:
    found = application_view.opened(visit.token, application_id)
    if found is None:
        return
    left, right = st.columns([8, 4], gap="small")
    with left:
        application_view.show_asked(found, today)
    with right:
        if found["may"]["record"]:
            record_paper(visit.token, found)
        application_view.show_stands(found, today)


def matches(item: dict, word: str, names: tuple[str, ...]) -> bool:
    return not word or any(word in str(item[name]).lower() for name in names)


if chosen := st.query_params.get("id"):
    detail(chosen)
    st.stop()

frame.top(say("page.governance"), say("gov.intro"))
show_what = from_address("show", tuple(STATES), "applications")
with st.container(key="topline", horizontal=True, vertical_alignment="bottom"):
    st.segmented_control(
        say("gov.show"),
        list(STATES),
        required=True,
        format_func=lambda key: say(f"gov.{key}"),
        key="show",
        label_visibility="collapsed",
    )
    into_address("show", show_what, "applications")
    found = (
        data.applications(visit.token, "all")
        if show_what == "applications"
        else data.held_grants(visit.token, "all")
    )
    field = "status" if show_what == "applications" else "state"
    present = [word for word in STATES[show_what] if any(item[field] == word for item in found)]
    state = from_address("state", ("any", *present), "any")
    st.selectbox(
        say("gov.status"),
        ["any", *present],
        format_func=lambda key: say(
            "gov.any"
            if key == "any"
            else f"status.{key}"
            if show_what == "applications"
            else f"grant.state.{key}"
        ),
        key="state",
        label_visibility="collapsed",
        width=180,
    )
    into_address("state", state, "any")
    word = st.text_input(
        say("gov.search"),
        key="word",
        placeholder=say("gov.search"),
        label_visibility="collapsed",
        max_chars=60,
    )
listed = [
    item
    for item in found
    if state in ("any", item[field])
    and matches(item, word.strip().lower(), ("id", "unit_name", "purpose_text"))
]
with frame.card("all"):
    if not listed:
        st.html(markup.empty(say("gov.none"), say("gov.none_body")))
    elif show_what == "applications":
        rows("all", listed, lambda line: application_entry(line, today), application_view.show)
    else:
        for grant in listed:
            grant_row(visit.token, grant, today)
