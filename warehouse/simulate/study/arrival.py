"""The freshman autumn: who reported when, and the stations they went through."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.study.draws import Draws
from warehouse.simulate.study.offices import handlers
from warehouse.simulate.study.residence import as_known, at_hour

__all__ = ["arrivals", "freshman_exam_days", "registration_rows", "step_rows"]

_MEANS = {"私家车": 42, "火车": 30, "大巴": 20, "飞机": 2, "其他": 6}
_REASONS = ("复读", "应征入伍", "出国", "家庭原因", "患病", "不满意专业")
#: station, unit that runs it (None: the student's college)
_STATIONS = (("信息采集", None), ("缴费", "105"), ("宿舍", "109"), ("资格审查", None),
             ("体检", "113"), ("领卡", "110"))  # fmt: skip


def freshman_exam_days(plan: Plan, student: np.ndarray) -> np.ndarray:
    """Days after 1 September on which a freshman goes to the hospital's examination: 4–13."""
    return Draws(plan, "health").whole(1, 4, 14, student)


def arrivals(plan: Plan, admitted: pl.DataFrame, bills: pl.DataFrame) -> pl.DataFrame:
    """The admitted of one year with `reported_at` (null: never) and `green_channel`: those who
    came before their tuition was due because a loan or deferral stands for it."""
    draws = Draws(plan, "intake")
    order, year = admitted["order"].to_numpy(), int(admitted["year"][0])
    day = np.array([0, 1, 2, 3, 6])[
        draws.pick(11, {"0": 46, "1": 34, "2": 15, "3": 4, "4": 1}, order, year).astype(int)
    ]
    second = 28_800 + (draws.uniform(12, order, year) * 9.5 * 3600).astype(np.int64)
    help_ = bills.filter(
        (pl.col("academic_year") == f"{year}-{year + 1}")
        & pl.col("adjustment").is_in(["3", "4"])
        & (pl.col("fee_item") == "学费")
    )["student_no"].implode()
    came = pl.col("student").is_not_null()
    return admitted.with_columns(
        reported_at=pl.when(came).then(at_hour(date(year, 9, 1), day, second)),
        green_channel=came & pl.col("student_no").is_in(help_),
    )


def registration_rows(plan: Plan, arrived: pl.DataFrame) -> pl.DataFrame:
    """freshman_registration: at the desk, and on 10 September for those who never came."""
    draws = Draws(plan, "intake")
    order, year = arrived["order"].to_numpy(), arrived["year"].to_numpy()
    missing = pl.col("student").is_null()
    absence = draws.pick(13, {"放弃": 62, "未报到": 28, "保留入学资格": 10}, order, year)
    reason = np.array(_REASONS)[draws.whole(14, 0, len(_REASONS), order, year)]
    reason = np.where(absence == "保留入学资格", "应征入伍", reason)
    rows = arrived.with_columns(
        report_status=pl.when(missing).then(pl.Series(absence)).otherwise(pl.lit("报到")),
        no_show_reason=pl.when(missing).then(pl.Series(reason)),
        transport=pl.when(~missing).then(pl.Series(draws.pick(15, _MEANS, order, year))),
        companion_count=pl.when(~missing).then(pl.Series(draws.whole(16, 0, 4, order, year))),
        made=pl.coalesce("reported_at", pl.datetime(pl.col("year"), 9, 10, 17)),
    )
    return as_known(plan, rows, "made")


def step_rows(
    plan: Plan, staff: Staff, arrived: pl.DataFrame, payments: pl.DataFrame
) -> pl.DataFrame:
    """onboarding_step of one year: the fee station is passed with the first payment, or with the
    green channel; residents pass the hostel; the examination is that of the hospital."""
    year = int(arrived["year"][0])
    opening = date(year, 9, 1)
    came = arrived.filter(pl.col("student").is_not_null())
    student = came["student"].to_numpy()
    first = (
        payments.filter(
            (pl.col("academic_year") == f"{year}-{year + 1}") & (pl.col("amount") > 0)
            & (pl.col("paid_at") < pl.datetime(year, 10, 1))
        )
        .group_by("student_no")
        .agg(paid_first=pl.col("paid_at").min().cast(pl.Datetime("us")))
    )  # fmt: skip
    came = came.join(first, on="student_no", how="left", maintain_order="left")
    draws = Draws(plan, "offices")
    before = at_hour(opening, -draws.whole(1, 1, 12, student), 36_000 + student % 30_000)
    exam = at_hour(opening, freshman_exam_days(plan, student), 28_800 + student % 14_000)
    at = pl.col("reported_at")
    when = {
        "信息采集": before,
        "缴费": pl.when("green_channel").then(at + pl.duration(minutes=12))
        .otherwise("paid_first"),
        "宿舍": pl.when(pl.col("residence_mode") == "2").then(at + pl.duration(minutes=55)),
        "资格审查": at + pl.duration(minutes=6),
        "体检": exam,
        "领卡": at + pl.duration(minutes=25),
    }  # fmt: skip
    own = ("2" + came["major_code"].str.slice(0, 2)).to_numpy()
    parts = []
    for number, (name, unit) in enumerate(_STATIONS):
        units = own if unit is None else np.full(len(came), unit)
        result = pl.lit("完成")
        if name == "缴费":
            result = pl.when("green_channel").then(pl.lit("绿色通道")).otherwise(pl.lit("已缴费"))
        desk = handlers(staff, date(year, 8, 15), date(year, 10, 1), units,
                        draws.uniform(2, student // 40, number))  # fmt: skip
        parts.append(
            came.select(
                "exam_no", done_at=when[name], step_code=pl.lit(name), result=result,
                operator_staff_no=pl.Series(desk),
            ).filter(pl.col("done_at").is_not_null())
        )  # fmt: skip
    return as_known(plan, pl.concat(parts).sort("done_at", "exam_no"), "done_at")
