"""A box that lists the rows of one personal table, the later ones folded away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.text import language, say

__all__ = [
    "Row",
    "amount",
    "day",
    "facts",
    "joined",
    "lines",
    "list_card",
    "span",
    "text",
    "value",
    "yuan",
]

Row = Mapping[str, Any]
_FIRST = 6


def lines(entries: Sequence[markup.Entry], first: int = _FIRST) -> str:
    """The first lines, and the rest behind one press."""
    shown = markup.entries(entries[:first])
    rest = entries[first:]
    if not rest:
        return shown
    press = say("list.more", count=formats.number(len(rest), 0))
    return shown + markup.folded(press, markup.entries(rest))


def list_card(
    tables: Tables,
    table: str,
    entry: Callable[[Row], markup.Entry],
    *,
    first: int = _FIRST,
    note: Callable[[list[dict[str, Any]]], str] | None = None,
    title: str = "",
    order: Callable[[Row], Any] | None = None,
) -> None:
    """One line a row of `table` under its title (`box.<table>` unless another is given); nothing
    where there is no row. `note` says below what the rows come to; `order` puts other rows first
    than the answer does."""
    rows = sorted(tables.rows(table), key=order) if order else tables.rows(table)
    if not rows:
        return
    with frame.card(table):
        st.html(markup.title(title or say(f"box.{table}")))
        st.html(lines([entry(row) for row in rows], first))
        if note and (words := note(rows)):
            st.html(markup.note(words))
        source_line(tables, table)


def text(row: Row, name: str) -> str:
    """A value as the owner unit wrote it, `—` where there is none."""
    found = row.get(name)
    return formats.MISSING if found in (None, "") else str(found)


def joined(*parts: object) -> str:
    """What there is of the parts, with dots between."""
    return " · ".join(str(part) for part in parts if part not in (None, "", formats.MISSING))


def day(row: Row, name: str) -> str:
    """A calendar day of the row, empty where there is none."""
    found = row.get(name)
    return formats.day(found, frame.today(), language()) if found else ""


def yuan(found: float | Decimal | None) -> str:
    """One's own money to the cent, however much it is: `12,400.00 元`, never `1.2 万元`."""
    return formats.money(found, language(), per=1)


def amount(row: Row, name: str) -> str:
    """The sum of money in a column of the row."""
    return yuan(row.get(name))


def span(begin: str | date | None, end: str | date | None, *, open_end: bool = True) -> str:
    """`2024年9月 – 2025年6月`; without an end `2024年9月起` where it may still go on."""
    tongue = language()
    if not begin:
        return formats.month(end, tongue) if end else ""
    start = formats.month(begin, tongue)
    if not end:
        return say("list.since", begin=start) if open_end else start
    stop = formats.month(end, tongue)
    return start if stop == start else f"{start} – {stop}"


def value(found: object) -> str:
    """A value as it is read: days, months, yes or no, figures; other text as it stands."""
    tongue = language()
    if isinstance(found, bool):
        return say("list.yes") if found else say("list.no")
    if isinstance(found, (int, float, Decimal)):
        return formats.number(found)
    written = str(found)
    if len(written) == 10 and written[4] == written[7] == "-":
        return formats.day(written, frame.today(), tongue)
    if len(written) == 7 and written[4] == "-" and written[:4].isdigit():
        return formats.month(written, tongue)
    return written


def facts(row: Row, names: Sequence[str], hidden: Sequence[str] = ()) -> str:
    """Label and value of those named columns that hold something; `hidden` open on a press."""

    def held(wanted: Sequence[str]) -> list[tuple[str, str]]:
        # A year is a name, not a figure: no thousands separator.
        return [
            (say(f"column.{n}"), str(row[n]) if n.endswith("year") else value(row[n]))
            for n in wanted
            if row.get(n) not in (None, "")
        ]

    pairs = held(names)
    kept = [(label, say("list.reveal"), shown) for label, shown in held(hidden)]
    return markup.facts(pairs, kept)
