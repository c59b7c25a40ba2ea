"""Each page guards itself too: a page file that is run some other way shows nothing."""

from __future__ import annotations

import streamlit as st

from dashboards import auth
from dashboards.components import states
from dashboards.pages import by_address

__all__ = ["guarded"]


def guarded(address: str) -> auth.Visit:
    """The visit of this run, or the page stops here with the reason why."""
    visit = auth.current_visit()
    page = by_address(address)
    if page.allowed_by is None:
        return visit
    if visit.state != "signed_in":
        states.show_ended()
        st.stop()
    if page.allowed_by not in visit.pages:
        states.show_refused()
        st.stop()
    return visit
