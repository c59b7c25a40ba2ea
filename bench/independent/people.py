"""A2-16 (people) and A2-17: students, staff, admission, destinations, cohorts."""

from __future__ import annotations

from datetime import date

import polars as pl

from .cells import CLASSES, STAFF, cells
from .extracts import Extracts, beijing_date
from .population import (
    ENROLLED,
    head_count_days,
    staff_census,
    student_census,
    students_on,
)
from .registry import indicators

__all__: list[str] = []


@indicators("students_enrolled", "full_time_students", "equivalent_students", "undergraduate_share")
def students(extracts: Extracts) -> pl.DataFrame:
    census = student_census(extracts)
    return pl.concat(
        [
            cells(census, "students_enrolled", CLASSES, numerator=pl.lit(1), denominator=None),
            cells(census, "full_time_students", numerator="is_full_time", denominator=None),
            cells(census, "equivalent_students", numerator="weight", denominator=None),
            cells(
                census,
                "undergraduate_share",
                numerator="is_undergraduate",
                denominator="is_full_time",
                factor=100,
            ),
        ]
    )


@indicators("majors_recruiting")
def majors(extracts: Extracts) -> pl.DataFrame:
    landed = extracts.landed("major").with_columns(seen=beijing_date("extracted_at"))
    recruiting = (pl.col("level") == "3") & (pl.col("recruit_status") == "在招")
    frames = []
    for period, day, _ in head_count_days(extracts).iter_rows():
        known = landed.filter(pl.col("seen") <= day)
        if known.is_empty():
            continue
        latest = known.filter(pl.col("extracted_at") == pl.col("extracted_at").max())
        frames.append(latest.filter(recruiting).with_columns(period=pl.lit(period)))
    return cells(
        pl.concat(frames), "majors_recruiting", STAFF, numerator=pl.lit(1), denominator=None
    )


@indicators("staff_employed", "full_time_teachers", "external_teacher_share")
def staff(extracts: Extracts) -> pl.DataFrame:
    census = staff_census(extracts)
    outside = cells(
        census.filter(pl.col("is_external") | pl.col("is_teacher")),
        "external_teacher_share",
        STAFF,
        numerator="is_external",
        denominator="is_teacher",
        factor=100,
    )
    counted = [
        cells(census.filter(column), indicator, STAFF, numerator=pl.lit(1), denominator=None)
        for indicator, column in (
            ("staff_employed", "is_employed"),
            ("full_time_teachers", "is_teacher"),
        )
    ]
    return pl.concat([*counted, outside])


@indicators("student_teacher_ratio")
def student_teacher_ratio(extracts: Extracts) -> pl.DataFrame:
    learners = student_census(extracts).select(
        "period", "college_code", numerator="weight", denominator=pl.lit(0.0)
    )
    teachers = staff_census(extracts).select(
        "period",
        "college_code",
        numerator=pl.lit(0.0),
        denominator=pl.col("is_teacher") + 0.5 * pl.col("is_external"),
    )
    ratio = cells(pl.concat([learners, teachers]), "student_teacher_ratio", STAFF)
    # Teachers of units without students count in the school only.
    has_students = learners.select("period", unit="college_code").unique()
    return pl.concat(
        [
            ratio.filter(pl.col("level") == "school"),
            ratio.filter(pl.col("level") == "college").join(
                has_students, on=["period", "unit"], how="semi", nulls_equal=True
            ),
        ]
    )


def _degrees(extracts: Extracts) -> pl.DataFrame:
    """Per head-count and person the highest degree held: 3 doctor, 2 master, 1 bachelor. Codes
    beginning with 1 are honorary."""
    held = extracts.held("staff_education_record").with_columns(
        rank=pl.col("degree").str.head(1).replace_strict({"2": 3, "3": 2, "4": 1}, default=None)
    )
    return (
        head_count_days(extracts)
        .join(held, how="cross")
        .filter(pl.col("award_date").is_null() | (pl.col("award_date") <= pl.col("day")))
        .group_by("period", "staff_no")
        .agg(pl.col("rank").max())
    )


def titles(extracts: Extracts) -> pl.DataFrame:
    """Per head-count and person the title engaged last: `title_code`, `title_level`."""
    held = extracts.held("staff_title_record").filter(
        pl.col("engage_status").is_in(["1", "11", "12", "13"])
    )
    return (
        head_count_days(extracts)
        .join(held.with_columns(since=pl.coalesce("engaged_date", "award_date")), how="cross")
        .filter(pl.col("since") <= pl.col("day"))
        .sort("since", "award_date")
        .group_by("period", "staff_no", maintain_order=True)
        .last()
        .select("period", "staff_no", "title_code", "title_level")
    )


@indicators(
    "postgraduate_degree_teacher_share", "doctoral_teacher_share", "senior_title_teacher_share"
)
def teachers(extracts: Extracts) -> pl.DataFrame:
    on = ["period", "staff_no"]
    teacher = (
        staff_census(extracts)
        .filter("is_teacher")
        .join(_degrees(extracts), on=on, how="left")
        .join(titles(extracts), on=on, how="left")
    )
    shares = {
        "postgraduate_degree_teacher_share": pl.col("rank") >= 2,
        "doctoral_teacher_share": pl.col("rank") == 3,
        "senior_title_teacher_share": pl.col("title_level").is_in(["1", "2"]),
    }
    return pl.concat(
        [
            cells(
                teacher,
                indicator,
                STAFF,
                numerator=held.fill_null(False),
                denominator=pl.lit(1),
                factor=100,
            )
            for indicator, held in shares.items()
        ]
    )


@indicators("freshman_registration_rate")
def registration(extracts: Extracts) -> pl.DataFrame:
    majors = extracts.held("major").select("major_code", "college_code")
    reported = (
        extracts.held("freshman_registration")
        .filter(pl.col("report_status") == "报到")
        .select("exam_no", "reported_at")
    )
    year = pl.col("year").cast(pl.Int32)
    admitted = (
        extracts.held("admission_record")
        .join(majors, on="major_code", how="left")
        .join(reported, on="exam_no", how="left")
        .with_columns(
            period=pl.col("year").cast(pl.String),
            came=(beijing_date("reported_at") <= pl.date(year, 10, 31)).fill_null(False),
        )
    )
    return cells(
        admitted,
        "freshman_registration_rate",
        numerator="came",
        denominator=pl.lit(1),
        factor=100,
    )


def graduations(extracts: Extracts) -> pl.DataFrame:
    """Every conclusion of studies that stood at some time, the last word on each student and term:
    `result`, `degree_awarded`, `academic_year`, `year` (in which it ends), `is_first`, place at the
    end of the term, and what the student is."""
    key = ["student_no", "graduation_term"]
    standing = extracts.held("graduation_result").select("student_no")
    term_end = (
        pl.when(pl.col("graduation_term").str.slice(10, 1) == "1")
        .then(pl.date(pl.col("year"), 1, 31))
        .otherwise(pl.date(pl.col("year"), 6, 30))
    )
    concluded = (
        extracts.landed("graduation_result")
        .filter(~pl.col("is_deleted").fill_null(False), pl.col("graduation_term").is_not_null())
        .sort(pl.coalesce("source_updated_at", "extracted_at"), "extracted_at", "batch_row")
        .unique(key, keep="last", maintain_order=True)
        .join(standing, on="student_no", how="semi")
        .with_columns(
            academic_year=pl.col("graduation_term").str.head(9),
            year=pl.col("graduation_term").str.slice(5, 4).cast(pl.Int32),
            is_first=pl.col("graduation_term").rank("dense").over("student_no") == 1,
        )
        .with_columns(day=term_end)
        .select(
            *key, "academic_year", "year", "day", "is_first", "result",
            pl.col("degree_awarded").fill_null(False),
        )
    )  # fmt: skip
    student = extracts.held("student_status").select(
        "student_no",
        "cultivation_level",
        "school_years",
        entry_year=pl.col("entry_date").dt.year(),
    )
    return students_on(extracts, concluded, last_known=True).join(student, on="student_no")


def _destination(extracts: Extracts, indicator: str, month: int) -> pl.DataFrame:
    cutoff = pl.min_horizontal(pl.date("year", month, 31), pl.lit(extracts.as_of))
    settled = ("协议和合同就业", "自主创业", "灵活就业", "升学")
    reported = (
        extracts.landed("graduate_destination")
        .sort(pl.coalesce("source_updated_at", "extracted_at"), "extracted_at", "batch_row")
        .select("student_no", "destination_class", "reported_date", "is_deleted")
    )
    graduates = graduations(extracts).filter(pl.col("result") == "毕业")
    then = (
        graduates.select("student_no", "graduation_term", "year")
        .join(reported, on="student_no")
        .filter(pl.col("reported_date") <= cutoff)
        .sort("reported_date", maintain_order=True)
        .group_by("student_no", "graduation_term")
        .last()
        .select("student_no", "graduation_term", "destination_class", "is_deleted")
    )
    counted = graduates.join(then, on=["student_no", "graduation_term"], how="left").with_columns(
        period=pl.col("year").cast(pl.String),
        settled=(
            pl.col("destination_class").is_in(settled) & ~pl.col("is_deleted").fill_null(False)
        ).fill_null(False),
    )
    return cells(
        counted, indicator, CLASSES, numerator="settled", denominator=pl.lit(1), factor=100
    )


@indicators("graduate_destination_rate")
def destinations(extracts: Extracts) -> pl.DataFrame:
    return _destination(extracts, "graduate_destination_rate", 12)


@indicators("first_destination_rate")
def first_destinations(extracts: Extracts) -> pl.DataFrame:
    return _destination(extracts, "first_destination_rate", 8)


def academic_year_of(day: str) -> pl.Expr:
    """'2025-2026' of a day from 1 September 2025 to 31 August 2026."""
    first = pl.col(day).dt.year() - (pl.col(day).dt.month() < 9).cast(pl.Int32)
    return pl.format("{}-{}", first, first + 1)


def autumn_census(census: pl.DataFrame) -> pl.DataFrame:
    """Of a census only the head-counts of 30 September, `period` renamed to the academic year that
    they open."""
    return census.filter(pl.col("period").str.len_chars() == 4).with_columns(
        period=academic_year_of("day")
    )


@indicators("status_change_rate")
def status_changes(extracts: Extracts) -> pl.DataFrame:
    counted = ("11", "31", "23", "03", "19")
    changes = extracts.held("student_status_change").filter(
        pl.col("change_type").is_in(counted), pl.col("effective_date") <= extracts.as_of
    )
    present = autumn_census(student_census(extracts))
    events = changes.select(
        period=academic_year_of("effective_date"),
        college_code="from_college",
        major_code="from_major",
        numerator=pl.lit(1),
        denominator=pl.lit(0),
    ).filter(pl.col("period").is_in(present["period"].unique().to_list()))
    base = present.select(
        "period", "college_code", "major_code", numerator=pl.lit(0), denominator=pl.lit(1)
    )
    return cells(pl.concat([events, base]), "status_change_rate", factor=100)


def _posts_held(extracts: Extracts) -> pl.DataFrame:
    """Per head-count and person the posts that ran: `position_name`."""
    posts = (
        extracts.held("staff_position_record")
        .sort("staff_no", "effective_date", "seq")
        .with_columns(_following=pl.col("effective_date").shift(-1).over("staff_no"))
        .with_columns(
            _until=pl.coalesce(
                "end_date",
                pl.when(~pl.col("is_current")).then("_following"),
                pl.lit(date.max),
            )
        )
    )
    return (
        head_count_days(extracts)
        .join(posts, how="cross")
        .filter(pl.col("effective_date") <= pl.col("day"), pl.col("day") < pl.col("_until"))
        .select("period", "staff_no", "position_name")
    )


@indicators(
    "students_per_psychology_teacher", "students_per_politics_teacher", "students_per_counsellor"
)
def support(extracts: Extracts) -> pl.DataFrame:
    census = staff_census(extracts)
    posts = _posts_held(extracts)
    marxism = extracts.held("org_unit").filter(pl.col("unit_name").str.contains("马克思主义学院"))
    learners = student_census(extracts).select(
        "period", "college_code", numerator="is_full_time", denominator=pl.lit(False)
    )
    employed = census.filter("is_employed")

    def holding(word: str) -> pl.DataFrame:
        named = posts.filter(pl.col("position_name").str.contains(word))
        return employed.join(named, on=["period", "staff_no"], how="semi")

    kinds = {
        "students_per_psychology_teacher": (holding("心理"), ("school",)),
        "students_per_politics_teacher": (
            census.filter(
                "is_teacher", pl.col("college_code").is_in(marxism["unit_code"].implode())
            ),
            ("school",),
        ),
        "students_per_counsellor": (holding("辅导员"), STAFF),
    }
    return pl.concat(
        [
            cells(
                pl.concat(
                    [
                        learners,
                        people.select(
                            "period",
                            "college_code",
                            numerator=pl.lit(False),
                            denominator=pl.lit(True),
                        ),
                    ]
                ),
                indicator,
                levels,
            )
            for indicator, (people, levels) in kinds.items()
        ]
    )


def cohorts(extracts: Extracts) -> pl.DataFrame:
    """Who entered in a year and was in residence on its 30 September, but for 预科生 and 进修生.
    Years whose 30 September lies before the first extract have no cohort."""
    entered = extracts.held("student_status").select(
        "student_no", "school_years", entry_year=pl.col("entry_date").dt.year()
    )
    return (
        student_census(extracts)
        .filter(pl.col("period").str.len_chars() == 4)
        .join(entered, on="student_no")
        .filter(
            pl.col("entry_year") == pl.col("year"),
            ~pl.col("student_class").is_in(["预科", "进修", "其他"]),
        )
        .select(
            "period", "student_no", "entry_year", "college_code", "major_code", "class_code",
            "school_years",
        )
    )  # fmt: skip


def _retained(extracts: Extracts, years: int) -> pl.DataFrame:
    """Cohorts with `stays`: in residence, or graduated, on the 30 September `years` later."""
    asked = (
        cohorts(extracts)
        .with_columns(day=pl.date(pl.col("entry_year") + years, 9, 30))
        .filter(pl.col("day") <= extracts.as_of)
    )
    later = students_on(extracts, asked.select("student_no", "day"), last_known=True).select(
        "student_no", "current_status"
    )
    return asked.join(later, on="student_no", how="left").with_columns(
        stays=pl.col("current_status").is_in([*ENROLLED, "07"]).fill_null(False)
    )


@indicators("retention_rate", "two_year_retention_rate", "progression_rate")
def retention(extracts: Extracts) -> pl.DataFrame:
    held_back = (
        extracts.held("student_status_change")
        .filter(pl.col("change_type").is_in(["02", "03"]))
        .select("student_no", "effective_date")
    )
    first = _retained(extracts, 1)
    back = (
        first.select("student_no", "day", "entry_year")
        .join(held_back, on="student_no")
        .filter(
            pl.col("effective_date") > pl.date("entry_year", 9, 30),
            pl.col("effective_date") <= pl.col("day"),
        )
        .select("student_no", back=pl.lit(True))
        .unique()
    )
    first = first.join(back, on="student_no", how="left")
    all_of = {"denominator": pl.lit(1), "factor": 100}
    return pl.concat(
        [
            cells(first, "retention_rate", numerator="stays", **all_of),
            cells(_retained(extracts, 2), "two_year_retention_rate", numerator="stays", **all_of),
            cells(
                first,
                "progression_rate",
                numerator=pl.col("stays") & ~pl.col("back").fill_null(False),
                **all_of,
            ),
        ]
    )
