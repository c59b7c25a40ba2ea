"""Licences of software and who has activated them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.campus.assets import Assets
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import Members
from warehouse.simulate.plan import Plan

__all__ = ["activations", "licences_at", "make_licences", "subscription_flows"]

#: Rented by the year: product, kind, seats for each member of the college, yuan a seat, share of
#: the members who activate it in a year.
_SUBSCRIPTIONS = (
    ("办公软件（校园授权）", "场地", 1.25, 9.0, 0.16),
    ("操作系统（校园授权）", "场地", 1.25, 7.0, 0.09),
    ("防病毒软件", "场地", 1.25, 2.5, 0.06),
    ("数值计算软件", "场地", 1.25, 11.0, 0.05),
    ("工程制图软件", "并发", 0.03, 160.0, 0.04),
    ("统计分析软件", "并发", 0.02, 210.0, 0.03),
    ("有限元分析软件", "并发", 0.004, 900.0, 0.005),
    ("图形图像软件", "单机", 0.02, 120.0, 0.02),
    ("程序设计工具", "并发", 0.03, 60.0, 0.03),
    ("财务教学软件", "并发", 0.01, 150.0, 0.012),
    ("视频会议软件", "并发", 0.02, 45.0, 0.02),
    ("文献管理软件", "场地", 1.25, 2.0, 0.03),
    ("翻译软件", "并发", 0.006, 130.0, 0.006),
    ("音视频编辑软件", "单机", 0.006, 180.0, 0.006),
    ("数据库软件", "单机", 0.002, 700.0, 0.002),
)
_ROUNDS = 1
"Years of subscription that are still on file before the window."
_DEVICES = ("笔记本", "台式机", "机房电脑", "平板")


def _subscriptions(plan: Plan) -> pl.DataFrame:
    """A licence for each product and year, from 1 September to 31 August, paid as it begins."""
    size = plan.students + plan.staff
    years = range(plan.start.year - _ROUNDS, plan.as_of.year + 1)
    rows = []
    for year in years:
        for index, (product, kind, seats, price, use) in enumerate(_SUBSCRIPTIONS):
            count = max(round(size * seats), 2)
            rising = 1 + 0.02 * (year - plan.start.year)
            rows.append(
                {
                    "licence": (year - 2000) * 100 + index,
                    "license_no": f"RJ{year}{index + 1:02d}",
                    "product": product,
                    "vendor": f"软件供应商（模拟）{index % 6 + 1}",
                    "license_kind": kind,
                    "seats": count,
                    "start_date": date(year, 9, 1),
                    "end_date": date(year + 1, 8, 31),
                    "cost": round(count * price * rising, 2),
                    "asset_no": None,
                    "use": use,
                }
            )
    return pl.DataFrame(rows, schema_overrides={"asset_no": pl.String})


def make_licences(plan: Plan, assets: Assets) -> pl.DataFrame:
    """software_license: subscriptions, and bought software, each with its asset card: the cost is
    the card's value, and the licence has no end."""
    draws = Draws(plan, "licences")
    cards = assets.cards.filter("is_software")
    key = cards["asset"].to_numpy()
    several = draws.uniform("kind", key) < 0.5
    seats = np.where(several, draws.integers("seats", 5, 60, key), 1)
    bought = cards.select(
        licence=pl.col("asset") + 10**6,
        license_no=pl.format("RJ{}", "asset_no"),
        product="asset_name",
        vendor=pl.format("软件供应商（模拟）{}", pl.col("asset") % 6 + 1),
        license_kind=pl.Series(np.where(several, "并发", "单机")),
        seats=pl.Series(seats),
        start_date="acquired_date",
        end_date=pl.lit(None, dtype=pl.Date),
        cost="amount",
        asset_no="asset_no",
        use=pl.lit(0.0),
    )
    rented = _subscriptions(plan)
    both = pl.concat([rented, bought.select(rented.columns)], how="vertical_relaxed")
    return both.filter(pl.col("start_date") < plan.as_of)


def licences_at(licences: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    stamp = pl.col("start_date").dt.combine(pl.time(10, 30))
    return licences.with_columns(source_updated_at=stamp).filter(
        pl.col("source_updated_at") <= moment
    )


def activations(plan: Plan, licences: pl.DataFrame, members: Members) -> pl.DataFrame:
    """software_activation: by whoever belongs to the college that day, once a licence; of
    subscriptions, never more than there are seats. Bought software is activated by
    the members of staff who come first to it."""
    draws = Draws(plan, "activations")
    parts = []
    first, last = np.datetime64(plan.start), np.datetime64(plan.as_of)
    fresh = np.datetime64(plan.start) - 60
    for row in licences.iter_rows(named=True):
        begin = np.datetime64(row["start_date"])
        if row["end_date"] is not None and np.datetime64(row["end_date"]) < first:
            continue
        licence = np.full(len(members.key), row["licence"])
        share = row["use"] or min(2.5 * row["seats"] / max(len(members.key), 1), 0.5)
        if row["use"] == 0 and begin < fresh:
            continue  # activated before the window
        wants = draws.uniform("wants", members.key, licence) < share
        if row["use"] == 0:
            wants &= ~members.student
        who = np.flatnonzero(wants)
        # Half of them in the first weeks, the rest over the year.
        delay = 364 * draws.uniform("delay", members.key[who], licence[who]) ** 2.2
        day = begin + delay.astype(np.int64).astype("timedelta64[D]")
        fits = members.present(who, day) & (day < last) & (day >= first)
        who, day = who[fits], day[fits]
        second = 8 * 3600 + draws.integers("second", 0, 14 * 3600, members.key[who], licence[who])
        at = day.astype("datetime64[s]") + second.astype("timedelta64[s]")
        order = np.lexsort((members.key[who], at))[: row["seats"]]
        kind = draws.choice("device", [0.58, 0.2, 0.17, 0.05], members.key[who], licence[who])
        number = pl.Series(members.number[who[order]])
        parts.append(
            pl.DataFrame(
                {
                    "license_no": pl.Series([row["license_no"]] * len(order), dtype=pl.String),
                    "account": number.cast(pl.String),
                    "activated_at": at[order].astype("datetime64[ms]"),
                    "device_kind": np.array(_DEVICES)[kind[order]],
                }
            )
        )
    return (
        pl.concat(parts)
        .sort("activated_at", "license_no", "account")
        .with_columns(
            activation_id=pl.format("{}-{}", "license_no", "account"),
            source_updated_at=pl.col("activated_at"),
        )
    )


def subscription_flows(plan: Plan, licences: pl.DataFrame) -> pl.DataFrame:
    """What is paid for subscriptions in the window, ten days after they begin."""
    paid = pl.col("start_date") + timedelta(days=10)
    return licences.filter(
        pl.col("asset_no").is_null() & (pl.col("start_date") >= plan.start) & (paid < plan.as_of)
    ).select(
        booked_date=paid,
        kind=pl.lit("software"),
        unit_code=pl.lit("110"),
        project_no=pl.lit(None, dtype=pl.String),
        amount="cost",
        reference="license_no",
    )
