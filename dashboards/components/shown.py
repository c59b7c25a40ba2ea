"""The one way a figure of the statistics comes onto a page: with its receipt beside it.

A page makes one `Shown` and draws cards, charts and tables through it. What was drawn is
remembered, so that the export of a page holds exactly what was on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import auth, formats
from dashboards.components import frame, markup
from dashboards.components.receipt import name_of, receipt_popover, target_text
from dashboards.exports.page import Column, ExportChart, ExportPage, ExportTable
from dashboards.figures import Cell, Figures
from dashboards.spark import spark_line
from dashboards.text import language, say

__all__ = ["Shown", "change_of", "period_name", "place_name"]

Indicator = Mapping[str, Any]
_DELTA = {"good": "green", "watch": "orange", "bad": "red", "plain": "gray"}


def place_name(cell: Cell) -> str:
    return say("stat.school") if cell.scope.level == "school" else cell.scope.name


def period_name(figures: Figures, cell: Cell) -> str:
    """`2025年`, `2025–26 学年`, and `2026年至今` for the running one."""
    return formats.year_name(cell.period, language(), running=figures.unfinished(cell))


def change_of(figures: Figures, indicator: Indicator, cell: Cell) -> str:
    """What changed on the period before; empty where the two cannot be compared."""
    before = figures.before(cell)
    if before is None or figures.unfinished(cell):
        return ""
    return formats.difference(cell.value, before.value, indicator["unit"], language())


class Shown:
    """Draws the figures of one page and remembers them.

    `key` of each figure is unique within the page. `figures` may grow between two drawings.
    """

    def __init__(self, visit: auth.Visit, figures: Figures) -> None:
        self.visit, self.figures = visit, figures
        self._cards: list[dict[str, Any]] = []
        self._tables: list[ExportTable] = []
        self._charts: list[ExportChart] = []
        self._indicators: dict[str, dict[str, Any]] = {}

    def metric(
        self,
        indicator: Indicator,
        cell: Cell,
        key: str,
        *,
        spark: bool = True,
        words: str = "",
        after: Callable[[], None] | None = None,
    ) -> None:
        """A card's inside: name, value, change, target, trend, then `words` (markup) and, in one
        row, the receipt and what `after` draws."""
        figures, unit, tongue = self.figures, indicator["unit"], language()
        self._remember(indicator, cell)
        before = figures.before(cell)
        self._cards.append(
            {
                "indicator": name_of(indicator),
                "place": place_name(cell),
                "period": period_name(figures, cell),
                "value": say("stat.suppressed") if cell.is_suppressed else cell.value,
                "before": before.value if before and not before.is_suppressed else None,
                "target": target_text(indicator),
                "unit": unit,
            }
        )
        if cell.is_suppressed:
            st.metric(
                name_of(indicator),
                say("stat.suppressed_card"),
                period_name(figures, cell),
                delta_color="off",
                delta_arrow="off",
            )
            st.html(markup.note(say("stat.suppressed")))
        else:
            change, unfinished = change_of(figures, indicator, cell), figures.unfinished(cell)
            target, state = target_text(indicator), figures.state(indicator, cell)
            st.metric(
                name_of(indicator),
                formats.figure(cell.value, unit, tongue),
                change or (period_name(figures, cell) if unfinished else None),
                delta_color=_DELTA[state],
                delta_arrow="off" if unfinished or change == "±0" else "auto",
                delta_description=target.replace(" ", "") if change and target else None,
            )
            history = self._history(indicator, cell) if spark else []
            if len(history) > 1:
                st.html(self._spark(indicator, cell, history, state))
        if words:
            st.html(words)
        with st.container(horizontal=True, vertical_alignment="center", key=f"foot_{key}"):
            receipt_popover(self.visit, figures, [(indicator, cell)], key)
            if after is not None:
                after()

    def chart(
        self,
        pairs: Sequence[tuple[Indicator, Cell | None]],
        spec: Mapping[str, Any],
        *,
        key: str,
        title: str,
        alt: str,
        on_select: str | Callable[[], None] = "ignore",
    ) -> None:
        """A chart under its title, the receipt at the right. `pairs` are the figures in it: an
        indicator with the cell that its receipt speaks of."""
        self._headed(pairs, key, title)
        self._charts.append(ExportChart(title, alt, spec))
        st.vega_lite_chart(spec, theme=None, key=key, on_select=on_select, alt=alt)

    def table(
        self,
        pairs: Sequence[tuple[Indicator, Cell | None]],
        columns: Sequence[Column],
        rows: Sequence[Mapping[str, Any]],
        *,
        key: str,
        title: str,
        on_select: str | Callable[[], None] = "ignore",
    ) -> None:
        """A table that sorts, under its title, the receipt at the right.

        Rows hold raw values by the columns' keys. Of a column of figures with one unit numbers sort
        as numbers; one whose unit stands in the row (`unit`) is shown as text. A phone shows lines
        instead: what the first column names, its figure at the right, the rest below.
        """
        self._headed(pairs, key, title)
        self._tables.append(ExportTable(title, columns, rows))
        if frame.is_phone():
            st.html(markup.entries(_line(columns, row) for row in rows))
            return
        listed = [{column.key: _in_table(column, row) for column in columns} for row in rows]
        st.dataframe(
            pd.DataFrame(listed, columns=[column.key for column in columns]),
            hide_index=True,
            height="auto" if len(rows) <= 20 else 560,
            column_config={column.key: _configured(column) for column in columns},
            key=key,
            on_select=on_select,
            selection_mode="single-row",
            placeholder=formats.MISSING,
            alt=title,
        )

    def page(self, title: str, subtitle: str, address: str) -> ExportPage:
        """All that was drawn, for the export."""
        release = self.visit.me.get("release") or {}
        cards = ExportTable(
            say("export.figures"),
            (
                Column("indicator", say("stat.indicator")),
                Column("place", say("stat.unit")),
                Column("period", say("stat.period")),
                Column("value", say("stat.value"), "figure"),
                Column("before", say("stat.before"), "figure"),
                Column("target", say("receipt.target")),
            ),
            tuple(self._cards),
        )
        return ExportPage(
            title=title,
            subtitle=subtitle,
            address=address,
            release=str(release.get("id", "")),
            as_of=str(release.get("as_of", "")),
            tables=(*((cards,) if self._cards else ()), *self._tables),
            charts=tuple(self._charts),
            definitions=tuple(self._indicators.values()),
        )

    def _headed(self, pairs: Sequence[tuple[Indicator, Cell | None]], key: str, title: str) -> None:
        for indicator, cell in pairs:
            self._remember(indicator, cell)
        with st.container(horizontal=True, vertical_alignment="center", key=f"head_{key}"):
            st.html(markup.title(title))
            receipt_popover(self.visit, self.figures, pairs, key, quiet=True)

    def _remember(self, indicator: Indicator, cell: Cell | None) -> None:
        signed = self.figures.signed(indicator, cell) if cell else "unknown"
        self._indicators.setdefault(indicator["id"], {**indicator, "signed": signed})

    def _history(self, indicator: Indicator, cell: Cell) -> list[Cell]:
        """Cells up to this one that have a value; a year that is not over would bend the line."""
        unfinished = self.figures.unfinished(cell)
        return [
            other
            for other in self.figures.series(indicator["id"], cell.scope.key)
            if other.value is not None
            and other.period <= cell.period
            and not (unfinished and other is cell)
        ]

    def _spark(self, indicator: Indicator, cell: Cell, history: Sequence[Cell], state: str) -> str:
        """The trend as a small picture, which says in words where it began and ended."""
        ends = [
            f"{period_name(self.figures, one)} "
            f"{formats.figure(one.value, indicator['unit'], language())}"
            for one in (history[0], history[-1])
        ]
        values = [float(one.value or 0) for one in history]
        return markup.picture(
            spark_line(values, dark=frame.is_dark(), state=state),
            say("stat.spark", name=name_of(indicator), first=ends[0], last=ends[1]),
        )


def _line(columns: Sequence[Column], row: Mapping[str, Any]) -> markup.Entry:
    """A row of a table as one line of a list."""
    figure = next(column for column in columns if column.kind == "figure")
    rest = [
        f"{column.heading} {words}"
        for column in columns[1:]
        if column is not figure and (words := _in_words(column, row))
    ]
    return markup.Entry(
        str(row[columns[0].key]), " · ".join(rest), side=_in_words(figure, row) or formats.MISSING
    )


def _in_words(column: Column, row: Mapping[str, Any]) -> str:
    value = row.get(column.key)
    if value is None or value == formats.MISSING:
        return ""
    if column.kind != "figure" or isinstance(value, str):
        return str(value)
    return formats.figure(value, column.unit or row["unit"], language())


def _in_table(column: Column, row: Mapping[str, Any]) -> Any:
    value = row.get(column.key)
    if column.kind != "figure":
        return value
    if not column.unit:
        return value if isinstance(value, str) else formats.figure(value, row["unit"], language())
    if not isinstance(value, int | float):
        return None
    return round(value, 2)


def _configured(column: Column) -> Any:
    if column.kind == "figure" and column.unit:
        return st.column_config.NumberColumn(column.heading, format="localized")
    return st.column_config.TextColumn(column.heading)
