"""The parts of a topic page, the same for all eight: `dashboards.topics` says what each shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup, parts, statistics_view
from dashboards.components.receipt import name_of, target_text
from dashboards.components.shown import Shown, change_of, period_name
from dashboards.components.statistics_view import View
from dashboards.exports.page import Column
from dashboards.text import language, say
from dashboards.topics import Topic

__all__ = ["all_indicators", "cards", "detail", "groups", "lead"]

_CARDS = 6


def lead(view: View, topic: Topic) -> list[str]:
    """The lead figures that the unit has, filled up with its others; never empty."""
    held = [indicator["id"] for indicator, _ in view.figures.shown(view.scope, view.year)]
    first = [indicator for indicator in topic.lead if indicator in held]
    others = [indicator for indicator in held if indicator not in first]
    return (first + others)[:_CARDS] or [view.figures.indicators[0]["id"]]


def cards(shown: Shown, view: View, topic: Topic, *_choice: str) -> None:
    """The lead figures, each with its receipt and a click away from its parts."""
    grid = st.grid(_CARDS, min_column_width=165)
    for name in lead(view, topic):
        cell = view.figures.latest(name, view.scope, view.year)
        if cell is None:
            continue
        with grid.cell(), frame.card(f"figure_{name}", stretch=True):
            shown.metric(
                view.figures.indicator(name),
                cell,
                name,
                words=_beside_school(view, name),
                after=partial(statistics_view.parts_button, name),
            )


def _beside_school(view: View, name: str) -> str:
    """The school's figure beside a unit's own."""
    cell = view.figures.latest(name, "school", view.year)
    if view.scope == "school" or cell is None or cell.value is None:
        return ""
    unit = view.figures.indicator(name)["unit"]
    value = formats.figure(cell.value, unit, language())
    return markup.note(say("stat.beside_school", value=value))


def detail(shown: Shown, view: View, _topic: Topic, chosen: str, default: str) -> None:
    """One figure: why it changed, the units inside, the years, and what was reported then."""
    indicator = view.figures.indicator(chosen)
    names = statistics_view.named(view.figures)
    with frame.card("breakdown"):
        with st.container(horizontal=True, vertical_alignment="center"):
            statistics_view.choose_indicator(names, default)
            _back(view)
            parts.earlier_link(indicator, view.scope, view.year)
        told = parts.told_change(view.figures, indicator, view.scope, view.year)
        st.html(markup.paragraph(told + say("notice.stop") if told else say("stat.no_change")))
        years = say("stat.over_years", indicator=names[chosen])
        if not parts.has_parts(view.figures, indicator, view.scope, view.year):
            parts.trend(shown, indicator, view.scope, title=years)
            return
        left, right = st.columns(2, gap="medium")
        with left:
            statistics_view.bars_inside(shown, view, chosen, limit=12)
        with right:
            parts.trend(shown, indicator, view.scope, title=years)
    title = say("topic.parts_table", indicator=names[chosen])
    parts.listing(shown, indicator, view.scope, view.year, title=title)


def _back(view: View) -> None:
    around = view.figures.around(view.scope)
    if around is None or around not in view.units:
        return
    st.button(
        say("stat.back", unit=parts.scope_name(view.figures.scopes.get(around))),
        icon=":material/arrow_back:",
        type="tertiary",
        key="back",
        on_click=statistics_view.open_unit,
        args=(around,),
    )


def groups(shown: Shown, view: View, topic: Topic) -> None:
    """Figures that are read side by side, two charts a row."""
    held = [
        (
            key,
            [
                (view.figures.indicator(name), cell)
                for name in names
                if (cell := view.figures.latest(name, view.scope, view.year)) is not None
            ],
        )
        for key, names in topic.groups
        if _known(view, names)
    ]
    held = [
        (key, pairs)
        for key, pairs in held
        if len(pairs) > 1 and any(cell.value is not None for _, cell in pairs)
    ]
    if not held:
        return
    grid = st.grid(2, min_column_width=320)
    for place, (key, pairs) in enumerate(held):
        with grid.cell(), frame.card(f"group_{place}", stretch=True):
            parts.group(shown, pairs, key=f"group_chart_{place}", title=say(key))


def _known(view: View, names: Sequence[str]) -> bool:
    known = {indicator["id"] for indicator in view.figures.indicators}
    return set(names) <= known


def all_indicators(shown: Shown, view: View, topic: Topic) -> None:
    """Every indicator of the dataset, those without a figure too; a row opens its parts."""
    figures = view.figures
    pairs = [
        (indicator, figures.latest(indicator["id"], view.scope, view.year))
        for indicator in figures.indicators
    ]
    rows = []
    for indicator, cell in pairs:
        before = figures.before(cell) if cell else None
        comparable = before is not None and not figures.unfinished(cell)
        state = figures.state(indicator, cell)
        rows.append(
            {
                "indicator": name_of(indicator),
                "unit": indicator["unit"],
                "period": period_name(figures, cell) if cell else formats.MISSING,
                "value": say("stat.suppressed")
                if cell and cell.is_suppressed
                else cell.value
                if cell
                else formats.MISSING,
                "before": before.value if comparable else formats.MISSING,
                "change": change_of(figures, indicator, cell) if cell else "",
                "target": target_text(indicator),
                "state": say(f"state.{state}") if state != "plain" else "",
                "signed": say(f"signed.{figures.signed(indicator, cell)}") if cell else "",
            }
        )
    shown.table(
        pairs,
        [
            Column("indicator", say("stat.indicator")),
            Column("period", say("stat.period")),
            Column("value", say("stat.value"), "figure"),
            Column("before", say("stat.before"), "figure"),
            Column("change", say("stat.change")),
            Column("target", say("receipt.target")),
            Column("state", say("stat.note")),
            Column("signed", say("receipt.signed")),
        ],
        rows,
        key="all_indicators",
        title=say("topic.all", topic=say(f"page.{topic.address}")),
        on_select=partial(_choose_row, tuple(indicator["id"] for indicator, _ in pairs)),
    )
    st.html(markup.note(say("topic.all_note")))


def _choose_row(names: Sequence[str]) -> None:
    selected = st.session_state["all_indicators"].selection.rows
    if selected:
        statistics_view.open_parts(names[selected[0]])
