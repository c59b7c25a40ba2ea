"""What stands in a briefing, as plain data for its template: pure but for the language spoken.

`given` is what the library hands over: `indicators`, `values` (school and colleges), `sign_offs`
(row of annex 2 → period → word), `late` (deliveries), `datasets` (row → title), `release` (id,
as_of), `college`, `month` (`2026-11`) and `made_at`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards import formats
from dashboards.attention import first, notices
from dashboards.briefing.sentences import (
    badge,
    change_of,
    figure_text,
    state_words,
    told,
    topic_sentence,
)
from dashboards.components.receipt import target_text
from dashboards.figures import Cell, Figures, read_figures, target_state
from dashboards.text import say
from dashboards.topics import TOPICS, Topic
from warehouse.charts import kinds

__all__ = ["MOST_DETAIL", "Detail", "briefing_document", "trends"]

_NO_YEAR = date(1, 1, 1)
_ATTENTION = 8
_LATE_UNITS = 6
_OF_A_TOPIC = 5
_YEARS = 6
_MISSED = ("bad", "watch")


@dataclass(frozen=True)
class Detail:
    """How much is said of definitions: of all figures or of those in question, with their source
    or without."""

    all_figures: bool
    source: bool


#: From all there is to what always fits.
MOST_DETAIL = (Detail(True, True), Detail(True, False), Detail(False, True), Detail(False, False))


@dataclass(frozen=True)
class _Found:
    """A topic with the figures of it that the release has."""

    topic: Topic
    figures: Sequence[tuple[Mapping[str, Any], Cell]]


def _found(figures: Figures) -> list[_Found]:
    years = figures.years()
    latest = years[-1] if years else ""
    found = []
    for topic in TOPICS.values():
        shown = {
            indicator["id"]: (indicator, cell)
            for indicator, cell in figures.shown("school", latest)
            if indicator.get("row_code") == topic.row
        }
        leading = [shown[name] for name in topic.lead if name in shown]
        rest = [pair for name, pair in shown.items() if name not in topic.lead]
        if chosen := (leading + rest)[:_OF_A_TOPIC]:
            found.append(_Found(topic, chosen))
    return found


def trends(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A chart for each topic with figures: how its first figure went. In the order of the
    document's topics."""
    figures = read_figures(given)
    return [_trend(figures, *_drawn(figures, found)) for found in _found(figures)]


def _drawn(figures: Figures, found: _Found) -> tuple[Mapping[str, Any], Cell]:
    """The topic's first figure with most of a past."""
    return max(found.figures, key=lambda pair: len(_series(figures, pair[1])) >= 3)


def _series(figures: Figures, cell: Cell) -> list[Cell]:
    series = figures.series(cell.indicator, cell.scope.key)
    return [one for one in series if one.value is not None][-_YEARS:]


def _trend(figures: Figures, indicator: Mapping[str, Any], cell: Cell) -> dict[str, Any]:
    unit = indicator["unit"]
    rows = [
        {
            "period": formats.year_name(one.period, running=figures.unfinished(one)),
            "value": one.value,
            "label": formats.figure_parts(one.value, unit)[0].replace(" : 1", ""),
            "shown": formats.figure(one.value, unit),
            "target": indicator.get("target"),
        }
        for one in _series(figures, cell)
    ]
    return kinds.trend(rows, dark=False, height=140)


def briefing_document(
    given: Mapping[str, Any], drawn: Sequence[str], detail: Detail
) -> dict[str, Any]:
    """What the template `briefing` sets; `drawn` has an SVG for each of `trends`."""
    figures = read_figures(given)
    years = figures.years()
    year = years[-1] if years else ""
    found = _found(figures)
    chosen = first(notices(figures, "school", year, given["late"]), _ATTENTION)
    month = formats.month(given["month"])
    release = given["release"]
    as_of = formats.day_of(release["as_of"], _NO_YEAR)
    asked = {one.indicator["id"] for one in chosen if one.indicator is not None}
    return {
        "title": say("brief.title"),
        "subtitle": month,
        "college": given["college"],
        "language": "zh",
        "as_of": say("export.as_of", day=as_of, release=release["id"]),
        "foot": say("brief.foot", college=given["college"], month=month),
        "page_words": say("export.pages"),
        "summary": _summary(figures, found),
        "attention": [
            {"badge": badge(one), "state": one.state, "text": told(figures, one)} for one in chosen
        ],
        "late": _late(given["late"]),
        "topics": [_topic(figures, one, svg) for one, svg in zip(found, drawn, strict=True)],
        "definitions": [
            _definition(figures, indicator, cell, detail)
            for one in found
            for indicator, cell in one.figures
            if detail.all_figures
            or indicator["id"] in asked
            or target_state(indicator, cell.value) in _MISSED
        ],
        "left_out": "" if detail.all_figures else say("brief.left_out"),
        "words": {
            name: say(f"brief.{name}")
            for name in ("attention", "nothing", "late", "topics", "reading", "definitions")
        },
    }


def _summary(figures: Figures, found: Sequence[_Found]) -> str:
    """How many figures there are, how many miss their target, how many are not signed."""
    pairs = [pair for one in found for pair in one.figures]
    with_target = [pair for pair in pairs if target_state(pair[0], pair[1].value) != "plain"]
    missed = sum(target_state(item, cell.value) in _MISSED for item, cell in with_target)
    open_sheets = sum(
        figures.signed(item, cell) in ("unsigned", "changed", "rejected") for item, cell in pairs
    )
    return say(
        "brief.summary",
        count=len(pairs),
        targets=len(with_target),
        missed=missed,
        unsigned=open_sheets,
    )


def _late(late: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Unit, its late tables and by how many days, the latest first."""
    by_unit: dict[str, list[Mapping[str, Any]]] = {}
    for one in sorted(late, key=lambda one: (-one["days"], one["table"])):
        by_unit.setdefault(one["owner"], []).append(one)
    rows = [
        [
            owner,
            "、".join(one["title"] for one in tables[:3])
            + (say("brief.and_others", count=len(tables)) if len(tables) > 3 else ""),
            say("brief.days", days=tables[0]["days"]),
        ]
        for owner, tables in by_unit.items()
    ]
    if (rest := len(rows) - _LATE_UNITS) > 0:
        rows[_LATE_UNITS:] = [[say("brief.other_units", count=rest), "", ""]]
    return rows


def _topic(figures: Figures, found: _Found, svg: str) -> dict[str, Any]:
    drawn, cell = _drawn(figures, found)
    series = _series(figures, cell)
    said = "；".join(
        f"{formats.year_name(one.period)} {formats.figure(one.value, drawn['unit'])}"
        for one in series
    )
    return {
        "title": say(f"stat.row.{found.topic.row}"),
        "text": topic_sentence(figures, drawn, cell),
        "chart": {
            "title": say("stat.over_years", indicator=drawn["name"]),
            "alt": f"{drawn['name']}：{said}",
            "svg": svg,
        }
        if len(series) > 1
        else None,
        "rows": [
            [
                indicator["name"],
                *(
                    text.replace(" ", "\u00a0")  # a figure and its unit stay in one line
                    for text in (
                        figure_text(indicator, one),
                        change_of(figures, indicator, one),
                        target_text(indicator),
                        state_words(figures, indicator, one),
                    )
                ),
            ]
            for indicator, one in found.figures
        ],
    }


def _definition(
    figures: Figures, indicator: Mapping[str, Any], cell: Cell, detail: Detail
) -> dict[str, str]:
    signed = say(f"signed.{figures.signed(indicator, cell)}")
    parts = [
        indicator.get("formula") or "",
        say("brief.owners", owners="、".join(indicator.get("owners") or ())).rstrip("。")
        + f"（{formats.year_name(cell.period)} {signed}）",
    ]
    if detail.source and indicator.get("source"):
        parts.append(say("brief.source", source=indicator["source"]))
    return {"name": indicator["name"], "text": "；".join(part for part in parts if part)}
