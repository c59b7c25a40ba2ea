"""What to look at first, in words: a card each for the worst, and all of them behind a button."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboards import formats
from dashboards.attention import Notice
from dashboards.components import frame, markup, statistics_view
from dashboards.components.parts import told_change
from dashboards.components.receipt import name_of, target_text
from dashboards.components.shown import Shown, change_of
from dashboards.components.statistics_view import View
from dashboards.figures import Figures
from dashboards.text import language, say

__all__ = ["all_notices", "cards", "sentence"]

#: Names of deliveries, or of datasets, that one sentence holds.
_NAMED = 3
#: Word of a sheet → its sentence.
_SHEETS = {
    "unsigned": "notice.unsigned",
    "changed": "notice.changed_sheet",
    "rejected": "notice.rejected",
}


def cards(shown: Shown, view: View, first: Sequence[Notice]) -> None:
    """A card each: the figure with its trend and target, then one sentence and the way on."""
    grid = st.grid(4, min_column_width=250)
    for place, notice in enumerate(first):
        with grid.cell(), frame.card(f"notice_{place}", stretch=True, tight=True):
            line = markup.watch_line(_word(notice), notice.state, sentence(view, notice), "")
            if notice.indicator is not None and notice.cell is not None:
                shown.metric(
                    notice.indicator,
                    notice.cell,
                    f"notice_{notice.indicator['id']}",
                    words=line,
                    after=partial(_way_on, view, notice),
                )
            else:
                st.html(markup.title(_heading(notice)))
                st.html(line)
                _way_on(view, notice)


@st.dialog(" ", width="large")
def all_notices(view: View, found: Sequence[Notice]) -> None:
    """Everything, the worst first."""
    st.html(markup.title(say("notice.all_title", count=len(found))))
    for place, notice in enumerate(found):
        with st.container(
            horizontal=True, wrap=False, vertical_alignment="center", key=f"watch_{place}"
        ):
            text = _short(view.figures, notice) or sentence(view, notice)
            st.html(markup.watch_line(_word(notice), notice.state, text, _who(notice)))
            _way_on(view, notice)


def sentence(view: View, notice: Notice) -> str:
    """What changed and where, and by how much a target is missed."""
    if notice.kind == "unsigned":
        return _unsigned(notice)
    if notice.kind == "overdue":
        return _overdue(notice)
    indicator, cell = notice.indicator, notice.cell
    told = told_change(view.figures, indicator, view.scope, cell.period[:4])
    said = [told] if told else []
    if notice.kind == "off":
        miss = formats.difference(cell.value, indicator["target"], indicator["unit"], language())
        said.insert(0, say("notice.gap", gap=miss.lstrip("+-")))
    stop = say("notice.stop")
    text = stop.join(said) + stop
    if cell.period[:4] == view.year:
        return text
    return say("notice.of", period=formats.year_name(cell.period, language()), text=text)


def _short(figures: Figures, notice: Notice) -> str:
    """A line of the list: the figure, its target, and the difference."""
    indicator, cell = notice.indicator, notice.cell
    if indicator is None or cell is None:
        return ""
    change, target = change_of(figures, indicator, cell), target_text(indicator)
    return say(
        "notice.line",
        indicator=name_of(indicator),
        value=formats.figure(cell.value, indicator["unit"], language()),
        target=say("notice.line_target", target=target) if target else "",
        change=say("notice.line_change", change=change) if change else "",
    )


def _word(notice: Notice) -> str:
    if notice.kind == "off":
        return say(f"state.{notice.state}")
    if notice.kind == "unsigned":
        return say(f"signed.{notice.word}")
    return say(f"notice.{notice.kind}")


def _who(notice: Notice) -> str:
    return "、".join((notice.indicator or {}).get("owners") or [])


def _heading(notice: Notice) -> str:
    if notice.kind == "overdue":
        latest = notice.deliveries[0]
        return say("notice.overdue_title", owner=latest["owner"], days=latest["days"])
    return say("notice.unsigned_title", count=len(notice.sheets))


def _unsigned(notice: Notice) -> str:
    named = [say(f"stat.row.{row}") for row, _ in notice.sheets[:_NAMED]]
    periods = sorted({formats.year_name(period, language()) for _, period in notice.sheets})
    key = _SHEETS[notice.word]
    return say(
        key, names=_and_more(named, len(notice.sheets)), period=say("notice.and").join(periods)
    )


def _overdue(notice: Notice) -> str:
    named = [
        say("notice.delivery", title=one["title"], day=formats.day(one["due"], frame.today()))
        for one in notice.deliveries[:_NAMED]
    ]
    resting = {indicator for one in notice.deliveries for indicator in one["indicators"]}
    return say(
        "notice.overdue_body",
        names=_and_more(named, len(notice.deliveries)),
        count=len(resting),
    )


def _and_more(named: Sequence[str], count: int) -> str:
    text = say("notice.and").join(named)
    return text if count <= len(named) else say("notice.and_more", names=text, count=count)


def _way_on(view: View, notice: Notice) -> None:
    """To the topic where the figure, or the first of those concerned, stands with its parts."""
    if notice.indicator is not None:
        row, chosen = notice.indicator.get("row_code"), notice.indicator["id"]
    elif notice.sheets:
        row, chosen = notice.sheets[0][0], ""
    else:
        chosen = notice.deliveries[0]["indicators"][0]
        row = view.figures.indicator(chosen).get("row_code")
    statistics_view.topic_link(view, row, chosen)
