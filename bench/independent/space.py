"""A2-18: rooms, laboratories, classrooms in use, beds, electricity."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from .cells import STAFF, cells
from .extracts import Extracts
from .places import ENDED, students_on
from .population import head_count_days
from .registry import indicators
from .units import SCHOOL, beside, calendar_years, in_college, population, standing

#: 本校使用, 空闲; not 外单位租赁 and not 不能使用.
USABLE = ("1", "3")
CLASSROOMS = ("111", "112")
DORMITORY = "311"
#: Five days of ten periods, sixteen weeks a term.
DAYS, WEEKS = range(1, 6), range(1, 17)
PERIODS = {
    "": range(1, 11),
    "_morning": range(1, 5),
    "_afternoon": range(5, 9),
    "_evening": range(9, 11),
}


@cache
def rooms(extracts: Extracts) -> pl.DataFrame:
    """Every room of each head-count, with its college."""
    found = standing(extracts, "room", "room_code", head_count_days(extracts))
    return in_college(extracts, found)


def usable(extracts: Extracts) -> pl.DataFrame:
    return rooms(extracts).filter(pl.col("status").is_in(USABLE))


@indicators(
    "teaching_admin_space_per_student", "teaching_space_per_student", "office_space_per_staff"
)
def per_head(extracts: Extracts) -> pl.DataFrame:
    teaching = usable(extracts).filter(pl.col("use").str.starts_with("1"))
    office = usable(extracts).filter(pl.col("use").str.starts_with("2"))
    full_time = population(extracts, "full_time")
    both = pl.concat([teaching, office])
    return pl.concat(
        [
            beside("teaching_admin_space_per_student", both, "area", full_time),
            beside("teaching_space_per_student", teaching, "area", full_time),
            beside("office_space_per_staff", office, "area", population(extracts, "staff")),
        ]
    )


@indicators("lab_space_per_student")
def laboratories(extracts: Extracts) -> pl.DataFrame:
    labs = standing(extracts, "laboratory", "lab_code", head_count_days(extracts))
    listed = labs.select(
        "period",
        room_code=pl.col("room_codes").str.split(",").list.eval(pl.element().str.strip_chars()),
    ).explode("room_code")
    others = usable(extracts).filter(pl.col("use") == "121")
    others = others.join(listed, on=["period", "room_code"], how="anti")
    columns = ["period", "college_code", "area"]
    both = pl.concat([in_college(extracts, labs).select(columns), others.select(columns)])
    return beside("lab_space_per_student", both, "area", population(extracts, "undergraduates"))


@indicators("dorm_space_per_student", "multimedia_seats_per_100", "vacant_building_share")
def shared(extracts: Extracts) -> pl.DataFrame:
    full_time = population(extracts, "full_time")
    dormitory = usable(extracts).filter(pl.col("use") == DORMITORY)
    equipped = usable(extracts).filter(
        pl.col("use").str.starts_with("1"), pl.col("is_multimedia") | (pl.col("use") == "124")
    )
    area = pl.col("area").cast(pl.Float64)
    every = rooms(extracts).with_columns(
        vacant=pl.when(pl.col("status") == "3").then(area).otherwise(0)
    )
    return pl.concat(
        [
            beside("dorm_space_per_student", dormitory, "area", full_time, levels=SCHOOL),
            beside(
                "multimedia_seats_per_100", equipped, "seats", full_time, factor=100, levels=SCHOOL
            ),
            cells(
                every,
                "vacant_building_share",
                STAFF,
                numerator="vacant",
                denominator="area",
                factor=100,
            ),
        ]
    )


@indicators("dorm_occupancy")
def occupancy(extracts: Extracts) -> pl.DataFrame:
    day = pl.col("day")
    stays = (
        extracts.held("student_dorm_stay")
        .sort("student_no", "check_in_date")
        .with_columns(next_check_in=pl.col("check_in_date").shift(-1).over("student_no"))
        .with_columns(end=pl.coalesce("check_out_date", "next_check_in"))
        .join(head_count_days(extracts), how="cross")
        .filter(pl.col("check_in_date") <= day, day < pl.col("end").fill_null(date.max))
    )
    # Who has left holds no bed, checked out or not.
    still_here = ~pl.col("current_status").is_in(ENDED)
    open_stays = stays.filter(pl.col("check_out_date").is_null())
    here = students_on(extracts, open_stays).filter(still_here).select("period", "student_no")
    closed = stays.filter(pl.col("check_out_date").is_not_null()).select("period", "student_no")
    residents = pl.concat([closed, here]).unique().with_columns(resident=pl.lit(1))
    beds = (
        usable(extracts)
        .filter(pl.col("use") == DORMITORY)
        .group_by("period")
        .agg(denominator=pl.col("beds").sum())
    )
    return beside("dorm_occupancy", residents, "resident", beds, factor=100, levels=SCHOOL)


@indicators("energy_per_square_metre")
def energy(extracts: Extracts) -> pl.DataFrame:
    readings = (
        extracts.held("utility_reading")
        .filter(pl.col("kind") == "电")
        .with_columns(period=pl.col("month").str.head(4))
        .join(calendar_years(extracts), on="period")
    )
    buildings = standing(
        extracts, "building", "building_code", calendar_years(extracts), "completed_date"
    ).select("period", denominator="floor_area")
    return beside("energy_per_square_metre", readings, "quantity", buildings, levels=SCHOOL)


def weeks_of(text: str | None) -> list[int]:
    """Weeks of '1-16', '1-8,11', '2-16双'."""
    weeks: set[int] = set()
    for part in (text or "").replace("，", ",").replace("周", "").split(","):
        parity = 1 if "单" in part else 0 if "双" in part else None
        ends = "".join(sign for sign in part if sign.isdigit() or sign == "-").split("-")
        if not ends[0]:
            continue
        span = range(int(ends[0]), int(ends[-1]) + 1)
        weeks |= {week for week in span if parity is None or week % 2 == parity}
    return sorted(weeks)


@cache
def academic_years(extracts: Extracts) -> pl.DataFrame:
    """`period`, `day` (the 30 September of its head-count) of each academic year with a class."""
    days = head_count_days(extracts).filter(pl.col("period") == pl.col("year").cast(pl.String))
    year = pl.col("year")
    return days.select(period=pl.concat_str(year, pl.lit("-"), year + 1), day="day")


@cache
def scheduled(extracts: Extracts) -> pl.DataFrame:
    """Teaching classes of each academic year that take place in a classroom, with its seats."""
    classrooms = usable_classrooms(extracts)
    classes = extracts.held("teaching_class").with_columns(period=pl.col("term_code").str.head(9))
    return classes.join(classrooms, on=["period", "room_code"])


@cache
def usable_classrooms(extracts: Extracts) -> pl.DataFrame:
    found = standing(extracts, "room", "room_code", academic_years(extracts))
    return found.filter(pl.col("use").is_in(CLASSROOMS), pl.col("status").is_in(USABLE)).select(
        "period", "room_code", "seats"
    )


@indicators(*(f"classroom_utilisation{part}" for part in PERIODS))
def classrooms_in_use(extracts: Extracts) -> pl.DataFrame:
    taken = {
        (row["period"], row["term_code"], row["room_code"], row["weekday"], week, lesson)
        for row in scheduled(extracts).iter_rows(named=True)
        if row["weekday"] in DAYS and row["start_period"] and row["end_period"]
        for week in weeks_of(row["weeks"])
        if week in WEEKS
        for lesson in range(row["start_period"], row["end_period"] + 1)
    }
    terms = (
        extracts.held("teaching_class")
        .select("term_code", period=pl.col("term_code").str.head(9))
        .unique()
        .group_by("period")
        .agg(terms=pl.len())
    )
    rooms_of = (
        usable_classrooms(extracts).group_by("period").agg(rooms=pl.len()).join(terms, on="period")
    )
    found = []
    for part, lessons in PERIODS.items():
        used = [(slot[0], 1) for slot in taken if slot[-1] in lessons]
        frame = pl.DataFrame(used, schema={"period": pl.String, "used": pl.Int64}, orient="row")
        offered = rooms_of.select(
            "period",
            denominator=pl.col("rooms") * pl.col("terms") * len(DAYS) * len(lessons) * len(WEEKS),
        )
        found.append(
            beside(
                f"classroom_utilisation{part}", frame, "used", offered, factor=100, levels=SCHOOL
            )
        )
    return pl.concat(found)


@indicators("classroom_seat_use")
def seats(extracts: Extracts) -> pl.DataFrame:
    units = extracts.held("course").select("course_code", "unit_code")
    classes = (
        scheduled(extracts)
        .filter(pl.col("enrolled").is_not_null(), pl.col("seats") > 0)
        .join(units, on="course_code", how="left")
    )
    return cells(
        in_college(extracts, classes),
        "classroom_seat_use",
        STAFF,
        numerator="enrolled",
        denominator="seats",
        factor=100,
    )
