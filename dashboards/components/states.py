"""Pages that stand in for a page: sign in, signed out, refused, data away."""

from __future__ import annotations

import streamlit as st

from dashboards import auth, data
from dashboards.components import frame, markup
from dashboards.components.refusals import said
from dashboards.text import say

__all__ = [
    "show_away",
    "show_door",
    "show_ended",
    "show_fault",
    "show_problem",
    "show_refused",
    "show_sign_in",
]


def _panel(heading: str, body: str):
    with st.container(horizontal_alignment="center"):
        box = st.container(border=True, key="card_state", width=520)
    with box:
        st.html(markup.head(heading) + markup.paragraph(body))
    return box


def show_sign_in() -> None:
    """An address that needs signing in; the server remembers it for afterwards."""
    with _panel(say("signin.title"), say("signin.body")):
        _sign_in_button()


def show_ended() -> None:
    """The session is over: signed out in another tab, idle, too old, or the person disabled."""
    with _panel(say("ended.title"), say("ended.body")):
        _sign_in_button()


def _sign_in_button() -> None:
    if st.button(say("frame.sign_in_sso"), type="primary", icon=":material/login:", key="sign_in"):
        auth.sign_in()


def show_door() -> None:
    """Known to the identity provider, but to nobody here, or to nobody any more."""
    error = auth.current_visit().error
    which = "over" if error is not None and error.code == "nothing_kept" else "door"
    with _panel(say(f"{which}.title"), say(f"{which}.body")):
        if st.button(say("frame.sign_out"), icon=":material/logout:", key="sign_out_door"):
            auth.sign_out()


def show_refused() -> None:
    with _panel(say("refused.title"), say("refused.body")):
        st.page_link(st.session_state["_start"], label=say("to.start"), icon=":material/home:")


def show_away(error: data.GatewayError | None = None) -> None:
    with _panel(say("away.title"), say("away.body")):
        st.button(say("away.retry"), icon=":material/refresh:", key="retry")


def show_fault() -> None:
    """A fault of ours; the log has its kind and place."""
    with _panel(say("fault.title"), say("fault.body")):
        st.button(say("away.retry"), icon=":material/refresh:", key="retry_fault")


def show_problem(error: data.GatewayError) -> None:
    """A call that failed within a page, whichever way."""
    if isinstance(error, data.SignedOut):
        auth.forget_own_data()
        show_ended()
    elif isinstance(error, data.GatewayAway):
        show_away(error)
    elif error.status == 403:
        show_refused()
    else:
        frame.top(say("question.refused"))
        st.html(markup.note(said(error)))
