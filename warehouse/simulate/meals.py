"""The meal cards: month by month, so that a large college fits into little memory.

`amount` is always positive; the type says the direction (消费 and 退款 take, 充值 and 补助 give).
A card is topped up by its holder's usual sum just before a purchase would bring it below the
holder's threshold, so after the n-th top-up its balance is opening + n × sum - spent: no loop over
transactions is needed, and no balance is ever negative.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights, days_of, months, next_month
from warehouse.simulate.cohorts import LENGTH
from warehouse.simulate.meal_cards import CANTEENS, Cards, open_cards
from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students

__all__ = ["book_purchases", "meal_months"]

#: name, usual chance on a term day, first and last minute, usual price in fen
_PERIODS = (
    ("早", 0.40, 390, 510, 520),
    ("中", 0.83, 680, 790, 1250),
    ("晚", 0.68, 1020, 1165, 1150),
    ("夜宵", 0.08, 1230, 1325, 900),
    ("其他", 0.17, 480, 1290, 480),
)


@dataclass(frozen=True)
class _Life:
    """Per student: days in residence and appetite, from the people frame."""

    since: np.ndarray
    until: np.ndarray
    back: np.ndarray
    end: np.ndarray
    appetite: np.ndarray
    means: np.ndarray
    entry: np.ndarray
    length: np.ndarray
    helped: np.ndarray
    canteen: np.ndarray

    def present(self, days: np.ndarray, who: np.ndarray) -> np.ndarray:
        """students `who` × days: in residence?"""
        day = days[None, :]
        first = (day >= self.since[who, None]) & (day < self.until[who, None])
        return first | ((day >= self.back[who, None]) & (day < self.end[who, None]))


def _life(plan: Plan, students: Students) -> _Life:
    people = students.people
    leave = (people["event"] == "leave").to_numpy()
    end = people["end_date"].to_numpy().astype("datetime64[D]")
    entry = people["entry_year"].to_numpy()
    commuter = (people["residence_mode"] == "1").to_numpy()
    until = np.where(leave, people["event_date"].to_numpy().astype("datetime64[D]"), end)
    since = (entry - 1970).astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(8, "M")
    return _Life(
        since=since.astype("datetime64[D]"),
        until=until,
        back=people["back_date"].to_numpy().astype("datetime64[D]"),
        end=end,
        appetite=people["appetite"].to_numpy() * np.where(commuter, 0.55, 1.0),
        means=people["means"].to_numpy(),
        entry=entry,
        length=np.array([LENGTH[kind] for kind in people["kind"]]),
        helped=plan.rng("meal_habits", 2).random(len(people)) < 0.09,
        canteen=plan.rng("meal_habits", 4).choice(
            len(CANTEENS), size=len(people), p=[0.42, 0.33, 0.22, 0.03]
        ),
    )


def _keenness(life: _Life, month: date) -> np.ndarray:
    """Freshmen eat on campus more in their first autumn; in the last spring most are away."""
    year = month.year if month.month >= 9 else month.year - 1
    stage, autumn = year - life.entry, month.month >= 9 or month.month == 1
    factor = np.where((stage == 0) & autumn, 1.25, 1.0)
    last = stage == life.length - 1
    factor = np.where(last, 0.8 if autumn else 0.4, factor)
    return life.appetite * factor


def _windows(merchants: pl.DataFrame, month: date) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative choice of window for meals and for other purchases, one row per home canteen."""
    end = next_month(month)
    is_open = merchants.select(
        (pl.col("opened_date") <= month)
        & (pl.col("closed_date").is_null() | (pl.col("closed_date") >= end))
    ).to_series().to_numpy()  # fmt: skip
    rank = 1.0 / (np.arange(len(merchants)) // len(CANTEENS) + 1.5)
    tables = []
    for meal in (True, False):
        fits = (merchants["kind"] == "餐饮").to_numpy() == meal
        rows = []
        for canteen in CANTEENS:
            home = (merchants["canteen"] == canteen).to_numpy()
            weight = rank * is_open * fits * np.where(home, 3.0, 0.6)
            rows.append(np.cumsum(weight) / weight.sum())
        tables.append(np.array(rows))
    return tables[0], tables[1]


def _purchases(
    life: _Life, month: date, rng: np.random.Generator, merchants: pl.DataFrame
) -> dict[str, np.ndarray]:
    """Unsorted purchases and subsidies of one whole month, of those who are there in it."""
    days = days_of(month)
    stamps = np.array(days, dtype="datetime64[D]")
    here = np.flatnonzero((life.since <= stamps[-1]) & (life.end > stamps[0]))
    chance = _keenness(life, month)[here, None] * day_weights(days)[None, :]
    chance = chance.astype(np.float32) * life.present(stamps, here)
    meals, others = _windows(merchants, month)
    parts = []
    for index, (_, base, low, high, price) in enumerate(_PERIODS):
        drawn = rng.random(chance.shape, dtype=np.float32)
        who, when = np.nonzero(drawn < np.minimum(chance * base, 0.97))
        who, count = here[who], len(who)
        minute = rng.triangular(low, low + (high - low) * 0.4, high, count)
        second = (minute * 3).astype(np.int64) * 20 + who % 10
        fen = price * life.means[who] * rng.lognormal(0, 0.28, count)
        table = others if index == len(_PERIODS) - 1 else meals
        place = life.canteen[who]
        flat = (table + np.arange(len(CANTEENS))[:, None]).ravel()
        window = np.searchsorted(flat, rng.random(count) * 0.999999 + place, side="right")
        window -= place * len(merchants)
        parts.append((who, stamps[when].astype("datetime64[s]") + second.astype("timedelta64[s]"),
                      np.maximum(np.rint(fen / 10).astype(np.int64) * 10, 50),
                      np.full(count, index), window))  # fmt: skip
    day = np.datetime64(month.replace(day=15))
    if month.month not in (2, 7, 8):
        who = here[life.helped[here] & life.present(np.array([day]), here)[:, 0]]
        moment = day.astype("datetime64[s]") + np.timedelta64(5 * 3600, "s")
        parts.append((who, np.full(len(who), moment) + (who % 10).astype("timedelta64[s]"),
                      np.full(len(who), -10_000), np.full(len(who), -1),
                      np.full(len(who), -1)))  # fmt: skip
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return dict(zip(("who", "at", "fen", "period", "window"), columns, strict=True))


def book_purchases(cards: Cards, rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Put purchases on the cards: sorted by card and time, with top-ups before them."""
    order = np.lexsort((rows["at"], rows["who"]))
    rows = {name: values[order] for name, values in rows.items()}
    twice = np.zeros(len(order), dtype=bool)
    twice[1:] = (rows["who"][1:] == rows["who"][:-1]) & (rows["at"][1:] == rows["at"][:-1])
    rows = {name: values[~twice] for name, values in rows.items()}
    who, fen = rows["who"], rows["fen"]
    if not len(who):
        return rows | {"top_up": fen, "balance": fen}
    first = np.r_[True, who[1:] != who[:-1]]
    group = np.cumsum(first) - 1
    running = np.cumsum(fen)
    before = (running - fen)[first]
    spent = cards.spent[who] + running - before[group]
    need = -(-(spent + cards.threshold[who] - cards.opening[who]) // cards.top_up[who])
    need = np.maximum(need, cards.top_ups[who])
    wide = np.int64(1) << 40
    need = np.maximum.accumulate(need + group * wide) - group * wide
    previous = np.r_[0, need[:-1]]
    previous = np.where(first, cards.top_ups[who], previous)
    rows["top_up"] = (need - previous) * cards.top_up[who]
    rows["balance"] = cards.opening[who] + need * cards.top_up[who] - spent
    last = np.r_[first[1:], True]
    cards.spent[who[last]] = spent[last]
    cards.top_ups[who[last]] = need[last]
    cards.changed[who[last]] = rows["at"][last]
    return rows


def _refunds(cards: Cards, life: _Life, month: date, plan: Plan) -> dict[str, np.ndarray]:
    """Who left for good is paid the rest of the card that morning, and the card is closed."""
    until = min(next_month(month), plan.as_of)
    left = (life.end >= np.datetime64(month)) & (life.end < np.datetime64(until))
    left &= life.end >= np.datetime64(plan.start)
    who = np.flatnonzero(left & (cards.balance > 0))
    fen = cards.balance[who]
    cards.spent[who] += fen
    at = life.end[who].astype("datetime64[s]") + np.timedelta64(10 * 3600, "s")
    cards.changed[who] = at
    return {"who": who, "at": at, "fen": fen}


def _frame(month: date, booked: dict[str, np.ndarray], refunds: dict[str, np.ndarray],
           students: Students, merchants: pl.DataFrame) -> pl.DataFrame:  # fmt: skip
    topped = np.flatnonzero(booked["top_up"] > 0)
    spending = booked["period"] >= 0
    gap = np.timedelta64(9, "s")
    taken = booked["balance"][topped] + booked["fen"][topped]
    zero = np.zeros(len(refunds["who"]), dtype=np.int64)
    kind = np.concatenate(
        [np.where(spending, 0, 2), np.ones(len(topped), dtype=np.int64), zero + 3]
    )
    frame = pl.DataFrame(
        {
            "who": np.concatenate([booked["who"], booked["who"][topped], refunds["who"]]),
            "traded_at": np.concatenate(
                [booked["at"], booked["at"][topped] - gap, refunds["at"]]
            ).astype("datetime64[ms]"),
            "kind": kind,
            "fen": np.concatenate(
                [np.abs(booked["fen"]), booked["top_up"][topped], refunds["fen"]]
            ),
            "balance": np.concatenate([booked["balance"], taken, zero]),
            "period": np.concatenate([booked["period"], np.full(len(topped) + len(zero), -1)]),
            "window": np.concatenate([booked["window"], np.full(len(topped) + len(zero), -1)]),
        }
    ).sort("traded_at", "who")
    types = pl.Series(["消费", "充值", "补助", "退款"], dtype=pl.String)
    periods = pl.Series([period[0] for period in _PERIODS], dtype=pl.String)
    window = frame["window"].to_numpy()
    spends = pl.col("window") >= 0
    return frame.with_columns(
        transaction_no=(
            pl.lit(month.year * 100 + month.month, dtype=pl.Int64) * 10**8
            + pl.int_range(1, pl.len() + 1)
        ).cast(pl.String),
        student_no=students.people["student_no"].gather(frame["who"]),
        card_no=(pl.col("who") + 10_000_001).cast(pl.String),
        transaction_type=types.gather(frame["kind"]),
        amount=pl.col("fen") / 100,
        balance_after=pl.col("balance") / 100,
        merchant_no=pl.when(spends).then(
            merchants["merchant_no"].gather(pl.Series(np.maximum(window, 0)))
        ),
        pos_no=pl.when(spends).then(
            pl.format("P{}", (pl.col("window") + 1) * 10 + pl.col("who") % 3)
        ),
        meal_period=pl.when(spends)
        .then(periods.gather(frame["period"].clip(0, 4)))
        .otherwise(pl.lit("其他")),
        source_updated_at=pl.col("traded_at"),
    )


def meal_months(
    plan: Plan, students: Students, merchants: pl.DataFrame, wanted: Collection[date]
) -> Iterator[tuple[date, pl.DataFrame | None, Cards]]:
    """For each month: its first day, its transactions in time order, and the cards after it.
    Of a month that is not `wanted` only the cards, whose balances run on."""
    cards, life = open_cards(plan, students), _life(plan, students)
    for index, month in enumerate(months(plan)):
        rows = _purchases(life, month, plan.rng("meals", index), merchants)
        known = rows["at"] < np.datetime64(plan.cut)
        rows = {name: values[known] for name, values in rows.items()}
        booked = book_purchases(cards, rows)
        refunds = _refunds(cards, life, month, plan)
        frame = None
        if month in wanted:
            frame = _frame(month, booked, refunds, students, merchants)
        yield month, frame, cards
