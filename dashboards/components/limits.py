"""How much each user may take in a day: asked for in the form, said with application and grant."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.form_state import Form, bind
from dashboards.text import say

__all__ = ["ask_limits", "limits_line"]

_LIMITS = ("rows_per_day", "exports_per_day")
#: Numbers of the page are read exactly up to 2**53 - 1.
_MOST = 1_000_000_000


def ask_limits(form: Form) -> None:
    """Two numbers; left empty, the grant has no limit of its own."""
    with frame.card("limits"):
        st.html(markup.title(say("limits.title")) + markup.note(say("limits.note")))
        for place, name in zip(st.columns(2, gap="small"), _LIMITS, strict=True):
            place.number_input(
                say(f"limits.{name}"),
                min_value=1,
                max_value=_MOST,
                value=None,
                step=1,
                key=bind(f"limit_{name}", form.content["limits"].get(name)),
            )


def limits_line(limits: Mapping[str, int | None] | None) -> str:
    """The limits in words; empty where there is none."""
    return say("grant.and").join(
        say(f"limits.{name}_value", count=formats.number(most, 0))
        for name in _LIMITS
        if (most := (limits or {}).get(name)) is not None
    )
