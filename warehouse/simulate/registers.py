"""The snapshot tables of people and structure, as they stood at a census or at as-of."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import term_at
from warehouse.simulate.appointments import Appointments
from warehouse.simulate.catalogue import COLLEGES, OFFICES, SCHOOL
from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.plan import Plan, last_day
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students
from warehouse.simulate.study.politics import affiliations

__all__ = ["courses_at", "majors_at", "staff_at", "students_at", "units_at"]

_CATEGORY = {"ug": "42101", "zk": "41101", "up": "42102"}
_YEARS = {"ug": 4.0, "zk": 3.0, "up": 2.0}


def units_at(plan: Plan, appointments: Appointments, moment: datetime) -> pl.DataFrame:
    """org_unit; 继续教育中心 is closed in the middle of the window and stays listed."""
    closing = plan.start + timedelta(days=(plan.closing - plan.start).days // 2)
    rows = [(SCHOOL[0], SCHOOL[1], None, "9", date(1980, 9, 1), 0)]
    rows += [(c.code, c.name, SCHOOL[0], "1", date(c.founded, 6, 1), 200 + i)
             for i, c in enumerate(COLLEGES)]  # fmt: skip
    rows += [(code, name, SCHOOL[0], kind, date(1982 + i, 3, 1), 100 + i)
             for i, (code, name, kind, _, _) in enumerate(OFFICES)]  # fmt: skip
    frame = pl.DataFrame(
        rows,
        schema=["unit_code", "unit_name", "parent_unit_code", "unit_type", "set_up_date",
                "sort_no"],
        orient="row",
    )  # fmt: skip
    leaders = appointments.leaders_at(last_day(moment))
    closed = (pl.col("unit_code") == OFFICES[-1][0]) & (pl.lit(closing) <= last_day(moment))
    return (
        frame.join(leaders, on="unit_code", how="left", maintain_order="left")
        .with_columns(
            closed_date=pl.when(closed).then(pl.lit(closing)),
            leader_staff_no=pl.when(~closed).then("leader_staff_no"),
        )
        .with_columns(
            source_updated_at=pl.coalesce("closed_date", "since", "set_up_date").dt.combine(
                time(17, 0)
            )
        )
    )


def staff_at(staff: Staff, moment: datetime) -> pl.DataFrame:
    """staff_basic: everyone who had come by then; who left keeps the status they left with."""
    day = last_day(moment)
    term = term_at(day)
    left = pl.col("left") <= day
    away = pl.col("left").is_null() & (pl.col("away_since") <= day)
    known = staff.people.filter(pl.col("joined") <= day)
    terms = {value: term_at(value).code for value in known["left"].drop_nulls().unique()}
    month = pl.col("joined").dt.strftime("%Y-%m")
    absent = pl.when(away & (pl.col("status") != "11")).then("away_since")
    changed = pl.max_horizontal("joined", pl.lit(term.start), absent)
    return known.with_columns(
        id_doc_type=pl.lit("1"),
        work_start_date="work_start",
        personnel_relation_type="relation",
        on_post_status=pl.when(left | away).then("status").otherwise(pl.lit("11")),
        on_post_term=pl.when(left)
        .then(pl.col("left").replace_strict(terms, default=None, return_dtype=pl.String))
        .otherwise(pl.lit(term.code)),
        joined_school_date="joined",
        teaching_start_month=pl.when(pl.col("role") == "teacher").then(month),
        staff_category="category",
        staff_source="source",
        nationality=pl.lit("CHN"),
        left_date=pl.when(left).then("left"),
        leaving_reason=pl.when(left).then("reason"),
        source_updated_at=pl.when(left).then("left").otherwise(changed).dt.combine(time(18, 0)),
    )  # fmt: skip


def _counselors(plan: Plan, staff: Staff, classes: list[str], day: date) -> dict[str, str]:
    """Each class keeps its counselor while that person stays: the highest hash wins."""
    pool = staff.on_post(day).filter(pl.col("role") == "counselor")
    by_unit = {key[0]: group["staff_no"].to_list() for key, group in pool.group_by("unit")}

    def choose(code: str) -> str:
        own = by_unit["2" + code[4:6]]
        return max(own, key=lambda number: hashlib.md5(
            f"{code}{number}".encode(), usedforsecurity=False).hexdigest())  # fmt: skip

    return {code: choose(code) for code in classes}


def students_at(plan: Plan, students: Students, staff: Staff, moment: datetime) -> pl.DataFrame:
    """student_status: everyone who had come; graduates and drop-outs with their end status.

    Registration is renewed in the first ten days of each term; until then it reads 未报到.
    """
    day = last_day(moment)
    term = term_at(day)
    at = (
        students.at(day)
        .join(students.people.drop("major_code", "class_code"), on="student", maintain_order="left")
        .join(affiliations(plan, students.people), on="student", maintain_order="left")
    )
    serial = at["student"].to_numpy()
    late = (serial * 7 + serial // 11) % 100
    late = late // 10 * 24 + late % 10 + np.where(serial % 251 == 0, 24 * 90, 0)
    registers = np.datetime64(datetime.combine(term.start, time(8)), "s") + (late * 3600).astype(
        "timedelta64[s]"
    )
    done = pl.Series(registers.astype("datetime64[ms]"))
    active = pl.col("status") == "01"
    registered = active & (done < moment)
    counselors = _counselors(plan, staff, at["class_code"].unique().sort().to_list(), day)
    since = pl.col("since").dt.combine(time(15, 30)).cast(pl.Datetime("ms"))
    renewed = pl.lit(datetime.combine(term.start, time(6))).cast(pl.Datetime("ms"))
    party = [pl.when(pl.col(name) <= day).then(pl.col(name).dt.combine(time(10)))
             for name in ("admitted", "full")]  # fmt: skip
    since = pl.max_horizontal(since, *party).cast(pl.Datetime("ms"))
    return at.with_columns(
        political_affiliation=pl.when(pl.col("full") <= day).then(pl.lit("01"))
        .when(pl.col("admitted") <= day).then(pl.lit("02")).otherwise("before"),
        id_doc_type=pl.lit("1"),
        overseas_status=pl.lit(None, dtype=pl.String),
        student_category=pl.col("kind").replace_strict(_CATEGORY, return_dtype=pl.String),
        cultivation_level=pl.when(pl.col("kind") == "zk").then(pl.lit("4"))
        .otherwise(pl.lit("3")),
        entry_date=pl.date(pl.col("entry_year").cast(pl.Int32), 9, 1),
        college_code=pl.lit("2") + pl.col("major_code").str.slice(0, 2),
        school_years=pl.col("kind").replace_strict(_YEARS, return_dtype=pl.Float64),
        expected_graduation=pl.format("{}-07", "graduation"),
        current_status="status",
        register_status=pl.when(registered).then(pl.lit("1")).when(active).then(pl.lit("3")),
        counselor_staff_no=pl.col("class_code").replace_strict(
            counselors, return_dtype=pl.String
        ),
        source_updated_at=pl.when(registered).then(pl.max_horizontal(done, since))
        .when(active).then(pl.max_horizontal(renewed, since)).otherwise(since),
    )  # fmt: skip


def majors_at(plan: Plan, curriculum: Curriculum, moment: datetime) -> pl.DataFrame:
    """major: those set up by then; one that stopped recruiting stays listed as 当年停招."""
    credits = _credits(curriculum)
    intake = moment.year if moment.month >= 9 else moment.year - 1
    rows = []
    for item in curriculum.majors:
        if item.first_intake > intake:
            continue
        stopped = item.last_intake < intake
        rows.append(
            {
                "major_code": item.code,
                "major_name": item.major.name,
                "catalogue_code": item.major.catalogue_code,
                "catalogue_version": "2020" if item.major.level == "3" else "2021",
                "degree_category": item.major.category,
                "level": item.major.level,
                "college_code": item.major.college,
                "school_years": float(item.length),
                "set_up_year": item.first_intake,
                "recruit_status": "当年停招" if stopped else "在招",
                "is_new": intake - item.first_intake < 3,
                "source_updated_at": datetime(item.last_intake + 1, 5, 20, 9)
                if stopped
                else datetime(item.first_intake, 5, 20, 9),
            }
        )
    frame = pl.DataFrame(rows, schema_overrides={"degree_category": pl.String},
                         infer_schema_length=None)  # fmt: skip
    return frame.join(credits, on="major_code", maintain_order="left")


def _credits(curriculum: Curriculum) -> pl.DataFrame:
    """What the teaching plan of each major adds up to; a free elective is worth 2."""
    course = curriculum.courses.select(
        "course_code", "credits", "course_category", "hours_experiment", "hours_total"
    )
    rows = curriculum.plan.filter(pl.col("kind") != "up").join(
        course, on="course_code", how="left", maintain_order="left"
    )
    worth = pl.col("credits").fill_null(2.0)
    practice = (pl.col("course_category") == "5").fill_null(False)
    lab = (pl.col("hours_experiment") / pl.col("hours_total") * worth).fill_null(0.0)
    return rows.group_by("major_code", maintain_order=True).agg(
        total_credits=worth.sum(),
        required_credits=worth.filter(pl.col("attribute").is_in(["1", "5"])).sum(),
        practice_credits=worth.filter(practice).sum(),
        experiment_credits=lab.filter(~practice).sum().round(1),
    )


def courses_at(curriculum: Curriculum, moment: datetime) -> pl.DataFrame:
    """course: those in the catalogue by then."""
    return curriculum.courses.filter(pl.col("changed_at") <= moment).with_columns(
        source_updated_at="changed_at"
    )
