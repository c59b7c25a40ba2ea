"""What the public page says of each figure in words: its definition, its source, who answers for
it, and whether they have signed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards.components import markup
from dashboards.components.receipt import certainty, name_of
from dashboards.figures import Figures
from dashboards.text import say

__all__ = ["definitions"]


def definitions(figures: Figures, indicators: Sequence[Mapping[str, Any]]) -> None:
    """One entry an indicator that the page shows; read off the public file alone."""
    st.html(markup.title(say("public.definitions")))
    years = figures.years()
    lines = []
    for indicator in indicators:
        cell = figures.latest(indicator["id"], "school", years[-1] if years else "")
        if cell is None:
            continue
        source = indicator.get("source") or ""
        lines.append(
            markup.Entry(
                name_of(indicator),
                indicator.get("formula") or "",
                say("public.source", source=source, certainty=certainty(indicator["certainty"]))
                if source
                else "",
                say("public.owners", owners="、".join(indicator.get("owners") or [])),
                side=say("stat.suppressed_card")
                if cell.is_suppressed
                else say(f"signed.{figures.signed(indicator, cell)}"),
            )
        )
    st.html(markup.entries(lines))
