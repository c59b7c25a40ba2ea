"""Credits against the plan, and the grade point average over the terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import charts, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, joined, lines
from dashboards.text import language, say

__all__ = ["plan_card", "terms_card", "trend_rows"]


def plan_card(tables: Tables) -> None:
    """Earned, under way and missing, by kind of credits; one plan for each student number."""
    rows = tables.rows("credit_progress")
    if not rows:
        return
    with frame.card("credit_progress"):
        st.html(markup.title(say("box.credit_progress")))
        for number in dict.fromkeys(row["student_no"] for row in rows):
            own = [row for row in rows if row["student_no"] == number]
            st.html(markup.note(joined(own[0].get("major_name"), number)))
            st.html(markup.progress(_bar(row) for row in own))
        st.html(markup.note(say("study.plan_note")))
        source_line(tables, "credit_progress")


def _bar(row: Row) -> tuple[str, str, str, float, float, str]:
    names = ("planned_credits", "earned_credits", "ongoing_credits", "remaining_credits")
    asked, done, ongoing, missing = (float(row.get(name) or 0) for name in names)
    figure = f"{formats.number(done, 1)} / {formats.number(asked, 1)}"
    if missing:
        after = max(missing - ongoing, 0)
        below = say("study.missing", missing=formats.number(missing, 1))
        if ongoing:
            below = say(
                "study.missing_ongoing",
                missing=formats.number(missing, 1),
                ongoing=formats.number(ongoing, 1),
                after=formats.number(after, 1),
            )
    else:
        below = say("study.plan_met")
    kind = say(f"study.kind.{row['seq']}")
    whole = asked or 1.0
    return kind, figure, below, done / whole, ongoing / whole, f"{kind}: {figure}. {below}"


def trend_rows(summaries: Sequence[Row]) -> list[dict[str, Any]]:
    """Terms with a grade point average, oldest first, for `charts.trend`."""
    rows = []
    for row in sorted(summaries, key=lambda row: row["term_code"]):
        if row.get("gpa") is None:
            continue
        shown = formats.number(row["gpa"], 2)
        rows.append(
            {
                "period": formats.term_mark(str(row["term_code"])),
                "value": float(row["gpa"]),
                "label": shown,
                "shown": f"{formats.term(row['term_code'], language())} {shown}",
            }
        )
    return rows


def terms_card(tables: Tables) -> None:
    """The grade point average over the terms, and each term in a line."""
    summaries = sorted(tables.rows("term_summary"), key=lambda row: row["term_code"], reverse=True)
    if not summaries:
        return
    rows = trend_rows(summaries)
    with frame.card("terms"):
        st.html(markup.title(say("study.terms")))
        if len(rows) > 1:
            st.vega_lite_chart(
                charts.trend(rows, dark=frame.is_dark(), height=150),
                theme=None,
                key="gpa_trend",
                alt=say(
                    "study.trend_alt",
                    first=rows[0]["label"],
                    last=rows[-1]["label"],
                    count=len(rows),
                ),
            )
        st.html(lines([_term_entry(row) for row in summaries]))
        source_line(tables, "term_summary")


def _term_entry(row: Row) -> markup.Entry:
    failed = int(row.get("failed_count") or 0)
    key = "study.term_line" if failed else "study.term_passed"
    graded = row.get("gpa") is not None
    return markup.Entry(
        formats.term(row["term_code"], language()),
        say(
            key if graded else "study.term_running",
            count=row.get("course_count") or 0,
            credits=formats.number(row.get("credits_earned"), 1),
            failed=failed,
        ),
        side=formats.number(row["gpa"], 2) if graded else "",
        side_note=say("study.gpa") if graded else "",
        score=graded,
    )
