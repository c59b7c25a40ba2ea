"""Scholarships, honours and results of competitions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students
from warehouse.simulate.study.aid import needy
from warehouse.simulate.study.draws import Draws
from warehouse.simulate.study.residence import (
    academic_years,
    as_known,
    days_after,
    residents,
    still_there,
)

__all__ = ["award_known", "make_awards"]

_CONTESTS = ("大学生数学建模竞赛", "互联网+创新创业大赛", "挑战杯课外学术作品竞赛", "程序设计竞赛",
             "机械创新设计大赛", "英语竞赛", "广告艺术大赛", "结构设计竞赛")  # fmt: skip
_CONTEST_LEVEL = {"4": 58, "3": 32, "2": 9, "1": 1}
_LEVEL_OF = {"4": "60", "3": "23", "2": "10", "1": "70"}
_WORKS = {"308": 40, "402": 30, "310": 20, "100": 10}


def make_awards(plan: Plan, students: Students, evaluations: pl.DataFrame) -> pl.DataFrame:
    """student_award in final state, with `made` and `paid` (null: no money)."""
    parts = []
    for year in academic_years(plan):
        parts.append(_scholarships(plan, students, evaluations, year))
        parts.append(_titles(plan, students, evaluations, year))
        parts.append(_contests(plan, students, year))
    return pl.concat(parts, how="diagonal_relaxed").sort("made", "award_id", "student")


def award_known(plan: Plan, awards: pl.DataFrame) -> pl.DataFrame:
    """The rows of student_award at the cut."""
    return as_known(plan, awards, "made")


def _ranked(students: Students, evaluations: pl.DataFrame, year: int, day: date) -> pl.DataFrame:
    """Those evaluated for the year before who are there on the day, with `ratio`, the place in
    the class."""
    place = evaluations.filter(pl.col("academic_year") == f"{year - 1}-{year}").select(
        "student", "class_rank", "major_rank", ratio=pl.col("class_rank") / pl.col("class_size")
    )
    return residents(students, day).join(place, on="student", maintain_order="left")


def _scholarships(
    plan: Plan, students: Students, evaluations: pl.DataFrame, year: int
) -> pl.DataFrame:
    """In November, for the year before, by the evaluation: at most one of the state's and one of
    the school's."""
    draws = Draws(plan, "awards")
    day = date(year, 11, 25)
    rows = _ranked(students, evaluations, year, day)
    draw = draws.uniform(1, rows["student"].to_numpy(), year)
    best = (pl.col("major_rank") <= 2) & (pl.Series(draw) < 0.09)
    rows = rows.with_columns(
        state=pl.when(best).then(pl.lit("11"))
        .when(needy() & (pl.col("ratio") <= 0.3) & (pl.Series(draw) < 0.6)).then(pl.lit("12")),
        school=pl.when(pl.col("ratio") <= 0.04).then(pl.lit("2"))
        .when(pl.col("ratio") <= 0.12).then(pl.lit("3"))
        .when(pl.col("ratio") <= 0.24).then(pl.lit("4")),
    )  # fmt: skip
    common = {
        "record_type": pl.lit("奖学金"),
        "academic_year": pl.lit(f"{year - 1}-{year}"),
        "award_date": pl.lit(day),
        "notice_end_date": pl.lit(day - timedelta(days=5)),
        "made": pl.lit(datetime.combine(day, time(15))),
        "paid": pl.lit(datetime(year, 12, 15, 16)),
    }
    number = pl.col("student").cast(pl.String).str.zfill(6)
    state = rows.filter(pl.col("state").is_not_null()).with_columns(
        award_id=pl.format("JX{}A{}", pl.lit(year), number),
        award_name=pl.col("state").replace_strict({"11": "国家奖学金", "12": "国家励志奖学金"}),
        amount=pl.col("state").replace_strict({"11": 10_000.0, "12": 6_000.0}),
        grant_type="state", scholarship_type=pl.lit("01"), level=pl.lit("10"),
        awarding_body=pl.lit("教育部"), **common,
    )  # fmt: skip
    school = rows.filter(pl.col("school").is_not_null()).with_columns(
        award_id=pl.format("JX{}B{}", pl.lit(year), number),
        award_name=pl.lit("学校奖学金"), grade="school",
        amount=pl.col("school").replace_strict({"2": 2_000.0, "3": 1_200.0, "4": 600.0}),
        grant_type=pl.lit("14"), scholarship_type=pl.lit("03"), level=pl.lit("60"),
        awarding_body=pl.lit("郑州工程技术学院"), **common,
    )  # fmt: skip
    return pl.concat([_columns(state), _columns(school)], how="diagonal_relaxed")


def _titles(plan: Plan, students: Students, evaluations: pl.DataFrame, year: int) -> pl.DataFrame:
    """Honours without money: in December the good, in May the graduating."""
    draws = Draws(plan, "awards")
    good = _ranked(students, evaluations, year, date(year, 12, 10))
    leaving = residents(students, date(year + 1, 5, 25)).filter(
        pl.col("end_date") == date(year + 1, 7, 1)
    )
    parts = []
    for letter, name, rows, day, share in (
        ("C", "三好学生", good.filter(pl.col("ratio") <= 0.16), date(year, 12, 10), 0.7),
        ("D", "优秀学生干部", good.filter(pl.col("ratio") <= 0.5), date(year, 12, 10), 0.07),
        ("E", "优秀共青团员", good, date(year, 12, 10), 0.05),
        ("F", "优秀毕业生", leaving, date(year + 1, 5, 25), 0.07),
    ):
        draw = draws.uniform(5, rows["student"].to_numpy(), year, ord(letter))
        own = rows.filter(pl.Series(draw < share))
        number = pl.col("student").cast(pl.String).str.zfill(6)
        parts.append(
            _columns(
                own.with_columns(
                    award_id=pl.format("JX{}{}{}", pl.lit(year), pl.lit(letter), number),
                    record_type=pl.lit("荣誉"), award_name=pl.lit(name),
                    award_class=pl.lit("5"), level=pl.lit("60"),
                    academic_year=pl.lit(f"{year - (letter != 'F')}-{year + (letter == 'F')}"),
                    award_date=pl.lit(day), awarding_body=pl.lit("郑州工程技术学院"),
                    notice_end_date=pl.lit(day - timedelta(days=4)),
                    made=pl.lit(datetime.combine(day, time(15))),
                )
            )
        )  # fmt: skip
    return pl.concat(parts, how="diagonal_relaxed")


def _contests(plan: Plan, students: Students, year: int) -> pl.DataFrame:
    """Competitions in teams of classmates, and papers, programs and reports."""
    draws = Draws(plan, "awards")
    there = residents(students, date(year, 10, 8))
    key = there["student"].to_numpy()
    chance = 0.13 + 0.05 * there["ability"].to_numpy()
    joined = there.filter(pl.Series(draws.uniform(11, key, year) < chance)).sort(
        "class_code", "student"
    )
    joined = joined.with_columns(
        place=pl.int_range(pl.len()).over("class_code"), head=pl.col("student")
    ).with_columns(team=pl.col("place") // 3)
    group = ["class_code", "team"]
    joined = joined.with_columns(
        head=pl.col("student").min().over(group), rank=pl.col("place") % 3 + 1,
        team_size=pl.len().over(group),
    )  # fmt: skip
    head = joined["head"].to_numpy()
    level = draws.pick(12, _CONTEST_LEVEL, head, year)
    day = draws.whole(13, 45, 270, head, year)
    name = np.array(_CONTESTS)[draws.whole(14, 0, len(_CONTESTS), head, year)]
    prizes = joined.with_columns(
        award_id=pl.format("JX{}G{}", pl.lit(year), pl.col("head").cast(pl.String).str.zfill(6)),
        record_type=pl.lit("荣誉"),
        award_name=pl.Series(name),
        award_class=pl.when(pl.Series(name).is_in(["英语竞赛", "广告艺术大赛"])).then(pl.lit("1"))
        .otherwise(pl.lit("2")),
        competition_level=pl.Series(level),
        level=pl.Series(level).replace_strict(_LEVEL_OF, return_dtype=pl.String),
        grade=pl.Series(draws.pick(15, {"2": 18, "3": 34, "4": 48}, head, year)),
        award_date=days_after(date(year, 9, 1), day),
        awarding_body=pl.lit("竞赛组织委员会"),
    )  # fmt: skip
    makers = there.filter(pl.Series(draws.uniform(16, key, year) < 0.015 + 0.012
                                    * np.maximum(there["ability"].to_numpy(), 0)))  # fmt: skip
    key = makers["student"].to_numpy()
    kind = draws.pick(17, _WORKS, key, year)
    names = {"308": "学术论文", "402": "软件作品", "310": "调查报告", "100": "科技作品"}
    works = makers.with_columns(
        award_id=pl.format("JX{}H{}", pl.lit(year), pl.col("student").cast(pl.String)
                           .str.zfill(6)),
        record_type=pl.lit("科技成果"),
        award_name=pl.Series(kind).replace_strict(names, return_dtype=pl.String),
        achievement_type=pl.Series(kind),
        award_date=days_after(date(year, 9, 1), draws.whole(18, 30, 280, key, year)),
        rank=pl.lit(1), team_size=pl.Series(draws.whole(19, 1, 5, key, year)),
    )  # fmt: skip
    rows = pl.concat([_columns(prizes), _columns(works)], how="diagonal_relaxed").with_columns(
        academic_year=pl.lit(f"{year}-{year + 1}"),
        made=pl.col("award_date").dt.combine(time(17)),
    )
    return still_there(students, rows, "award_date")


_AWARD = ("award_id", "record_type", "student", "student_no", "award_name", "scholarship_type",
          "grant_type", "achievement_type", "award_class", "level", "competition_level", "grade",
          "academic_year", "amount", "award_date", "awarding_body", "rank", "team_size",
          "notice_end_date", "made", "paid")  # fmt: skip
_TYPES = {"amount": pl.Float64, "rank": pl.Int64, "team_size": pl.Int64, "paid": pl.Datetime("us"),
          "made": pl.Datetime("us"), "notice_end_date": pl.Date}  # fmt: skip


def _columns(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col(name).cast(_TYPES[name])
        if name in frame.columns and name in _TYPES
        else pl.col(name)
        if name in frame.columns
        else pl.lit(None, dtype=_TYPES.get(name, pl.String)).alias(name)
        for name in _AWARD
    )
