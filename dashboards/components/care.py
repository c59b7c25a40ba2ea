"""Boxes of mental-health data, the same for the person and the counsellor."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.text import language, say

__all__ = ["show_records"]


def show_records(tables: Tables, today: date) -> None:
    """Alerts, sessions, screenings; each box only where there is something."""
    _box(tables, "psych_alert", say("mine.alerts"), lambda row: _alert(row, today))
    _box(
        tables,
        "psych_counselling",
        say("mine.sessions"),
        lambda row: _session(row, today),
        say("mine.sessions_note"),
    )
    _box(tables, "psych_screening", say("mine.screenings"), lambda row: _screening(row, today))


def _box(tables: Tables, name: str, heading: str, line, below: str = "") -> None:
    rows = tables.rows(name)
    if not rows:
        return
    with frame.card(name):
        st.html(markup.title(heading) + (markup.note(below) if below else ""))
        st.html(markup.entries(line(row) for row in rows))
        source_line(tables, name)


def _alert(row: dict, today: date) -> markup.Entry:
    closed = row.get("closed_date")
    side = (
        say("mine.closed", day=formats.day(closed, today, language()))
        if closed
        else say("mine.stands")
    )
    return markup.Entry(
        str(row.get("level") or formats.MISSING),
        say("mine.since", day=formats.day(row.get("opened_date"), today, language())),
        str(row.get("outcome") or ""),
        side=side,
        state="" if closed else "watch",
    )


def _session(row: dict, today: date) -> markup.Entry:
    name = row.get("counsellor_name")
    return markup.Entry(
        str(row.get("session_type") or say("mine.sessions")),
        " · ".join(
            part
            for part in (
                str(row.get("problem_class") or ""),
                say("mine.referred") if row.get("is_referred") else "",
            )
            if part
        ),
        say("mine.with", name=name) if name else "",
        side=formats.day(row.get("session_date"), today, language()),
    )


def _screening(row: dict, today: date) -> markup.Entry:
    valid = row.get("is_valid")
    return markup.Entry(
        str(row.get("screening_level") or formats.MISSING) if valid else say("mine.invalid"),
        say("mine.talk") if row.get("is_follow_up_required") else "",
        remark=str(row.get("scale") or ""),
        side=formats.day_of(row.get("taken_at"), today, language()) if row.get("taken_at") else "",
    )
