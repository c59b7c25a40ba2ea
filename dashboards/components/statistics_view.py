"""Cards, bars and trends of the statistics pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import auth, formats
from dashboards.components import charts, frame, markup
from dashboards.components.address import from_address, into_address
from dashboards.components.receipt import receipt_popover, target_text
from dashboards.figures import Cell, Figures, Scope, target_state
from dashboards.text import language, say

__all__ = [
    "attention",
    "breakdown",
    "cards",
    "choices",
    "choose_row",
    "name_of",
    "public_cards",
    "scope_name",
    "trend",
]

_DELTA = {"good": "green", "watch": "orange", "bad": "red", "plain": "gray"}


def name_of(indicator: Mapping[str, Any]) -> str:
    """The indicator's name in the reader's language."""
    return (language() == "en" and indicator.get("name_en")) or indicator["name"]


def scope_name(scope: Scope | None) -> str:
    if scope is None or scope.level == "school":
        return say("stat.school")
    return scope.name or scope.unit


def choices(figures: Figures, scope: str) -> list[str]:
    """Units to choose from: all colleges, and behind the open college its majors."""
    keys: list[str] = []
    here = figures.scopes.get(scope)
    for college in figures.inside("school"):
        keys.append(college.key)
        if here is not None and (
            college.key == scope or (here.level == "major" and here.parent == college.unit)
        ):
            keys += [major.key for major in figures.inside(college.key)]
    return keys


def period_name(figures: Figures, cell: Cell) -> str:
    """`2025年`, `2025–26 学年`, and `2026年至今` for the running one."""
    return formats.year_name(cell.period, language(), running=figures.unfinished(cell))


def _change(figures: Figures, indicator: Mapping[str, Any], cell: Cell) -> str:
    """What changed on the period before; empty where the two cannot be compared."""
    before = figures.before(cell)
    if before is None or figures.unfinished(cell):
        return ""
    return formats.difference(cell.value, before.value, indicator["unit"], language())


def _metric(figures: Figures, indicator: Mapping[str, Any], cell: Cell) -> None:
    if cell.is_suppressed:
        st.metric(
            name_of(indicator),
            say("stat.suppressed_card"),
            period_name(figures, cell),
            delta_color="off",
            delta_arrow="off",
        )
        st.html(markup.note(say("stat.suppressed")))
        return
    unit, tongue = indicator["unit"], language()
    state = target_state(indicator, cell.value)
    change = _change(figures, indicator, cell)
    unfinished = figures.unfinished(cell)
    history = [
        other.value
        for other in figures.series(indicator["id"], cell.scope.key)
        if other.value is not None
        and other.period <= cell.period
        and not (unfinished and other is cell)
    ]
    target = target_text(indicator)
    st.metric(
        name_of(indicator),
        formats.figure(cell.value, unit, tongue),
        change or (period_name(figures, cell) if unfinished else None),
        delta_color=_DELTA[state],
        delta_arrow="off" if unfinished or change == "±0" else "auto",
        delta_description=target.replace(" ", "") if change and target else None,
        chart_data=history if len(history) > 1 else None,
        chart_type="line",
    )


def cards(visit: auth.Visit, figures: Figures, shown: list[tuple[Mapping[str, Any], Cell]]) -> None:
    """One card an indicator, its receipt below."""
    grid = st.grid(6, min_column_width=165)
    for indicator, cell in shown:
        with grid.cell(), frame.card(f"figure_{indicator['id']}", stretch=True):
            _metric(figures, indicator, cell)
            signed = figures.signed(indicator, cell)
            receipt_popover(visit, indicator, cell, indicator["id"], signed)


def choose_row(figures: Figures) -> str:
    """The row of annex 2 whose figures are wanted; all at once would be more than anybody reads."""
    rows = figures.rows()
    first = "A2-17" if "A2-17" in rows else rows[0]  # who is here comes before what there is
    row = from_address("row", rows, first)
    st.pills(
        say("stat.rows"),
        rows,
        required=True,
        format_func=lambda key: say(f"stat.row.{key}"),
        key="row",
        label_visibility="collapsed",
    )
    into_address("row", row, first)
    return row


def public_cards(figures: Figures, row: str) -> None:
    """The school's latest figures of a row, without what only leaders may see."""
    years = figures.years()
    grid = st.grid(4, min_column_width=165)
    for indicator, cell in figures.shown("school", years[-1] if years else ""):
        if indicator["row_code"] != row:
            continue
        with grid.cell(), frame.card(f"public_{indicator['id']}", stretch=True):
            _metric(figures, indicator, cell)
            owners = "、".join(indicator.get("owners") or [])
            signed = say(f"signed.{figures.signed(indicator, cell)}")
            st.html(markup.provenance([period_name(figures, cell), owners, signed]))


def attention(figures: Figures, scope: str, year: str, limit: int = 4) -> None:
    """What misses its target, worst first, each with a way to it."""
    missed = []
    for place in [scope, *(other.key for other in figures.inside(scope))]:
        for indicator, cell in figures.shown(place, year):
            state = target_state(indicator, cell.value)
            if state in ("bad", "watch"):
                distance = abs(cell.value - indicator["target"]) / (abs(indicator["target"]) or 1)
                missed.append((state == "bad", place == scope, distance, indicator, cell))
    missed.sort(key=lambda item: item[:3], reverse=True)
    st.html(markup.title(say("stat.watch")))
    if not missed:
        st.html(markup.paragraph(say("stat.watch_none")))
        return
    for place, (is_bad, _, _, indicator, cell) in enumerate(missed[:limit]):
        state = "bad" if is_bad else "watch"
        unit, tongue = indicator["unit"], language()
        change = _change(figures, indicator, cell)
        sentence = say(
            "stat.watch_miss",
            unit="" if cell.scope.level == "school" else f"{cell.scope.name} ",
            indicator=name_of(indicator),
            value=formats.figure(cell.value, unit, tongue),
            target=target_text(indicator),
            change=say("stat.watch_change", change=change) if change else "",
        )
        with st.container(
            horizontal=True, wrap=False, vertical_alignment="center", key=f"watch_{place}"
        ):
            owners = "、".join(indicator.get("owners") or [])
            sentence = sentence.replace(" : ", "\u00a0:\u00a0").replace("≤ ", "≤\u00a0")
            sentence = sentence.replace("≥ ", "≥\u00a0")
            st.html(markup.watch_line(say(f"state.{state}"), state, sentence, owners))
            st.button(
                say("stat.look"),
                key=f"look_{place}",
                type="tertiary",
                icon=":material/chevron_right:",
                icon_position="right",
                on_click=_look,
                args=(indicator["id"],),
            )


def _look(indicator: str) -> None:
    st.session_state["indicator"] = indicator


def breakdown(figures: Figures, indicator: Mapping[str, Any], scope: str, year: str, pick) -> bool:
    """Bars of the units inside a unit. False where there are none to show; suppressed ones have no
    bar and are named."""
    rows: list[dict[str, Any]] = []
    suppressed: list[str] = []
    selectable = False
    unit, tongue = indicator["unit"], language()
    for place in figures.inside(scope):
        cell = figures.latest(indicator["id"], place.key, year)
        if cell is not None and cell.is_suppressed:
            suppressed.append(scope_name(place))
        if cell is None or cell.value is None:
            continue
        before = None if figures.unfinished(cell) else figures.before(cell)
        selectable = selectable or bool(figures.inside(place.key))
        rows.append(
            {
                "unit": place.key,
                "name": scope_name(place),
                "value": cell.value,
                "label": formats.figure_parts(cell.value, unit, tongue)[0].replace(" : 1", ""),
                "before": before.value if before else None,
                "missed": target_state(indicator, cell.value) in ("bad", "watch"),
                "target": indicator.get("target"),
                "shown": formats.figure(cell.value, unit, tongue),
                "change": _change(figures, indicator, cell),
                "_period": cell,
            }
        )
    if suppressed:
        st.html(markup.note(say("stat.suppressed_units", units="、".join(suppressed))))
    if not rows:
        return bool(suppressed)
    rows.sort(key=lambda row: row["value"], reverse=True)
    period = period_name(figures, rows[0]["_period"])
    plain = [{key: value for key, value in row.items() if key != "_period"} for row in rows]
    summary = "；".join(f"{row['name']} {row['shown']}" for row in plain[:12])
    st.vega_lite_chart(
        charts.bars(plain, dark=frame.is_dark(), selectable=selectable),
        theme=None,
        key=f"bars_{indicator['id']}_{scope}_{year}",
        on_select=pick if selectable else "ignore",
        alt=f"{name_of(indicator)}，{period}：{summary}",
    )
    target = target_text(indicator)
    notes = [
        say("stat.bar_note" if selectable else "stat.bar_note_leaf", period=period),
        say("stat.bar_note_target", target=target) if target else "",
    ]
    st.html(markup.note("".join(notes) if tongue == "zh" else " ".join(notes)))
    return True


def trend(figures: Figures, indicator: Mapping[str, Any], scope: str) -> None:
    """One indicator of one unit over the years; the line breaks where a figure is suppressed."""
    unit, tongue = indicator["unit"], language()
    rows = [
        {
            "period": period_name(figures, cell),
            "value": cell.value,
            "label": ""
            if cell.is_suppressed
            else formats.figure_parts(cell.value, unit, tongue)[0].replace(" : 1", ""),
            "shown": say("stat.suppressed")
            if cell.is_suppressed
            else formats.figure(cell.value, unit, tongue),
            "target": indicator.get("target"),
        }
        for cell in figures.series(indicator["id"], scope)
        if cell.value is not None or cell.is_suppressed
    ]
    withheld = [row["period"] for row in rows if row["value"] is None]
    if withheld:
        st.html(markup.note(say("stat.suppressed_units", units="、".join(withheld))))
    if len(withheld) == len(rows):
        if not withheld:
            st.html(markup.note(say("stat.none_here")))
        return
    summary = "；".join(f"{row['period']} {row['shown']}" for row in rows)
    st.vega_lite_chart(
        charts.trend(rows, dark=frame.is_dark()),
        theme=None,
        key=f"trend_{indicator['id']}_{scope}",
        alt=f"{name_of(indicator)}：{summary}",
    )
