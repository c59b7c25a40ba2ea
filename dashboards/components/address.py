"""Filters that live in the address, by code and not by label.

Streamlit's own binding writes the label that is shown, which differs by language and may name
two units alike. Here `?unit=college:01` means the same to everybody, and what does not exist is
ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

__all__ = ["from_address", "into_address", "let_address_decide", "path_of", "pills"]


def let_address_decide(keys: Sequence[str]) -> None:
    """Coming from another page the address decides, not what was chosen there."""
    if st.session_state.get("_came_from") != st.session_state.get("_address"):
        for key in keys:
            st.session_state.pop(key, None)


def path_of(page: str, keys: Sequence[str]) -> str:
    """The address of a page with those of the choices that stand in it."""
    chosen = {key: st.query_params[key] for key in keys if key in st.query_params}
    return f"{page}?{urlencode(chosen, safe=':')}" if chosen else page


def from_address(key: str, options: Sequence[str], default: str) -> str:
    """Set the state of the widget `key` before it is drawn: what it was, else what the address
    says, else the default. Returns it."""
    held = st.session_state.get(key, st.query_params.get(key))
    chosen = held if held in options else default
    # Set even when unchanged: the browser then shows the label of the language in force.
    st.session_state[key] = chosen
    return chosen


def into_address(key: str, value: str, default: str) -> None:
    """Write a choice into the address; the default leaves it short. What says so already stays as
    it is: every change is a step of the browser's Back button."""
    if st.query_params.get(key) == value:
        return
    if value == default:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value


def pills(
    key: str,
    options: Sequence[str],
    default: str,
    label: str,
    named: Callable[[str], str],
    *,
    on_change: Callable[[], None] | None = None,
) -> str:
    """One of a few, as pills without a line above; the choice, which stands in the address."""
    chosen = from_address(key, options, default)
    st.pills(
        label,
        options,
        required=True,
        format_func=named,
        key=key,
        label_visibility="collapsed",
        on_change=on_change,
    )
    into_address(key, chosen, default)
    return chosen
