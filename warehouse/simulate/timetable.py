"""From choices to classes: who sits with whom, when, where and with which teacher."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import Term
from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.staff import Staff

__all__ = ["assign_rooms", "assign_teachers", "group_classes", "make_timetable"]

#: Largest class by the kind of course.
_LIMITS = {"language": 45, "sport": 40, "common": 96, "foundation": 80, "major": 50, "elective": 60}
_SLOTS = 20  # five days, four blocks of two periods; electives meet in the evening


def group_classes(term: Term, rows: pl.DataFrame, curriculum: Curriculum) -> pl.DataFrame:
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


def make_timetable(rows: pl.DataFrame) -> pl.DataFrame:
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


def assign_teachers(
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


def assign_rooms(classes: pl.DataFrame, curriculum: Curriculum) -> tuple[pl.DataFrame, list[int]]:
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
