"""How each left school, with what, and where to."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws
from warehouse.simulate.study.residence import as_known

__all__ = ["credits_before", "destination_rows", "result_rows"]

_LEAVING = {"07": "毕业", "08": "结业", "03": "肄业"}
_INDUSTRIES = {"65": 16, "82": 14, "51": 9, "52": 10, "38": 8, "34": 7, "48": 9, "72": 9, "61": 4,
               "66": 5, "79": 5, "13": 4}  # fmt: skip
_PLACES = {"410100": 52, "410300": 6, "410700": 5, "411300": 5, "310000": 7, "330100": 7,
           "320500": 6, "440300": 6, "110000": 6}  # fmt: skip
#: class → code of destination, with weights
_CLASSES = {
    "协议和合同就业": {"20": 88, "80": 12}, "升学": {"30": 95, "40": 5},
    "灵活就业": {"60": 100}, "自主创业": {"60": 100}, "未就业": {"50": 60, "99": 40},
}  # fmt: skip
#: What a degree asks for besides graduation: the mean grade point.
_DEGREE_POINT = 1.5


def credits_before(
    plan: Plan, curriculum: Curriculum, students: Students, people: pl.DataFrame
) -> pl.DataFrame:
    """student, before: credits of the plan for the terms that lie before the window, which no
    grade of this college's extracts covers; a free elective is worth 2. Who was on leave as it
    opened had finished the terms before the leave."""
    worth = curriculum.plan.join(
        curriculum.courses.select("course_code", "credits"), on="course_code", how="left"
    ).with_columns(pl.col("credits").fill_null(2.0))
    offset = pl.when(pl.col("kind") == "up").then(4).otherwise(0)
    opening = students.at(plan.start).select("student", was="status", then="grade_year")
    gone = 2 * (pl.col("event_date").dt.year() - pl.col("entry_year"))
    gone = gone - (pl.col("event_date").dt.month() < 8).cast(pl.Int64)
    seen = people.join(opening, on="student").select(
        "student", "kind", "major_code", first=offset,
        semester_end=pl.when(pl.col("was") == "02").then(gone)
        .otherwise(2 * (plan.start.year - pl.col("then"))) + offset,
    )  # fmt: skip
    return (
        seen.join(worth, on=["kind", "major_code"])
        .filter((pl.col("semester") >= pl.col("first"))
                & (pl.col("semester") < pl.col("semester_end")))
        .group_by("student")
        .agg(before=pl.col("credits").sum())
    )  # fmt: skip


def result_rows(
    plan: Plan, curriculum: Curriculum, students: Students, grades: pl.DataFrame
) -> pl.DataFrame:
    """graduation_result, on 20 July, when the last grades are in, or when somebody left early.

    total_credits = the plan's for terms before the window + each course's best grade in it. Who
    took leave or repeated a year was put off (延期) when the others of the year graduated.
    `grades` has weight, the credits of the course, and thesis (boolean).
    """
    best = (
        grades.sort("student_no", "course_code", "total_score", maintain_order=True)
        .unique(["student_no", "course_code"], keep="last", maintain_order=True)
        .group_by("student_no")
        .agg(
            earned=pl.col("credits_earned").sum(),
            gpa=((pl.col("grade_point") * pl.col("weight")).sum() / pl.col("weight").sum())
            .round(2),
            thesis_score=pl.col("total_score").filter("thesis").max(),
        )
    )  # fmt: skip
    last = students.lives.sort("student", "seq").unique("student", keep="last", maintain_order=True)
    ended = last.filter(pl.col("status").is_in(list(_LEAVING)) & (pl.col("since") >= plan.start))
    people = students.fates.drop("major_code", "class_code")
    rows = ended.join(people, on="student", maintain_order="left")
    regular = pl.col("status") != "03"
    rows = rows.with_columns(
        made=pl.when(regular)
        .then(pl.datetime(pl.col("since").dt.year(), 7, 20, 9))
        .otherwise(pl.col("since").dt.combine(pl.time(15, 30))),
        put_off=pl.lit(False),
    )
    # Who took leave or repeats a year graduates later than the class: first the delay, then that.
    delayed = rows.filter(pl.col("event").is_in(["leave", "repeat"]) & regular).with_columns(
        made=pl.col("made").dt.offset_by("-1y"), put_off=pl.lit(True)
    )
    known = pl.concat([rows, delayed]).filter(pl.col("made") < plan.cut)
    known = known.filter(~pl.col("put_off") | (pl.col("made") >= plan.start))
    rows = known.sort("student", "made").unique("student", keep="last", maintain_order=True)
    rows = rows.join(best, on="student_no", how="left", maintain_order="left").join(
        credits_before(plan, curriculum, students, rows),
        on="student",
        how="left",
        maintain_order="left",
    )
    category = {item.code: item.major.category for item in curriculum.majors}
    branch = pl.col("major_code").replace_strict(category, return_dtype=pl.String)
    branch = pl.when(branch == "13").then(pl.lit("05")).otherwise(branch)
    graduated = ~pl.col("put_off") & (pl.col("status") == "07")
    awarded = (
        graduated & (pl.col("kind") != "zk") & (pl.col("gpa") >= _DEGREE_POINT).fill_null(False)
    )
    year = pl.col("made").dt.year()
    serial = pl.lit("11068") + year.cast(pl.String)
    number = pl.col("student").cast(pl.String).str.zfill(6)
    spring = pl.col("made").dt.month() < 9
    begun = year - spring.cast(pl.Int32)
    rows = rows.with_columns(
        graduation_term=pl.format("{}-{}-{}", begun, begun + 1,
                                  pl.when(pl.col("made").dt.month().is_between(2, 8))
                                  .then(pl.lit("2")).otherwise(pl.lit("1"))),
        result=pl.when("put_off").then(pl.lit("延期"))
        .otherwise(pl.col("status").replace_strict(_LEAVING, return_dtype=pl.String)),
        degree_awarded=awarded,
        degree=pl.when(awarded).then(pl.lit("4") + branch),
        # What is earned in the year still to come is not known when somebody is put off.
        total_credits=pl.when(~pl.col("put_off"))
        .then(pl.col("before").fill_null(0.0) + pl.col("earned").fill_null(0.0)),
        gpa=pl.when(~pl.col("put_off")).then("gpa"),
        thesis_score=pl.when(~pl.col("put_off")).then("thesis_score"),
        certificate_no=pl.when(graduated).then(pl.format("BY{}{}", serial, number)),
        degree_certificate_no=pl.when(awarded).then(pl.format("XW{}{}", serial, number)),
    )  # fmt: skip
    return as_known(plan, rows.sort("made", "student"), "made")


def destination_rows(
    plan: Plan, students: Students, staff: Staff, results: pl.DataFrame
) -> pl.DataFrame:
    """graduate_destination, reported between graduation and the end of the year. Who studies on
    here or was taken on here is reported so."""
    draws = Draws(plan, "graduation")
    rows = results.filter(pl.col("result").is_in(["毕业", "结业"]))
    key = rows["student"].to_numpy()
    further = students.fates.filter(pl.col("kind") == "up").select(
        "person", again=pl.col("entry_year")
    )
    hired = staff.fates.filter(pl.col("student").is_not_null()).select(
        "student", hired=pl.lit(True)
    )
    rows = rows.join(
        further, left_on=["person", pl.col("made").dt.year().cast(pl.Int64)],
        right_on=["person", pl.col("again").cast(pl.Int64)], how="left", maintain_order="left",
    ).join(hired, on="student", how="left", maintain_order="left")  # fmt: skip
    kind = rows["kind"].to_numpy()
    share = {"协议和合同就业": 62, "升学": 14, "灵活就业": 12, "自主创业": 1.5, "未就业": 10.5}
    junior = share | {"升学": 0, "协议和合同就业": 76}
    own = np.where(kind == "zk", draws.pick(1, junior, key), draws.pick(1, share, key))
    here = ((rows["again"].is_not_null()) & (pl.Series(kind) == "zk")).to_numpy()
    hired_here = rows["hired"].fill_null(False).to_numpy()
    own = np.where(here, "升学", np.where(hired_here, "协议和合同就业", own))
    code = np.empty(len(own), dtype="U2")
    for name, options in _CLASSES.items():
        place = own == name
        code[place] = draws.pick(2, options, key)[place]
    code = np.where(here, "30", np.where(hired_here, "20", code))
    works = np.isin(own, ["协议和合同就业", "自主创业"])
    number = draws.whole(3, 1, 400, key)
    employer = np.char.add(np.where(own == "升学", "省外某大学", "河南某企业"), "")
    employer = np.where(works, np.char.add(employer, number.astype(str)), employer)
    employer = np.where(here | hired_here, "郑州工程技术学院", employer)
    named = works | (own == "升学")
    place = np.where(here | hired_here, "410100", draws.pick(4, _PLACES, key))
    industry = np.where(hired_here, "82", draws.pick(5, _INDUSTRIES, key))
    days = np.where(own == "未就业", draws.whole(6, 120, 160, key), draws.whole(7, 1, 120, key))
    rows = rows.with_columns(
        graduation_year=pl.col("made").dt.year(),
        destination=pl.Series(code),
        destination_class=pl.Series(own),
        employer=pl.when(pl.Series(named)).then(pl.Series(employer)),
        employer_place=pl.when(pl.Series(named)).then(pl.Series(place)),
        industry=pl.when(pl.Series(works)).then(pl.Series(industry)),
        major_match=pl.when(pl.Series(works)).then(pl.Series(draws.uniform(8, key) < 0.71)),
        reported_date=pl.col("made").cast(pl.Date) + pl.duration(days=pl.Series(days)),
    ).with_columns(reported=pl.col("reported_date").dt.combine(pl.time(17, 0)))
    return as_known(plan, rows.sort("reported", "student"), "reported")
