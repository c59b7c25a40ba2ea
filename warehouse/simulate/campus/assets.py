"""The cards of the fixed assets: what was bought when, by whom, where it stands, what became of it.

Books are counted by the library and have no card. A card keeps its row after disposal, with the
status of its end; the value a unit holds on a day is the sum of the changes up to that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.campus.asset_kinds import KINDS, kind_index
from warehouse.simulate.campus.asset_lives import (
    MAJORS,
    NEVER,
    draw_acquisitions,
    draw_fates,
    draw_kinds,
    draw_units,
)
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import UNITS, Roster
from warehouse.simulate.campus.places import Places
from warehouse.simulate.plan import Plan, last_day

__all__ = ["Assets", "make_assets"]

_SOFTWARE = ("教务软件", "数据库管理软件", "虚拟化软件", "工程设计软件", "统计分析软件",
             "图像处理软件", "财务软件", "仿真软件", "网络管理软件")  # fmt: skip


@dataclass(frozen=True)
class Assets:
    """`cards`: one row per asset in the order of acquisition, `asset` its index, with the facts
    that never change and the days of what happens to it (null: nothing in the window)."""

    cards: pl.DataFrame
    plan: Plan
    roster: Roster
    draws: Draws

    def cards_at(self, moment: datetime) -> pl.DataFrame:
        """asset_card as it stood at a moment."""
        day = np.datetime64(last_day(moment), "D")
        rows = self.cards.filter(pl.col("acquired_date") <= last_day(moment))
        moved = (rows["moved"] <= last_day(moment)).fill_null(False)
        keeper, since = self._keepers(rows, day, moved.to_numpy())
        ended = (pl.col("ended") <= last_day(moment)).fill_null(False)
        raised = (pl.col("raised") <= last_day(moment)).fill_null(False)
        idle = (pl.col("idle") <= last_day(moment)).fill_null(False)
        waiting = (pl.col("ended") <= last_day(moment) + timedelta(days=60)).fill_null(False)
        month = pl.lit(moment.year * 12 + moment.month)
        stop = pl.col("ended").dt.year() * 12 + pl.col("ended").dt.month()
        used = pl.when(ended).then(pl.min_horizontal(month, stop)).otherwise(month) - (
            pl.col("acquired_date").dt.year() * 12 + pl.col("acquired_date").dt.month()
        )
        life = pl.col("life") * 12
        original = pl.col("amount") + pl.when(raised).then("raise").otherwise(0.0)
        # A month's depreciation is booked in the first night of the next, until nothing is left.
        whole = pl.min_horizontal(used, life)
        month_end = pl.col("acquired_date").dt.month_start().dt.offset_by(pl.format("{}mo", whole))
        booked = pl.when(whole >= 1).then(month_end.dt.combine(pl.time(1, 30)))
        at_ten = pl.max_horizontal(
            "acquired_date",
            pl.when(pl.col("moved") <= last_day(moment)).then("moved"),
            pl.when(ended).then("ended"),
            pl.when(waiting & ~ended).then(pl.col("ended") - timedelta(days=60)),
            pl.when(raised).then("raised"),
            pl.when(idle).then("idle"),
            pl.Series(since.astype("datetime64[D]")),
        ).dt.combine(pl.time(10, 0))
        return rows.with_columns(
            original_value=original.round(2),
            net_value=(original * (1 - whole / life)).round(2),
            unit_code=pl.when(moved).then("new_unit").otherwise("unit_code"),
            room_code=pl.when(moved).then("new_room").otherwise("room_code"),
            keeper_staff_no=self.roster.names(keeper),
            status=pl.when(ended & pl.col("lost")).then(pl.lit("5"))
            .when(ended).then(pl.lit("6"))
            .when(waiting & ~pl.col("lost")).then(pl.lit("4"))
            .when(idle).then(pl.lit("2"))
            .otherwise(pl.lit("1")),
            source_updated_at=pl.max_horizontal(at_ten, booked),
        )  # fmt: skip

    def _keepers(
        self, rows: pl.DataFrame, day: np.datetime64, moved: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Who keeps each card on a day, and since when: until a keeper leaves, nobody else does."""
        here = rows["unit_code"].to_numpy().astype("U3")
        units = np.where(moved, rows["new_unit"].fill_null("").to_numpy().astype("U3"), here)
        start = np.datetime64(self.plan.start, "D")
        acquired = rows["acquired_date"].to_numpy().astype("datetime64[D]")
        handed = rows["moved"].fill_null(date(1900, 1, 1)).to_numpy().astype("datetime64[D]")
        base = np.maximum(np.maximum(acquired, start), np.where(moved, handed, start))
        asset = rows["asset"].to_numpy()
        key = np.where(moved, asset + 10_000_000, asset)
        base = np.minimum(base, day)
        now = self.roster.member(units, np.full(len(rows), day), self.draws, "keeper", key,
                                 base=base)  # fmt: skip
        first = self.roster.member(units, base, self.draws, "keeper", key, base=base)
        changed = now != first
        left = np.where(changed, self.roster.left[np.maximum(first, 0)], acquired)
        return now, np.where(left <= day, left, acquired)


def make_assets(plan: Plan, places: Places, roster: Roster) -> Assets:
    draws = Draws(plan, "assets")
    asset, acquired, stock = draw_acquisitions(plan, draws)
    kind = draw_kinds(draws, asset, stock)
    unit = draw_units(draws, asset, kind)
    fates = draw_fates(plan, draws, asset, acquired, kind)
    # A card that changes hands goes to a unit of its own sort.
    shift = 1 + draws.integers("shift", 0, len(MAJORS) - 1, asset)
    place = np.array([item.place for item in KINDS])[kind]
    of_college = np.isin(place, ["lab", "computer"])
    order = {code: index for index, code in enumerate(MAJORS)}
    rank = np.array([order.get(code, 0) for code in unit.tolist()])
    another = np.array(UNITS)[
        (np.array([UNITS.index(code) for code in unit.tolist()]) + shift) % len(UNITS)
    ]
    new_unit = np.where(of_college, np.array(MAJORS)[(rank + shift) % len(MAJORS)], another)
    start = np.datetime64(plan.start, "D")
    stands = np.maximum(acquired, start)
    price = np.array([item.price for item in KINDS])[kind]
    spread = np.array([item.spread for item in KINDS])[kind]
    price = np.rint(price * np.exp(spread * draws.normal("price", asset)) * 10) / 10
    large = kind == kind_index("大型精密仪器")
    price = np.where(large, np.maximum(price, 412_000), np.minimum(price, 389_000))
    most = np.array([item.pieces for item in KINDS])[kind]
    pieces = 1 + (draws.uniform("pieces", asset) * most).astype(np.int64)
    amount = np.round(price * pieces, 2)
    growth = np.rint(amount * (0.08 + 0.2 * draws.uniform("growth", asset)))
    software = np.array([item.software for item in KINDS])[kind]
    names = np.array([item.name for item in KINDS], dtype="U12")[kind]
    title = np.array(_SOFTWARE)[draws.integers("title", 0, len(_SOFTWARE), asset)]
    fund = np.array(["1", "3", "4", "2"])[draws.choice("fund", [0.64, 0.29, 0.03, 0.04], asset)]
    letter = np.array(list("ABCDEFGH"))[draws.integers("letter", 0, 8, asset)]
    model = np.char.add(letter, draws.integers("model", 100, 999, asset).astype("U3"))
    cards = pl.DataFrame(
        {
            "asset": asset,
            "kind": kind,
            "asset_name": np.where(software, title, names),
            "class_code": np.array([item.code for item in KINDS])[kind],
            "model": model,
            "unit_price": price,
            "quantity": pieces,
            "amount": amount,
            "raise": growth,
            "acquired_date": acquired,
            "use_direction": np.array([item.use for item in KINDS])[kind],
            "unit_code": unit,
            "new_unit": new_unit,
            "fund_origin": fund,
            "is_it_asset": np.array([item.it for item in KINDS])[kind],
            "is_software": software,
            "life": np.array([item.life for item in KINDS])[kind],
            "lost": draws.uniform("lost", asset) < 0.03,
            **fates,
        }
    ).with_columns(
        pl.when(pl.col(name) < date(2150, 1, 1)).then(pl.col(name)).alias(name) for name in fates
    )
    room = places.rooms_for(place, unit, stands, draws, "room", asset)
    later = np.where(fates["moved"] == NEVER, stands, fates["moved"])
    new_room = places.rooms_for(place, new_unit, later, draws, "new room", asset)
    return Assets(
        cards.with_columns(
            room_code=room,
            new_room=new_room,
            asset_no=pl.format(
                "ZC{}{}", pl.col("acquired_date").dt.year(),
                (pl.col("asset") + 1).cast(pl.String).str.zfill(7),
            ),
        ).filter(pl.col("acquired_date") < plan.as_of),
        plan, roster, draws,
    )  # fmt: skip
