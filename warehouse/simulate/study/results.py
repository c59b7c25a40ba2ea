"""What a year of study came to: the comprehensive evaluation, and how the teaching was."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import terms
from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws
from warehouse.simulate.study.residence import academic_years, as_known, residents

__all__ = ["class_numbers", "evaluation_rows", "opinion_rows", "performance_rows"]


def class_numbers(class_no: pl.Series) -> np.ndarray:
    """A whole number for each class number (2025-2026-1-010002-01), equal for equal ones."""
    part = class_no.str
    text = part.slice(2, 2) + part.slice(10, 1) + part.slice(12, 6) + part.slice(19)
    return text.cast(pl.Int64).to_numpy()


def evaluation_rows(plan: Plan, students: Students, grades: pl.DataFrame) -> pl.DataFrame:
    """student_evaluation: on 20 September of the year before, by first sittings, or for those who
    graduate on 20 June, by their autumn. Ranks are within the class and the year of the major;
    equal totals share a rank. A student without a grade that year is not evaluated.

    total = 15 % moral + 65 % academic + 10 % physical + 10 % aesthetic and labour + bonus.
    """
    first = grades.filter(pl.col("exam_nature") != "11")
    draws = Draws(plan, "results")
    parts = []
    for year in academic_years(plan):
        closing, leaving = date(year + 1, 9, 20), date(year + 1, 6, 20)
        there = residents(students, leaving)
        goes = pl.col("end_date") == date(year + 1, 7, 1)
        stays = residents(students, closing).select("student")
        there = pl.concat(
            [there.filter(goes), there.filter(~goes).join(stays, on="student", how="semi")]
        ).sort("student")
        own = first.filter(pl.col("term_code").str.starts_with(f"{year}-"))
        own = own.join(there.select("student_no", going=goes), on="student_no").filter(
            ~pl.col("going") | pl.col("term_code").str.ends_with("1")
        )
        score = own.group_by("student_no").agg(
            academic_score=((pl.col("total_score") * pl.col("weight")).sum()
                            / pl.col("weight").sum()).round(2)
        )  # fmt: skip
        there = there.join(score, on="student_no", maintain_order="left")
        key = there["student"].to_numpy()
        ability = there["ability"].to_numpy()
        mark = {
            "moral_score": 86 + 1.5 * ability + 3.5 * draws.normal(1, key, year),
            "physical_score": 78 + 7 * draws.normal(2, key, year),
            "aesthetic_labour_score": 80 + 5.5 * draws.normal(3, key, year),
            "bonus_score": np.maximum(draws.normal(4, key, year) * 1.6 + 0.4 * ability, 0),
        }
        there = there.with_columns(
            **{
                name: pl.Series(np.clip(np.round(value, 2), 0, 100)) for name, value in mark.items()
            },
            academic_year=pl.lit(f"{year}-{year + 1}"),
            made=pl.when(goes).then(datetime.combine(leaving, time(10)))
            .otherwise(datetime.combine(closing, time(10))),
        ).with_columns(
            total_score=(0.15 * pl.col("moral_score") + 0.65 * pl.col("academic_score")
                         + 0.1 * pl.col("physical_score") + 0.1
                         * pl.col("aesthetic_labour_score") + pl.col("bonus_score")).round(2)
        )  # fmt: skip
        parts.append(there)
    rank = pl.col("total_score").rank("min", descending=True).cast(pl.Int64)
    cohort = ["academic_year", "major_code", "grade_year", "kind"]
    rows = pl.concat(parts).with_columns(
        class_rank=rank.over(*cohort, "class_code"),
        major_rank=rank.over(cohort),
        class_size=pl.len().over(*cohort, "class_code"),
    )
    return as_known(plan, rows, "made")


def opinion_rows(plan: Plan, classes: pl.DataFrame) -> pl.DataFrame:
    """teaching_evaluation: students in the week before the exams, of every class that somebody
    sat in; colleagues and leaders of the unit listened to some."""
    draws = Draws(plan, "results")
    exams = {term.code: term.exams - timedelta(days=3) for term in terms(plan)}
    taught = classes.filter(
        (pl.col("enrolled") > 0) & pl.col("term_code").is_in(list(exams))
    ).with_columns(day=pl.col("term_code").replace_strict(exams, return_dtype=pl.Date))
    key = class_numbers(taught["class_no"])
    teacher = taught["lead_staff_no"].cast(pl.Int64).to_numpy()
    quality = 90 + 3.2 * draws.normal(11, teacher) + 1.6 * draws.normal(12, key)
    parts = []
    for number, (group, due, keep) in enumerate(
        (
            ("学生", taught["enrolled"].cast(pl.Int64).to_numpy(), np.full(len(taught), True)),
            ("同行督导", draws.whole(13, 2, 5, key), draws.uniform(14, key) < 0.36),
            ("领导", draws.whole(15, 1, 3, key), draws.uniform(16, key) < 0.14),
        )
    ):
        share = 0.84 + 0.16 * draws.uniform(17, key) if group == "学生" else np.full(len(key), 1.0)
        raters = np.maximum(np.rint(due * share).astype(np.int64), 1)
        noise = draws.normal(18, key, number) * (3.0 / np.sqrt(raters) + 0.4)
        score = np.clip(np.round(quality + noise, 2), 55, 100)
        label = np.select([score >= 90, score >= 80, score >= 70], ["优", "良好", "中"], "差")
        parts.append(
            taught.select(
                "class_no", "term_code", "day", staff_no="lead_staff_no",
                evaluator_group=pl.lit(group), rater_count=pl.Series(raters),
                due_count=pl.Series(due), score=pl.Series(score), grade_label=pl.Series(label),
            ).filter(pl.Series(keep))
        )  # fmt: skip
    rows = pl.concat(parts).sort("day", "class_no", maintain_order=True)
    return as_known(plan, rows.with_columns(made=pl.col("day").dt.combine(time(22))), "made")


def performance_rows(
    plan: Plan, classes: pl.DataFrame, courses: pl.DataFrame, sat: pl.DataFrame
) -> pl.DataFrame:
    """teaching_performance, on 20 July: the classes of the year that a teacher led and their
    courses' hours. Hours count as of bachelor's students where one of them sat in the class.
    `sat` has class_no and kind of everyone who stayed in a class."""
    draws = Draws(plan, "results")
    own = classes.join(
        courses.select("course_code", "hours_total", "hours_practice", "course_name"),
        on="course_code", maintain_order="left",
    ).with_columns(academic_year=pl.col("term_code").str.slice(0, 9))  # fmt: skip
    kinds = sat.group_by("class_no").agg(degree=(pl.col("kind") != "zk").any())
    own = own.join(kinds, on="class_no", how="left").with_columns(
        thesis=pl.when(pl.col("course_name").str.ends_with("毕业设计"))
        .then("enrolled")
        .otherwise(0)
    )
    practice = pl.col("hours_practice").sum()
    rows = (
        own.group_by("lead_staff_no", "academic_year")
        .agg(
            course_count=pl.col("course_code").n_unique(),
            class_count=pl.len(),
            classroom_hours=(pl.col("hours_total") - pl.col("hours_practice")).sum(),
            practice_hours=practice,
            workload_total=pl.col("hours_total").sum(),
            undergraduate_hours=pl.col("hours_total").filter(pl.col("degree").fill_null(False))
            .sum(),
            thesis_students=pl.col("thesis").sum().clip(0, 100),
        )
        .rename({"lead_staff_no": "staff_no"})
        .sort("academic_year", "staff_no")
    )  # fmt: skip
    staff = rows["staff_no"].cast(pl.Int64).to_numpy()
    year = rows["academic_year"].str.slice(0, 4).cast(pl.Int64).to_numpy()
    few = {
        name: pl.Series(np.select([draw < two, draw < one], [2, 1], 0))
        for name, draw, one, two in (
            ("teaching_projects", draws.uniform(21, staff, year), 0.18, 0.03),
            ("teaching_awards", draws.uniform(22, staff, year), 0.07, 0.01),
            ("teaching_accidents", draws.uniform(23, staff, year), 0.008, 0.0),
        )
    }
    made = pl.datetime(pl.Series(year + 1), 7, 20, 9)
    return as_known(plan, rows.with_columns(made=made, **few), "made")
