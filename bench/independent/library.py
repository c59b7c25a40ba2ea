"""A2-23: the library."""

from __future__ import annotations

from functools import cache

import polars as pl

from .cells import SCHOOL, cells
from .extracts import Extracts, beijing_date
from .places import students_on
from .population import head_count_days, student_census
from .registry import indicators
from .years import in_covered_years, year_census

__all__: list[str] = []


def _over_students(
    extracts: Extracts, indicator: str, counted: pl.DataFrame, base: pl.Expr, **more: float
) -> pl.DataFrame:
    """`counted` (period, college, major, `numerator`) over the students of the year for whom
    `base` holds; units without any of those and without an event have no cell."""
    people = year_census(extracts, student_census(extracts))
    columns = ("period", "college_code", "major_code")
    return cells(
        pl.concat(
            [
                counted.select(
                    *columns, pl.col("numerator").cast(pl.Float64), denominator=pl.lit(0.0)
                ),
                people.select(*columns, numerator=pl.lit(0.0), denominator=base.cast(pl.Float64)),
            ]
        ),
        indicator,
        **more,
    )


@cache
def _loans(extracts: Extracts) -> pl.DataFrame:
    loans = extracts.held("library_loan").filter(pl.col("reader_kind") == "学生")
    return in_covered_years(
        extracts,
        loans.select(student_no="reader_no", day=beijing_date("borrowed_at")),
    )


@indicators("loans_per_student")
def loans_per_student(extracts: Extracts) -> pl.DataFrame:
    placed = students_on(extracts, _loans(extracts), last_known=True)
    return _over_students(
        extracts,
        "loans_per_student",
        placed.with_columns(numerator=pl.lit(1)),
        pl.col("is_full_time"),
    )


@indicators("borrowing_student_share")
def borrowers(extracts: Extracts) -> pl.DataFrame:
    borrowed = _loans(extracts).select("period", "student_no", borrowed=pl.lit(True)).unique()
    people = (
        year_census(extracts, student_census(extracts))
        .filter("is_full_time")
        .join(borrowed, on=["period", "student_no"], how="left")
        .with_columns(pl.col("borrowed").fill_null(False))
    )
    return cells(
        people,
        "borrowing_student_share",
        numerator="borrowed",
        denominator=pl.lit(1),
        factor=100,
    )


@indicators("library_visits_per_student")
def visits(extracts: Extracts) -> pl.DataFrame:
    readers = extracts.held("student_status").select(reader_no="student_no")
    entries = (
        extracts.held("library_gate_daily")
        .join(readers, on="reader_no", how="semi")
        .select(student_no="reader_no", day="visit_date", numerator="entries")
    )
    placed = students_on(extracts, in_covered_years(extracts, entries), last_known=True)
    return _over_students(extracts, "library_visits_per_student", placed, pl.col("is_full_time"))


def _as_of_head_counts(extracts: Extracts, table: str) -> pl.DataFrame:
    """Per head-count the snapshot of `table` that stood then; none before the first one."""
    landed = extracts.landed(table).with_columns(seen=beijing_date("extracted_at"))
    frames = []
    for period, day, _ in head_count_days(extracts).iter_rows():
        known = landed.filter(pl.col("seen") <= day)
        latest = known.filter(pl.col("extracted_at") == known["extracted_at"].max())
        frames.append(latest.with_columns(period=pl.lit(period), day=pl.lit(day)))
    return pl.concat(frames)


@indicators("books_per_student")
def books(extracts: Extracts) -> pl.DataFrame:
    printed = (
        _as_of_head_counts(extracts, "library_item")
        .filter(~pl.col("status").is_in(["5", "6"]).fill_null(False))
        .group_by("period")
        .agg(printed=pl.len())
    )
    usage = extracts.held("e_resource_usage")
    frames = []
    for period, day, _ in head_count_days(extracts).iter_rows():
        known = usage.filter(pl.col("month").str.head(7) <= f"{day:%Y-%m}")
        latest = known.filter(pl.col("month") == known["month"].max())
        frames.append((period, float(latest["e_books"].sum() or 0)))
    digital = pl.DataFrame(frames, schema=["period", "digital"], orient="row")
    people = student_census(extracts).group_by("period").agg(denominator=pl.col("weight").sum())
    held = printed.join(digital, on="period").join(people, on="period")
    # Digital books are at most 40 % of all: at most two thirds of the printed ones.
    numerator = pl.col("printed") + pl.min_horizontal("digital", pl.col("printed") * 0.4 / 0.6)
    return cells(held, "books_per_student", SCHOOL, numerator=numerator)


@indicators("new_books_per_student")
def new_books(extracts: Extracts) -> pl.DataFrame:
    acquired = in_covered_years(
        extracts,
        extracts.held("library_item").filter(pl.col("status") != "6").select(day="acquired_date"),
    )
    people = year_census(extracts, student_census(extracts))
    parts = [
        acquired.select("period", numerator=pl.lit(1.0), denominator=pl.lit(0.0)),
        people.select("period", numerator=pl.lit(0.0), denominator="weight"),
    ]
    return cells(pl.concat(parts), "new_books_per_student", SCHOOL)


@indicators("library_seats_per_100")
def seats(extracts: Extracts) -> pl.DataFrame:
    rooms = _as_of_head_counts(extracts, "room").filter(pl.col("use").is_in(["131", "132"]))
    parts = [
        rooms.select(
            "period", numerator=pl.col("seats").cast(pl.Float64), denominator=pl.lit(False)
        ),
        student_census(extracts).select(
            "period", numerator=pl.lit(0.0), denominator="is_full_time"
        ),
    ]
    return cells(pl.concat(parts), "library_seats_per_100", SCHOOL, factor=100)


@indicators("e_resource_downloads_per_student")
def downloads(extracts: Extracts) -> pl.DataFrame:
    months = extracts.held("e_resource_usage").with_columns(
        day=(pl.col("month") + "-01").str.to_date()
    )
    people = year_census(extracts, student_census(extracts))
    parts = [
        in_covered_years(extracts, months).select(
            "period", numerator=pl.col("downloads").cast(pl.Float64), denominator=pl.lit(False)
        ),
        people.select("period", numerator=pl.lit(0.0), denominator="is_full_time"),
    ]
    return cells(pl.concat(parts), "e_resource_downloads_per_student", SCHOOL)
