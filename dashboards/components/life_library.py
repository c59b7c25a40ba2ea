"""The library: books on loan and returned, and days of visits."""

from __future__ import annotations

import streamlit as st

from dashboards import formats
from dashboards.components import days, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, amount, day, joined, lines
from dashboards.text import language, say

__all__ = ["loans_card", "visits_card"]


def loans_card(tables: Tables) -> None:
    """Books on loan first, then those returned."""
    rows = sorted(tables.rows("library_loan"), key=lambda row: row.get("returned_at") is not None)
    if not rows:
        return
    with frame.card("loans"):
        st.html(markup.title(say("life.loans")))
        out = sum(row.get("returned_at") is None for row in rows)
        st.html(lines([_loan(row) for row in rows], max(8, out)))
        source_line(tables, "library_loan")


def _loan(row: Row) -> markup.Entry:
    tongue, today = language(), frame.today()
    details = [say("life.borrowed", day=formats.day_of(row.get("borrowed_at"), today, tongue))]
    if row.get("renewals"):
        details.append(say("life.renewed", count=row["renewals"]))
    if row.get("fine"):
        details.append(say("life.fine", amount=amount(row, "fine")))
    state: str | None = None
    if row.get("returned_at"):
        side = say("life.returned", day=formats.day_of(row["returned_at"], today, tongue))
    else:
        details.append(say("life.due", day=day(row, "due_date") or formats.MISSING))
        overdue = int(row.get("overdue_days") or 0)
        side = say("next.overdue", days=overdue) if overdue > 0 else say("life.on_loan")
        state = "bad" if overdue > 0 else "info"
    return markup.Entry(
        str(row.get("title") or row.get("barcode") or formats.MISSING),
        joined(*details),
        side=side,
        state=state,
    )


def visits_card(tables: Tables) -> None:
    """Days in the library: a calendar of the latest twelve weeks, then month by month."""
    rows = tables.rows("library_visit")
    if not rows:
        return
    tongue = language()
    found = [
        (
            formats.from_iso_date(row.get("visit_date")),
            float(row.get("minutes") or 0),
            _visit(row),
        )
        for row in rows
    ]
    with frame.card("library_visit"):
        st.html(markup.title(say("box.library_visit")))
        days.calendar(
            "library_visits",
            found,
            frame.data_day(),
            scale=say("life.visit_scale"),
            alt=say("life.visit_alt"),
        )
        st.html(
            lines(
                [
                    markup.Entry(
                        formats.month(month, tongue),
                        say("life.visit_days", days=len(visits), entries=entries),
                        side=say("life.hours", count=formats.number(minutes / 60, 1)),
                    )
                    for month, visits, entries, minutes in _by_month(rows)
                ],
                3,
            )
        )
        source_line(tables, "library_visit")


def _visit(row: Row) -> str:
    return say("life.visit", entries=row.get("entries") or 0, minutes=row.get("minutes") or 0)


def _by_month(rows: list[Row]) -> list[tuple[str, list[Row], int, int]]:
    months: dict[str, list[Row]] = {}
    for row in rows:
        months.setdefault(str(row.get("visit_date"))[:7], []).append(row)
    return [
        (
            month,
            months[month],
            sum(int(row.get("entries") or 0) for row in months[month]),
            sum(int(row.get("minutes") or 0) for row in months[month]),
        )
        for month in sorted(months, reverse=True)
    ]
