"""The words of an export: every value as it stands on paper, in the reader's language.

Pure but for the language, which is the one of `text.spoken` around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dashboards import formats
from dashboards.components.receipt import certainty, target_text
from dashboards.exports.page import Column, ExportPage, ExportTable
from dashboards.text import language, say

__all__ = ["as_of_words", "definition_pairs", "document", "file_name", "notes", "value_text"]

#: Wherever a year is left out of a date, the reader of a file cannot know it.
_NO_YEAR = date(1, 1, 1)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


def value_text(column: Column, row: Mapping[str, Any]) -> str:
    """A value of a table as text; what the page said in its stead stays as it said it."""
    value = row.get(column.key)
    if value is None:
        return formats.MISSING if column.kind != "text" else ""
    if isinstance(value, str) and column.kind != "date":
        return value
    if column.kind == "figure":
        return formats.figure(value, column.unit or row.get("unit") or "", language())
    if column.kind == "date":
        try:
            return formats.day(value, _NO_YEAR, language())
        except ValueError:  # a text in the place of a day
            return value
    return str(value)


def as_of_words(page: ExportPage) -> str:
    """`数据截至 2026年11月20日，第 R20261121 版`."""
    return say("export.as_of", day=_day_of(page), release=page.release)


def notes(page: ExportPage) -> list[str]:
    """What has to be known before a figure is believed: how many are not signed."""
    unsigned = sum(of.get("signed") not in (None, "signed", "running") for of in page.definitions)
    return [say("export.unsigned", count=unsigned)] if unsigned else []


def definition_pairs(page: ExportPage, of: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and text of everything said about one indicator, in their order; all of them, also
    those with nothing to say."""
    signed = of.get("signed") or "unknown"
    return [
        (say("receipt.definition"), _text(of.get("formula"))),
        (say("receipt.target"), _text(of.get("target_text")) or target_text(of)),
        (say("receipt.owners"), "、".join(of.get("owners") or ())),
        (say("receipt.signed"), say(f"signed.{signed}")),
        (say("receipt.basis"), _text(of.get("source"))),
        (say("receipt.certainty"), certainty(of.get("certainty"))),
        (say("receipt.as_of"), _as_of(page, of)),
        (say("receipt.note"), _text(of.get("note"))),
    ]


def _as_of(page: ExportPage, of: Mapping[str, Any]) -> str:
    day = of.get("as_of_date")
    return formats.day(day, _NO_YEAR, language()) if day else _day_of(page)


def _day_of(page: ExportPage) -> str:
    moment = page.as_of if len(page.as_of) > 10 else f"{page.as_of}T00:00:00+08:00"
    return formats.day_of(moment, _NO_YEAR, language())


def _text(value: Any) -> str:
    """Without the marks that say how sure a definition is: these have a line of their own."""
    text = str(value or "").replace("remembered", say("certainty.mark_remembered"))
    return re.sub(r"[（(]read[)）]", f"（{say('certainty.mark_read')}）", text)


def name_of(of: Mapping[str, Any]) -> str:
    """The indicator's name in the language spoken."""
    return str((language() == "en" and of.get("name_en")) or of.get("name") or of.get("id") or "")


def document(
    page: ExportPage, drawn: list[str], *, college: str, now: datetime, paged: bool
) -> dict[str, Any]:
    """What the template `statistics_page` sets. `drawn` has the SVG of each chart."""
    made = formats.moment(now, _NO_YEAR, language())
    return {
        "title": page.title,
        "subtitle": page.subtitle,
        "college": college,
        "language": language(),
        "as_of": as_of_words(page),
        "foot": say("export.foot", college=college, address=page.address, made=made),
        "page_words": say("export.pages"),
        "paged": paged,
        "notes": notes(page),
        "charts": [
            {"title": chart.title, "alt": chart.alt, "svg": svg}
            for chart, svg in zip(page.charts, drawn, strict=True)
        ],
        "tables": [_table(table) for table in page.tables if table.rows],
        "definitions_title": say("export.definitions"),
        "definitions": [
            {
                "name": name_of(of),
                "pairs": [[name, text] for name, text in definition_pairs(page, of) if text],
            }
            for of in page.definitions
        ],
    }


def _table(table: ExportTable) -> dict[str, Any]:
    return {
        "title": table.title,
        "columns": [
            {"heading": column.heading, "right": column.kind == "figure"}
            for column in table.columns
        ],
        "rows": [[value_text(column, row) for column in table.columns] for row in table.rows],
    }


def file_name(page: ExportPage, form: str) -> str:
    """`学校数据总览_R20261121.xlsx`."""
    return f"{_UNSAFE.sub('_', f'{page.title}_{page.release}')[:80]}.{form}"
