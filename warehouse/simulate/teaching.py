"""Term by term: who takes which course in which class, when, where, with whom, and the result.

Terms are simulated in order, because a failed course is taken again a year later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import Term, planned_terms
from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.grading import grade_classes, makeup_day
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students
from warehouse.simulate.timetable import (
    assign_rooms,
    assign_teachers,
    group_classes,
    make_timetable,
)

__all__ = ["Teaching", "make_teaching"]


@dataclass(frozen=True)
class Teaching:
    """`classes`: teaching_class rows with `slot` and `room_rank` (null: no room).
    `selections`, `grades`: the extracts' columns. `room_sizes`: seats of the n-th largest
    classroom that the timetable needs."""

    classes: pl.DataFrame
    selections: pl.DataFrame
    grades: pl.DataFrame
    room_sizes: list[int]


def _enrolled(term: Term, students: Students) -> pl.DataFrame:
    """Students in residence as the term begins, with the plan semester they are in."""
    at = students.at(term.start).filter(pl.col("status") == "01")
    facts = students.fates.select("student", "student_no", "kind", "ability", "reading")
    return (
        at.join(facts, on="student", maintain_order="left")
        .with_columns(
            semester=2 * (term.year - pl.col("grade_year"))
            + (term.season - 1)
            + pl.when(pl.col("kind") == "up").then(4).otherwise(0)
        )
        .select("student", "student_no", "kind", "major_code", "class_code", "semester", "ability")
    )


def _choices(
    term: Term, enrolled: pl.DataFrame, curriculum: Curriculum, failed: pl.DataFrame,
    taken: pl.DataFrame, rng: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    """One row per student and course: the plan, free electives, and courses failed before."""
    wanted = enrolled.join(
        curriculum.plan, on=["kind", "major_code", "semester"], maintain_order="left"
    )
    open_ = [code for code, year in curriculum.electives if year <= term.year]
    if term.season == 2:
        open_ = open_[::-1]
    liking = 1.0 / (np.arange(len(open_)) + 3.0)
    drawn = rng.choice(np.array(open_), size=len(wanted), p=liking / liking.sum())
    wanted = wanted.with_columns(
        elective=pl.col("course_code").is_null(),
        course_code=pl.coalesce("course_code", pl.Series(drawn)),
        is_retake=pl.lit(False),
    ).join(taken, on=["student", "course_code"], how="anti", maintain_order="left")
    offered = wanted.select("course_code").unique()
    again = (
        failed.join(offered, on="course_code", how="semi", maintain_order="left")
        .join(enrolled, on="student", maintain_order="left")
        .join(wanted.select("student", "course_code"), on=["student", "course_code"], how="anti",
              maintain_order="left")
        .with_columns(
            position=pl.lit(0, dtype=pl.Int64),
            elective=pl.lit(False),
            is_retake=pl.lit(True),
        )
    )  # fmt: skip
    return pl.concat([wanted, again.select(wanted.columns)])


def _selections(term: Term, rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """When each was chosen, before the term or, by freshmen, in its first days; and dropped."""
    count = len(rows)
    opening = np.datetime64(datetime.combine(term.start, time(0)), "s")
    fresh = (rows["semester"] == 0).to_numpy()
    day = np.where(fresh, rng.integers(3, 8, count), -rng.integers(3, 12, count))
    hour = rng.choice([8, 10, 12, 13, 19, 20, 21], size=count)
    second = day * 86400 + hour * 3600 + rng.integers(0, 3600, count)
    selected = opening + second.astype("timedelta64[s]")
    drops = (rows["free"] & ~rows["is_retake"]).to_numpy() & (rng.random(count) < 0.09)
    drop = opening + (8 * 86400 + rng.integers(28_000, 500_000, count)).astype("timedelta64[s]")
    return rows.with_columns(
        selected_at=pl.Series(selected.astype("datetime64[ms]")),
        dropped_at=pl.when(pl.Series(drops)).then(pl.Series(drop.astype("datetime64[ms]"))),
    )


def _until_cut(rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The choices that had been made, and dropped, by the cut."""
    return rows.filter(pl.col("selected_at") < plan.cut).with_columns(
        dropped_at=pl.when(pl.col("dropped_at") < plan.cut).then("dropped_at"),
    )


def _classes(term: Term, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The timetable follows from all who will choose; what is known of a class follows from those
    who have: `enrolled`, and `settled`, its last change."""
    moments = rows.group_by("class_no").agg(
        enrolled=(pl.col("selected_at") < plan.cut).sum()
        - (pl.col("dropped_at") < plan.cut).fill_null(False).sum(),
        settled=pl.max_horizontal(
            pl.col("selected_at").filter(pl.col("selected_at") < plan.cut).max(),
            pl.col("dropped_at").filter(pl.col("dropped_at") < plan.cut).max(),
        ),
    )
    published = datetime.combine(term.published, time(9))
    return (
        make_timetable(rows)
        .join(moments, on="class_no", maintain_order="left")
        .with_columns(
            settled=pl.max_horizontal("settled", pl.lit(published).cast(pl.Datetime("ms"))),
            term_code=pl.lit(term.code),
        )
    )


def _bound(term: Term, sat: pl.DataFrame, students: Students) -> pl.DataFrame:
    """Add `bound`, what a grade must be for the student to leave as drawn: a course of the last
    year is not offered again before the end, and the last term has no make-up before it."""
    fates = students.fates.select("student", "event", end=pl.col("end_date").dt.year())
    ends = pl.col("end") == term.year + 1
    graduates = ends & ~pl.col("event").is_in(["incomplete", "dropout"])
    last = term.season == 2
    at_once = graduates & (pl.col("is_retake") | pl.lit(last))
    return (
        sat.join(fates, on="student", maintain_order="left")
        .with_columns(
            bound=pl.when(at_once).then(pl.lit("pass"))
            .when(graduates).then(pl.lit("makeup"))
            .when(ends & (pl.col("event") == "incomplete") & (pl.col("attribute") == "5") & last)
            .then(pl.lit("fail")).otherwise(pl.lit(""))
        )
        .drop("event", "end")
    )  # fmt: skip


def make_teaching(plan: Plan, curriculum: Curriculum, students: Students, staff: Staff) -> Teaching:
    """Every term of the window whose timetable had come out by the cut."""
    failed = pl.DataFrame(schema={"student": pl.Int64, "course_code": pl.String,
                                  "attribute": pl.String})  # fmt: skip
    pending, taken = failed, failed.select("student", "course_code")
    parts: dict[str, list[pl.DataFrame]] = {"classes": [], "selections": [], "grades": []}
    for index, term in enumerate(planned_terms(plan)):
        rng = plan.rng("selection", index)
        rows = _choices(term, _enrolled(term, students), curriculum, failed, taken, rng)
        rows = _selections(term, group_classes(term, rows, curriculum), rng)
        classes = assign_teachers(term, _classes(term, rows, plan), staff, rng)
        sat = _bound(term, rows.filter(pl.col("dropped_at").is_null()), students)
        present = students.at(makeup_day(term).date()).filter(pl.col("status") == "01")
        grades, failed_now = grade_classes(
            plan, term, sat, present.select("student"), plan.rng("grades", index)
        )
        taken = pl.concat([taken, sat.select("student", "course_code")]).unique(maintain_order=True)
        # The make-up of a term is held in the next one, after its choices are made: who fails it
        # as well is known for the term after.
        passed = sat.join(failed_now, on=["student", "course_code"], how="anti")
        failed = pl.concat([failed, pending]).join(
            passed, on=["student", "course_code"], how="anti", maintain_order="left"
        ).unique(["student", "course_code"], keep="last", maintain_order=True)  # fmt: skip
        pending = failed_now
        parts["classes"].append(classes)
        parts["selections"].append(
            _until_cut(rows, plan).select(
                "student_no", "class_no", course_attribute="attribute", selected_at="selected_at",
                dropped_at="dropped_at", is_retake="is_retake",
                source_updated_at=pl.coalesce("dropped_at", "selected_at"),
            )
        )  # fmt: skip
        parts["grades"].append(grades)
    autumn = f"{plan.anchor}-{plan.anchor + 1}-1"
    classes, sizes = assign_rooms(pl.concat(parts["classes"]), curriculum, autumn)
    return Teaching(classes, pl.concat(parts["selections"]), pl.concat(parts["grades"]), sizes)
