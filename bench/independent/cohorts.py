"""A2-17: admission, destinations, changes of status, and what became of those who entered."""

from __future__ import annotations

import polars as pl

from .cells import CLASSES, cells
from .extracts import Extracts, beijing_date
from .places import ENROLLED, students_on
from .population import student_census
from .registry import indicators

__all__ = ["autumn_census", "cohorts", "graduations"]


@indicators("freshman_registration_rate")
def registration(extracts: Extracts) -> pl.DataFrame:
    majors = extracts.held("major").select("major_code", "college_code")
    reported = (
        extracts.held("freshman_registration")
        .filter(pl.col("report_status") == "报到")
        .select("exam_no", "reported_at")
    )
    year = pl.col("year").cast(pl.Int32)
    admitted = (
        extracts.held("admission_record")
        .join(majors, on="major_code", how="left")
        .join(reported, on="exam_no", how="left")
        .with_columns(
            period=pl.col("year").cast(pl.String),
            came=(beijing_date("reported_at") <= pl.date(year, 10, 31)).fill_null(False),
        )
    )
    return cells(
        admitted,
        "freshman_registration_rate",
        numerator="came",
        denominator=pl.lit(1),
        factor=100,
    )


def graduations(extracts: Extracts) -> pl.DataFrame:
    """Every conclusion of studies that stood at some time, the last word on each student and term:
    `result`, `degree_awarded`, `academic_year`, `year` (in which it ends), `is_first`, place at the
    end of the term, and what the student is."""
    key = ["student_no", "graduation_term"]
    standing = extracts.held("graduation_result").select("student_no")
    term_end = (
        pl.when(pl.col("graduation_term").str.slice(10, 1) == "1")
        .then(pl.date(pl.col("year"), 1, 31))
        .otherwise(pl.date(pl.col("year"), 6, 30))
    )
    concluded = (
        extracts.landed("graduation_result")
        .filter(~pl.col("is_deleted").fill_null(False), pl.col("graduation_term").is_not_null())
        .sort(pl.coalesce("source_updated_at", "extracted_at"), "extracted_at", "batch_row")
        .unique(key, keep="last", maintain_order=True)
        .join(standing, on="student_no", how="semi")
        .with_columns(
            academic_year=pl.col("graduation_term").str.head(9),
            year=pl.col("graduation_term").str.slice(5, 4).cast(pl.Int32),
            is_first=pl.col("graduation_term").rank("dense").over("student_no") == 1,
        )
        .with_columns(day=term_end)
        .select(
            *key, "academic_year", "year", "day", "is_first", "result",
            pl.col("degree_awarded").fill_null(False),
        )
    )  # fmt: skip
    student = extracts.held("student_status").select(
        "student_no",
        "cultivation_level",
        "school_years",
        entry_year=pl.col("entry_date").dt.year(),
    )
    return students_on(extracts, concluded, last_known=True).join(student, on="student_no")


def _destination(extracts: Extracts, indicator: str, month: int) -> pl.DataFrame:
    cutoff = pl.min_horizontal(pl.date("year", month, 31), pl.lit(extracts.as_of))
    settled = ("协议和合同就业", "自主创业", "灵活就业", "升学")
    reported = (
        extracts.landed("graduate_destination")
        .sort(pl.coalesce("source_updated_at", "extracted_at"), "extracted_at", "batch_row")
        .select("student_no", "destination_class", "reported_date", "is_deleted")
    )
    graduates = graduations(extracts).filter(pl.col("result") == "毕业")
    then = (
        graduates.select("student_no", "graduation_term", "year")
        .join(reported, on="student_no")
        .filter(pl.col("reported_date") <= cutoff)
        .sort("reported_date", maintain_order=True)
        .group_by("student_no", "graduation_term")
        .last()
        .select("student_no", "graduation_term", "destination_class", "is_deleted")
    )
    counted = graduates.join(then, on=["student_no", "graduation_term"], how="left").with_columns(
        period=pl.col("year").cast(pl.String),
        settled=(
            pl.col("destination_class").is_in(settled) & ~pl.col("is_deleted").fill_null(False)
        ).fill_null(False),
    )
    return cells(
        counted, indicator, CLASSES, numerator="settled", denominator=pl.lit(1), factor=100
    )


@indicators("graduate_destination_rate")
def destinations(extracts: Extracts) -> pl.DataFrame:
    return _destination(extracts, "graduate_destination_rate", 12)


@indicators("first_destination_rate")
def first_destinations(extracts: Extracts) -> pl.DataFrame:
    return _destination(extracts, "first_destination_rate", 8)


def academic_year_of(day: str) -> pl.Expr:
    """'2025-2026' of a day from 1 September 2025 to 31 August 2026."""
    first = pl.col(day).dt.year() - (pl.col(day).dt.month() < 9).cast(pl.Int32)
    return pl.format("{}-{}", first, first + 1)


def autumn_census(census: pl.DataFrame) -> pl.DataFrame:
    """Of a census only the head-counts of 30 September, `period` renamed to the academic year that
    they open."""
    return census.filter(pl.col("period").str.len_chars() == 4).with_columns(
        period=academic_year_of("day")
    )


@indicators("status_change_rate")
def status_changes(extracts: Extracts) -> pl.DataFrame:
    counted = ("11", "31", "23", "03", "19")
    changes = extracts.held("student_status_change").filter(
        pl.col("change_type").is_in(counted), pl.col("effective_date") <= extracts.as_of
    )
    present = autumn_census(student_census(extracts))
    events = changes.select(
        period=academic_year_of("effective_date"),
        college_code="from_college",
        major_code="from_major",
        numerator=pl.lit(1),
        denominator=pl.lit(0),
    ).filter(pl.col("period").is_in(present["period"].unique().to_list()))
    base = present.select(
        "period", "college_code", "major_code", numerator=pl.lit(0), denominator=pl.lit(1)
    )
    return cells(pl.concat([events, base]), "status_change_rate", factor=100)


def cohorts(extracts: Extracts) -> pl.DataFrame:
    """Who entered in a year and was in residence on its 30 September, but for 预科生 and 进修生.
    Years whose 30 September lies before the first extract have no cohort."""
    entered = extracts.held("student_status").select(
        "student_no", "school_years", entry_year=pl.col("entry_date").dt.year()
    )
    return (
        student_census(extracts)
        .filter(pl.col("period").str.len_chars() == 4)
        .join(entered, on="student_no")
        .filter(
            pl.col("entry_year") == pl.col("year"),
            ~pl.col("student_class").is_in(["预科", "进修", "其他"]),
        )
        .select(
            "period", "student_no", "entry_year", "college_code", "major_code", "class_code",
            "school_years",
        )
    )  # fmt: skip


def _retained(extracts: Extracts, years: int) -> pl.DataFrame:
    """Cohorts with `stays`: in residence, or graduated, on the 30 September `years` later."""
    asked = (
        cohorts(extracts)
        .with_columns(day=pl.date(pl.col("entry_year") + years, 9, 30))
        .filter(pl.col("day") <= extracts.as_of)
    )
    later = students_on(extracts, asked.select("student_no", "day"), last_known=True).select(
        "student_no", "current_status"
    )
    return asked.join(later, on="student_no", how="left").with_columns(
        stays=pl.col("current_status").is_in([*ENROLLED, "07"]).fill_null(False)
    )


@indicators("retention_rate", "two_year_retention_rate", "progression_rate")
def retention(extracts: Extracts) -> pl.DataFrame:
    held_back = (
        extracts.held("student_status_change")
        .filter(pl.col("change_type").is_in(["02", "03"]))
        .select("student_no", "effective_date")
    )
    first = _retained(extracts, 1)
    back = (
        first.select("student_no", "day", "entry_year")
        .join(held_back, on="student_no")
        .filter(
            pl.col("effective_date") > pl.date("entry_year", 9, 30),
            pl.col("effective_date") <= pl.col("day"),
        )
        .select("student_no", back=pl.lit(True))
        .unique()
    )
    first = first.join(back, on="student_no", how="left")
    all_of = {"denominator": pl.lit(1), "factor": 100}
    return pl.concat(
        [
            cells(first, "retention_rate", numerator="stays", **all_of),
            cells(_retained(extracts, 2), "two_year_retention_rate", numerator="stays", **all_of),
            cells(
                first,
                "progression_rate",
                numerator=pl.col("stays") & ~pl.col("back").fill_null(False),
                **all_of,
            ),
        ]
    )
