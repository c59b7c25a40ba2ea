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
) -> pl.DataFrame:
    """Add `lead_staff_no`: the least busy teacher of the unit who is free at that hour; when all of
    the unit's stand in a room already, one of another unit; when nobody is free at all (in the
    smallest colleges), the class has no fixed hour. They stay until the term has ended."""
    roles = ["teacher", "external"]
    pool = staff.on_post(term.published, until=term.end).filter(pl.col("role").is_in(roles))
    pool = pool.sort("staff")
    numbers, unit = pool["staff_no"].to_numpy(), pool["unit"].to_numpy()
    luck = rng.permutation(len(pool))
    load = np.zeros(len(pool), dtype=np.int64)
    chosen = np.empty(len(classes), dtype=object)
    unfixed: list[int] = []
    order = classes.with_row_index("row").sort("slot", "unit_code", "class_no", nulls_last=True)
    for (slot,), hour in order.group_by("slot", maintain_order=True):
        free = np.ones(len(pool), dtype=bool)
        left_over: list[int] = []
        for (code,), group in hour.group_by("unit_code", maintain_order=True):
            own = np.flatnonzero(unit == code)
            rows = group["row"].to_list()
            while rows:
                ranked = own[np.lexsort((luck[own], load[own]))][: len(rows)]
                free[ranked] = False
                load[ranked] += 1
                for place in ranked.tolist():
                    chosen[rows.pop(0)] = numbers[place]
                if slot is not None or not len(own):
                    break
            left_over += rows
        while left_over:
            if not free.any():
                free[:] = True
                if slot is not None:
                    unfixed += left_over
            others = np.flatnonzero(free)
            ranked = others[np.lexsort((luck[others], load[others]))][: len(left_over)]
            free[ranked] = False
            load[ranked] += 1
            for place in ranked.tolist():
                chosen[left_over.pop(0)] = numbers[place]
    fixed = ~pl.int_range(pl.len()).is_in(unfixed)
    return classes.with_columns(
        lead_staff_no=pl.Series(chosen.astype(str)), slot=pl.when(fixed).then("slot")
    )


def _classroom_sizes(placed: pl.DataFrame, autumn: str) -> list[int]:
    """Seats of each classroom, the largest first: what the terms through the anchor's autumn
    needed, and an eighth more rooms of every size for the terms that follow."""
    known = placed.filter(pl.col("term_code") <= autumn)
    sizes = known.group_by("room_rank").agg(pl.col("capacity").max()).sort("room_rank")
    seats = [-(-size // 10) * 10 for size in sizes["capacity"]]
    return [seats[rank * 8 // 9] for rank in range(len(seats) * 9 // 8)]


def assign_rooms(
    classes: pl.DataFrame, curriculum: Curriculum, autumn: str
) -> tuple[pl.DataFrame, list[int]]:
    """The n-th largest class of an hour sits in the n-th largest room; sport needs none, and who
    finds none large enough meets elsewhere. `autumn` is the code of the anchor's first term."""
    needs = pl.col("slot").is_not_null() & (pl.col("course_category") != "4")
    hour = ["term_code", "slot"]
    placed = (
        classes.filter(needs)
        .sort("term_code", "slot", "capacity", "class_no", descending=[False, False, True, False])
        .with_columns(room_rank=pl.int_range(pl.len(), dtype=pl.Int64).over(hour))
    )
    seats = _classroom_sizes(placed, autumn)
    fits = pl.DataFrame(
        {"room_rank": range(len(seats)), "room_seats": seats},
        schema={"room_rank": pl.Int64, "room_seats": pl.Int64},
    )
    placed = placed.join(fits, on="room_rank").filter(pl.col("capacity") <= pl.col("room_seats"))
    classes = classes.join(placed.select("class_no", "room_rank"), on="class_no", how="left",
                           maintain_order="left")  # fmt: skip
    hours = curriculum.courses.select("course_code", hours="hours_total")
    block = pl.col("slot") % 4
    practice = pl.col("slot").is_null() & (pl.col("course_category") == "5")
    evening = (pl.col("slot") >= _SLOTS).fill_null(False)
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
