"""A2-22: grades, failures, graduation."""

from __future__ import annotations

from functools import cache

import polars as pl

from .cells import CLASSES, STAFF, cells
from .cohorts import cohorts, graduations
from .extracts import Extracts
from .places import students_on
from .registry import indicators
from .teaching import ALL, classes, term_end, year_of_term

__all__: list[str] = []


@cache
def first_sittings(extracts: Extracts) -> pl.DataFrame:
    """Sittings of 考试性质 01 that have a result: `failed`, with absence and cheating."""
    return (
        extracts.held("course_grade")
        .filter(
            pl.col("exam_nature") == "01",
            pl.col("passed").is_not_null() | pl.col("absent_cheat").is_not_null(),
        )
        .with_columns(
            period=year_of_term(),
            day=term_end(),
            failed=pl.col("absent_cheat").is_not_null() | ~pl.col("passed").fill_null(True),
        )
    )


@indicators("fail_rate")
def failures(extracts: Extracts) -> pl.DataFrame:
    sittings = students_on(
        extracts, first_sittings(extracts).select("student_no", "day", "period", "failed"),
        last_known=True,
    )  # fmt: skip
    return cells(sittings, "fail_rate", CLASSES, numerator="failed", **ALL)


@indicators("course_failure_hotspots")
def hotspots(extracts: Extracts) -> pl.DataFrame:
    home = classes(extracts).select("course_code", "college_code").unique()
    judged = (
        first_sittings(extracts)
        .group_by("period", "course_code")
        .agg(sittings=pl.len(), failed=pl.col("failed").sum())
        .filter(pl.col("sittings") >= 25)
        .with_columns(hot=pl.col("failed") >= 0.2 * pl.col("sittings"))
        .join(home, on="course_code", how="left")
    )
    found = cells(judged, "course_failure_hotspots", STAFF, numerator="hot", denominator=pl.lit(1))
    return found.with_columns(value=pl.col("numerator"))


@cache
def grade_points(extracts: Extracts) -> pl.DataFrame:
    """Per student and class the best grade point with the course's credits: `points`, `credits`,
    `period`, `term_code`, `day` (end of the term)."""
    credits = extracts.held("course").select("course_code", "credits")
    return (
        extracts.held("course_grade")
        .filter(pl.col("grade_point").is_not_null())
        .group_by("student_no", "class_no")
        .agg(pl.col("grade_point").max(), pl.col("course_code", "term_code").first())
        .join(credits, on="course_code", how="left")
        .with_columns(
            period=year_of_term(),
            day=term_end(),
            credits=pl.col("credits").cast(pl.Float64),
            points=(pl.col("grade_point") * pl.col("credits")).cast(pl.Float64),
        )
    )


@indicators("average_gpa")
def gpa(extracts: Extracts) -> pl.DataFrame:
    earned = students_on(
        extracts,
        grade_points(extracts).select("student_no", "day", "period", "points", "credits"),
        last_known=True,
    )
    return cells(earned, "average_gpa", CLASSES, numerator="points", denominator="credits")


_BANDS = {
    "gpa_below_1": (0, 1),
    "gpa_1_to_2": (1, 2),
    "gpa_2_to_2_5": (2, 2.5),
    "gpa_2_5_to_3": (2.5, 3),
    "gpa_3_to_3_5": (3, 3.5),
    "gpa_3_5_and_above": (3.5, 99),
}


@indicators(*_BANDS)
def gpa_bands(extracts: Extracts) -> pl.DataFrame:
    yearly = (
        grade_points(extracts)
        .group_by("student_no", "period")
        .agg(pl.col("points").sum(), pl.col("credits").sum())
        .filter(pl.col("credits") > 0)
        .with_columns(gpa=pl.col("points") / pl.col("credits"))
    )
    last_term = (
        extracts.held("course_grade")
        .with_columns(period=year_of_term(), day=term_end())
        .group_by("student_no", "period")
        .agg(pl.col("day").max())
    )
    placed = students_on(
        extracts, yearly.join(last_term, on=["student_no", "period"]), last_known=True
    )
    frames = []
    for indicator, (low, high) in _BANDS.items():
        inside = (pl.col("gpa") >= low - 1e-12) & (pl.col("gpa") < high - 1e-12)
        found = cells(placed, indicator, numerator=inside, denominator=pl.lit(1))
        frames.append(found.with_columns(value=pl.col("numerator")))
    return pl.concat(frames)


def _first_conclusions(extracts: Extracts) -> pl.DataFrame:
    """应届: undergraduates whose studies were concluded for the first time, in `period`."""
    return (
        graduations(extracts)
        .filter("is_first", pl.col("cultivation_level") == "3")
        .with_columns(period="academic_year", graduated=pl.col("result") == "毕业")
    )


@indicators("graduation_rate", "degree_award_rate", "fitness_pass_rate", "cet4_pass_rate")
def graduation(extracts: Extracts) -> pl.DataFrame:
    concluded = _first_conclusions(extracts)
    graduates = concluded.filter("graduated")
    who = graduates.select("student_no", "graduation_term", "year")
    fit = (
        who.join(
            extracts.held("student_fitness_test").select(
                "student_no", "fitness_grade", "exempt", tested="year"
            ),
            on="student_no",
        )
        .filter(pl.col("tested") <= pl.col("year"))
        .sort("tested")
        .group_by("student_no", "graduation_term")
        .last()
        .select(
            "student_no",
            fit=pl.col("fitness_grade").is_in(["1", "2", "3"]) & ~pl.col("exempt").fill_null(False),
        )
    )
    sittings = extracts.held("student_certificate")
    passed = (
        who.join(sittings.filter(pl.col("exam_code") == "CET4"), on="student_no")
        .filter(pl.col("score") >= 425, pl.col("exam_date") <= pl.date("year", 8, 31))
        .select("student_no", passed=pl.lit(True))
        .unique()
    )
    recorded_from = sittings.filter(pl.col("exam_code") == "CET4")["exam_date"].min()
    concluded = (
        concluded.join(fit, on="student_no", how="left")
        .join(passed, on="student_no", how="left")
        .with_columns(pl.col("fit", "passed").fill_null(False))
    )
    covered = concluded.filter(pl.date(pl.col("year") - 4, 12, 31) >= recorded_from)
    frames = [cells(concluded, "graduation_rate", CLASSES, numerator="graduated", **ALL)]
    for indicator, rows, reached in (
        ("degree_award_rate", concluded, "degree_awarded"),
        ("fitness_pass_rate", concluded, "fit"),
        ("cet4_pass_rate", covered, "passed"),
    ):
        frames.append(
            cells(
                rows,
                indicator,
                CLASSES,
                numerator=pl.col("graduated") & pl.col(reached),
                denominator="graduated",
                factor=100,
            )
        )
    return pl.concat(frames)


@indicators("time_to_degree")
def duration(extracts: Extracts) -> pl.DataFrame:
    graduates = (
        graduations(extracts)
        .filter(pl.col("result") == "毕业", pl.col("cultivation_level") == "3")
        .filter(pl.col("entry_year").is_not_null())
        .with_columns(period="academic_year", years=pl.col("year") - pl.col("entry_year"))
    )
    return cells(graduates, "time_to_degree", CLASSES, numerator="years", denominator=pl.lit(1))


@indicators("on_time_graduation_rate")
def on_time(extracts: Extracts) -> pl.DataFrame:
    graduated = (
        graduations(extracts)
        .filter(pl.col("result") == "毕业")
        .group_by("student_no")
        .agg(pl.col("year").min())
    )
    due = (
        cohorts(extracts)
        .with_columns(
            due=pl.col("entry_year") + pl.col("school_years").cast(pl.Float64).ceil().cast(pl.Int32)
        )
        .filter(pl.date("due", 8, 31) <= extracts.as_of)
        .join(graduated, on="student_no", how="left")
        .with_columns(
            period=pl.format("{}-{}", pl.col("due") - 1, "due"),
            on_time=(pl.col("year") <= pl.col("due")).fill_null(False),
        )
    )
    return cells(due, "on_time_graduation_rate", numerator="on_time", **ALL)
