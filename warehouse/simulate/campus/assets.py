"""The cards of the fixed assets: what was bought when, by whom, where it stands, what became of it.

Books are counted by the library and have no card. A card keeps its row after disposal, with the
status of its end; the value a unit holds on a day is the sum of the changes up to that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.campus.asset_kinds import ALWAYS, KINDS, kind_index
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import UNITS, Roster
from warehouse.simulate.campus.places import Places
from warehouse.simulate.catalogue import COLLEGES
from warehouse.simulate.plan import Plan, last_day

__all__ = ["Assets", "make_assets"]

_PER_STUDENT = 3.1
_A_YEAR = 0.185
"Cards for each student: held, and bought in a year."
#: Share of a year's purchases in each month: budgets are spent before December.
_BUYING = (0.02, 0.01, 0.05, 0.07, 0.08, 0.09, 0.05, 0.06, 0.10, 0.12, 0.18, 0.17)
_NEVER = np.datetime64("2200-01-01", "D")
_MAJORS = tuple(unit.code for unit in COLLEGES if unit.share)
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
        booked = pl.lit(datetime(moment.year, moment.month, 1, 1, 30))
        runs = ~ended & (used >= 1) & (used <= life)
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
            net_value=(original * (1 - pl.min_horizontal(used, life) / life)).round(2),
            unit_code=pl.when(moved).then("new_unit").otherwise("unit_code"),
            room_code=pl.when(moved).then("new_room").otherwise("room_code"),
            keeper_staff_no=self.roster.names(keeper),
            status=pl.when(ended & pl.col("lost")).then(pl.lit("5"))
            .when(ended).then(pl.lit("6"))
            .when(waiting & ~pl.col("lost")).then(pl.lit("4"))
            .when(idle).then(pl.lit("2"))
            .otherwise(pl.lit("1")),
            source_updated_at=pl.when(runs).then(pl.max_horizontal(at_ten, booked))
            .otherwise(at_ten),
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


def _batches(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Month (first day) and number of cards bought in it, for every month the window touches."""
    month = np.datetime64(plan.start, "M")
    found = np.arange(month, np.datetime64(plan.as_of, "M") + 1)
    share = np.array(_BUYING)[found.astype(np.int64) % 12]
    exact = np.cumsum(share * plan.students * _A_YEAR)
    whole = np.floor(exact).astype(np.int64)
    return found, np.diff(whole, prepend=0)


def _acquisitions(plan: Plan, draws: Draws) -> tuple[np.ndarray, np.ndarray, int]:
    """Index and day of every card, and how many of them were there when the window opens."""
    stock = max(200, round(plan.students * (_PER_STUDENT - _A_YEAR * plan.years)))
    old = np.arange(stock)
    age = 20 + (1 - draws.uniform("age", old) ** 0.45) * 365 * 14
    start = np.datetime64(plan.start, "D")
    days = [start - np.rint(age).astype("timedelta64[D]")]
    for month, count in zip(*_batches(plan), strict=True):
        index = stock + sum(len(part) for part in days[1:]) + np.arange(count)
        day = draws.integers("day", 0, 28, index)
        days.append(month.astype("datetime64[D]") + day.astype("timedelta64[D]"))
    day = np.concatenate(days)
    # Deliveries are taken over on working days.
    weekend = np.maximum((day.astype(np.int64) + 3) % 7 - 4, 0)
    back = np.where(
        (day - day.astype("datetime64[M]")).astype(np.int64) >= 2, -weekend, 3 - weekend
    )
    day = day + np.where(weekend > 0, back, 0).astype("timedelta64[D]")
    return np.arange(len(day)), day, stock


def _kinds(draws: Draws, asset: np.ndarray, stock: int) -> np.ndarray:
    kind = draws.choice("kind", [item.share for item in KINDS], asset)
    place = 0
    for name, count in ALWAYS:
        kind[place : min(place + count, stock)] = kind_index(name)
        place += count
    return kind


def _units(draws: Draws, asset: np.ndarray, kind: np.ndarray) -> np.ndarray:
    places = np.array([item.place for item in KINDS])[kind]
    share = [unit.share for unit in COLLEGES if unit.share]
    college = np.array(_MAJORS)[draws.choice("college", share, asset)]
    office = np.array(UNITS)[draws.integers("unit", 0, len(UNITS), asset)]
    fixed = {"class": "104", "hostel": "109", "canteen": "109", "library": "111", "gym": "209",
             "network": "110", "vehicle": "109", "none": "110"}  # fmt: skip
    unit = np.where(np.isin(places, ["lab", "computer"]), college, office)
    for place, code in fixed.items():
        unit = np.where(places == place, code, unit)
    return unit


def _first_year(
    plan: Plan, draws: Draws, question: str, chance: np.ndarray, asset: np.ndarray,
    acquired: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """The day of the first academic year in which it happens, or never; `chance` is
    assets × years. It happens at the earliest half a year after the acquisition."""
    start = np.datetime64(plan.start, "D")
    found = np.full(len(asset), _NEVER)
    for year in range(chance.shape[1]):
        happens = draws.uniform(question, asset, year) < chance[:, year]
        offset = draws.integers(question + "/day", 20, 330, asset, year)
        day = start + (365 * year + offset).astype("timedelta64[D]")
        fits = happens & (found == _NEVER) & (day > acquired + np.timedelta64(180, "D"))
        found = np.where(fits, day, found)
    return found


def _fates(plan: Plan, draws: Draws, asset: np.ndarray, acquired: np.ndarray,
           kind: np.ndarray) -> dict[str, np.ndarray]:  # fmt: skip
    years = plan.years + 1
    life = np.array([item.life for item in KINDS])[kind]
    movable = np.array([item.place in ("office", "lab", "computer") for item in KINDS])[kind]
    machine = np.array([item.price > 5_000 and not item.software for item in KINDS])[kind]
    begin = np.datetime64(plan.start, "D") + (365 * np.arange(years)).astype("timedelta64[D]")
    age = (begin[None, :] - acquired[:, None]).astype(np.int64) / 365.25
    dying = np.where(age >= life[:, None], 0.075, 0.004)
    even = np.ones((len(asset), years))
    ended = _first_year(plan, draws, "end", dying, asset, acquired)
    moved = _first_year(plan, draws, "move", 0.03 * movable[:, None] * even, asset, acquired)
    raised = _first_year(plan, draws, "raise", 0.008 * machine[:, None] * even, asset, acquired)
    idle = _first_year(plan, draws, "idle", 0.008 * even, asset, acquired)
    margin = np.timedelta64(90, "D")
    late = [np.where(day < ended - margin, day, _NEVER) for day in (moved, raised, idle)]
    return {"ended": ended, "moved": late[0], "raised": late[1], "idle": late[2]}


def make_assets(plan: Plan, places: Places, roster: Roster) -> Assets:
    draws = Draws(plan, "assets")
    asset, acquired, stock = _acquisitions(plan, draws)
    kind = _kinds(draws, asset, stock)
    unit = _units(draws, asset, kind)
    fates = _fates(plan, draws, asset, acquired, kind)
    # A card that changes hands goes to a unit of its own sort.
    shift = 1 + draws.integers("shift", 0, len(_MAJORS) - 1, asset)
    place = np.array([item.place for item in KINDS])[kind]
    of_college = np.isin(place, ["lab", "computer"])
    order = {code: index for index, code in enumerate(_MAJORS)}
    rank = np.array([order.get(code, 0) for code in unit.tolist()])
    another = np.array(UNITS)[
        (np.array([UNITS.index(code) for code in unit.tolist()]) + shift) % len(UNITS)
    ]
    new_unit = np.where(of_college, np.array(_MAJORS)[(rank + shift) % len(_MAJORS)], another)
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
    later = np.where(fates["moved"] == _NEVER, stands, fates["moved"])
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
