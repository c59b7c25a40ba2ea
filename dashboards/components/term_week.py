"""A term of lessons: the choice of the term above, its week as a table, the rest as a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup, schedule
from dashboards.components.listing import Row
from dashboards.text import language, say

__all__ = ["ALL", "chosen_term", "show_week", "terms_of", "week_of"]

#: The choice of every term at once.
ALL = "all"
#: When, what, details and a word beside it, for `markup.week`.
Lesson = tuple[str, str, list[str], str]


def terms_of(rows: Iterable[Row]) -> list[str]:
    """The terms of these rows, newest first."""
    return sorted({row["term_code"] for row in rows}, reverse=True)


def chosen_term(title: str, terms: Sequence[str], key: str) -> str:
    """The title of a box with the choice of a term beside it; `terms` may end with `ALL`."""
    tongue = language()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.html(markup.title(title), width="content")
        return st.selectbox(
            say("study.term_choice"),
            terms,
            format_func=lambda code: (
                say("study.all_terms") if code == ALL else formats.term(code, tongue)
            ),
            key=key,
            label_visibility="collapsed",
            width=240,
        )


def show_week(
    rows: Sequence[Row],
    lesson: Callable[[Row], Lesson],
    listed: Callable[[list[Row]], str],
    *,
    is_now: bool,
) -> None:
    """The days that have lessons; what has no fixed hour is `listed` below. In the term that is
    under way today is marked."""
    days = week_of(rows, frame.today().isoweekday() if is_now else 0, lesson)
    if days:
        st.html(markup.week(days))
    loose = [row for row in rows if not row.get("weekday")]
    if loose:
        if days:
            st.html(markup.note(say("study.no_hour")))
        st.html(listed(loose))


def week_of(
    rows: Iterable[Row], today: int, lesson: Callable[[Row], Lesson]
) -> list[tuple[str, bool, list[Lesson]]]:
    """Days that have lessons, Monday first, for `markup.week`; `today` is 1 (Monday) to 7, or 0."""
    by_day: dict[int, list[Row]] = {}
    for row in rows:
        if row.get("weekday"):
            by_day.setdefault(int(row["weekday"]), []).append(row)
    return [
        (
            formats.weekday(number, language()),
            number == today,
            [lesson(row) for row in sorted(by_day[number], key=_hour)],
        )
        for number in sorted(by_day)
    ]


def _hour(row: Row) -> tuple[int, int, str]:
    return (
        int(row.get("start_period") or 99),
        int(row.get("end_period") or 99),
        schedule.course_name(row),
    )
