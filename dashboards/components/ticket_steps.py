"""What a reader may do with a correction: the gateway says which of it, the page offers those."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.refusals import said
from dashboards.components.scan_field import scan_field
from dashboards.text import say

__all__ = ["show_steps"]

#: Days from today at which a unit's delivery is proposed, and the furthest it may name.
_DELIVERY, _FURTHEST = 3, 120


def show_steps(token: str, found: Mapping[str, Any], today: date) -> None:
    """The card with what can be done now; nothing where it is somebody else's turn."""
    may = found["may"]
    if st.session_state.pop("_ticket_moved", None) == found["id"]:
        st.warning(say("ticket.moved"))
    if not any(may.values()):
        return
    with frame.card("act"):
        st.html(markup.title(say("ticket.act")))
        if may["acknowledged"]:
            st.html(markup.note(say("ticket.acknowledge_note")))
            if st.button(say("ticket.acknowledge"), key="acknowledge", type="primary"):
                _take(token, found, "acknowledgement")
        if may["corrected"]:
            _corrected(token, found, today)
        if may["refused"]:
            _reasoned(token, found, "refusal", "ticket.refuse", "ticket.refuse_note")
        if may["contested"]:
            _reasoned(token, found, "contest", "ticket.contest", "ticket.contest_note")
        if may["upheld"]:
            _decision(token, found)
        if may["evidence"]:
            _evidence(token, found)
        if may["withdrawn"] and st.button(
            say("ticket.withdraw"), key="withdraw", type="tertiary", icon=":material/undo:"
        ):
            _take(token, found, "withdrawal", reason="")


def _corrected(token: str, found: Mapping[str, Any], today: date) -> None:
    with st.expander(say("ticket.correct")), st.form("corrected", border=False):
        st.html(markup.note(say("ticket.correct_note")))
        # The gateway counts from the day at the college; the page's may be a release's.
        first = max(today, datetime.now(UTC).astimezone(formats.BEIJING).date())
        day = st.date_input(
            say("ticket.expected"),
            value=first + timedelta(days=_DELIVERY),
            min_value=first,
            max_value=first + timedelta(days=_FURTHEST - 1),
            format="YYYY-MM-DD",
        )
        reason = st.text_input(say("ticket.why"), max_chars=1000)
        if st.form_submit_button(say("ticket.correct"), type="primary", width="stretch"):
            _take(token, found, "corrected", reason=reason, expected=day.isoformat())


def _reasoned(token: str, found: Mapping[str, Any], step: str, label: str, note: str) -> None:
    with st.expander(say(label)), st.form(step, border=False):
        st.html(markup.note(say(note)))
        reason = st.text_area(say("ticket.why"), max_chars=1000, height=90)
        if st.form_submit_button(say(label), width="stretch"):
            if reason.strip():
                _take(token, found, step, reason=reason)
            else:
                st.error(say("ticket.no_reason"))


def _decision(token: str, found: Mapping[str, Any]) -> None:
    with st.form("decision", border=False):
        reason = st.text_area(say("ticket.why"), max_chars=1000, height=90)
        upholds = st.form_submit_button(say("ticket.uphold"), width="stretch")
        overturns = st.form_submit_button(say("ticket.overturn"), width="stretch")
    if not (upholds or overturns):
        return
    if not reason.strip():
        st.error(say("ticket.no_reason"))
        return
    _take(token, found, "decision", decision="uphold" if upholds else "overturn", reason=reason)


def _evidence(token: str, found: Mapping[str, Any]) -> None:
    with st.expander(say("ticket.add_evidence")), st.form("evidence", border=False):
        scan = scan_field(say("wrong.evidence"))
        if not st.form_submit_button(say("ticket.evidence_send")) or scan is None:
            return
        try:
            data.add_evidence(token, found["id"], scan.getvalue(), scan.type)
        except (data.Refused, data.GatewayAway) as refusal:
            st.error(said(refusal))
            return
        st.toast(say("ticket.evidence_kept"))
        st.rerun()


def _take(token: str, found: Mapping[str, Any], step: str, **words: str) -> None:
    try:
        data.step_correction(token, dict(found), step, **words)
    except (data.Refused, data.GatewayAway) as refusal:
        if refusal.status not in (403, 409):
            st.error(said(refusal))
            return
        st.session_state["_ticket_moved"] = found["id"]
    else:
        st.toast(say("ticket.done"))
    st.rerun()
