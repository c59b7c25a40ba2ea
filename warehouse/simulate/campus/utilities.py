"""Water, electricity, gas and heat of the rooms, month by month."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights
from warehouse.simulate.campus.calendar_months import month_days, month_numbers
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.plan import Plan
from warehouse.simulate.property import Property

__all__ = ["readings", "utility_flows"]

#: kind → mark in the meter's number, yuan a unit (ton, kWh, cubic metre, GJ)
_KINDS = {"水": ("S", 4.15), "电": ("D", 0.56), "燃气": ("R", 3.24), "热": ("H", 46.0)}
#: use of a room → kWh in a usual month, a square metre
_POWER = {"311": 3.2, "211": 2.6, "121": 4.5, "122": 4.8, "123": 6.5, "111": 1.5, "313": 2.4,
          "322": 14.0, "131": 5.0, "141": 3.0, "299": 1.2}  # fmt: skip
#: use of a room → tons of water in a usual month, a square metre
_WATER = {"313": 0.16, "121": 0.06, "322": 2.6, "141": 0.4, "131": 0.1}
_BED = 2.1
"Tons of water in a usual month, a bed."
_GAS = {"322": 3.5}
_HEAT = {"313": 0.052, "131": 0.06, "322": 0.05, "141": 0.07, "299": 0.05}
#: How much of the year's cooling and heating falls into each month.
_CLIMATE = (1.25, 1.05, 0.85, 0.75, 0.9, 1.3, 1.7, 1.7, 1.2, 0.75, 0.95, 1.2)
_WINTER = {11: 0.5, 12: 1.0, 1: 1.15, 2: 0.95, 3: 0.45}
_GROWTH = 0.018
"A year's growth of consumption."
_LIVED_IN = {"311", "322", "111", "121", "123"}


def _meters(estate: Property) -> pl.DataFrame:
    rooms = estate.rooms.with_row_index("room").filter(pl.col("status") == "1")
    parts = [
        rooms.filter(pl.col("use").is_in(list(rates))).select(
            "room", "room_code", "use", "area", pl.lit(kind).alias("kind"), "source_updated_at",
            meter_no=pl.format("{}-{}", pl.lit(_KINDS[kind][0]), "room_code"),
            rate=pl.col("use").replace_strict(rates, return_dtype=pl.Float64) * pl.col("area"),
        )
        for kind, rates in (("电", _POWER), ("水", _WATER), ("燃气", _GAS), ("热", _HEAT))
    ]  # fmt: skip
    # A floor of a hostel has one water meter, in its first room.
    floor = rooms.filter(pl.col("use") == "311").sort("room_code").group_by(
        "building_code", "floor", maintain_order=True
    ).agg(
        pl.col("room").first(), pl.col("room_code").first(), pl.col("use").first(),
        pl.col("source_updated_at").first(), area=pl.col("area").sum(), beds=pl.col("beds").sum(),
    )  # fmt: skip
    parts.append(floor.select(
        "room", "room_code", "use", "area", pl.lit("水").alias("kind"), "source_updated_at",
        meter_no=pl.format("S-{}", "room_code"), rate=pl.col("beds") * _BED,
    ))  # fmt: skip
    return pl.concat(parts)


def _season(kind: str, month: date) -> tuple[float, float]:
    """What a room in term use and one used all the year takes of its usual month."""
    days = month_days(np.datetime64(month, "M"))
    life = float(day_weights(days).sum()) / 24
    if kind == "热":
        return _WINTER.get(month.month, 0.0), _WINTER.get(month.month, 0.0)
    climate = _CLIMATE[month.month - 1] if kind == "电" else 1.0
    return climate * (0.08 + 0.92 * life), climate * (0.75 + 0.25 * life)


def readings(plan: Plan, estate: Property) -> pl.DataFrame:
    """utility_reading: whole months, read on the first of the next; heat only in winter."""
    draws = Draws(plan, "utilities")
    meters = _meters(estate)
    code = np.array([ord(mark[0]) for mark, _ in _KINDS.values()])
    order = np.array([list(_KINDS).index(kind) for kind in meters["kind"]])
    key = meters["room"].to_numpy().astype(np.int64) * 200 + code[order]
    habit = np.exp(0.3 * draws.normal("habit", key))
    stands = meters["source_updated_at"].to_numpy().astype("datetime64[M]")
    term_room = meters["use"].is_in(list(_LIVED_IN)).to_numpy()
    rate = meters["rate"].to_numpy()
    price = np.array([value for _, value in _KINDS.values()])[order]
    parts = []
    for index, month in enumerate(month_numbers(plan)):
        read = (month + 1).astype("datetime64[D]").tolist()
        if read >= plan.as_of:
            break
        first = month.astype("datetime64[D]").tolist()
        seasons = np.array([_season(kind, first) for kind in _KINDS])[order]
        season = np.where(term_room, seasons[:, 0], seasons[:, 1])
        noise = np.exp(0.12 * draws.normal("month", key, int(month.astype(np.int64))))
        usual = rate * habit * noise * (1 + _GROWTH) ** (index / 12)
        quantity = np.round(usual * season, 2)
        rows = np.flatnonzero((stands < month) & (season > 0))
        parts.append(
            meters[rows].select("meter_no", "room_code", "kind").with_columns(
                month=pl.lit(str(month)),
                quantity=pl.Series(quantity[rows]),
                amount=pl.Series(np.round(quantity * price, 2)[rows]),
                source_updated_at=pl.lit(read).dt.combine(pl.time(6, 0)),
            )
        )  # fmt: skip
    return pl.concat(parts)


def utility_flows(rows: pl.DataFrame) -> pl.DataFrame:
    """What the works are paid: each kind each month, on the day of the reading."""
    return (
        rows.group_by("month", "kind", maintain_order=True)
        .agg(
            pl.col("amount").sum().round(2),
            booked_date=pl.col("source_updated_at").first().dt.date(),
        )
        .select(
            "booked_date",
            kind=pl.lit("utility"),
            unit_code=pl.lit("109"),
            project_no=pl.lit(None, dtype=pl.String),
            amount="amount",
            reference=pl.format("{}费{}", "kind", "month"),
        )
    )
