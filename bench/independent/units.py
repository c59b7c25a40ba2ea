"""What stood on a day, and what units have beside who is in them."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from .cells import STAFF, cells
from .extracts import Extracts, beijing_date
from .places import colleges_of_units
from .population import staff_census, student_census
from .years import covered_years, year_census

__all__ = [
    "SCHOOL",
    "beside",
    "calendar_years",
    "in_college",
    "population",
    "standing",
    "total",
]

SCHOOL = ("school",)


@cache
def calendar_years(extracts: Extracts) -> pl.DataFrame:
    """`period`, `year`, `day` (its last day, or the as-of day) of each calendar year that the
    extracts cover from its 1 January on."""
    return covered_years(extracts).select(
        period=pl.col("year").cast(pl.String), year="year", day="last"
    )


def standing(
    extracts: Extracts, name: str, key: str, days: pl.DataFrame, since: str | None = None
) -> pl.DataFrame:
    """The rows of the snapshot table `name` that stood on each of `days` (`period`, `day`).

    A day shows the last snapshot up to it, and nothing before the first one. A thing that a later
    snapshot shows first and that bears an earlier date itself (`since`) stood from that date on, as
    it was shown first; and none stands before its own date.
    """
    rows = (
        extracts.landed(name)
        .with_columns(shown=beijing_date("extracted_at"))
        .sort("extracted_at", "source_updated_at", "batch", "batch_row")
        .unique([key, "extracted_at"], keep="last", maintain_order=True)
    )
    found = []
    for period, day in days.select("period", "day").iter_rows():
        before = rows.filter(pl.col("shown") <= day)
        if before.is_empty():
            continue
        state = before.filter(pl.col("extracted_at") == before["extracted_at"].max())
        if since:
            later = rows.filter(pl.col("shown") > day).unique(
                key, keep="first", maintain_order=True
            )
            state = pl.concat([state, later.join(before, on=key, how="anti")]).filter(
                pl.col(since).fill_null(date.min) <= day
            )
        found.append(state.with_columns(period=pl.lit(period), day=pl.lit(day)))
    return pl.concat(found).filter(~pl.col("is_deleted").fill_null(False))


def in_college(extracts: Extracts, rows: pl.DataFrame, unit: str = "unit_code") -> pl.DataFrame:
    """`rows` with the `college_code` of their `unit`; null where they belong to none."""
    colleges = colleges_of_units(extracts).rename({"unit_code": unit})
    return rows.join(colleges, on=unit, how="left")


@cache
def population(extracts: Extracts, who: str, years: bool = False) -> pl.DataFrame:
    """`period`, `college_code` and `denominator`, the head-count that `who` names: full_time,
    undergraduates, equivalents, staff or teachers. With `years` per calendar year: of its 30
    September, or the as-of day before that."""
    if who in ("staff", "teachers"):
        people = staff_census(extracts).with_columns(
            staff=pl.col("is_employed").cast(pl.Float64),
            teachers=pl.col("is_teacher").cast(pl.Float64),
        )
    else:
        people = student_census(extracts).with_columns(
            full_time=pl.col("is_full_time").cast(pl.Float64),
            undergraduates=pl.col("is_undergraduate").cast(pl.Float64),
            equivalents=pl.col("weight"),
        )
    if years:
        people = year_census(extracts, people)
    return people.group_by("period", "college_code").agg(denominator=pl.col(who).sum())


def beside(
    indicator: str,
    rows: pl.DataFrame,
    numerator: str,
    under: pl.DataFrame,
    *,
    factor: float = 1,
    levels: tuple[str, ...] = STAFF,
) -> pl.DataFrame:
    """Cells of `numerator` of `rows` over `denominator` of `under`.

    Both have `period` and, for colleges, `college_code`. A period that `rows` do not reach has no
    cell, nor has a unit with nothing on either side.
    """
    columns = ["period", *(["college_code"] if "college" in levels else [])]
    parts = pl.concat(
        [
            rows.select(*columns, numerator=pl.col(numerator).cast(pl.Float64)),
            under.join(rows.select("period").unique(), on="period").select(
                *columns, denominator=pl.col("denominator").cast(pl.Float64)
            ),
        ],
        how="diagonal",
    )
    found = cells(parts, indicator, levels, factor=factor)
    return found.filter(
        (pl.col("level") == "school") | (pl.col("numerator") != 0) | (pl.col("denominator") != 0)
    )


def total(
    indicator: str,
    rows: pl.DataFrame,
    numerator: str | pl.Expr,
    levels: tuple[str, ...] = STAFF,
    periods: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Cells of a sum that nothing is divided by. Units with nothing in them have none; the school
    has one of 0 in each of `periods` (`period`) with nothing in it."""
    found = cells(rows, indicator, levels, numerator=numerator, denominator=None)
    if periods is None:
        return found
    nothing = periods.join(rows, on="period", how="anti").select(
        period="period", numerator=pl.lit(0.0)
    )
    return pl.concat([found, cells(nothing, indicator, SCHOOL, denominator=None)])
