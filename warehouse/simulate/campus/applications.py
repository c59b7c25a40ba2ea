"""Applications for data (annex 5 of the regulation) as they went through the office system."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.simulate.campus.calendar_months import month_days, month_numbers
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import UNITS, Roster
from warehouse.simulate.plan import Plan

__all__ = ["applications"]

_A_YEAR = 120 / 20_000
_PURPOSES = (
    "学院学风分析与学业预警", "毕业生就业状况统计", "教学质量年度报告支撑", "资产清查核对",
    "奖助学金评审复核", "校园一卡通对账", "专业建设论证材料", "图书采购需求分析",
    "迎新系统数据对接", "宿舍管理系统数据对接", "人才项目申报统计", "能耗分析与节能改造",
)  # fmt: skip


def applications(plan: Plan, roster: Roster) -> pl.DataFrame:
    """data_use_application: approved within weeks by the leading group, for at most two years,
    once the undertaking is signed; some are not approved, the latest not yet."""
    draws = Draws(plan, "applications")
    months = month_numbers(plan)
    exact = np.cumsum(np.full(len(months), max(plan.students * _A_YEAR, 12.0) / 12))
    counts = np.diff(np.floor(exact).astype(np.int64), prepend=0)
    key = np.concatenate([
        int(month.astype(np.int64)) * 1000 + np.arange(count)
        for month, count in zip(months, counts, strict=True)
    ])  # fmt: skip
    month = np.repeat(months, counts)
    days = {one: [day for day in month_days(one) if day.weekday() < 5] for one in months}
    draw = draws.uniform("day", key)
    day = np.array(
        [days[one][int(u * len(days[one]))] for one, u in zip(month, draw, strict=True)],
        dtype="datetime64[D]",
    )
    unit = np.array(UNITS)[draws.integers("unit", 0, len(UNITS), key)]
    contact = roster.member(unit, day, draws, "contact", key)
    approved = day + draws.integers("wait", 3, 26, key).astype("timedelta64[D]")
    granted = (draws.uniform("granted", key) < 0.86) & (approved < np.datetime64(plan.as_of))
    term = np.array([90, 180, 365, 730])[draws.choice("term", [0.2, 0.25, 0.45, 0.1], key)]
    by_interface = draws.uniform("kind", key) < 0.45
    supplier = draws.integers("supplier", 1, 9, key)
    signed = day + draws.integers("signed", 0, 3, key).astype("timedelta64[D]")
    pledge = (signed < np.datetime64(plan.as_of)) & (draws.uniform("pledge", key) < 0.95)
    pledge |= granted
    last = np.where(granted, approved, np.where(pledge & (signed < approved), signed, day))
    last = np.minimum(last, np.datetime64(plan.as_of) - 1)
    return (
        pl.DataFrame(
            {
                "application_no": [f"SJ{stamp:%Y%m}{value % 1000 + 1:03d}" for stamp, value in
                                   zip(day.tolist(), key.tolist(), strict=True)],
                "applied": day,
                "unit_code": unit,
                "data_kind": np.where(by_interface, "接口数据", "文件数据"),
                "purpose": np.array(_PURPOSES)[
                    draws.integers("purpose", 0, len(_PURPOSES), key)],
                "supplier": [f"数据服务商（模拟）{value}" if user else None
                             for value, user in zip(supplier, by_interface, strict=True)],
                "contact_staff_no": roster.names(contact),
                "granted": granted,
                "approved": approved,
                "expires": approved + term.astype("timedelta64[D]"),
                "pledge_signed": pledge,
                "last": last,
            }
        )
        .filter(pl.col("applied") < plan.as_of)
        .with_columns(
            approved_by=pl.when("granted").then(pl.lit("网络安全和信息化领导小组")),
            approved_date=pl.when("granted").then("approved"),
            expires_date=pl.when("granted").then("expires"),
            source_updated_at=pl.col("last").dt.combine(pl.time(16, 30)),
        )
    )  # fmt: skip
