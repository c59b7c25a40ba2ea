"""Days, and when a system learns of them.

Everything in this package is drawn per person, project or month from a stream of its own, for the
whole of a career or year, and cut afterwards: what happened before a day comes out the same
whether the college is seen from that day or from a later one.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan

__all__ = ["at", "between", "known_by", "month_start", "reported", "years_of", "years_on"]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def years_on(day: date, years: int) -> date:
    """The same day some years later; the 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def month_start(day: date, months: int = 0) -> date:
    """First of the month of `day`, moved by `months`."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def between(rng: np.random.Generator, low: date, high: date) -> date:
    """A day in [low, high), or `low` when there is none."""
    return low + timedelta(days=int(rng.integers(0, max((high - low).days, 1))))


def reported(rng: np.random.Generator, day: date) -> datetime:
    """When a unit has entered what a document of that day says: nearly always within the seven
    days of annex 3, sometimes late."""
    late = rng.random() < 0.05
    lag = int(rng.integers(9, 26)) if late else int(rng.integers(1, 7))
    return at(day + timedelta(days=lag), 9 + int(rng.integers(0, 8)), int(rng.integers(0, 60)))


def years_of(plan: Plan, *, before: int = 0) -> range:
    """Calendar years of the window, and some before it."""
    return range(plan.start.year - before, plan.as_of.year + 1)


def known_by(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that the last extract knows of."""
    return frame.filter(pl.col("source_updated_at") < plan.cut)
