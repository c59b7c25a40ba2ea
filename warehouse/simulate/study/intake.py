"""Admission: plans, and who was admitted: everyone who entered, and some who never came.

Candidate numbers are year (two digits), division of origin (six) and a serial (six); scores follow
the control line of the batch. A further bachelor's student has a candidate number for each of the
two admissions.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from warehouse.simulate.identity import draw_birthdays, draw_ethnicities, draw_names, id_numbers
from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws
from warehouse.simulate.study.residence import as_known, at_hour

__all__ = ["admitted_in", "plan_rows", "record_rows"]

_NO_SHOW = 0.03
#: kind → batch, first day of admission, control line 物理, 历史 (up: both the same)
_BATCH = {"ug": ("本科批", (7, 18), 427, 428), "zk": ("专科批", (8, 8), 200, 210),
          "up": ("专升本批", (7, 2), 152, 152)}  # fmt: skip
_SCHOOLS = ("第一高级中学", "第二高级中学", "实验中学", "外国语学校", "第三高级中学", "第一中学")


def admitted_in(plan: Plan, students: Students, year: int) -> pl.DataFrame:
    """Everyone admitted for one September: `student` is null for those who never came."""
    draws = Draws(plan, "intake")
    came = students.fates.filter(pl.col("entry_year") == year).select(
        "student", "student_no", "kind", "name", "sex", "birth_date", "id_card_no", "ethnicity",
        "political_affiliation", "origin_place", "entry_mode", "ability", "major_code",
        "household_type", "residence_mode",
    ).with_columns(
        political_affiliation=pl.when(pl.col("political_affiliation").is_in(["01", "02"]))
        .then(pl.lit("03")).otherwise("political_affiliation")
    )  # fmt: skip
    rows = pl.concat([came, _never_came(plan, came, year)], how="diagonal_relaxed")
    count = len(rows)
    order = np.arange(count)
    serial = (order * 7_919 + 104_729 * (year % 7)) % 999_983
    history = rows["major_code"].str.slice(0, 2).is_in(["06", "07", "08", "03"]).to_numpy()
    history &= draws.uniform(1, order, year) < 0.8
    kind = rows["kind"].to_numpy()
    line = np.array([_BATCH[value][2 + int(h)] for value, h in zip(kind, history, strict=True)])
    spread = np.where(kind == "up", 14.0, np.where(kind == "ug", 22.0, 45.0))
    above = 1.9 + 0.35 * rows["ability"].to_numpy() + 0.8 * draws.normal(2, order, year)
    first = [date(year, *_BATCH[value][1]) for value in kind]
    days = np.array(first, dtype="datetime64[D]") - np.datetime64(f"{year}-01-01")
    days = days.astype(np.int64) + draws.whole(3, 0, 5, order, year)
    origin = pl.col("origin_place").str.slice(0, 2) + "0000"
    return rows.with_columns(
        year=pl.lit(year),
        order=pl.Series(order),
        exam_no=pl.format("{}{}{}", pl.lit(str(year % 100)), "origin_place",
                          pl.Series(serial).cast(pl.String).str.zfill(6)),
        batch=pl.col("kind").replace_strict({k: v[0] for k, v in _BATCH.items()}),
        subject_group=pl.when(pl.col("kind") == "up").then(pl.lit("专升本"))
        .when(pl.Series(history)).then(pl.lit("历史类")).otherwise(pl.lit("物理类")),
        province=pl.when(pl.col("kind") == "up").then(pl.lit("410000")).otherwise(origin),
        control_line=pl.Series(line.astype(float)),
        total_score=pl.Series(np.rint(line + spread * np.clip(above, 0.05, 6.5))),
        decided_at=at_hour(date(year, 1, 1), days, 57_600 + order % 1_800),
    )  # fmt: skip


def _never_came(plan: Plan, came: pl.DataFrame, year: int) -> pl.DataFrame:
    """People admitted like some of those who came, with names and numbers of their own."""
    rng = plan.rng("intake", year)
    count = max(3, round(len(came) * _NO_SHOW))
    like = came[np.sort(rng.choice(len(came), size=count, replace=False))]
    male = (like["sex"] == "1").to_numpy()
    further = (like["kind"] == "up").to_numpy()
    birthday = draw_birthdays(rng, year - 19 - 3 * further)
    return like.select("kind", "sex", "origin_place", "major_code", "household_type").with_columns(
        student=pl.lit(None, dtype=pl.Int64),
        student_no=pl.lit(None, dtype=pl.String),
        name=pl.Series(draw_names(rng, male)),
        birth_date=pl.Series(birthday),
        id_card_no=pl.Series(id_numbers(rng, birthday, male, block=2 + year % 8)),
        ethnicity=pl.Series(draw_ethnicities(rng, count)),
        political_affiliation=pl.lit("03"),
        entry_mode=pl.lit("01"),
        ability=pl.Series(rng.normal(0.2, 1.0, count)),
    )


def record_rows(plan: Plan, admitted: pl.DataFrame) -> pl.DataFrame:
    """admission_record."""
    draws = Draws(plan, "intake")
    order, year = admitted["order"].to_numpy(), admitted["year"].to_numpy()
    school = np.array(_SCHOOLS)[draws.whole(4, 0, len(_SCHOOLS), order, year)]
    wish = draws.pick(5, {"1": 52, "2": 22, "3": 12, "4": 7, "5": 4, "6": 3}, order, year)
    number = draws.whole(6, 0, 10**8, order, year)
    rows = admitted.with_columns(
        middle_school=pl.format("{}{}", pl.lit("生源地"), pl.Series(school)),
        candidate_type=pl.format(
            "{}{}", pl.when(pl.col("household_type") == "1").then(pl.lit("城市"))
            .otherwise(pl.lit("农村")),
            pl.when(pl.Series(draws.uniform(7, order, year) < 0.88)).then(pl.lit("应届"))
            .otherwise(pl.lit("往届"))),
        admission_type=pl.when(pl.col("entry_mode") == "04").then(pl.lit("06"))
        .otherwise(pl.lit("01")),
        preference_rank=pl.Series(wish).cast(pl.Int64),
        admitted_date=pl.col("decided_at").cast(pl.Date),
        address=pl.format("生源地 {} 区划 {} 号", "origin_place", pl.Series(number % 900 + 1)),
        phone=pl.lit("154") + pl.Series(number).cast(pl.String).str.zfill(8),
    )  # fmt: skip
    return as_known(plan, rows, "decided_at")


def plan_rows(plan: Plan, admitted: pl.DataFrame) -> pl.DataFrame:
    """admission_plan: published in May, with the scores once its places are filled."""
    key = ["year", "province", "batch", "subject_group", "major_code"]
    rows = (
        admitted.group_by(key)
        .agg(
            taken=pl.len(),
            control_line=pl.col("control_line").first(),
            min_score=pl.col("total_score").min(),
            avg_score=pl.col("total_score").mean().round(2),
            filled=pl.col("decided_at").max(),
            first=pl.col("order").min(),
        )
        .sort(key)
    )
    draw = Draws(plan, "intake").uniform(8, rows["first"].to_numpy(), rows["year"].to_numpy())
    rows = rows.with_columns(
        plan_no=pl.format("ZS{}{}", "year", pl.int_range(1, pl.len() + 1).over("year")
                          .cast(pl.String).str.zfill(4)),
        plan_count=pl.col("taken") + pl.Series((draw < 0.1).astype(np.int64)),
        published=pl.datetime(pl.col("year"), 5, 20, 9),
        announced=pl.datetime(pl.col("year"), 6, 25, 9),
    )  # fmt: skip
    return as_known(
        plan, rows, "published",
        {"announced": ["control_line"], "filled": ["min_score", "avg_score"]},
    )  # fmt: skip
