"""The days of the head-counts, and who was counted on each."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from .extracts import Extracts, beijing_date
from .places import DEPARTED, EMPLOYED, ENROLLED, staff_on, students_on

__all__ = ["first_day", "head_count_days", "staff_census", "student_census"]


@cache
def first_day(extracts: Extracts) -> date:
    """The day of the first student snapshot: who had left before it is in no extract."""
    return extracts.landed("student_status").select(beijing_date("extracted_at").min()).item()


@cache
def head_count_days(extracts: Extracts) -> pl.DataFrame:
    """`period`, `day`, `year`: each covered 30 September, and the as-of day unless it is one."""
    first, last = first_day(extracts), extracts.as_of
    days = [date(year, 9, 30) for year in range(first.year, last.year + 1)]
    rows = [(str(day.year), day) for day in days if first <= day <= last]
    if last not in days:
        rows.append((str(last), last))
    return pl.DataFrame(
        rows, schema={"period": pl.String, "day": pl.Date}, orient="row"
    ).with_columns(year=pl.col("day").dt.year())


@cache
def student_census(extracts: Extracts) -> pl.DataFrame:
    """Per head-count and student in residence: place, `student_class`, `weight` (教发〔2004〕2号),
    `is_full_time`, `is_undergraduate`."""
    asked = head_count_days(extracts).join(
        extracts.held("student_status").select(
            "student_no",
            "student_category",
            "cultivation_level",
            "entry_mode",
            "overseas_status",
            "entry_date",
        ),
        how="cross",
    )
    present = students_on(extracts, asked.rename({"entry_date": "entered"})).filter(
        pl.col("current_status").is_in(ENROLLED)
    )
    category = pl.col("student_category")
    kind = (
        pl.when((pl.col("entry_mode") == "12") | pl.col("overseas_status").is_in(["41", "51"]))
        .then(pl.lit("留学生"))
        .when(category.str.starts_with("432"))
        .then(pl.lit("博士"))
        .when(category.str.starts_with("431"))
        .then(pl.lit("硕士"))
        .when(category.is_in(["42101", "42102", "42103"]))
        .then(pl.lit("本科"))
        .when(category.str.starts_with("411"))
        .then(pl.lit("专科"))
        .when(category.str.contains("^4.21.$"))
        .then(pl.lit("函授"))
        .when(category.str.contains("^4.22.$"))
        .then(pl.lit("夜大"))
        .when(category.str.contains("^4.23.$"))
        .then(pl.lit("成人脱产"))
        .when(category == "91400")
        .then(pl.lit("预科"))
        .when(category == "92100")
        .then(pl.lit("进修"))
        .otherwise(pl.lit("其他"))
    )
    weights = {"留学生": 3.0, "博士": 2.0, "硕士": 1.5, "夜大": 0.3, "函授": 0.1, "其他": 0.0}
    return present.with_columns(student_class=kind).with_columns(
        weight=pl.col("student_class").replace_strict(
            weights, default=1.0, return_dtype=pl.Float64
        ),
        is_full_time=~pl.col("student_class").is_in(["夜大", "函授", "其他"]),
        is_undergraduate=pl.col("student_class") == "本科",
    )


@cache
def staff_census(extracts: Extracts) -> pl.DataFrame:
    """Per head-count and person: `college_code`, `is_employed`, `is_teacher` (专任教师),
    `is_external` (聘请校外教师)."""
    asked = head_count_days(extracts).join(
        extracts.held("staff_basic").select("staff_no"), how="cross"
    )
    employed = pl.col("on_post_status").is_in(EMPLOYED)
    external = pl.col("staff_category").str.starts_with("5")
    return staff_on(extracts, asked).with_columns(
        is_employed=employed & ~external,
        is_teacher=employed & (pl.col("staff_category") == "11"),
        is_external=external & ~pl.col("on_post_status").is_in(DEPARTED),
    )
