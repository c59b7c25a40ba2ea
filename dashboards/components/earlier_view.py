"""Parts of 往期数据: choosing then, two figures side by side, what changed, one figure's story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboards import auth, data, formats
from dashboards.components import frame, markup
from dashboards.components.statistics_view import name_of, scope_name
from dashboards.earlier_figures import Pair
from dashboards.earlier_sentences import answer, figure_of, moment_name, period_name, why
from dashboards.figures import Cell, Scope
from dashboards.text import language, say

__all__ = ["changed", "choose_day", "parts", "side_by_side", "story", "unit_names"]

Indicator = Mapping[str, Any]


def unit_names(choices: Mapping[str, Any]) -> dict[str, str]:
    """Units to choose from and their names: the school, then each college with its majors."""
    units = [
        Scope(unit["level"], str(unit["unit"]), unit.get("unit_name") or "", unit["parent_unit"])
        for unit in choices.get("units", ())
    ]
    names = {"school": say("stat.school")}
    for college in (unit for unit in units if unit.level == "college"):
        names[college.key] = scope_name(college)
        for major in units:
            if major.level == "major" and major.parent == college.unit:
                names[major.key] = f"{scope_name(college)} · {scope_name(major)}"
    return names


def choose_day(choices: Mapping[str, Any]) -> None:
    """Any other day, behind a button."""
    today = frame.today()
    with st.popover(say("earlier.other_day"), type="tertiary", icon=":material/event:", wrap=False):
        day = st.date_input(
            say("earlier.day"), value=today, max_value=today, key="day", format="YYYY-MM-DD"
        )
        st.html(markup.note(say("earlier.day_note")))
        st.button(say("earlier.show_day"), key="show_day", on_click=_choose, args=(day,))


def _choose(day: date | None) -> None:
    if day is not None:
        st.session_state["then"] = day.isoformat()


def side_by_side(
    pair: Pair,
    indicator: Indicator,
    unit: str,
    answered: Mapping[str, Any],
    moment: str,
    newest: Cell | None,
) -> None:
    """The answer in a sentence, both figures, and why they differ. `moment` says when then was."""
    tongue, today, measure = language(), frame.today(), indicator["unit"]
    st.html(markup.title(answer(pair, indicator, name_of(indicator), unit, tongue)))
    tiles: list[markup.Tile] = []
    when_now = say("earlier.as_of", day=formats.day_of(answered["release"]["as_of"], today, tongue))
    for label, when, cell in (
        ("earlier.then", moment, pair.then),
        ("earlier.now", when_now, pair.now),
    ):
        head, tail = _parts_of(cell, measure)
        name = say("earlier.side", side=say(label), when=when)
        tiles.append((name, head, tail, period_name(cell, tongue) if cell else ""))
    if pair.difference is not None:
        change = formats.difference(pair.difference, 0.0, measure, tongue)
        tiles.append((say("earlier.difference"), change, "", ""))
    st.html(markup.tiles(tiles))
    st.html(markup.paragraph(f"{say('earlier.why')}：{why(pair, indicator, today, tongue)}"))
    st.html(markup.provenance(_notes(pair, indicator, answered, newest)))


def _parts_of(cell: Cell | None, measure: str) -> tuple[str, str]:
    if cell is None or cell.is_suppressed:
        return (say("stat.suppressed_card") if cell else formats.MISSING), ""
    return formats.figure_parts(cell.value, measure, language())


def _notes(
    pair: Pair, indicator: Indicator, answered: Mapping[str, Any], newest: Cell | None
) -> list[str]:
    """How the owner units stood then and stand now, the earlier definition, what is newest."""
    tongue, row = language(), indicator.get("row_code") or ""
    notes = []
    if answered["then"] and pair.then is not None and pair.now is not None:
        then, now = (
            answered[side].get(row, {}).get(cell.period, "unknown")
            for side, cell in (("sign_offs_then", pair.then), ("sign_offs", pair.now))
        )
        notes.append(say("earlier.signed", then=say(f"signed.{then}"), now=say(f"signed.{now}")))
    before = answered["definitions_then"].get(indicator["id"])
    if before:
        notes.append(say("earlier.formula_then", formula=before["formula"] or formats.MISSING))
    if newest is not None and not newest.is_suppressed and newest != pair.now:
        value = figure_of(newest, indicator["unit"], tongue)
        period = period_name(newest, tongue)
        notes.append(say("earlier.newest", period=period, value=value))
    return notes


def story(visit: auth.Visit, pair: Pair, indicator: Indicator, choices: Mapping[str, Any]) -> None:
    """What each release said, fetched when opened."""
    if pair.now is None:
        return
    opened = st.expander(say("earlier.story_open"), key="story", on_change="rerun")
    if not opened.open:
        return
    tongue, today = language(), frame.today()
    told = data.figure_history(visit.token, indicator["id"], pair.now.period, pair.scope.key)
    steps = []
    for place, entry in enumerate(told["entries"]):
        value = (
            say("stat.suppressed")
            if entry["is_suppressed"]
            else formats.figure(entry["value"], indicator["unit"], tongue)
        )
        is_first = place == len(told["entries"]) - 1 and not told["older"]
        told_pair = Pair(
            indicator["id"],
            pair.scope,
            pair.then,
            pair.now,
            "changed",
            None,
            entry["reasons"],
            None,
        )
        reason = (
            say("earlier.story_first") if is_first else why(told_pair, indicator, today, tongue)
        )
        signed = _signed(entry["signed"])
        when = moment_name(entry["since"], choices, today, tongue)
        steps.append((when, f"{value} · {reason}" if reason else value, signed, False))
    with opened:
        st.html(markup.timeline(steps))
        if told["older"]:
            st.html(markup.note(say("earlier.story_older")))


def _signed(units: Sequence[Mapping[str, Any]]) -> str:
    """Units that stood alike together: `人事处、学生处 已签认；教务处 未签认`."""
    alike: dict[str, list[str]] = {}
    for unit in units:
        alike.setdefault(unit["state"], []).append(unit["name"])
    return "；".join(f"{'、'.join(names)} {say('signed.' + word)}" for word, names in alike.items())


def parts(pairs: Sequence[Pair], indicator: Indicator) -> None:
    """The units inside, then and now; those that changed most first."""
    if not pairs:
        return
    st.html(markup.title(say("earlier.parts", indicator=name_of(indicator))))
    ordered = sorted(pairs, key=lambda pair: (-abs(pair.difference or 0.0), pair.scope.unit))
    _lines([(scope_name(pair.scope), pair, indicator) for pair in ordered], say("earlier.unit"))


def changed(
    pairs: Sequence[Pair], indicators: Mapping[str, Indicator], unit: str, year: str
) -> None:
    """Every indicator of the unit whose figure is another one now; the others below."""
    tongue = language()
    period = formats.year_name(year, tongue) if year else ""
    lines = [
        (name_of(indicators[pair.indicator]), pair, indicators[pair.indicator]) for pair in pairs
    ]
    moved = [line for line in lines if line[1].state not in ("same", "suppressed")]
    still = [line for line in lines if line[1].state in ("same", "suppressed")]
    st.html(markup.title(say("earlier.changed", unit=unit, year=period)))
    if moved:
        _lines(moved, say("earlier.indicator"))
    else:
        st.html(markup.note(say("earlier.changed_none", count=len(still))))
    if moved and still:
        with st.expander(say("earlier.others", count=len(still))):
            _lines(still, say("earlier.indicator"))


def _lines(lines: Sequence[tuple[str, Pair, Indicator]], first: str) -> None:
    """A table on a desktop, one entry below the other on a phone."""
    tongue, today = language(), frame.today()
    rows = [
        (
            name,
            figure_of(pair.then, indicator["unit"], tongue),
            figure_of(pair.now, indicator["unit"], tongue),
            ""
            if pair.difference is None
            else formats.difference(pair.difference, 0.0, indicator["unit"], tongue),
            why(pair, indicator, today, tongue),
            period_name(pair.shown, tongue),
        )
        for name, pair, indicator in lines
    ]
    if frame.is_phone():
        st.html(
            markup.entries(
                markup.Entry(name, f"{then} → {now}", reason, remark=period, side=change)
                for name, then, now, change, reason, period in rows
            )
        )
        return
    headings = (
        first, say("earlier.then"), say("earlier.now"), say("earlier.difference"),
        say("earlier.why"),
    )  # fmt: skip
    st.html(
        markup.figures_table(
            headings,
            [((name, period), then, now, change, reason)
             for name, then, now, change, reason, period in rows],
        )
    )  # fmt: skip
