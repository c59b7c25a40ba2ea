"""The bytes of an export in one of its forms."""

from __future__ import annotations

from datetime import datetime

from dashboards.exports.document import document
from dashboards.exports.page import ExportPage
from dashboards.exports.workbook import workbook
from dashboards.text import spoken
from warehouse.charts.on_paper import draw, for_paper
from warehouse.papers import picture, sans_fonts, typeset

__all__ = ["FORMS", "make"]

#: Form → its media type.
FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
}
_TEMPLATE = "statistics_page"


def make(page: ExportPage, form: str, *, language: str, college: str, now: datetime) -> bytes:
    """The file. Raises `PaperError` where there is no Chinese font or a chart cannot be drawn.

    Blocks for up to some seconds and lets other threads run meanwhile: charts are drawn by a
    child, pages are set without Python's lock.
    """
    with spoken(language):
        if form == "xlsx":
            return workbook(page, college=college, now=now)
        font = next(iter(sans_fonts()), "")
        drawn = draw([for_paper(chart.spec, font=font) for chart in page.charts])
        paged = form == "pdf"
        content = document(page, drawn, college=college, now=now, paged=paged)
        return typeset(_TEMPLATE, content, now=now) if paged else picture(_TEMPLATE, content)
