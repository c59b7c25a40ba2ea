"""A2-23: the canteen and those who live on the campus."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from .cells import cells
from .extracts import Extracts, beijing_date
from .places import students_on
from .population import student_census
from .registry import indicators
from .years import in_covered_years, year_census

__all__: list[str] = []


@cache
def _canteen(extracts: Extracts) -> pl.DataFrame:
    """What students spent at canteen windows: `student_no`, `day`, `amount`, `meal_period`."""
    windows = extracts.held("meal_merchant").filter(pl.col("kind") == "餐饮")
    return (
        extracts.held("meal_transaction")
        .filter(pl.col("transaction_type") == "消费")
        .join(windows, on="merchant_no", how="semi")
        .filter(pl.col("student_no").is_not_null())
        .select(
            "student_no",
            "meal_period",
            "traded_at",
            day=beijing_date("traded_at"),
            amount=pl.col("amount").cast(pl.Float64),
        )
    )


@indicators("meal_spend_per_student_month")
def meal_spend(extracts: Extracts) -> pl.DataFrame:
    monthly = (
        _canteen(extracts)
        .filter(pl.col("day") <= extracts.as_of)
        .group_by("student_no", month=pl.col("day").dt.truncate("1mo"))
        .agg(pl.col("day").min(), numerator=pl.col("amount").sum())
    )
    placed = students_on(extracts, monthly, last_known=True).with_columns(
        period=pl.col("day").dt.year().cast(pl.String)
    )
    return cells(placed, "meal_spend_per_student_month", denominator=pl.lit(1))


@cache
def _stays(extracts: Extracts) -> pl.DataFrame:
    """Stays `student_no`, `since`, `until`: without a day of leaving they end with the next one."""
    return (
        extracts.held("student_dorm_stay")
        .sort("student_no", "check_in_date")
        .with_columns(_following=pl.col("check_in_date").shift(-1).over("student_no"))
        .select(
            "student_no",
            since="check_in_date",
            until=pl.coalesce("check_out_date", "_following", pl.lit(date.max)),
        )
    )


def _resident(extracts: Extracts, days: pl.DataFrame) -> pl.DataFrame:
    """The rows of `days` (`student_no`, `day`) on which the student lived in a dormitory."""
    stays = _stays(extracts)
    living = (
        days.select("student_no", "day")
        .unique()
        .join(stays, on="student_no")
        .filter(pl.col("since") <= pl.col("day"), pl.col("day") < pl.col("until"))
        .select("student_no", "day")
        .unique()
    )
    return days.join(living, on=["student_no", "day"], how="semi")


@cache
def _resident_census(extracts: Extracts) -> pl.DataFrame:
    people = year_census(extracts, student_census(extracts))
    return _resident(extracts, people).select(
        "period", "college_code", "major_code", numerator=pl.lit(0.0), denominator=pl.lit(1.0)
    )


@cache
def _resident_meals(extracts: Extracts) -> pl.DataFrame:
    """Canteen purchases of residents, of covered years, with their place."""
    eaten = in_covered_years(
        extracts, _canteen(extracts).select("student_no", "day", "meal_period").unique()
    )
    return students_on(extracts, _resident(extracts, eaten), last_known=True)


@indicators("canteen_days_per_resident")
def canteen_days(extracts: Extracts) -> pl.DataFrame:
    eaten = _resident_meals(extracts).unique(["student_no", "day"])
    parts = eaten.select(
        "period", "college_code", "major_code", numerator=pl.lit(1.0), denominator=pl.lit(0.0)
    )
    return cells(pl.concat([parts, _resident_census(extracts)]), "canteen_days_per_resident")


@indicators("breakfast_rate")
def breakfast(extracts: Extracts) -> pl.DataFrame:
    served = (
        in_covered_years(extracts, _canteen(extracts))
        .filter(pl.col("meal_period") == "早", ~pl.col("day").dt.month().is_in([7, 8]))
        .group_by("period")
        .agg(days=pl.col("day").n_unique())
    )
    eaten = (
        _resident_meals(extracts)
        .filter(pl.col("meal_period") == "早", ~pl.col("day").dt.month().is_in([7, 8]))
        .unique(["student_no", "day"])
        .join(served, on="period")
    )
    parts = eaten.select(
        "period",
        "college_code",
        "major_code",
        numerator=1.0 / pl.col("days"),
        denominator=pl.lit(0.0),
    )
    return cells(pl.concat([parts, _resident_census(extracts)]), "breakfast_rate", factor=100)
