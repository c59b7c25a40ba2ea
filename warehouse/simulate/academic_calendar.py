"""Terms, holidays and how busy a day is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from warehouse.simulate.plan import Plan

__all__ = [
    "Term",
    "boundary",
    "day_weights",
    "days_of",
    "months",
    "next_month",
    "planned_terms",
    "term_at",
    "terms",
]


@dataclass(frozen=True)
class Term:
    """`code` is 'YYYY-YYYY-1' (autumn) or '-2' (spring); `year` the year the academic year began;
    `start` and `end` the first and last day; the last two weeks are exam weeks."""

    code: str
    year: int
    season: int
    start: date
    end: date

    @property
    def academic_year(self) -> str:
        return self.code[:9]

    @property
    def exams(self) -> date:
        return self.end - timedelta(days=13)

    @property
    def published(self) -> date:
        """When the timetable comes out, the day before the first choices are made."""
        return self.start - timedelta(days=13)


def _term(year: int, season: int) -> Term:
    code = f"{year}-{year + 1}-{season}"
    if season == 1:
        return Term(code, year, 1, date(year, 9, 1), date(year + 1, 1, 14))
    opening = date(year + 1, 2, 22)
    opening += timedelta(days=-opening.weekday() % 7)
    return Term(code, year, 2, opening, date(year + 1, 7, 5))


def terms(plan: Plan) -> list[Term]:
    """The terms of the window that had begun before as-of, oldest first."""
    years = range(plan.start.year, plan.as_of.year + 1)
    found = [_term(year, season) for year in years for season in (1, 2)]
    return [term for term in found if term.start < plan.as_of]


def planned_terms(plan: Plan) -> list[Term]:
    """`terms`, and the one whose timetable had come out by as-of although it had not begun."""
    years = range(plan.start.year, plan.as_of.year + 1)
    found = [_term(year, season) for year in years for season in (1, 2)]
    return [term for term in found if term.published < plan.as_of]


def months(plan: Plan) -> list[date]:
    """The first days of the months of the window."""
    found, day = [], plan.start
    while day < plan.as_of:
        found.append(day)
        day = next_month(day)
    return found


def next_month(month: date) -> date:
    """The first day of the month after one that is given by any day of it."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def days_of(month: date) -> list[date]:
    """Every day of a month that is given by its first."""
    return [month + timedelta(days=step) for step in range((next_month(month) - month).days)]


def term_at(day: date) -> Term:
    """The term a day belongs to; a holiday belongs to the term before it."""
    year = day.year if day.month >= 9 else day.year - 1
    spring = _term(year, 2)
    return spring if day >= spring.start else _term(year, 1)


def boundary(entry_year: np.ndarray, semester: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """A day in the holiday before a student's `semester` (0 is the first), `offset` 0–9 days in:
    when leaves begin and end, and majors change."""
    year = entry_year + (semester + 1) // 2
    autumn = semester % 2 == 0
    january = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    month = january + np.where(autumn, 7, 1).astype("timedelta64[M]")
    day = month.astype("datetime64[D]") + np.where(autumn, 19, 9).astype("timedelta64[D]")
    return day + offset.astype("timedelta64[D]")


_HOLIDAYS = {(10, day) for day in range(1, 8)} | {(5, day) for day in range(1, 6)}
_HOLIDAYS |= {(4, 4), (4, 5), (4, 6), (1, 1), (6, 9), (6, 10), (6, 11)}


def day_weights(days: list[date]) -> np.ndarray:
    """How much of a usual term day's life there is on campus on each day (1.0 = usual)."""
    weights = np.empty(len(days))
    for index, day in enumerate(days):
        term = term_at(day)
        if day > term.end:
            weights[index] = 0.015
        elif (day.month, day.day) in _HOLIDAYS:
            weights[index] = 0.35
        else:
            weights[index] = 0.62 if day.weekday() >= 5 else 1.0
            if day >= term.exams:
                weights[index] *= 1.12
    return weights
