"""The months of the window as numpy months; whole ones, whatever day the window ends on."""

from __future__ import annotations

from datetime import date

import numpy as np

from warehouse.simulate.plan import Plan

__all__ = ["as_numbers", "month_days", "month_numbers"]


def month_numbers(plan: Plan) -> np.ndarray:
    """datetime64[M] of every month that the window touches."""
    return np.arange(np.datetime64(plan.start, "M"), np.datetime64(plan.as_of, "M") + 1)


def as_numbers(months: list[date]) -> np.ndarray:
    """Months given by their first days, as datetime64[M]; none where there are none."""
    return np.array(months, dtype="datetime64[M]")


def month_days(month: np.datetime64) -> list[date]:
    """All days of a month."""
    first = month.astype("datetime64[D]")
    last = (month + np.timedelta64(1, "M")).astype("datetime64[D]")
    return np.arange(first, last).tolist()
