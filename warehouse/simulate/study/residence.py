"""Who was there, and how much of a row was known.

Rows are made in their final state, with the moments at which each part of them became known, and
cut last: `as_known` shows them as their system showed them at the cut.
"""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students

__all__ = ["academic_years", "as_known", "at_hour", "days_after", "residents", "still_there"]

_FACTS = ("student", "student_no", "person", "name", "sex", "birth_date", "id_card_no", "ethnicity",
          "native_place", "origin_place", "political_affiliation", "kind", "entry_year", "event",
          "event_date", "back_date", "end_date", "residence_mode", "ability", "means",
          "entry_mode", "household_type")  # fmt: skip


def academic_years(plan: Plan) -> range:
    """The years in which the academic years of the window began."""
    return range(plan.start.year, plan.last_intake + 1)


def residents(students: Students, day: date) -> pl.DataFrame:
    """Students of status 在读 on a day, in order of `student`, with the facts of their lives and
    `college_code` (the unit), `stage` (0 in the first year of their programme)."""
    year = day.year if (day.month, day.day) >= (8, 30) else day.year - 1
    return (
        students.at(day)
        .filter(pl.col("status") == "01")
        .join(students.fates.select(_FACTS), on="student", maintain_order="left")
        .with_columns(
            college_code=pl.lit("2") + pl.col("major_code").str.slice(0, 2),
            stage=year - pl.col("grade_year"),
        )
        .sort("student")
    )


def still_there(students: Students, frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows whose `student` is of status 在读 on the day of `column` (date or moment)."""
    if frame.is_empty():
        return frame
    spells = students.lives.select("student", "since", there="status").sort("since")
    return (
        frame.with_row_index("_row")
        .with_columns(_day=pl.col(column).cast(pl.Date))
        .sort("_day")
        .join_asof(spells, left_on="_day", right_on="since", by="student", check_sortedness=False)
        .filter(pl.col("there") == "01")
        .sort("_row")
        .drop("_row", "_day", "there", "since")
    )


def at_hour(day: date, days: np.ndarray, seconds: np.ndarray | int = 32_400) -> pl.Series:
    """Moments: `days` after a day, `seconds` after midnight (usually nine in the morning)."""
    moment = np.datetime64(datetime(day.year, day.month, day.day), "s")
    moment = moment + (np.asarray(days) * 86_400 + seconds).astype("timedelta64[s]")
    return pl.Series(moment.astype("datetime64[us]"))


def days_after(day: date, days: np.ndarray) -> pl.Series:
    """Dates: `days` after a day."""
    return pl.Series(np.datetime64(day, "D") + np.asarray(days).astype("timedelta64[D]"))


def as_known(
    plan: Plan, frame: pl.DataFrame, created: str, later: dict[str, list[str]] | None = None
) -> pl.DataFrame:
    """The rows made before the cut; of each moment in `later` (null: never) that lies after it,
    the columns it brings are still null. `source_updated_at` is the last moment before the cut."""
    frame = frame.filter(pl.col(created) < plan.cut).with_columns(source_updated_at=pl.col(created))
    for moment, columns in (later or {}).items():
        known = (pl.col(moment) < plan.cut).fill_null(False)
        frame = frame.with_columns(
            *(pl.when(known).then(name).alias(name) for name in columns if name != moment),
            source_updated_at=pl.when(known)
            .then(pl.max_horizontal("source_updated_at", moment))
            .otherwise("source_updated_at"),
        )
    return frame
