"""What have I applied for, what may I use, and what waits for my name?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import application_view, frame, markup
from dashboards.components.address import from_address, into_address
from dashboards.components.application_list import application_entry, pressed, rows
from dashboards.components.grant_box import grant_row
from dashboards.components.guard import guarded
from dashboards.components.refusals import said
from dashboards.components.undertaking_box import sign_box, title_of
from dashboards.text import language, say

visit = guarded("applications")
today, tongue = frame.today(), language()
form_page = st.session_state["_pages"]["apply"]


def detail(application_id: str) -> None:
    found = application_view.opened(visit.token, application_id)
    if found is None:
        return
    if st.session_state.pop("_submitted", None) == application_id and found["stage"]:
        st.success(say("apps.submitted", stage=say(f"stage.{found['stage']}")))
    left, right = st.columns([8, 4], gap="small")
    with right:
        for number, words in enumerate(data.undertakings(visit.token)["waiting"]):
            if words["application"] == application_id:
                sign_box(visit.token, words, number)
        if found["may"]["again"] and st.button(
            say("app.again"), key="again", type="primary", width="stretch"
        ):
            begun = data.begin_draft(visit.token, application=application_id)
            st.switch_page(form_page, query_params={"draft": begun["id"]})
        application_view.show_stands(found, today)
        if found["may"]["withdraw"]:
            with st.popover(say("app.withdraw"), width="stretch"):
                reason = st.text_area(say("app.withdraw_reason"), max_chars=1000, height=90)
                if st.button(say("app.withdraw"), key="withdraw", width="stretch"):
                    withdraw(application_id, reason)
    with left:
        application_view.show_asked(found, today)


def withdraw(application_id: str, reason: str) -> None:
    try:
        data.withdraw(visit.token, application_id, reason)
    except (data.Refused, data.GatewayAway) as refusal:
        st.error(said(refusal))
        return
    st.toast(say("app.withdrawn"))
    st.rerun()


def overview() -> None:
    frame.top(say("page.applications"), say("apps.intro"))
    units = visit.roles & {"unit_officer", "unit_head"}
    with st.container(horizontal=True, vertical_alignment="center", key="topline"):
        if "application_form" in visit.pages and st.button(
            say("apps.new"), key="new", type="primary", icon=":material/add:"
        ):
            st.switch_page(form_page)
        scope = from_address("scope", ("mine", "unit") if units else ("mine",), "mine")
        if units:
            st.segmented_control(
                say("apps.scope"),
                ["mine", "unit"],
                required=True,
                format_func=lambda key: say(f"apps.scope.{key}"),
                key="scope",
                label_visibility="collapsed",
            )
        into_address("scope", scope, "mine")
    words = data.undertakings(visit.token)
    for number, waiting in enumerate(words["waiting"]):
        sign_box(visit.token, waiting, number)
    left, right = st.columns(2, gap="small")
    with left:
        drafts = data.drafts(visit.token) if scope == "mine" else []
        if drafts:
            with frame.card("drafts"):
                st.html(markup.title(say("apps.drafts")))
                for draft in drafts:
                    draft_row(draft)
        with frame.card("applications"):
            st.html(markup.title(say("apps.applications")))
            listed = data.applications(visit.token, scope)
            if listed:
                rows(
                    "application",
                    listed,
                    lambda line: application_entry(line, today),
                    application_view.show,
                )
            else:
                st.html(markup.empty(say("apps.none"), say("apps.none_body")))
    with right:
        with frame.card("grants"):
            st.html(markup.title(say("apps.grants")))
            held = data.held_grants(visit.token, scope)
            for grant in held:
                grant_row(visit.token, grant, today)
            if not held:
                st.html(markup.empty(say("apps.no_grants"), say("apps.no_grants_body")))
        if words["signed"]:
            with frame.card("signed"):
                st.html(markup.title(say("apps.signed")))
                for one in words["signed"]:
                    when = formats.moment(one["signed_at"], today, tongue)
                    with st.expander(f"{title_of(one)} · {say('words.when', moment=when)}"):
                        st.html(markup.document(one["text"]))


def draft_row(draft: dict) -> None:
    content = draft["content"]
    saved = say("apps.saved", moment=formats.moment(draft["saved_at"], today, tongue))
    about = (
        say("apps.for_again", id=draft["application"])
        if draft["application"]
        else say("apps.extends", grant=content["extends"])
        if content.get("extends")
        else ""
    )
    entry = markup.Entry(content.get("purpose_text") or say("apps.untitled"), about, saved)
    buttons = {"open": say("apps.continue"), "discard": say("apps.discard")}
    press = pressed(f"draft_{draft['id']}", entry, buttons)
    if press == "open":
        st.switch_page(form_page, query_params={"draft": draft["id"]})
    if press == "discard":
        data.discard_draft(visit.token, draft["id"])
        st.toast(say("apps.discarded"))
        st.rerun()


if chosen := st.query_params.get("id"):
    detail(chosen)
else:
    overview()
