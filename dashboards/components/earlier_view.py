"""Parts of 往期数据: two figures side by side, what changed, and one figure's story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from dashboards import auth, data, formats
from dashboards.components import frame, markup
from dashboards.components.parts import scope_name
from dashboards.components.receipt import name_of, receipt_popover
from dashboards.earlier_figures import Pair
from dashboards.earlier_sentences import answer, figure_of, moment_name, period_name, why
from dashboards.exports.page import Column, ExportPage, ExportTable
from dashboards.figures import Cell, Figures
from dashboards.text import language, say

__all__ = ["Comparison"]

Indicator = Mapping[str, Any]
_COLUMNS = ("then", "now", "difference", "why")


@dataclass
class Comparison:
    """Draws figures of then beside those of now, each with its receipt, and remembers them for the
    export. `moment` says when then was, `answered` is the gateway's answer."""

    visit: auth.Visit
    figures: Figures
    indicators: Mapping[str, Indicator]
    answered: Mapping[str, Any]
    moment: str
    tables: list[ExportTable] = field(default_factory=list)
    drawn: dict[str, dict[str, Any]] = field(default_factory=dict)

    def side_by_side(self, pair: Pair, unit: str, newest: Cell | None) -> None:
        """The answer in a sentence, both figures, and why they differ."""
        tongue, today = language(), frame.today()
        indicator = self.indicators[pair.indicator]
        measure = indicator["unit"]
        self._headed(answer(pair, indicator, name_of(indicator), unit, tongue), [pair], "answer")
        as_of = formats.day_of(self.answered["release"]["as_of"], today, tongue)
        tiles: list[markup.Tile] = []
        for label, when, cell in (
            ("earlier.then", self.moment if self.answered["then"] else "", pair.then),
            ("earlier.now", say("earlier.as_of", day=as_of), pair.now),
        ):
            head, tail = _parts_of(cell, measure)
            name = say("earlier.side", side=say(label), when=when) if when else say(label)
            tiles.append((name, head, tail, period_name(cell, tongue) if cell else ""))
        if pair.difference is not None:
            tiles.append((say("earlier.difference"), _change(pair, indicator), "", ""))
        st.html(markup.tiles(tiles))
        because = why(pair, indicator, today, tongue)
        st.html(markup.paragraph(say("earlier.because", why=because)))
        notes = self._notes(pair, indicator, newest)
        if notes:
            st.html(markup.provenance(notes))

    def parts(self, pairs: Sequence[Pair]) -> None:
        """The units inside, those that changed most first."""
        ordered = sorted(pairs, key=lambda pair: (-abs(pair.difference or 0.0), pair.scope.unit))
        title = say("earlier.parts", indicator=name_of(self.indicators[pairs[0].indicator]))
        self._headed(title, ordered[:1], "parts")
        lines = [(scope_name(pair.scope), pair) for pair in ordered]
        self._lines(lines, say("earlier.unit"), title)

    def changed(self, pairs: Sequence[Pair], unit: str, year: str) -> None:
        """Every indicator of the unit whose figure is another one now; the others below."""
        tongue = language()
        lines = [(name_of(self.indicators[pair.indicator]), pair) for pair in pairs]
        moved = [line for line in lines if line[1].state not in ("same", "suppressed")]
        still = [line for line in lines if line[1].state in ("same", "suppressed")]
        period = formats.year_name(year, tongue) if year else self.moment
        title = say("earlier.changed", unit=unit, year=period)
        self._headed(title, [pair for _, pair in moved or still], "changed")
        first = say("earlier.indicator")
        if moved:
            self._lines(moved, first, title)
        else:
            st.html(markup.note(say("earlier.changed_none", count=len(still))))
        if still:
            others = say("earlier.others", count=len(still))
            with st.expander(others):
                self._lines(still, first, others)

    def story(self, pair: Pair, choices: Mapping[str, Any]) -> None:
        """What each release said, fetched when opened."""
        if pair.now is None:
            return
        opened = st.expander(say("earlier.story_open"), key="story", on_change="rerun")
        if not opened.open:
            return
        told = data.figure_history(
            self.visit.token, pair.indicator, pair.now.period, pair.scope.key
        )
        with opened:
            st.html(markup.timeline(self._steps(told, pair, choices)))
            if told["older"]:
                st.html(markup.note(say("earlier.story_older")))

    def page(self, title: str, address: str) -> ExportPage:
        """All that was drawn, for the export."""
        release = self.answered["release"]
        return ExportPage(
            title=title,
            subtitle=self.moment,
            address=address,
            release=release["id"],
            as_of=release["as_of"],
            tables=tuple(self.tables),
            definitions=tuple(self.drawn.values()),
        )

    def _headed(self, title: str, pairs: Sequence[Pair], key: str) -> None:
        """A title with the receipt of the figures below it at the right."""
        choices = [(self.indicators[pair.indicator], pair.now) for pair in pairs]
        with st.container(horizontal=True, vertical_alignment="center", key=f"head_{key}"):
            st.html(markup.title(title))
            if choices:
                receipt_popover(self.visit, self.figures, choices, f"earlier_{key}", quiet=True)

    def _notes(self, pair: Pair, indicator: Indicator, newest: Cell | None) -> list[str]:
        """How the owner units stood then and stand now, the earlier definition, what is newest."""
        tongue, row = language(), indicator.get("row_code") or ""
        notes = []
        if self.answered["then"] and pair.then is not None and pair.now is not None:
            then, now = (
                say("signed." + self.answered[side].get(row, {}).get(cell.period, "unknown"))
                for side, cell in (("sign_offs_then", pair.then), ("sign_offs", pair.now))
            )
            notes.append(say("earlier.signed", then=then, now=now))
        before = self.answered["definitions_then"].get(indicator["id"])
        if before:
            notes.append(say("earlier.formula_then", formula=before["formula"] or formats.MISSING))
        if newest is not None and not newest.is_suppressed and newest != pair.now:
            value = figure_of(newest, indicator["unit"], tongue)
            notes.append(say("earlier.newest", period=period_name(newest, tongue), value=value))
        return notes

    def _steps(
        self, told: Mapping[str, Any], pair: Pair, choices: Mapping[str, Any]
    ) -> list[tuple[str, str, str, bool]]:
        tongue, today = language(), frame.today()
        indicator = self.indicators[pair.indicator]
        steps = []
        for place, entry in enumerate(told["entries"]):
            value = (
                say("stat.suppressed")
                if entry["is_suppressed"]
                else formats.figure(entry["value"], indicator["unit"], tongue)
            )
            changed = replace(pair, state="changed", reasons=entry["reasons"], waiting=None)
            is_first = place == len(told["entries"]) - 1 and not told["older"]
            because = (
                say("earlier.story_first") if is_first else why(changed, indicator, today, tongue)
            )
            when = moment_name(entry["since"], choices, today, tongue)
            steps.append((when, f"{value} · {because}", _signed(entry["signed"]), False))
        return steps

    def _lines(self, lines: Sequence[tuple[str, Pair]], first: str, title: str) -> None:
        """A table on a desktop, one entry below the other on a phone."""
        tongue, today = language(), frame.today()
        rows = []
        for name, pair in lines:
            indicator = self.indicators[pair.indicator]
            then, now = (
                figure_of(cell, indicator["unit"], tongue) for cell in (pair.then, pair.now)
            )
            because = why(pair, indicator, today, tongue)
            period = period_name(pair.shown, tongue)
            rows.append((name, period, then, now, _change(pair, indicator), because))
            signed = self.figures.signed(indicator, pair.now) if pair.now else "unknown"
            self.drawn.setdefault(pair.indicator, {**indicator, "signed": signed})
        self._remember(rows, first, title)
        if frame.is_phone():
            st.html(
                markup.entries(
                    markup.Entry(name, f"{then} → {now}", because, remark=period, side=change)
                    for name, period, then, now, change, because in rows
                )
            )
            return
        headings = (first, *(say(f"earlier.{column}") for column in _COLUMNS))
        st.html(
            markup.figures_table(
                headings, [((name, period), *figures) for name, period, *figures in rows]
            )
        )

    def _remember(self, rows: Sequence[tuple[str, ...]], first: str, title: str) -> None:
        columns = (
            Column("name", first),
            Column("period", say("stat.period")),
            *(Column(column, say(f"earlier.{column}")) for column in _COLUMNS),
        )
        keys = [column.key for column in columns]
        listed = tuple(dict(zip(keys, row, strict=True)) for row in rows)
        self.tables.append(ExportTable(title, columns, listed))


def _parts_of(cell: Cell | None, measure: str) -> tuple[str, str]:
    if cell is None or cell.is_suppressed:
        return (say("stat.suppressed_card") if cell else formats.MISSING), ""
    return formats.figure_parts(cell.value, measure, language())


def _change(pair: Pair, indicator: Indicator) -> str:
    if pair.difference is None:
        return ""
    return formats.difference(pair.difference, 0.0, indicator["unit"], language())


def _signed(units: Sequence[Mapping[str, Any]]) -> str:
    """Units that stood alike together: `人事处、学生处 已签认；教务处 未签认`."""
    alike: dict[str, list[str]] = {}
    for unit in units:
        alike.setdefault(unit["state"], []).append(unit["name"])
    return "；".join(f"{'、'.join(names)} {say('signed.' + word)}" for word, names in alike.items())
