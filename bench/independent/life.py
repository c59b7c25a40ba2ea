"""A2-23: library, canteen, aid, activities, check-ups."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from .cells import STAFF, cells
from .extracts import Extracts, beijing_date
from .people import autumn_census
from .population import (
    first_day,
    head_count_days,
    staff_census,
    staff_on,
    student_census,
    students_on,
)
from .registry import indicators

__all__ = ["covered_years", "year_census"]

SCHOOL = ("school",)


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


def _in_covered_years(extracts: Extracts, events: pl.DataFrame) -> pl.DataFrame:
    """`events` (with `day`) of the covered years up to the as-of day, with `period`."""
    return (
        events.with_columns(year=pl.col("day").dt.year())
        .join(covered_years(extracts), on="year")
        .filter(pl.col("day") <= pl.col("last"))
        .with_columns(period=pl.col("year").cast(pl.String))
    )


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
    return _in_covered_years(
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
    placed = students_on(extracts, _in_covered_years(extracts, entries), last_known=True)
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
    acquired = _in_covered_years(
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
        _in_covered_years(extracts, months).select(
            "period", numerator=pl.col("downloads").cast(pl.Float64), denominator=pl.lit(False)
        ),
        people.select("period", numerator=pl.lit(0.0), denominator="is_full_time"),
    ]
    return cells(pl.concat(parts), "e_resource_downloads_per_student", SCHOOL)


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
    eaten = _in_covered_years(
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
        _in_covered_years(extracts, _canteen(extracts))
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


@cache
def _hardship(extracts: Extracts) -> pl.DataFrame:
    """Students of each 30 September with what the academic year brought them: `in_hardship`,
    `helped`, `received`."""
    aid = extracts.held("student_aid").filter(
        pl.col("approved_date").is_null() | (pl.col("approved_date") <= extracts.as_of)
    )
    key = ["period", "student_no"]
    records = aid.rename({"academic_year": "period"})
    recognised = (
        records.filter(
            pl.col("record_type") == "困难认定",
            pl.col("hardship_degree").is_in(["1", "2", "21", "22"]),
        )
        .select(*key, in_hardship=pl.lit(True))
        .unique()
    )
    granted = records.filter(pl.col("record_type").is_in(["困难补助", "助学金"]))
    loans = records.filter(pl.col("record_type") == "贷款", pl.col("loan_status") != "9")
    awards = (
        extracts.held("student_award")
        .filter(pl.col("grant_type").is_not_null())
        .rename({"academic_year": "period"})
    )
    helped = (
        pl.concat([granted.select(key), loans.select(key), awards.select(key)])
        .unique()
        .with_columns(helped=pl.lit(True))
    )
    received = granted.group_by(key).agg(received=pl.col("amount").cast(pl.Float64).sum())
    return (
        autumn_census(student_census(extracts))
        .join(recognised, on=key, how="left")
        .join(helped, on=key, how="left")
        .join(received, on=key, how="left")
        .with_columns(
            pl.col("in_hardship", "helped").fill_null(False), pl.col("received").fill_null(0.0)
        )
    )


@indicators("hardship_student_share", "aid_coverage", "aid_per_hardship_student")
def aid(extracts: Extracts) -> pl.DataFrame:
    people = _hardship(extracts)
    hardship = pl.col("in_hardship")
    return pl.concat(
        [
            cells(
                people,
                "hardship_student_share",
                numerator=hardship,
                denominator=pl.lit(1),
                factor=100,
            ),
            cells(
                people,
                "aid_coverage",
                numerator=hardship & pl.col("helped"),
                denominator=hardship,
                factor=100,
            ),
            cells(
                people,
                "aid_per_hardship_student",
                numerator=pl.col("received") * hardship,
                denominator=hardship,
            ),
        ]
    )


_CLUBS = {
    "club_participation_science": "科技",
    "club_participation_humanities": "人文社会",
    "club_participation_sports": "体育",
    "club_participation_arts": "文艺",
    "club_participation_innovation": "创新创业",
    "club_participation_other": "其他",
}


@indicators("club_participation", *_CLUBS)
def clubs(extracts: Extracts) -> pl.DataFrame:
    taken = (
        extracts.held("student_activity")
        .filter(pl.col("activity_type") == "社团")
        .with_columns(day="start_date", club=pl.col("club_class").fill_null("其他"))
        .select("student_no", "day", "club")
    )
    placed = students_on(extracts, _in_covered_years(extracts, taken), last_known=True)
    one = {"numerator": pl.lit(1), "denominator": None}
    return pl.concat(
        [
            cells(placed, "club_participation", **one),
            *[
                cells(placed.filter(pl.col("club") == club), indicator, SCHOOL, **one)
                for indicator, club in _CLUBS.items()
            ],
        ]
    )


@indicators("staff_checkup_rate")
def checkups(extracts: Extracts) -> pl.DataFrame:
    due = (
        extracts.held("staff_checkup_plan")
        .filter("due")
        .with_columns(
            period=pl.col("year").cast(pl.String), attended=pl.col("attended").fill_null(False)
        )
        .join(covered_years(extracts).select("year", "last"), on="year")
        .with_columns(day=pl.min_horizontal(pl.date("year", 9, 30), "last"))
    )
    # Who has retired is due as well, where the last post was.
    posts = staff_on(extracts, due.select("staff_no", "day", "period"), even_left=True)
    due = due.join(
        posts.select("staff_no", "period", "college_code"), on=["staff_no", "period"], how="left"
    )
    return cells(
        due,
        "staff_checkup_rate",
        STAFF,
        numerator="attended",
        denominator=pl.lit(1),
        factor=100,
    )


@indicators("union_participation_per_staff")
def union(extracts: Extracts) -> pl.DataFrame:
    held = _in_covered_years(
        extracts,
        extracts.held("union_activity").select(
            day="activity_date", numerator=pl.col("participants").cast(pl.Float64)
        ),
    )
    staff = year_census(extracts, staff_census(extracts)).filter("is_employed")
    parts = [
        held.select("period", "numerator", denominator=pl.lit(0.0)),
        staff.select("period", numerator=pl.lit(0.0), denominator=pl.lit(1.0)),
    ]
    return cells(pl.concat(parts), "union_participation_per_staff", SCHOOL)
