"""The windows where students pay, and the cards they pay with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students

__all__ = ["CANTEENS", "Cards", "account_rows", "make_merchants", "merchants_at", "open_cards"]

CANTEENS = ("第一食堂", "第二食堂", "第三食堂", "清真食堂")
_STALLS = (
    "面食", "米饭套餐", "盖浇饭", "麻辣烫", "包子粥铺",
    "烩面", "炒菜", "饺子", "米线", "烧饼",
)  # fmt: skip


def make_merchants(plan: Plan) -> pl.DataFrame:
    """The windows; some open and some close while we look."""
    rng = plan.rng("meal_habits", 1)
    count = 12 + round(plan.students / 170)
    kind = np.array(["餐饮"] * count, dtype="U2")
    kind[[3, *range(7, count, 9)]] = "超市"
    kind[[4, *range(8, count, 13)]] = "热水"
    canteen = np.array(CANTEENS)[np.arange(count) % len(CANTEENS)]
    span = (plan.closing - plan.start).days
    opened = [date(2012 + int(rng.integers(0, 9)), 9, 1) for _ in range(count)]
    closed: list[date | None] = [None] * count
    for index in range(9, count):
        if index % 7 == 2:
            opened[index] = plan.start + timedelta(days=int(rng.integers(20, span)))
        elif index % 7 == 5:
            closed[index] = plan.start + timedelta(days=int(rng.integers(20, span - 365)))
    label = {"超市": "超市", "热水": "热水房"}
    names = [
        f"{place}{label.get(what) or _STALLS[index % len(_STALLS)]}{index + 1}号"
        for index, (place, what) in enumerate(zip(canteen, kind, strict=True))
    ]
    return pl.DataFrame(
        {
            "merchant_no": [f"M{index + 1:04d}" for index in range(count)],
            "merchant_name": names,
            "canteen": canteen,
            "kind": kind,
            "opened_date": opened,
            "closed_date": pl.Series(closed, dtype=pl.Date),
        }
    )


def merchants_at(merchants: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """meal_merchant as it stood: windows that had opened; a closing is known from its day on."""
    day = moment.date()
    known = merchants.filter(pl.col("opened_date") <= day).with_columns(
        closed_date=pl.when(pl.col("closed_date") <= day).then("closed_date")
    )
    updated = pl.coalesce("closed_date", "opened_date").dt.combine(pl.time(1, 0))
    return known.with_columns(source_updated_at=updated)


@dataclass
class Cards:
    """One card per student number, in the students' order. Amounts are whole fen.
    `spent` counts purchases, refunds and, negative, subsidies."""

    opening: np.ndarray
    top_up: np.ndarray
    threshold: np.ndarray
    spent: np.ndarray
    top_ups: np.ndarray
    changed: np.ndarray

    @property
    def balance(self) -> np.ndarray:
        return self.opening + self.top_ups * self.top_up - self.spent


def open_cards(plan: Plan, students: Students) -> Cards:
    def rng(column: int) -> np.random.Generator:
        """One stream a column: more students leave the cards of the others as they were."""
        return plan.rng("meal_habits", 0, column)

    count = len(students.people)
    top_up = rng(0).choice([5_000, 10_000, 20_000, 30_000, 50_000], size=count,
                        p=[0.1, 0.36, 0.3, 0.16, 0.08])  # fmt: skip
    old = (students.people["entry_year"] < plan.start.year).to_numpy()
    opening = np.where(old, (rng(1).random(count) * top_up).astype(np.int64) // 10 * 10 + 500, 0)
    entry = (students.people["entry_year"].to_numpy() - 1970).astype("datetime64[Y]")
    opened = entry.astype("datetime64[M]") + np.timedelta64(8, "M")
    changed = opened.astype("datetime64[D]").astype("datetime64[s]") + np.timedelta64(28800, "s")
    return Cards(
        opening=opening,
        top_up=top_up,
        threshold=rng(2).integers(2, 25, count) * 100,
        spent=np.zeros(count, dtype=np.int64),
        top_ups=np.zeros(count, dtype=np.int64),
        changed=changed,
    )


def account_rows(students: Students, cards: Cards, moment: datetime, plan: Plan) -> pl.DataFrame:
    """meal_account as it stood at a moment, right after the last month before it was booked."""
    lost = plan.rng("meal_habits", 3).random(len(students.people)) < 0.004
    people = students.people.with_columns(
        fen=pl.Series(cards.balance),
        changed=pl.Series(cards.changed.astype("datetime64[ms]")),
        lost=pl.Series(lost),
        opened_date=pl.date(pl.col("entry_year").cast(pl.Int32), 9, 1),
    ).filter(pl.col("opened_date") <= moment.date())
    closed = pl.col("end_date").dt.combine(pl.time(10, 0)) <= moment
    return people.select(
        card_no=(pl.col("student") + 10_000_001).cast(pl.String),
        student_no="student_no",
        card_status=pl.when(closed).then(pl.lit("注销")).when("lost").then(pl.lit("挂失"))
        .otherwise(pl.lit("正常")),
        opened_date="opened_date",
        balance=pl.col("fen") / 100,
        source_updated_at=pl.when(closed)
        .then(pl.max_horizontal("changed", pl.col("end_date").dt.combine(pl.time(10, 0))))
        .otherwise("changed"),
    )  # fmt: skip
