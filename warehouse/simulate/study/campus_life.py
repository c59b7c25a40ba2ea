"""Clubs, volunteering, practice, and examinations for certificates."""

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

__all__ = ["activity_rows", "certificate_rows"]

_CLUBS = (
    ("科技", "机器人协会"), ("科技", "程序设计协会"), ("人文社会", "读书会"),
    ("人文社会", "辩论社"), ("体育", "篮球社"), ("体育", "羽毛球社"), ("体育", "跑步社"),
    ("文艺", "合唱团"), ("文艺", "街舞社"),
    ("文艺", "摄影社"), ("创新创业", "创业沙龙"), ("其他", "志愿者协会"),
)  # fmt: skip
_SERVICES = ("图书馆整理", "社区支教", "敬老院慰问", "环保宣传", "迎新引导", "赛会服务", "献血宣传",
             "文明交通劝导")  # fmt: skip
_PRACTICES = {"21": 34, "23": 22, "25": 16, "15": 8, "11": 8, "22": 6, "02": 6}
_PRACTICE_NAMES = {"21": "就业见习", "23": "红色研学考察", "25": "暑期三下乡", "15": "暑期支教",
                   "11": "大型活动策划", "22": "政务见习", "02": "信息化服务"}  # fmt: skip


def activity_rows(plan: Plan, students: Students) -> pl.DataFrame:
    """student_activity: clubs for the year, single services, and the summer's practice; entered
    when over, a club when joined."""
    parts = []
    for year in academic_years(plan):
        parts += [_clubs(plan, students, year), _services(plan, students, year)]
        parts.append(_practice(plan, students, year))
    rows = pl.concat(parts, how="diagonal_relaxed").sort("made", "activity_no", "student")
    rows = rows.with_columns(over=pl.col("end_date").dt.combine(time(20)))
    return as_known(plan, rows, "made", {"over": ["end_date", "result"]})


def _clubs(plan: Plan, students: Students, year: int) -> pl.DataFrame:
    draws = Draws(plan, "campus_life")
    there = residents(students, date(year, 10, 9))
    key = there["student"].to_numpy()
    chance = np.select(
        [there["stage"].to_numpy() == 0, there["stage"].to_numpy() == 1], [0.62, 0.4], 0.14
    )
    club = (draws.uniform(1, key, year) ** 1.5 * len(_CLUBS)).astype(np.int64)
    rows = there.with_columns(club=pl.Series(club)).filter(
        pl.Series(draws.uniform(2, key, year) < chance)
    )
    key = rows["student"].to_numpy()
    leads = draws.uniform(3, key, year) < 0.06
    names = dict(enumerate(name for _, name in _CLUBS))
    kinds = dict(enumerate(kind for kind, _ in _CLUBS))
    away = pl.col("event").is_in(["leave", "dropout"]) & pl.col("event_date").is_between(
        date(year, 10, 9), date(year + 1, 6, 20)
    )
    return rows.with_columns(
        activity_no=pl.format("HD{}S{}", pl.lit(year), pl.col("club").cast(pl.String)
                              .str.zfill(3)),
        activity_type=pl.lit("社团"),
        activity_name=pl.col("club").replace_strict(names) + "年度活动",
        club_name=pl.col("club").replace_strict(names),
        club_class=pl.col("club").replace_strict(kinds),
        role=pl.when(pl.Series(leads)).then(pl.lit("负责人")).otherwise(pl.lit("成员")),
        start_date=pl.lit(date(year, 10, 9)),
        end_date=pl.when(away).then("event_date").otherwise(pl.lit(date(year + 1, 6, 20))),
        result=pl.Series(draws.pick(4, {"优秀": 15, "合格": 85}, key, year)),
        made=pl.lit(date(year, 10, 9)).dt.combine(time(20)),
    )  # fmt: skip


def _services(plan: Plan, students: Students, year: int) -> pl.DataFrame:
    """Up to four services a year, each one of its week's."""
    draws = Draws(plan, "campus_life")
    there = residents(students, date(year, 9, 20))
    key = there["student"].to_numpy()
    parts = []
    for slot, chance in enumerate((0.62, 0.5, 0.35, 0.2)):
        week = draws.whole(11, 0, 36, key, year, slot)
        week = week[(on := draws.uniform(12, key, year, slot) < chance)]
        rows = there.filter(pl.Series(on))
        who = rows["student"].to_numpy()
        kind = draws.whole(13, 0, len(_SERVICES), who // 400, year, week)
        hours = draws.whole(14, 2, 9, who // 400, year, week)
        day = days_after(date(year, 9, 26), week * 7)
        parts.append(
            rows.with_columns(
                activity_no=pl.format("HD{}V{}{}", pl.lit(year), pl.Series(week).cast(pl.String)
                                      .str.zfill(2), pl.Series(who // 400).cast(pl.String)
                                      .str.zfill(3)),
                activity_type=pl.lit("志愿服务"),
                activity_name=pl.Series(np.array(_SERVICES)[kind]),
                role=pl.lit("志愿者"),
                start_date=day, end_date=day, service_hours=pl.Series(hours.astype(float)),
                result=pl.lit("合格"), made=day.dt.combine(time(20)),
            )
        )  # fmt: skip
    rows = pl.concat(parts).unique(["activity_no", "student"], keep="first", maintain_order=True)
    return still_there(students, rows, "start_date")


def _practice(plan: Plan, students: Students, year: int) -> pl.DataFrame:
    """Four weeks in July, of those who stay; teams of a class do the same."""
    draws = Draws(plan, "campus_life")
    there = residents(students, date(year + 1, 7, 10))
    key = there["student"].to_numpy()
    rows = there.filter(pl.Series(draws.uniform(21, key, year) < 0.72))
    team = rows["class_code"].cast(pl.Int64).to_numpy()
    kind = pl.Series(draws.pick(22, _PRACTICES, team, year))
    mark = {"优秀": 20, "良好": 45, "合格": 35}
    over = date(year + 1, 8, 8)
    rows = rows.with_columns(
        activity_no=pl.format("HD{}P{}", pl.lit(year), "class_code"),
        activity_type=pl.lit("社会实践"),
        activity_name=kind.replace_strict(_PRACTICE_NAMES),
        practice_type=kind,
        practice_level=pl.when(pl.Series(draws.uniform(23, team, year) < 0.25)).then(pl.lit("1"))
        .otherwise(pl.lit("2")),
        role=pl.lit("队员"),
        start_date=pl.lit(date(year + 1, 7, 12)), end_date=pl.lit(over),
        result=pl.Series(draws.pick(24, mark, rows["student"].to_numpy(), year)),
        made=pl.lit(over).dt.combine(time(20)),
    )  # fmt: skip
    return still_there(students, rows, "end_date")


#: exam, month and day, weeks to the result, chance to sit it by stage, mean, spread, pass mark
_SITTINGS = (
    ("CET4", (12, 14), 9, (0.18, 0.5, 0.32, 0.1), 425, 55, 425),
    ("CET4", (6, 13), 9, (0.55, 0.4, 0.25, 0.05), 425, 55, 425),
    ("CET6", (12, 14), 9, (0.0, 0.22, 0.42, 0.3), 422, 50, 425),
    ("CET6", (6, 13), 9, (0.1, 0.4, 0.4, 0.12), 422, 50, 425),
    ("NCRE", (9, 21), 7, (0.0, 0.16, 0.08, 0.04), 62, 14, 60),
    ("NCRE", (3, 27), 7, (0.14, 0.18, 0.08, 0.02), 62, 14, 60),
    ("普通话", (11, 23), 5, (0.05, 0.16, 0.1, 0.06), 83, 5, 80),
    ("教师资格", (10, 26), 6, (0.0, 0.0, 0.08, 0.08), 72, 13, 70),
    ("职业资格", (5, 18), 6, (0.01, 0.08, 0.16, 0.1), 66, 11, 60),
)


def certificate_rows(plan: Plan, students: Students) -> pl.DataFrame:
    """student_certificate: sat in the terms, the result some weeks later (until then there is no
    row); who passed does not sit again, but for a better CET score. The older ones of the first
    year may have passed before."""
    draws = Draws(plan, "campus_life")
    parts = []
    passed = pl.DataFrame(schema={"student": pl.Int64, "exam_code": pl.String})
    dated = [
        (date(year + (month < 9), month, day), index)
        for year in academic_years(plan)
        for index, (_, (month, day), *_) in enumerate(_SITTINGS)
    ]
    for held, index in sorted(dated):
        name, _, weeks, chances, mean, spread, limit = _SITTINGS[index]
        there = residents(students, held).join(
            passed.filter(pl.col("exam_code") == name), on="student", how="anti",
            maintain_order="left",
        )  # fmt: skip
        if name == "CET6":  # only who has CET4; of the older ones nothing is known
            four = passed.filter(pl.col("exam_code") == "CET4")["student"].implode()
            older = pl.col("entry_year") < plan.start.year
            there = there.filter(older | pl.col("student").is_in(four))
        key, ability = there["student"].to_numpy(), there["ability"].to_numpy()
        day = (held - date(2000, 1, 1)).days
        stage = np.clip(there["stage"].to_numpy() + 2 * (there["kind"] == "up").to_numpy(), 0, 3)
        already = (there["entry_year"].to_numpy() < plan.start.year) & (
            ability + draws.normal(31, key, len(name) + ord(name[-1])) > 0.9
        )
        sits = (draws.uniform(32, key, day, index) < np.array(chances)[stage]) & ~already
        score = mean + spread * (0.75 * ability + 0.66 * draws.normal(33, key, day, index))
        score = np.clip(np.rint(score), 0.25 * mean, 710 if mean > 100 else 100)
        done = score >= limit
        result = date.fromordinal(held.toordinal() + 7 * weeks)
        grade = np.where(done, _grade(name, score), "")
        rows = there.with_columns(
            exam_code=pl.lit(name),
            exam_date=pl.lit(held),
            score=pl.Series(score.astype(float)),
            grade=pl.Series(grade).replace("", None),
            passed=pl.Series(done),
            certificate_no=pl.when(pl.Series(done)).then(
                pl.format("ZS{}{}{}", pl.lit(f"{held:%y%m}"), pl.lit(index),
                          pl.col("student").cast(pl.String).str.zfill(6))),
            made=pl.lit(result).dt.combine(time(10)),
        ).filter(pl.Series(sits))  # fmt: skip
        parts.append(rows)
        passed = pl.concat([passed, rows.filter("passed").select("student", "exam_code")])
    return as_known(plan, pl.concat(parts).sort("made", "student", "exam_code"), "made")


def _grade(name: str, score: np.ndarray) -> np.ndarray:
    if name == "普通话":
        return np.select([score >= 92, score >= 87], ["一级乙等", "二级甲等"], "二级乙等")
    if name == "NCRE":
        return np.select([score >= 90, score >= 80], ["优秀", "良好"], "及格")
    return np.full(len(score), "合格")
