"""What students, colleagues and heads thought of one's teaching.

The academic affairs office hands in one mean for each class and group. It is shown as it stands,
with how many took part; a class without a mean gets none here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import charts, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, joined, lines
from dashboards.text import language, say

__all__ = ["class_entries", "evaluation_card", "trend_rows"]

_STUDENTS = "学生"


def trend_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Students' mean by term, each class counting by how many took part, oldest first, for
    `charts.trend`."""
    by_term: dict[str, list[tuple[float, int]]] = {}
    for row in rows:
        if row.get("evaluator_group") == _STUDENTS and row.get("score") is not None:
            weight = int(row.get("rater_count") or 0)
            by_term.setdefault(row["term_code"], []).append((float(row["score"]), weight))
    found = []
    for term in sorted(by_term):
        people = sum(weight for _, weight in by_term[term])
        if not people:
            continue
        mean = sum(score * weight for score, weight in by_term[term]) / people
        shown = formats.number(mean, 1)
        found.append(
            {
                "period": formats.term_mark(term),
                "value": mean,
                "label": shown,
                "shown": f"{formats.term(term, language())} {shown}",
            }
        )
    return found


def class_entries(rows: Iterable[Row]) -> list[markup.Entry]:
    """One line a class: the students' mean at the right, the other groups below."""
    by_class: dict[str, list[Row]] = {}
    for row in rows:
        by_class.setdefault(str(row.get("class_no")), []).append(row)
    entries = []
    for number, groups in by_class.items():
        students = next((row for row in groups if row.get("evaluator_group") == _STUDENTS), None)
        main = students or groups[0]
        below = [
            joined(_taken_part(row), _mean(row), row.get("grade_label"))
            for row in groups
            if row is not main
        ]
        entries.append(
            markup.Entry(
                str(main.get("course_name") or number),
                joined(_taken_part(main), number),
                *below,
                side=_mean(main),
                side_note=str(main.get("grade_label") or " "),
                score=True,
            )
        )
    return entries


def _mean(row: Row) -> str:
    return formats.number(row["score"], 1) if row.get("score") is not None else say("work.no_mean")


def _taken_part(row: Row) -> str:
    group = str(row.get("evaluator_group") or formats.MISSING)
    if row.get("rater_count") is None:
        return group
    if row.get("due_count") is None:
        return say("work.raters", group=group, count=row["rater_count"])
    return say("work.raters_of", group=group, count=row["rater_count"], due=row["due_count"])


def evaluation_card(tables: Tables) -> None:
    """The students' mean over the terms, then the classes of one term."""
    rows = tables.rows("teaching_evaluation")
    if not rows:
        return
    tongue = language()
    points = trend_rows(rows)
    terms = sorted({row["term_code"] for row in rows}, reverse=True)
    with frame.card("teaching_evaluation"):
        st.html(markup.title(say("box.teaching_evaluation")))
        if len(points) > 1:
            st.vega_lite_chart(
                charts.trend(points, dark=frame.is_dark(), height=150),
                theme=None,
                key="evaluation_trend",
                alt=say(
                    "work.evaluation_alt",
                    count=len(points),
                    first=points[0]["label"],
                    last=points[-1]["label"],
                ),
            )
            st.html(markup.note(say("work.evaluation_note")))
        term = st.selectbox(
            say("study.term_choice"),
            terms,
            format_func=lambda code: formats.term(code, tongue),
            key="work_evaluation_term",
            label_visibility="collapsed",
            width=240,
        )
        st.html(lines(class_entries(row for row in rows if row["term_code"] == term)))
        source_line(tables, "teaching_evaluation")
