"""A2-16 (people) and A2-17: students, staff, teachers."""

from __future__ import annotations

from datetime import date

import polars as pl

from .cells import CLASSES, STAFF, cells
from .extracts import Extracts, beijing_date
from .population import head_count_days, staff_census, student_census
from .registry import indicators

__all__ = ["titles"]


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
