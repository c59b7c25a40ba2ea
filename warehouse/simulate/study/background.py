"""Where students come from: the schools before this one, and the family at home."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan, last_day
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws, invented_names
from warehouse.simulate.study.residence import as_known

__all__ = ["education_rows", "family_at", "make_family"]

_MIDDLE = ("第一初级中学", "第二初级中学", "育才中学", "镇中心中学")
_HIGH = ("第一高级中学", "第二高级中学", "实验中学", "外国语学校", "第三高级中学")
_POSTS = {"": 70, "班长": 5, "学习委员": 7, "课代表": 12, "团支部书记": 6}
#: household → occupation of the parents, GB/T 2261.4
_WORK = {
    "1": {"17": 20, "24": 24, "13": 12, "54": 16, "21": 8, "51": 9, "70": 5, "80": 4, "11": 2},
    "2": {"27": 50, "24": 20, "54": 14, "51": 8, "70": 5, "90": 3},
}
_EMPLOYED = {"17": "某公司", "24": "某工厂", "13": "某单位", "21": "某企业", "11": "某机关"}


def education_rows(plan: Plan, students: Students) -> pl.DataFrame:
    """student_education_history: two spells before this school, entered with the registration.
    Who had a junior college number here names this school's years as the spell before."""
    people = students.fates
    draws = Draws(plan, "family")
    key = people["person"].to_numpy()
    entry = people["entry_year"].to_numpy()
    further = (people["kind"] == "up").to_numpy()
    here = (people["person"] != people["student"]).to_numpy()
    parts = []
    # the last spell ends as this one begins: high school, or junior college
    for seq in (1, 2):
        last = seq == 2
        end = entry - (0 if last else 3)
        high = further ^ last
        kind = np.where(high, np.array(_HIGH)[draws.whole(1, 0, 5, key)],
                        np.array(_MIDDLE)[draws.whole(2, 0, 4, key)])  # fmt: skip
        name = np.where(high | ~further, kind, "省内某高等专科学校")
        name = np.where(further & last, np.where(here, "郑州工程技术学院", "省内某高等专科学校"),
                        name)  # fmt: skip
        start = [f"{value}-09" for value in end - 3]
        finish = [f"{value}-{'07' if college or not done else '06'}" for value, college, done in
                  zip(end, further & last, np.full(len(end), last), strict=True)]  # fmt: skip
        role = draws.pick(3 + seq, _POSTS, key)
        witness = invented_names(plan, draws.uniform(7, key, seq) < 0.5, draws.uniform(8, key, seq))
        parts.append(
            people.select(
                "student", "student_no", "entry_year",
                seq=pl.lit(seq), start_month=pl.Series(start), end_month=pl.Series(finish),
                school_name=pl.Series(name),
                school_place=pl.when(pl.Series(further & last & here)).then(pl.lit("410100"))
                .otherwise("origin_place"),
                role=pl.Series(role).replace("", None),
                witness=pl.Series(witness),
            )
        )  # fmt: skip
    rows = pl.concat(parts).sort("student", "seq")
    minute = pl.col("student") % 600
    made = pl.datetime(pl.col("entry_year"), 9, 1, 16) + pl.duration(days=3, minutes=minute)
    return as_known(plan, rows.with_columns(made=made), "made")


def make_family(plan: Plan, students: Students) -> pl.DataFrame:
    """Parents, now and then a grandparent in their place, and a brother or sister: rows of
    student_family_member of everyone, one person's the same under each of its numbers."""
    people = students.fates
    draws = Draws(plan, "family")
    key = people["person"].to_numpy()
    born = people["birth_date"].dt.year().to_numpy()
    surname = people["name"].str.slice(0, 1).to_numpy().astype(str)
    household = people["household_type"].to_numpy()
    single = draws.uniform(11, key)
    parts = []
    for seq, relation, male, keep, gap in (
        (1, "51", True, single > 0.05, draws.whole(12, 23, 36, key)),
        (2, "52", False, single < 0.97, draws.whole(13, 21, 34, key)),
        (3, "61", True, single < 0.012, draws.whole(14, 46, 60, key)),
        (4, "73", True, draws.uniform(15, key) < 0.14, -draws.whole(16, 2, 9, key)),
        (5, "75", False, draws.uniform(17, key) < 0.12, -draws.whole(18, 2, 9, key)),
    ):
        own = invented_names(plan, np.full(len(key), male), draws.uniform(19, key, seq))
        if relation != "52":
            own = np.char.add(surname, [name[1:] for name in own.tolist()])
        work = np.where(household == "1", draws.pick(20, _WORK["1"], key, seq),
                        draws.pick(20, _WORK["2"], key, seq))  # fmt: skip
        work = np.where(relation == "61", "80", np.where(seq > 3, "31", work))
        number = draws.whole(21, 0, 10**8, key, seq)
        adult = seq <= 3
        parts.append(
            people.select(
                "student", "student_no", "entry_year",
                member_name=pl.Series(own),
                relation=pl.lit(relation),
                birth_year=pl.Series(born - gap),
                employment_status=pl.Series(work),
                employer=pl.Series(work).replace_strict(_EMPLOYED, default=None,
                                                        return_dtype=pl.String),
                phone=pl.lit("154") + pl.Series(number).cast(pl.String).str.zfill(8)
                if adult else pl.lit(None, dtype=pl.String),
                address=pl.format("生源地 {} 区划 {} 号", "origin_place",
                                  pl.Series(draws.whole(22, 1, 900, key))),
                is_guardian=pl.lit(adult),
                order=pl.lit(seq),
            ).filter(pl.Series(keep))
        )  # fmt: skip
    rows = pl.concat(parts).sort("student", "order")
    return rows.with_columns(seq=pl.int_range(1, pl.len() + 1).over("student"))


def family_at(family: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """student_family_member as it stood: entered with the registration, kept after graduation."""
    made = pl.datetime(pl.col("entry_year"), 9, 4, 15) + pl.duration(minutes=pl.col("student") % 99)
    return family.with_columns(source_updated_at=made).filter(
        (pl.col("entry_year") <= moment.year) & (pl.col("source_updated_at") <= moment)
        & (pl.date(pl.col("entry_year"), 9, 1) <= last_day(moment))
    )  # fmt: skip
