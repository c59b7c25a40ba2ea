"""Boxes that tell a career: steps on a line of time, newest first, the older ones folded away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, day
from dashboards.text import say

__all__ = ["Step", "day_span", "timeline_card", "to_come", "told"]

#: When, what, by whom, and whether it is still to come (`markup.timeline`).
Step = tuple[str, str, str, bool]
_FIRST = 6


def told(steps: Sequence[Step], first: int = _FIRST) -> str:
    """The newest steps, and the rest behind one press."""
    shown = markup.timeline(steps[:first])
    rest = steps[first:]
    if not rest:
        return shown
    press = say("list.more", count=formats.number(len(rest), 0))
    return shown + markup.folded(press, markup.timeline(rest))


def timeline_card(
    tables: Tables,
    table: str,
    step: Callable[[Row], Step],
    *,
    above: Sequence[Step] = (),
    note: str = "",
) -> None:
    """One step a row of `table`, in the order of the answer, under its title (`box.<table>`);
    nothing where there is no row. `above` are steps that come before them."""
    rows = tables.rows(table)
    if not rows:
        return
    with frame.card(table):
        st.html(markup.title(say(f"box.{table}")))
        st.html(told([*above, *(step(row) for row in rows)]))
        if note:
            st.html(markup.note(note))
        source_line(tables, table)


def to_come(found: object) -> bool:
    """Whether a calendar day lies behind the day that relative dates count from."""
    when = formats.from_iso_date(str(found)) if found else None
    return when is not None and when > frame.today()


def day_span(row: Row, begin: str, end: str) -> str:
    """`2024年7月15日 – 2029年7月14日`; without an end `2024年7月15日起`."""
    start, stop = day(row, begin), day(row, end)
    if not start or not stop:
        return say("list.since", begin=start) if start else stop
    return start if start == stop else f"{start} – {stop}"
