"""Scores and what follows from them.

The rule: total = 40 % usual + 60 % final, rounded half up to a whole mark; passed from 60;
grade point = (total - 50) / 10 when passed, at most 5, else 0; credits are earned when passed.
A make-up sitting (exam_nature 11) early in the next term counts 60 at most. Who fails that too
takes the course again (exam_nature 13) when it is next offered.

What becomes of a student is drawn before the grades, so the last of them obey: who will graduate
passes what could not be sat again, who will leave without a degree fails the final project.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import Term
from warehouse.simulate.plan import Plan

__all__ = ["grade_classes", "makeup_day"]


def _sitting(rows: pl.DataFrame, usual: np.ndarray, final: np.ndarray, absent: np.ndarray,
             recorded: np.ndarray, *, cap: int) -> pl.DataFrame:  # fmt: skip
    """Turn scores into a grade row; `absent` holds codes of exam_absent_cheat or ''."""
    final = np.where(absent == "", final, 0)
    total = np.minimum((4 * usual + 6 * final + 5) // 10, cap)
    total = np.where(absent == "", total, 0)
    passed = total >= 60
    label = np.select([total >= 90, total >= 80, total >= 70, passed],
                      ["优秀", "良好", "中等", "及格"], "不及格")  # fmt: skip
    return rows.with_columns(
        usual_score=pl.Series(usual),
        final_score=pl.Series(final),
        total_score=pl.Series(total),
        grade_label=pl.Series(label),
        grade_point=pl.Series(np.where(passed, np.minimum((total - 50) / 10, 5.0), 0.0)),
        credits_earned=pl.when(pl.Series(passed)).then("credits").otherwise(0.0),
        absent_cheat=pl.Series(absent).replace("", None),
        passed=pl.Series(passed),
        recorded_at=pl.Series(recorded.astype("datetime64[ms]")),
    )


def _moments(
    rng: np.random.Generator, rows: pl.DataFrame, start: datetime, days: int
) -> np.ndarray:
    """A class is entered in one go by its teacher, so its rows differ by seconds."""
    classes = rows.select(pl.col("class_no").rank("dense").cast(pl.Int64) - 1).to_series()
    order = classes.to_numpy()
    count = int(order.max()) + 1 if len(order) else 0
    day = rng.integers(0, days, count) * 86400 + rng.integers(0, 9 * 3600, count)
    within = rows.select(pl.int_range(pl.len()).over("class_no") * 7).to_series().to_numpy()
    return np.datetime64(start, "s") + (day[order] + within).astype("timedelta64[s]")


def grade_classes(
    plan: Plan, term: Term, sat: pl.DataFrame, present: pl.DataFrame, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Grades of one term known by the cut, and (student, course_code, attribute) still failed.

    `sat` has student, student_no, class_no, course_code, credits, ability, is_retake, attribute
    and may have `bound`: 'pass' or 'fail' (at the first sitting), 'makeup' (passes that at the
    latest), or ''. `present` are the students who are there for the make-up exams.
    """
    sat = sat.sort("class_no", "student")
    bound = sat["bound"].to_numpy() if "bound" in sat.columns else np.full(len(sat), "")
    count = len(sat)
    courses, index = np.unique(sat["course_code"].to_numpy(), return_inverse=True)
    ease = rng.normal(74.5, 4.0, len(courses))[index]
    ability = sat["ability"].to_numpy()
    usual = np.clip(np.rint(ease + 6 + 4.5 * ability + rng.normal(0, 4, count)), 35, 100)
    final = np.clip(np.rint(ease - 2 + 7.5 * ability + rng.normal(0, 7, count)), 8, 100)
    draw = rng.random(count)
    absent = np.select([draw < 0.004, draw < 0.0045], ["1", "2"], "")
    absent = np.where(bound == "pass", "", absent)
    usual = np.where(bound == "pass", np.maximum(usual, 60), usual)
    final = np.where(bound == "pass", np.maximum(final, 60), final)
    final = np.where(bound == "fail", np.minimum(final, 30), final)
    recorded = _moments(rng, sat, datetime.combine(term.end + timedelta(days=1), time(9)), 12)
    first = _sitting(sat, usual.astype(np.int64), final.astype(np.int64), absent, recorded, cap=100)
    first = first.with_columns(
        exam_nature=pl.when("is_retake").then(pl.lit("13")).otherwise(pl.lit("01"))
    )
    again = first.filter(~pl.col("passed") & ~pl.col("is_retake")).join(
        present, on="student", how="semi", maintain_order="left"
    )
    more = len(again)
    held = makeup_day(term)
    final = np.clip(np.rint(64 + 6 * again["ability"].to_numpy() + rng.normal(0, 8, more)), 5, 100)
    surely = np.zeros(more, dtype=bool)
    if "bound" in again.columns:
        surely = (again["bound"] == "makeup").to_numpy()
    final = np.where(surely, np.maximum(final, 68), final)
    missed = np.where((rng.random(more) < 0.03) & ~surely, "1", "")
    makeup = _sitting(
        again, np.maximum(again["usual_score"].to_numpy(), 50), final.astype(np.int64), missed,
        _moments(rng, again, held, 5), cap=60,
    ).with_columns(exam_nature=pl.lit("11"))  # fmt: skip
    rows = pl.concat([first, makeup]).filter(pl.col("recorded_at") < plan.cut)
    passed = rows.filter("passed").select("student", "course_code")
    failed = (
        rows.filter(~pl.col("passed"))
        .join(passed, on=["student", "course_code"], how="anti", maintain_order="left")
        .unique(["student", "course_code"], maintain_order=True)
        .select("student", "course_code", "attribute")
    )
    mode = (
        pl.when(pl.col("course_category") == "4").then(pl.lit("4"))
        .when(pl.col("course_category") == "3").then(pl.lit("5"))
        .when(pl.col("course_category") == "5").then(pl.lit("6"))
        .otherwise(pl.lit("1"))
    )  # fmt: skip
    return (
        rows.select(
            "student_no", "class_no", "course_code", pl.lit(term.code).alias("term_code"),
            "exam_nature", mode.alias("exam_mode"), "usual_score", "final_score", "total_score",
            "grade_label", "grade_point", "credits_earned", "absent_cheat", "passed",
            "recorded_at", pl.col("recorded_at").alias("source_updated_at"),
        ),
        failed,
    )  # fmt: skip


def makeup_day(term: Term) -> datetime:
    """Make-up exams are held in the second week of the term that follows."""
    if term.season == 1:
        return datetime.combine(datetime(term.year + 1, 3, 9), time(9))
    return datetime.combine(datetime(term.year + 1, 9, 12), time(9))
