"""Who did or read what, and when?"""

import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.address import from_address, into_address
from dashboards.components.guard import guarded
from dashboards.text import TEXT, language, say

visit = guarded("audit")
today, tongue = frame.today(), language()
SPANS = ("1", "7", "30", "all")
ACTIONS = tuple(key.rpartition(".")[2] for key in TEXT if key.startswith("audit.do."))


def newest() -> None:
    st.session_state.pop("audit_before", None)


frame.top(say("page.audit"), say("audit.intro"))
with st.container(key="topline", horizontal=True, vertical_alignment="bottom"):
    span = from_address("span", SPANS, "7")
    st.segmented_control(
        say("audit.span"),
        SPANS,
        required=True,
        format_func=lambda key: say(f"audit.span.{key}"),
        key="span",
        label_visibility="collapsed",
        on_change=newest,
    )
    into_address("span", span, "7")
    action = from_address("action", ("any", *ACTIONS), "any")
    st.selectbox(
        say("audit.action"),
        ["any", *ACTIONS],
        format_func=lambda key: say("audit.any" if key == "any" else f"audit.do.{key}"),
        key="action",
        label_visibility="collapsed",
        width=200,
        on_change=newest,
    )
    into_address("action", action, "any")
    grant = st.text_input(
        say("audit.grant"),
        key="audit_grant",
        placeholder=say("audit.grant"),
        label_visibility="collapsed",
        max_chars=32,
        width=240,
        on_change=newest,
    )

asked = {"limit": "100"}
if span != "all":
    since = datetime.now(UTC) - timedelta(days=int(span))
    asked["since"] = since.isoformat(timespec="seconds")
if action != "any":
    asked["action"] = action
if grant.strip():
    asked["grant"] = grant.strip()
if before := st.session_state.get("audit_before"):
    asked["before"] = str(before)
try:
    found = data.audit(visit.token, **asked)
except data.Refused as refusal:
    if refusal.status != 400:
        raise
    # What was typed is no grant's number.
    found = {"entries": [], "next": None}


def line(entry: dict) -> dict[str, str]:
    when = formats.from_iso_moment(entry["at"]).astimezone(formats.BEIJING)
    return {
        say("audit.when"): f"{when:%Y-%m-%d %H:%M:%S}",
        say("audit.who"): entry["actor"],
        say("audit.action"): titled(entry["action"]),
        say("audit.about"): entry["subject"] or "",
        say("audit.detail"): short(entry["detail"]),
        say("audit.outcome"): short(entry["outcome"]),
    }


def titled(action: str) -> str:
    """The kind of action in words, then its code, which the command line filters by."""
    key = f"audit.do.{action.partition('.')[0].removesuffix('s')}"
    return f"{say(key)} · {action}" if key in TEXT else action


def short(detail: dict | None) -> str:
    return " · ".join(
        f"{name} {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in (detail or {}).items()
        if value not in (None, "", [], {})
    )


with frame.card("log"):
    if found["entries"]:
        st.dataframe(
            pd.DataFrame([line(entry) for entry in found["entries"]]),
            hide_index=True,
            height=560,
            alt=say("audit.alt"),
        )
    else:
        st.html(markup.empty(say("audit.none"), say("audit.none_body")))
    with st.container(horizontal=True):
        if before:
            st.button(say("audit.newest"), key="newest", type="tertiary", on_click=newest)
        if found["next"] and st.button(say("audit.older"), key="older", type="tertiary"):
            st.session_state["audit_before"] = found["next"]
            st.rerun()
