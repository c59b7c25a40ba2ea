"""A figure and its parts: the units inside, the years, why it changed, and the way on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.change_sentence import change_sentence
from dashboards.components import charts, frame, markup
from dashboards.components.receipt import name_of, target_text
from dashboards.components.shown import Shown, change_of, period_name
from dashboards.drivers import drivers
from dashboards.exports.page import Column
from dashboards.figures import Cell, Figures, Scope
from dashboards.text import language, say

__all__ = [
    "apart",
    "bars",
    "earlier_link",
    "group",
    "has_parts",
    "listing",
    "name_withheld",
    "scope_name",
    "told_change",
    "trend",
]

Indicator = Mapping[str, Any]
_DIFFERENCE = re.compile(r"(?P<head>.+?)(?:[（(](?P<inner>[^（()）]+)[）)]|: (?P<after>.+))")


def scope_name(scope: Scope | None) -> str:
    if scope is None or scope.level == "school":
        return say("stat.school")
    return scope.name or scope.unit


def told_change(figures: Figures, indicator: Indicator, scope: str, year: str) -> str:
    """How the figure changed and which unit drove it, in one sentence; empty where there is no
    period before."""
    change = drivers(figures, indicator["id"], scope, year)
    return change_sentence(change, indicator, language()) if change is not None else ""


def _inside(
    figures: Figures, indicator: Indicator, scope: str, year: str
) -> list[tuple[Scope, Cell]]:
    """Units directly inside with their figure, the largest first and those held back last."""
    found = [
        (place, cell)
        for place in figures.inside(scope)
        if (cell := figures.latest(indicator["id"], place.key, year)) is not None
    ]
    return sorted(
        found, key=lambda pair: (pair[1].value is None, -(pair[1].value or 0), pair[0].unit)
    )


def _short(value: float | None, unit: str) -> str:
    return formats.figure_parts(value, unit, language())[0].replace(" : 1", "")


def name_withheld(names: Sequence[str]) -> None:
    """What is held back and therefore not drawn is named."""
    if names:
        st.html(markup.note(say("stat.suppressed_units", units="、".join(names))))


def has_parts(figures: Figures, indicator: Indicator, scope: str, year: str) -> bool:
    """Whether a unit's figure is told of units inside it."""
    return bool(_inside(figures, indicator, scope, year))


def bars(
    shown: Shown,
    indicator: Indicator,
    scope: str,
    year: str,
    pick: Callable[[], None],
    *,
    title: str,
    limit: int | None = None,
) -> bool:
    """Bars of the units inside a unit, `limit` of them at most. False where there are none; those
    held back have no bar and are named."""
    figures, tongue = shown.figures, language()
    inside = _inside(figures, indicator, scope, year)
    withheld = [scope_name(place) for place, cell in inside if cell.is_suppressed]
    seen = [(place, cell) for place, cell in inside if cell.value is not None]
    name_withheld(withheld)
    if not seen:
        return bool(withheld)
    rows = [_bar(figures, indicator, place, cell) for place, cell in seen[:limit]]
    selectable = any(figures.inside(place.key) or place.level == "college" for place, _ in seen)
    period = period_name(figures, seen[0][1])
    summary = "；".join(f"{row['name']} {row['shown']}" for row in rows[:12])
    shown.chart(
        [(indicator, figures.latest(indicator["id"], scope, year) or seen[0][1])],
        _tall(charts.bars(rows, dark=frame.is_dark(), selectable=selectable)),
        key=f"bars_{indicator['id']}_{scope}_{year}",
        title=title,
        alt=f"{name_of(indicator)}，{period}：{summary}",
        on_select=pick if selectable else "ignore",
    )
    target = target_text(indicator)
    notes = [
        say("stat.bar_note" if selectable else "stat.bar_note_leaf", period=period),
        say("stat.bar_note_target", target=target) if target else "",
        say("stat.bar_rest", count=len(seen) - len(rows)) if len(rows) < len(seen) else "",
    ]
    st.html(markup.note(("" if tongue == "zh" else " ").join(note for note in notes if note)))
    return True


def _tall(spec: dict[str, Any]) -> dict[str, Any]:
    """A single bar needs more than its own height."""
    return {**spec, "height": max(spec["height"], 60)}


def _bar(figures: Figures, indicator: Indicator, place: Scope, cell: Cell) -> dict[str, Any]:
    before = None if figures.unfinished(cell) else figures.before(cell)
    return {
        "unit": place.key,
        "name": scope_name(place),
        "value": cell.value,
        "label": _short(cell.value, indicator["unit"]),
        "before": before.value if before else None,
        "missed": figures.state(indicator, cell) in ("bad", "watch"),
        "target": indicator.get("target"),
        "shown": formats.figure(cell.value, indicator["unit"], language()),
        "change": change_of(figures, indicator, cell),
    }


def trend(shown: Shown, indicator: Indicator, scope: str, *, title: str) -> None:
    """One indicator of one unit over the years; the line breaks where a figure is held back."""
    figures, unit = shown.figures, indicator["unit"]
    cells = [
        cell
        for cell in figures.series(indicator["id"], scope)
        if cell.value is not None or cell.is_suppressed
    ]
    withheld = [period_name(figures, cell) for cell in cells if cell.is_suppressed]
    name_withheld(withheld)
    if len(withheld) == len(cells):
        if not withheld:
            st.html(markup.note(say("stat.none_here")))
        return
    rows = [
        {
            "period": period_name(figures, cell),
            "value": cell.value,
            "label": "" if cell.is_suppressed else _short(cell.value, unit),
            "shown": say("stat.suppressed")
            if cell.is_suppressed
            else formats.figure(cell.value, unit, language()),
            "target": indicator.get("target"),
        }
        for cell in cells
    ]
    summary = "；".join(f"{row['period']} {row['shown']}" for row in rows)
    shown.chart(
        [(indicator, cells[-1])],
        charts.trend(rows, dark=frame.is_dark()),
        key=f"trend_{indicator['id']}_{scope}",
        title=title,
        alt=f"{name_of(indicator)}：{summary}",
    )


def listing(shown: Shown, indicator: Indicator, scope: str, year: str, *, title: str) -> None:
    """The units inside with their figure, the one before, the difference and what each contributed
    to the change of the whole."""
    figures, unit = shown.figures, indicator["unit"]
    inside = _inside(figures, indicator, scope, year)
    if not inside:
        return
    change = drivers(figures, indicator["id"], scope, year)
    parts = {part.scope.key: part.contribution for part in change.parts} if change else {}
    rows = []
    for place, cell in inside:
        before = None if figures.unfinished(cell) else figures.before(cell)
        then = before.value if before else None
        comparable = cell.value is not None and then is not None
        rows.append(
            {
                "unit_name": scope_name(place),
                "value": cell.value,
                "before": then,
                "change": cell.value - then if comparable else None,
                "contribution": parts.get(place.key),
                "note": _note(figures, indicator, cell),
            }
        )
    # A ratio has no unit that a heading could bear: the title says what it is a ratio of.
    measure = "" if unit.startswith("比值") else say("stat.in_unit", unit=unit)
    columns = [
        Column("unit_name", say("stat.unit")),
        Column("value", period_name(figures, inside[0][1]) + measure, "figure", unit),
        Column("before", say("stat.before") + measure, "figure", unit),
        Column("change", say("stat.change"), "figure", unit),
    ]
    if parts:
        columns.append(Column("contribution", say("stat.contribution"), "figure", unit))
    columns.append(Column("note", say("stat.note")))
    whole = figures.latest(indicator["id"], scope, year)
    shown.table(
        [(indicator, whole or inside[0][1])],
        columns,
        rows,
        key=f"parts_{indicator['id']}_{scope}_{year}",
        title=title,
    )


def _note(figures: Figures, indicator: Indicator, cell: Cell) -> str:
    if cell.is_suppressed:
        return say("stat.suppressed")
    state = figures.state(indicator, cell)
    return say(f"state.{state}") if state != "plain" else ""


def earlier_link(indicator: Indicator, scope: str, year: str) -> None:
    """The way to what was reported of the figure then."""
    page = st.session_state["_pages"].get("earlier")
    if page is not None and "earlier" in st.session_state["_open"]:
        st.page_link(
            page,
            label=say("stat.earlier"),
            icon=":material/history:",
            query_params={"indicator": indicator["id"], "unit": scope, "year": year},
        )


def apart(names: Sequence[str]) -> list[str]:
    """What tells names apart that begin alike and say the difference in brackets or behind a colon:
    `社团人次（文艺）` and `社团人次（体育）` as 文艺 and 体育. Other names as they are."""
    found = [_DIFFERENCE.fullmatch(name) for name in names]
    if len(names) < 2 or not all(found) or len({match["head"] for match in found}) > 1:
        return list(names)
    return [match["inner"] or match["after"] for match in found]


def group(shown: Shown, pairs: Sequence[tuple[Indicator, Cell]], *, key: str, title: str) -> None:
    """Figures of one unit and one measure side by side, in the order of their definition; at
    least one has a value."""
    figures = shown.figures
    seen = [(indicator, cell) for indicator, cell in pairs if cell.value is not None]
    withheld = [name_of(indicator) for indicator, cell in pairs if cell.is_suppressed]
    name_withheld(withheld)
    names = apart([name_of(indicator) for indicator, _ in seen])
    rows = [
        # Their targets differ, so there is no line for one.
        {**_bar(figures, indicator, cell.scope, cell), "name": name, "target": None}
        for (indicator, cell), name in zip(seen, names, strict=True)
    ]
    period = period_name(figures, seen[0][1])
    shown.chart(
        seen,
        _tall(charts.bars(rows, dark=frame.is_dark(), selectable=False)),
        key=key,
        title=title,
        alt=f"{title}，{period}：" + "；".join(f"{row['name']} {row['shown']}" for row in rows),
    )
    st.html(markup.note(say("stat.bar_note_leaf", period=period)))
