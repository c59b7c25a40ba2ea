"""A briefing as PDF: as much of the definitions as four pages hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboards.briefing.content import MOST_DETAIL, briefing_document, trends
from dashboards.text import spoken
from warehouse.charts.on_paper import draw, for_paper
from warehouse.papers import page_count, sans_fonts, typeset

__all__ = ["MOST_PAGES", "briefing_pdf"]

MOST_PAGES = 4
_TEMPLATE = "briefing"


def briefing_pdf(given: Mapping[str, Any]) -> bytes:
    """The PDF/A of what the library hands over (`content`). Raises `PaperError` where there is no
    Chinese font or a chart cannot be drawn."""
    with spoken("zh"):
        font = next(iter(sans_fonts()), "")
        drawn = draw([for_paper(spec, width=310, font=font) for spec in trends(given)])
        for detail in MOST_DETAIL:
            document = briefing_document(given, drawn, detail)
            if page_count(_TEMPLATE, document) <= MOST_PAGES:
                break
        return typeset(_TEMPLATE, document, now=datetime.fromisoformat(given["made_at"]))
