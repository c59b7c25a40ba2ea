"""A2-23: aid, activities, check-ups."""

from __future__ import annotations

from functools import cache

import polars as pl

from .cells import SCHOOL, STAFF, cells
from .cohorts import autumn_census
from .extracts import Extracts
from .places import staff_on, students_on
from .population import staff_census, student_census
from .registry import indicators
from .years import covered_years, in_covered_years, year_census

__all__: list[str] = []


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
    placed = students_on(extracts, in_covered_years(extracts, taken), last_known=True)
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
    held = in_covered_years(
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
