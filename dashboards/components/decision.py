"""The form that signs, returns or rejects an application as it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import data
from dashboards.components import frame, markup
from dashboards.components.refusals import said
from dashboards.text import say

__all__ = ["decide"]


def decide(token: str, found: Mapping[str, Any]) -> None:
    """Shown only to whom the application waits for."""
    last = found["stage"] == found["stages"][-1]["stage"]
    missing = [
        say(f"app.undertaking_{party}")
        for party in ("unit", "vendor")
        if found["undertakings"][party] is False
    ]
    sensitive = sum(
        column["privacy"] == "sensitive"
        for table in found["tables_asked"]
        for column in table["columns"]
    )
    if st.session_state.pop("_moved", None) == found["id"]:
        st.warning(say("inbox.moved"))
    with frame.card("decide"), st.form(f"decide_{found['id']}", border=False):
        stage = say("inbox.stage", stage=say(f"stage.{found['stage']}"))
        st.html(markup.title(say("inbox.decide")) + markup.note(stage))
        if sensitive:
            st.html(markup.tag(say("inbox.sensitive", count=sensitive), "watch"))
        if last and missing:
            st.html(markup.paragraph(say("inbox.missing", parties=say("grant.and").join(missing))))
        reason = st.text_area(say("inbox.reason"), max_chars=1000, height=90)
        approves = st.form_submit_button(
            say("inbox.authorise" if last else "inbox.approve"),
            type="primary",
            width="stretch",
            disabled=bool(last and missing),
        )
        with st.container(horizontal=True, gap="small"):
            returns = st.form_submit_button(say("inbox.return"), width="stretch")
            rejects = st.form_submit_button(say("inbox.reject"), width="stretch")
    decision = "approve" if approves else "return" if returns else "reject" if rejects else None
    if decision is None:
        return
    if decision != "approve" and not reason.strip():
        st.error(say("inbox.no_reason"))
        return
    try:
        data.decide(token, dict(found), decision, reason)
    except (data.Refused, data.GatewayAway) as refusal:
        if refusal.status not in (403, 409):
            st.error(said(refusal))
            return
        st.session_state["_moved"] = found["id"]
    else:
        done = "authorise" if last and decision == "approve" else decision
        st.toast(say(f"inbox.done_{done}"))
        st.query_params.pop("id", None)
    st.rerun()
