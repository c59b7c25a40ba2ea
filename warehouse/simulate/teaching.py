"""Term by term: who takes which course in which class, when, where, with whom, and the result.

Terms are simulated in order, because a failed course is taken again a year later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import Term, terms
from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.grading import grade_classes
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students

__all__ = ["Teaching", "make_teaching"]

#: Largest class by the kind of course.
_LIMITS = {"language": 45, "sport": 40, "common": 96, "foundation": 80, "major": 50, "elective": 60}
_SLOTS = 20  # five days, four blocks of two periods; electives meet in the evening


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
    facts = students.people.select("student", "student_no", "kind", "ability", "reading")
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


def _grouped(term: Term, rows: pl.DataFrame, curriculum: Curriculum) -> pl.DataFrame:
    """Put students of one course into classes, by college and class, electives across colleges."""
    course = curriculum.courses.select(
        "course_code", "course_nature", "course_category", "credits", "unit_code"
    )
    electives = [code for code, _ in curriculum.electives]
    rows = rows.join(course, on="course_code", maintain_order="left").with_columns(
        free=pl.col("course_code").is_in(electives),
        college=pl.col("major_code").str.slice(0, 2),
    )
    limit = (
        pl.when("free").then(_LIMITS["elective"])
        .when(pl.col("course_category") == "2").then(_LIMITS["language"])
        .when(pl.col("course_category") == "4").then(_LIMITS["sport"])
        .when(pl.col("course_nature") == "1").then(_LIMITS["common"])
        .when(pl.col("course_nature") == "2").then(_LIMITS["foundation"])
        .otherwise(_LIMITS["major"])
    )  # fmt: skip
    regular = rows.filter(~pl.col("is_retake"))
    home = (
        regular.group_by("course_code", "college").len().sort("course_code", "len", "college")
        .unique("course_code", keep="last", maintain_order=True)
        .select("course_code", main="college")
    )  # fmt: skip
    offered = regular.select("course_code", "college").unique().with_columns(here=pl.lit(True))
    rows = (
        rows.join(home, on="course_code", maintain_order="left")
        .join(offered, on=["course_code", "college"], how="left", maintain_order="left")
        .with_columns(
            lane=pl.when("free")
            .then(pl.lit("00"))
            .when(pl.col("here").is_null())
            .then("main")
            .otherwise("college"),
            limit=limit,
        )
        .sort("course_code", "lane", "is_retake", "class_code", "student")
    )
    lane = ["course_code", "lane"]
    rows = rows.with_columns(
        group=pl.int_range(pl.len()).over(lane)
        * ((pl.len().over(lane) + pl.col("limit") - 1) // pl.col("limit"))
        // pl.len().over(lane)
    )
    number = pl.struct("lane", "group").rank("dense").over("course_code").cast(pl.Int64)
    return rows.with_columns(number=number).with_columns(
        class_no=pl.format(
            "{}-{}-{}",
            pl.lit(term.code),
            "course_code",
            pl.col("number").cast(pl.String).str.zfill(2),
        )
    )


def _selections(
    term: Term, plan: Plan, rows: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
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
    ).with_columns(
        dropped_at=pl.when(pl.col("dropped_at") < plan.cut).then("dropped_at"),
    ).filter(pl.col("selected_at") < plan.cut)  # fmt: skip


def _timetable(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per class. The slot follows from the place in the plan of the college's semester,
    so that no student of the plan has two classes at once."""
    classes = rows.group_by("class_no", maintain_order=True).agg(
        pl.col("course_code").first(),
        pl.col("lane").first(),
        pl.col("free").first(),
        pl.col("position").first(),
        pl.col("semester").first(),
        pl.col("limit").first(),
        pl.col("course_category").first(),
        pl.col("course_nature").first(),
        pl.col("unit_code").first(),
        chosen=pl.len(),
        enrolled=pl.col("dropped_at").is_null().sum(),
        settled=pl.max_horizontal(pl.col("selected_at").max(), pl.col("dropped_at").max()),
    )
    practice = (pl.col("course_category") == "5") & (pl.col("course_nature") == "3")
    slot = (
        pl.col("position") * 7 + pl.col("lane").cast(pl.Int64) * 3 + pl.col("semester") * 11
    ) % _SLOTS
    evening = pl.col("course_code").cast(pl.Int64) % 5
    return classes.with_columns(
        slot=pl.when(practice).then(None).when("free").then(_SLOTS + evening).otherwise(slot),
        capacity=(pl.max_horizontal(pl.col("chosen"), pl.lit(8)) + 4) // 5 * 5,
    )


def _teachers(
    term: Term, classes: pl.DataFrame, staff: Staff, rng: np.random.Generator
) -> pl.Series:
    """A unit's teachers in turn, ordered so that nobody stands in two rooms at once while there
    are enough of them."""
    roles = ["teacher", "external"]
    pool = staff.on_post(term.start).filter(pl.col("role").is_in(roles))
    by_unit: dict[str, np.ndarray] = {
        key[0]: group["staff_no"].to_numpy()
        for key, group in pool.sort("staff").group_by("unit", maintain_order=True)
    }
    everyone = pool["staff_no"].to_numpy()
    chosen = np.empty(len(classes), dtype=object)
    order = classes.with_row_index("row").sort("unit_code", "slot", "class_no", nulls_last=True)
    for key, group in order.group_by("unit_code", maintain_order=True):
        own = rng.permutation(by_unit.get(key[0], everyone))
        chosen[group["row"].to_numpy()] = own[np.arange(len(group)) % len(own)]
    return pl.Series(chosen.astype(str))


def make_teaching(
    plan: Plan, curriculum: Curriculum, students: Students, staff: Staff
) -> Teaching:
    """Every term of the window that had begun by the cut."""
    failed = pl.DataFrame(schema={"student": pl.Int64, "course_code": pl.String,
                                  "attribute": pl.String})  # fmt: skip
    taken = pl.DataFrame(schema={"student": pl.Int64, "course_code": pl.String})
    parts: dict[str, list[pl.DataFrame]] = {"classes": [], "selections": [], "grades": []}
    for index, term in enumerate(terms(plan)):
        rng = plan.rng("selection", index)
        enrolled = _enrolled(term, students)
        rows = _choices(term, enrolled, curriculum, failed, taken, rng)
        rows = _selections(term, plan, _grouped(term, rows, curriculum), rng)
        if rows.is_empty():
            continue
        classes = _timetable(rows)
        classes = classes.with_columns(
            lead_staff_no=_teachers(term, classes, staff, rng),
            term_code=pl.lit(term.code),
            settled=pl.max_horizontal(
                "settled",
                pl.lit(min(datetime.combine(term.start + timedelta(days=7), time(9)),
                           plan.cut - timedelta(hours=5))),
            ),
        )  # fmt: skip
        sat = rows.filter(pl.col("dropped_at").is_null())
        grades, failed_now = grade_classes(plan, term, sat, plan.rng("grades", index))
        passed_now = sat.join(failed_now, on=["student", "course_code"], how="anti")
        taken = pl.concat([taken, sat.select("student", "course_code")]).unique(
            maintain_order=True
        )
        failed = pl.concat([failed, failed_now]).join(
            passed_now.select("student", "course_code"), on=["student", "course_code"],
            how="anti", maintain_order="left",
        ).unique(["student", "course_code"], keep="last", maintain_order=True)  # fmt: skip
        parts["classes"].append(classes)
        parts["selections"].append(
            rows.select("student_no", "class_no", course_attribute="attribute",
                        selected_at="selected_at", dropped_at="dropped_at",
                        is_retake="is_retake").with_columns(
                source_updated_at=pl.coalesce("dropped_at", "selected_at"))
        )  # fmt: skip
        parts["grades"].append(grades)
    classes, sizes = _roomed(pl.concat(parts["classes"]), curriculum)
    return Teaching(classes, pl.concat(parts["selections"]), pl.concat(parts["grades"]), sizes)


def _roomed(classes: pl.DataFrame, curriculum: Curriculum) -> tuple[pl.DataFrame, list[int]]:
    """The n-th largest class of an hour sits in the n-th largest room; sport needs none."""
    needs = pl.col("slot").is_not_null() & (pl.col("course_category") != "4")
    hour = ["term_code", "slot"]
    placed = (
        classes.filter(needs)
        .sort("term_code", "slot", "capacity", "class_no", descending=[False, False, True, False])
        .with_columns(room_rank=pl.int_range(pl.len(), dtype=pl.Int64).over(hour))
    )
    sizes = placed.group_by("room_rank").agg(pl.col("capacity").max()).sort("room_rank")
    seats = [-(-size // 10) * 10 for size in sizes["capacity"]]
    classes = classes.join(placed.select("class_no", "room_rank"), on="class_no", how="left",
                           maintain_order="left")  # fmt: skip
    hours = curriculum.courses.select("course_code", hours="hours_total")
    block = pl.col("slot") % 4
    practice = pl.col("slot").is_null()
    evening = pl.col("slot") >= _SLOTS
    lab = pl.col("course_category") == "3"
    return classes.join(hours, on="course_code", maintain_order="left").with_columns(
        teaching_mode=pl.when(practice).then(pl.lit("6")).when(lab).then(pl.lit("5"))
        .otherwise(pl.lit("1")),
        exam_form=pl.when(practice | evening | pl.col("course_category").is_in(["3", "4", "5"]))
        .then(pl.lit("2")).otherwise(pl.lit("1")),
        weekday=pl.when(evening).then(pl.col("slot") - _SLOTS + 1)
        .otherwise(pl.col("slot") // 4 + 1),
        start_period=pl.when(evening).then(9).otherwise(block * 2 + 1),
        end_period=pl.when(evening).then(10).otherwise(block * 2 + 2),
        weeks=pl.when(practice).then(pl.lit("1-18")).when(pl.col("hours") <= 32)
        .then(pl.lit("1-8")).otherwise(pl.lit("1-16")),
        other_staff_nos=pl.lit(None, dtype=pl.String),
    ), seats  # fmt: skip
