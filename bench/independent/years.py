"""Calendar years, and the head-counts that they are divided by."""

from __future__ import annotations

from functools import cache

import polars as pl

from .extracts import Extracts
from .population import first_day, head_count_days

__all__ = ["covered_years", "in_covered_years", "year_census"]


@cache
def covered_years(extracts: Extracts) -> pl.DataFrame:
    """Calendar years that the extracts cover from 1 January: `year`, `head_count` (the period whose
    people the year is divided by: 30 September, else the as-of day), `last` (last day reached)."""
    days = head_count_days(extracts).sort("day").group_by("year", maintain_order=True).first()
    return (
        days.filter(pl.date("year", 1, 1) >= first_day(extracts))
        .rename({"period": "head_count"})
        .with_columns(last=pl.min_horizontal(pl.date("year", 12, 31), pl.lit(extracts.as_of)))
        .select("year", "head_count", "last")
    )


def year_census(extracts: Extracts, census: pl.DataFrame) -> pl.DataFrame:
    """The rows of a census that calendar years are divided by, `period` renamed to the year."""
    years = covered_years(extracts).select("year", period="head_count")
    return (
        census.drop("year")
        .join(years, on="period")
        .with_columns(period=pl.col("year").cast(pl.String))
    )


def in_covered_years(extracts: Extracts, events: pl.DataFrame) -> pl.DataFrame:
    """`events` (with `day`) of the covered years up to the as-of day, with `period`."""
    return (
        events.with_columns(year=pl.col("day").dt.year())
        .join(covered_years(extracts), on="year")
        .filter(pl.col("day") <= pl.col("last"))
        .with_columns(period=pl.col("year").cast(pl.String))
    )
