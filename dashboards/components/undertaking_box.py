"""The words of an undertaking, to be read and signed where they matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import data
from dashboards.components import frame, markup
from dashboards.components.refusals import said
from dashboards.text import say

__all__ = ["sign_box", "title_of"]


def title_of(words: Mapping[str, Any]) -> str:
    """Whose undertaking it is, and for which unit or application."""
    what = say(f"words.role.{words['role']}" if words["role"] else f"words.{words['party']}")
    about = words["application"] or words["unit_name"]
    return say("words.for", what=what, about=about) if about else what


def sign_box(token: str, words: Mapping[str, Any], number: int) -> None:
    """One that waits: why it matters, its words, and the button that signs exactly these."""
    why = "role" if words["role"] else words["party"]
    with frame.card(f"words_{number}"):
        st.html(markup.title(title_of(words)) + markup.note(say(f"words.why_{why}")))
        st.html(markup.document(words["text"]))
        if not st.button(
            say("words.sign"), key=f"sign_words_{number}", type="primary", icon=":material/draw:"
        ):
            return
        try:
            data.sign_undertaking(token, dict(words))
        except (data.Refused, data.GatewayAway) as refusal:
            st.error(say("words.moved") if refusal.status == 409 else said(refusal))
            return
    st.toast(say("words.signed"))
    st.rerun()
