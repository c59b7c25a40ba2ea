"""Who has which office and which flat. No flat has two tenants, no office more desks than room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from warehouse.simulate.campus.calendar_months import month_numbers
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.places import Places
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff

__all__ = ["allocations", "rents"]

_DESK = {"teacher": 8.0, "counselor": 9.0, "officer": 9.0, "support": 8.0}
"Square metres a desk; below head of division at most 9 (发改投资〔2014〕2674号, remembered)."
_FAR = date(2200, 1, 1)


class _Rooms:
    """What is free: floor space in offices, whole flats. Dates only move forward."""

    def __init__(self, places: Places, start: date) -> None:
        rooms = places.rooms.filter(pl.col("source_updated_at") < start)
        self.space: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.used: dict[str, float] = defaultdict(float)
        self.flats: list[tuple[str, float]] = []
        for row in rooms.iter_rows(named=True):
            if row["use"] == "211":
                self.space[row["unit_code"]].append((row["room_code"], row["area"]))
            elif row["use"] == "313":
                self.flats.append((row["room_code"], row["area"]))
        self.let: set[str] = set()

    def desk(self, unit: str, share: float, draw: float, *, but: str | None) -> str | None:
        """An office of the unit that holds one more desk, and is not the one left just now."""
        offices = self.space[unit]
        for step in range(len(offices)):
            code, area = offices[(int(draw * len(offices)) + step) % len(offices)]
            if code != but and self.used[code] + share <= area:
                self.used[code] += share
                return code
        return None

    def flat(self, draw: float) -> tuple[str, float] | None:
        for step in range(len(self.flats)):
            code, area = self.flats[(int(draw * len(self.flats)) + step) % len(self.flats)]
            if code not in self.let:
                self.let.add(code)
                return code, area
        return None


def _events(plan: Plan, staff: pl.DataFrame, draws: Draws) -> Iterator[tuple[date, int, str, int]]:
    """(day, 0 leaves or 1 comes, what, staff): whole academic years, in order of time."""
    events: list[tuple[date, int, str, int]] = []
    start = plan.start
    key = staff["staff_no"].cast(pl.Int64).to_numpy()
    wants = draws.uniform("flat", key) < 0.34
    years = draws.integers("years", 2, 8, key)
    for index, row in enumerate(staff.iter_rows(named=True)):
        joined, left = row["joined"], row["left"] or _FAR
        if left <= start:
            continue
        begin = max(joined, date(1990, 1, 1))
        if row["role"] in _DESK:
            events.append((max(begin, start), 1, "desk", index))
            events.append((left, 0, "desk", index))
            for year in range(plan.drawn_years.stop - plan.start.year):
                if draws.uniform("moves", key[index], year)[0] < 0.22:
                    offset = int(draws.integers("move", 5, 330, key[index], year)[0])
                    day = start + timedelta(days=365 * year + offset)
                    if begin + timedelta(days=60) < day < left - timedelta(days=30):
                        events.append((day, 1, "move", index))
        due = begin + timedelta(days=365 * int(years[index]))
        if wants[index] and due > start:
            events.append((max(begin, start), 1, "flat", index))
            events.append((min(due, left), 0, "flat", index))
    yield from sorted(events, key=lambda event: (event[0], event[1], event[3]))


@dataclass
class _Allocation:
    staff_no: str
    room_code: str
    allocation_type: str
    tenure: str | None
    start_date: date
    area_share: float
    monthly_rent: float | None
    changed: date
    end_date: date | None = None


class _Book:
    """Who holds what now, and every allocation made."""

    def __init__(self, plan: Plan, rooms: _Rooms) -> None:
        self.plan, self.rooms = plan, rooms
        self.rows: list[_Allocation] = []
        self.desks: dict[str, _Allocation] = {}
        self.flats: dict[str, _Allocation] = {}

    def end(self, row: _Allocation, day: date) -> None:
        row.end_date, row.changed = max(day - timedelta(days=1), row.start_date), day
        if row.allocation_type == "办公":
            self.rooms.used[row.room_code] -= row.area_share
            del self.desks[row.staff_no]
        else:
            self.rooms.let.discard(row.room_code)
            del self.flats[row.staff_no]

    def desk(self, who: dict[str, Any], day: date, draw: float) -> None:
        """A first desk, or another one; who finds none stays."""
        held = self.desks.get(who["staff_no"])
        share = _DESK[who["role"]]
        before = held.room_code if held else None
        code = self.rooms.desk(who["unit"], share, draw, but=before)
        if code is None:
            return
        if held:
            self.end(held, day)
        row = _Allocation(
            who["staff_no"], code, "办公", None, self.since(who, day), share, None, day
        )
        self.desks[row.staff_no] = row
        self.rows.append(row)

    def flat(self, who: dict[str, Any], day: date, draw: float) -> None:
        found = self.rooms.flat(draw)
        if found is None:
            return
        code, area = found
        kind, rate = ("周转房", 9.0) if draw < 0.75 else ("公租房", 12.5)
        row = _Allocation(who["staff_no"], code, kind, "05", self.since(who, day), area,
                          round(area * rate, 2), day)  # fmt: skip
        self.flats[row.staff_no] = row
        self.rows.append(row)

    def since(self, who: dict[str, Any], day: date) -> date:
        """What was held when the window opened began when its holder came."""
        return day if day > self.plan.start else min(max(who["joined"], date(1990, 9, 1)), day)


def allocations(plan: Plan, staff: Staff, places: Places) -> pl.DataFrame:
    """staff_room_allocation: those that held when the window opened, and all later ones. An end
    is the last day in the room; the room is handed back the next morning. Offices cost nothing;
    a flat's rent is by the square metre."""
    draws = Draws(plan, "housing")
    people = staff.fates.filter(pl.col("role") != "external")
    facts = people.select("staff_no", "unit", "role", "joined").rows(named=True)
    book = _Book(plan, _Rooms(places, plan.start))
    for day, comes, what, index in _events(plan, people, draws):
        if day >= plan.as_of:
            break
        who = facts[index]
        number = who["staff_no"]
        held = book.flats.get(number) if what == "flat" else book.desks.get(number)
        draw = float(draws.uniform(what, int(number), day.toordinal())[0])
        if not comes:
            if held:
                book.end(held, day)
        elif what == "flat":
            book.flat(who, day, draw)
        elif what == "desk" or held:
            book.desk(who, day, draw)
    schema = {"end_date": pl.Date, "tenure": pl.String, "monthly_rent": pl.Float64}
    frame = pl.DataFrame([vars(row) for row in book.rows], schema_overrides=schema,
                         infer_schema_length=None)  # fmt: skip
    stands = places.rooms.select("room_code", stands=pl.col("source_updated_at").dt.date())
    begun = pl.max_horizontal("start_date", "stands")
    changed = pl.when(pl.col("end_date").is_not_null()).then("changed").otherwise(begun)
    return frame.join(stands, on="room_code", how="left", maintain_order="left").with_columns(
        start_date=begun, source_updated_at=changed.dt.combine(pl.time(8, 30))
    )


def rents(plan: Plan, rows: pl.DataFrame) -> pl.DataFrame:
    """Rent taken in each month, from the flats let on its last day; booked on that day."""
    let = rows.filter(pl.col("monthly_rent").is_not_null())
    found = []
    for month in month_numbers(plan):
        last = ((month + 1).astype("datetime64[D]") - np.timedelta64(1, "D")).tolist()
        if last >= plan.as_of:
            break
        stays = pl.col("end_date").is_null() | (pl.col("end_date") > last)
        held = let.filter((pl.col("start_date") <= last) & stays)
        if len(held):
            found.append((last, round(held["monthly_rent"].sum(), 2), f"ZJ{last:%Y%m}"))
    schema = {"booked_date": pl.Date, "amount": pl.Float64, "reference": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row").with_columns(
        kind=pl.lit("rent"), unit_code=pl.lit("112"), project_no=pl.lit(None, dtype=pl.String)
    )
