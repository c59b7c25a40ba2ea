"""A grant in full, with what one may do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboards import data
from dashboards.components import markup
from dashboards.components.application_list import grant_entry
from dashboards.components.limits import limits_line
from dashboards.components.refusals import said
from dashboards.text import say

__all__ = ["grant_row"]


def grant_row(token: str, grant: Mapping[str, Any], today: date) -> None:
    """The line of a grant, its columns below, and its buttons."""
    with st.container(key=f"grant_{grant['id']}", gap="xsmall"):
        st.html(markup.entries([grant_entry(grant, today)]))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            with st.popover(say("grant.what"), type="tertiary", wrap=False):
                for table in grant["tables"]:
                    columns = say("grant.and").join(table["columns"])
                    st.html(
                        markup.paragraph(
                            say("grant.columns", table=table["title"], columns=columns)
                        )
                    )
                if limits := limits_line(grant["limits"]):
                    st.html(markup.note(say("limits.each", limits=limits)))
            usable = grant["state"] == "live" and grant["signed"] and grant["mine"]
            if usable and "sql" in grant["channels"] and "query" in st.session_state["_open"]:
                st.page_link(
                    st.session_state["_pages"]["query"],
                    label=say("grant.use"),
                    icon=":material/terminal:",
                    query_params={"grant": grant["id"]},
                )
            _buttons(token, grant)


def _buttons(token: str, grant: Mapping[str, Any]) -> None:
    may, key = grant["may"], grant["id"]
    if may["extend"] and st.button(say("grant.extend"), key=f"extend_{key}", type="tertiary"):
        begun = data.begin_draft(token, grant=key)
        form = st.session_state["_pages"]["apply"]
        st.switch_page(form, query_params={"draft": begun["id"]})
    if may["give_back"] and st.button(say("grant.give_back"), key=f"back_{key}", type="tertiary"):
        _end(token, key, "return")
    if may["revoke"] and st.button(say("grant.revoke"), key=f"revoke_{key}", type="tertiary"):
        _end(token, key, "revocation")


def _end(token: str, grant_id: str, how: str) -> None:
    given_back = how == "return"

    @st.dialog(say("grant.give_back_title" if given_back else "grant.end_title", id=grant_id))
    def ask() -> None:
        st.html(markup.paragraph(say("grant.give_back_body" if given_back else "grant.end_body")))
        reason = st.text_area(say("grant.end_reason"), max_chars=1000, height=90, key="end_reason")
        label = say("grant.give_back_now" if given_back else "grant.revoke")
        if not st.button(label, key="end_now", type="primary", width="stretch"):
            return
        if not reason.strip():
            st.error(say("grant.end_no_reason"))
            return
        try:
            data.end_grant(token, grant_id, how, reason)
        except (data.Refused, data.GatewayAway) as refusal:
            st.error(said(refusal))
            return
        st.toast(say("grant.given_back" if given_back else "grant.ended_now"))
        st.rerun()

    ask()
