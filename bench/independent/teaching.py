"""A2-22: courses, classes, the load of teachers."""

from __future__ import annotations

from functools import cache

import polars as pl

from .cells import STAFF, cells
from .cohorts import autumn_census
from .extracts import Extracts, beijing_date
from .people import titles
from .places import colleges_of_units
from .population import head_count_days, staff_census
from .registry import indicators

__all__ = ["ALL", "classes", "term_end", "year_of_term"]

ALL = {"denominator": pl.lit(1), "factor": 100}


def year_of_term(term: str = "term_code") -> pl.Expr:
    """'2025-2026' of '2025-2026-1'."""
    return pl.col(term).str.head(9)


def term_end(term: str = "term_code") -> pl.Expr:
    """The nominal last day: 31 January, 30 June, 31 August."""
    year = pl.col(term).str.slice(5, 4).cast(pl.Int32)
    season = pl.col(term).str.slice(10, 1)
    return (
        pl.when(season == "1")
        .then(pl.date(year, 1, 31))
        .when(season == "2")
        .then(pl.date(year, 6, 30))
        .otherwise(pl.date(year, 8, 31))
    )


@cache
def classes(extracts: Extracts) -> pl.DataFrame:
    """Teaching classes with their course, the college that gives it, `period` (academic year), and
    `is_undergraduate`: some undergraduate is in the class and has not dropped it."""
    course = (
        extracts.held("course")
        .select("course_code", "course_name", "course_nature", "credits", "unit_code")
        .join(colleges_of_units(extracts), on="unit_code", how="left")
    )
    undergraduate = extracts.held("student_status").filter(pl.col("cultivation_level") == "3")
    taken = (
        extracts.held("course_selection")
        .filter(pl.col("dropped_at").is_null())
        .join(undergraduate, on="student_no", how="semi")
        .select("class_no", is_undergraduate=pl.lit(True))
        .unique()
    )
    return (
        extracts.held("teaching_class")
        .join(course, on="course_code", how="left")
        .join(taken, on="class_no", how="left")
        .with_columns(
            period=year_of_term(),
            term_end=term_end(),
            is_undergraduate=pl.col("is_undergraduate").fill_null(False),
            is_lecture=pl.col("course_name").str.contains("讲座").fill_null(False),
        )
    )


@indicators("courses_offered")
def courses(extracts: Extracts) -> pl.DataFrame:
    offered = classes(extracts).unique(["period", "course_code"])
    return cells(offered, "courses_offered", STAFF, numerator=pl.lit(1), denominator=None)


@cache
def autumn_staff(extracts: Extracts) -> pl.DataFrame:
    """Staff of each 30 September under the academic year that it opens, with the title held."""
    census = staff_census(extracts).join(titles(extracts), on=["period", "staff_no"], how="left")
    return autumn_census(census).with_columns(
        is_professor=(pl.col("title_code") == "011").fill_null(False)
    )


@indicators("professors_teaching_share")
def professors(extracts: Extracts) -> pl.DataFrame:
    lead = (
        classes(extracts)
        .filter("is_undergraduate", ~pl.col("is_lecture"))
        .select("period", staff_no="lead_staff_no", teaches=pl.lit(True))
        .unique()
    )
    professor = (
        autumn_staff(extracts)
        .filter("is_employed", "is_professor")
        .join(lead, on=["period", "staff_no"], how="left")
        .with_columns(pl.col("teaches").fill_null(False))
    )
    return cells(professor, "professors_teaching_share", STAFF, numerator="teaches", **ALL)


@indicators("professor_course_share")
def professor_courses(extracts: Extracts) -> pl.DataFrame:
    professor = (
        autumn_staff(extracts)
        .filter(pl.col("is_professor"), pl.col("is_employed") | pl.col("is_external"))
        .select("period", lead_staff_no="staff_no", by_professor=pl.lit(True))
    )
    taught = (
        classes(extracts)
        .filter("is_undergraduate", ~pl.col("is_lecture"))
        .join(professor, on=["period", "lead_staff_no"], how="left")
        .with_columns(pl.col("by_professor").fill_null(False))
    )
    return cells(taught, "professor_course_share", STAFF, numerator="by_professor", **ALL)


@indicators("evaluation_coverage")
def evaluation(extracts: Extracts) -> pl.DataFrame:
    rated = (
        extracts.held("teaching_evaluation")
        .filter(pl.col("evaluator_group") == "学生", pl.col("rater_count") > 0)
        .select("class_no", rated=pl.lit(True))
        .unique()
    )
    ended = (
        classes(extracts)
        .filter("is_undergraduate", pl.col("term_end") <= extracts.as_of)
        .join(rated, on="class_no", how="left")
        .with_columns(pl.col("rated").fill_null(False))
    )
    return cells(ended, "evaluation_coverage", STAFF, numerator="rated", **ALL)


@indicators("dual_qualified_share")
def dual_qualified(extracts: Extracts) -> pl.DataFrame:
    subject = (
        classes(extracts)
        .filter(pl.col("course_nature") == "3")
        .select("period", staff_no="lead_staff_no")
        .unique()
    )
    declared = extracts.held("staff_academic_affiliation").select(
        "staff_no", "is_dual_qualified", period="academic_year"
    )
    teacher = (
        autumn_staff(extracts)
        .filter("is_teacher")
        .join(subject, on=["period", "staff_no"], how="semi")
        .join(declared, on=["period", "staff_no"], how="left")
        .with_columns(pl.col("is_dual_qualified").fill_null(False))
    )
    return cells(teacher, "dual_qualified_share", STAFF, numerator="is_dual_qualified", **ALL)


@indicators("teaching_hours_per_teacher", "classes_per_teacher")
def load(extracts: Extracts) -> pl.DataFrame:
    taught = (
        classes(extracts)
        .group_by("period", staff_no="lead_staff_no")
        .agg(pl.len().alias("classes"), pl.col("hours").sum())
    )
    teacher = (
        autumn_staff(extracts)
        .filter("is_teacher")
        .join(taught, on=["period", "staff_no"], how="left")
        .with_columns(pl.col("classes", "hours").fill_null(0))
    )
    return pl.concat(
        [
            cells(teacher, indicator, STAFF, numerator=column, denominator=pl.lit(1))
            for indicator, column in (
                ("teaching_hours_per_teacher", "hours"),
                ("classes_per_teacher", "classes"),
            )
        ]
    )


@indicators("practice_credit_share")
def practice(extracts: Extracts) -> pl.DataFrame:
    landed = extracts.landed("major").with_columns(seen=beijing_date("extracted_at"))
    frames = []
    for period, day, _ in head_count_days(extracts).iter_rows():
        known = landed.filter(pl.col("seen") <= day)
        latest = known.filter(pl.col("extracted_at") == pl.col("extracted_at").max())
        frames.append(
            latest.filter(
                pl.col("level") == "3", pl.col("total_credits").is_not_null()
            ).with_columns(period=pl.lit(period))
        )
    practical = pl.col("practice_credits").fill_null(0) + pl.col("experiment_credits").fill_null(0)
    return cells(
        pl.concat(frames),
        "practice_credit_share",
        numerator=practical,
        denominator="total_credits",
        factor=100,
    )
