"""Who holds a post among the students, and who was punished."""

from __future__ import annotations

from datetime import date, time

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws
from warehouse.simulate.study.residence import (
    academic_years,
    as_known,
    days_after,
    residents,
    still_there,
)

__all__ = ["cadre_rows", "discipline_rows"]

_VIOLATIONS = {"12": 46, "03": 22, "11": 10, "05": 8, "06": 6, "13": 5, "04": 3}
_CADRES = (("班级", "班长"), ("班级", "学习委员"), ("班级", "生活委员"), ("班级", "文体委员"),
           ("团支部", "团支书"), ("团支部", "组织委员"), ("团支部", "宣传委员"))  # fmt: skip
_UNION = ("主席团成员", "学习部干事", "文艺部干事", "体育部干事", "宣传部干事")


def cadre_rows(plan: Plan, students: Students) -> pl.DataFrame:
    """student_cadre: seven posts in each class, each held by another, and the union; from late
    September (freshmen mid-October) to the end of the year, or until the holder goes."""
    draws = Draws(plan, "awards")
    parts = []
    for year in academic_years(plan):
        there = residents(students, date(year, 10, 15))
        key = there["student"].to_numpy()
        there = there.with_columns(draw=pl.Series(draws.uniform(31, key, year)))
        order = pl.col("draw").rank("ordinal").over("class_code").cast(pl.Int64) - 1
        posts = there.with_columns(order=order).filter(pl.col("order") < len(_CADRES))
        posts = posts.with_columns(
            organization=pl.col("order").replace_strict(
                dict(enumerate(o for o, _ in _CADRES)), return_dtype=pl.String),
            post=pl.col("order").replace_strict(
                dict(enumerate(p for _, p in _CADRES)), return_dtype=pl.String),
            post_level=pl.lit("班"),
        )  # fmt: skip
        union = there.filter(pl.Series(draws.uniform(32, key, year) < 0.05))
        key = union["student"].to_numpy()
        rank = pl.Series(draws.uniform(33, key) < 0.3)
        union = union.with_columns(
            organization=pl.lit("学生会"),
            post=pl.Series(np.array(_UNION)[draws.whole(34, 0, len(_UNION), key, year)]),
            post_level=pl.when(rank).then(pl.lit("校")).otherwise(pl.lit("院")),
        )
        rows = pl.concat([posts, union], how="diagonal_relaxed")
        fresh = pl.col("entry_year") == year
        away = pl.col("event").is_in(["leave", "dropout"]) & pl.col("event_date").is_between(
            date(year, 10, 15), date(year + 1, 7, 4)
        )
        key = rows["student"].to_numpy()
        mark = draws.pick(35, {"优秀": 22, "合格": 74, "基本合格": 4}, key, year)
        parts.append(
            rows.with_columns(
                start_date=pl.when(fresh).then(pl.lit(date(year, 10, 15)))
                .otherwise(pl.lit(date(year, 9, 25))),
                end_date=pl.min_horizontal(
                    pl.when(away).then("event_date"),
                    pl.when(pl.col("end_date") == date(year + 1, 7, 1))
                    .then(pl.lit(date(year + 1, 6, 20))),
                    pl.lit(date(year + 1, 7, 4)),
                ),
                appraisal=pl.Series(mark),
            )
        )  # fmt: skip
    rows = pl.concat(parts, how="diagonal_relaxed")
    rows = still_there(students, rows, "start_date").with_columns(
        made=pl.col("start_date").dt.combine(time(11)),
        over=pl.col("end_date").dt.combine(time(11)),
    )
    return as_known(plan, rows, "made", {"over": ["end_date", "appraisal"]}).sort("made", "student")


def discipline_rows(plan: Plan, students: Students, grades: pl.DataFrame) -> pl.DataFrame:
    """student_discipline: whoever cheated in an examination, and what else happens. The period
    ends while the student is here, else the punishment stands."""
    draws = Draws(plan, "awards")
    keys = students.fates.select("student", "student_no")
    cheats = (
        grades.filter(pl.col("absent_cheat") == "2")
        .join(keys, on="student_no", maintain_order="left")
        .select(
            "student", "student_no", code=pl.lit("03"),
            # the paper was sat in the exam weeks; the record of it is entered afterwards
            violation_date=pl.col("recorded_at").cast(pl.Date)
            - pl.duration(days=8 + pl.col("recorded_at").dt.day() % 5),
            decided_date=pl.col("recorded_at").cast(pl.Date) + pl.duration(days=4),
        )
    )  # fmt: skip
    parts = [cheats]
    for year in academic_years(plan):
        there = residents(students, date(year, 9, 20))
        key = there["student"].to_numpy()
        chance = np.where((there["sex"] == "1").to_numpy(), 0.016, 0.005)
        day = draws.whole(41, 20, 290, key, year)
        rows = there.select(
            "student", "student_no",
            code=pl.Series(draws.pick(42, _VIOLATIONS, key, year)),
            violation_date=days_after(date(year, 9, 1), day),
            decided_date=days_after(date(year, 9, 1), day + draws.whole(43, 6, 26, key, year)),
        )  # fmt: skip
        parts.append(rows.filter(pl.Series(draws.uniform(44, key, year) < chance)))
    rows = still_there(students, pl.concat(parts), "decided_date")
    rows = rows.sort("decided_date", "student", "code")
    key = rows["student"].to_numpy()
    day = rows["decided_date"].to_physical().cast(pl.Int64).to_numpy()
    cheated = (rows["code"] == "03").to_numpy()
    usual = draws.pick(46, {"1": 55, "2": 30, "3": 12, "4": 3}, key, day)
    punishment = np.where(cheated, draws.pick(45, {"3": 60, "4": 30, "2": 10}, key, day), usual)
    months = np.select([punishment == "4", punishment == "3"], [12, 9], 6)
    year = pl.col("decided_date").dt.year()
    rows = rows.with_columns(
        decision_no=pl.format("校学处〔{}〕{}号", year, pl.int_range(1, pl.len() + 1).over(year)),
        violation_type="code",
        punishment=pl.Series(punishment),
        period_months=pl.Series(months),
        revoked_date=pl.col("decided_date")
        + pl.duration(days=pl.Series(months * 31 + draws.whole(47, 0, 20, key, day))),
        appeal_result=pl.when(pl.Series(draws.uniform(48, key, day) < 0.03)).then(
            pl.lit("维持原处分")),
        made=pl.col("decided_date").dt.combine(time(16)),
    )  # fmt: skip
    held = still_there(students, rows, "revoked_date").select("decision_no", freed=pl.lit(True))
    rows = rows.join(held, on="decision_no", how="left", maintain_order="left").with_columns(
        revoked_date=pl.when("freed").then("revoked_date")
    )
    rows = rows.with_columns(over=pl.col("revoked_date").dt.combine(time(16)))
    return as_known(plan, rows, "made", {"over": ["revoked_date"]})
