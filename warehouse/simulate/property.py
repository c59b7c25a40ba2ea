"""Buildings and rooms, with the classrooms that the timetable needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.catalogue import COLLEGES, OFFICES
from warehouse.simulate.plan import Plan
from warehouse.simulate.teaching import Teaching

__all__ = ["Property", "make_property"]

#: name, use of the building, use of its rooms, share of the buildings
_KINDS = (
    ("教学楼", "11", "111", 0.22),
    ("实验楼", "13", "121", 0.14),
    ("学生公寓", "21", "311", 0.34),
    ("办公楼", "31", "211", 0.10),
    ("综合楼", "12", "123", 0.06),
    ("食堂", "22", "322", 0.06),
    ("图书馆", "14", "131", 0.04),
    ("体育馆", "15", "141", 0.04),
    ("教工公寓", "26", "313", 0.04),
)
#: The order in which rooms are numbered, and the house of those that have no house of their own:
#: research rooms stand in the laboratories, meeting rooms in the office buildings.
_ROOM_USES = ("111", "121", "311", "211", "123", "322", "131", "141", "313", "122", "299")
_HOUSE = {"122": "121", "299": "211"}
_FLOORS = 6
"Most houses have at most six floors; a small house has twelve rooms a floor."


@dataclass(frozen=True)
class Property:
    """`classrooms` maps the rank of a classroom (0 the largest) to its room code."""

    buildings: pl.DataFrame
    rooms: pl.DataFrame
    classrooms: pl.DataFrame

    def buildings_at(self, moment: datetime) -> pl.DataFrame:
        return self.buildings.filter(pl.col("source_updated_at") <= moment)

    def rooms_at(self, moment: datetime) -> pl.DataFrame:
        """Rooms of buildings that stood; those that were repaired changed their status."""
        begun = pl.col("repaired") <= moment
        return self.rooms.filter(pl.col("source_updated_at") <= moment).with_columns(
            status=pl.when(begun).then("later_status").otherwise("status"),
            source_updated_at=pl.when(begun).then("repaired").otherwise("source_updated_at"),
        )


def _buildings(plan: Plan) -> pl.DataFrame:
    rng = plan.rng("property")
    wanted = max(16, round(plan.students / 330))
    rows = []
    for name, use, room_use, share in _KINDS:
        for number in range(max(1, round(wanted * share))):
            rows.append((name, use, room_use, number))
    built = []
    for index, (name, use, room_use, number) in enumerate(rows):
        year = 1985 + int(rng.integers(0, 33))
        completed = date(year, int(rng.integers(1, 13)), 15)
        # The newest hostel and the newest laboratory opened while we look.
        if (
            name in ("学生公寓", "实验楼")
            and number
            and number == max(row[3] for row in rows if row[0] == name)
        ):
            completed = plan.start + timedelta(days=60 + 250 * (name == "实验楼"))
        area = float(rng.integers(3_000, 16_000))
        built.append(
            {
                "building_code": f"{'Z' if index % 4 else 'D'}{index + 1:03d}",
                "building_name": f"{name}{number + 1}号",
                "campus": "主校区" if index % 4 else "东校区",
                "use": use,
                "room_use": room_use,
                "structure": "4" if year > 1998 else "3",
                "condition": "10",
                "floor_area": area,
                "usable_area": round(area * 0.72, 2),
                "property_right": "1" if index % 11 else "2",
                "completed_date": completed,
                "source_updated_at": datetime.combine(completed, datetime.min.time())
                + timedelta(hours=10),
            }
        )
    return pl.DataFrame(built).filter(pl.col("completed_date") < plan.as_of)


def _seats(use: str, sizes: list[int], count: int, rng: np.random.Generator) -> list[int]:
    """Seats of each room: the classrooms that are needed and a few to spare."""
    if use == "111":
        spare = rng.choice([40, 60, 90], size=max(4, len(sizes) // 6))
        return sizes + [int(seat) for seat in spare]
    return [int(seat) for seat in rng.integers(2, 7, count) * 10]


def _room_count(plan: Plan, use: str) -> int:
    return {
        "311": plan.students * 28 // 100 + 8,
        "211": plan.staff * 55 // 100 + 6,
        "121": plan.students // 40 + 8,
        "123": plan.students // 150 + 3,
        "322": 6,
        "131": 8,
        "141": 4,
        "313": plan.staff * 25 // 100 + 4,
        "122": plan.staff * 12 // 100 + 3,
        "299": plan.staff // 30 + 2,
    }[use]  # fmt: skip


def _holders(use: str, index: int) -> str | None:
    """Offices belong to every unit in turn, laboratories to the colleges that teach majors."""
    if use in ("211", "299"):
        units = [unit.code for unit in COLLEGES] + [office[0] for office in OFFICES[:17]]
        return units[index % len(units)]
    majors = [unit.code for unit in COLLEGES if unit.share]
    return majors[index % len(majors)] if use in ("121", "122") else None


def _spacious(buildings: pl.DataFrame, rooms: pl.DataFrame) -> pl.DataFrame:
    """No house is smaller than its rooms with their corridors."""
    inside = rooms.group_by("building_code").agg(inside=(pl.col("area").sum() * 1.12).round(2))
    usable = pl.max_horizontal("usable_area", pl.col("inside").fill_null(0.0))
    return (
        buildings.join(inside, on="building_code", how="left", maintain_order="left")
        .with_columns(usable_area=usable)
        .with_columns(
            floor_area=pl.max_horizontal("floor_area", (pl.col("usable_area") / 0.72).round(2))
        )
        .drop("inside")
    )


def _measures(use: str, index: int, seat: int) -> dict[str, object]:
    """Area, seats and beds of a room."""
    if use == "311":
        return {"area": 24.0, "seats": None, "beds": 6 if index % 3 else 4}
    if use == "313":
        return {"area": 24.0 + seat * 0.6, "seats": None, "beds": 2}
    return {"area": round(seat * 1.5 + 12, 2), "seats": None if use == "211" else seat,
            "beds": None}  # fmt: skip


def make_property(plan: Plan, teaching: Teaching) -> Property:
    """Old buildings hold the classrooms, so that no class meets where nothing stands yet."""
    buildings = _buildings(plan)
    rng = plan.rng("property", 1)
    rows: list[dict[str, object]] = []
    classrooms: list[str] = []
    sizes = teaching.room_sizes
    filled: dict[str, int] = {}
    wanted = {use: _room_count(plan, use) for use in _ROOM_USES if use != "111"}
    wanted["111"] = len(_seats("111", sizes, 0, plan.rng("property", 2)))
    for use in _ROOM_USES:
        houses = buildings.filter(pl.col("room_use") == _HOUSE.get(use, use)).to_dicts()
        teaching_rooms = use == "111"
        seats = _seats(use, sizes, 0 if teaching_rooms else wanted[use], rng)
        home = _HOUSE.get(use, use)
        inside = sum(count for other, count in wanted.items() if _HOUSE.get(other, other) == home)
        per_floor = max(12, -(-inside // (len(houses) * _FLOORS)))
        for index, seat in enumerate(seats):
            house = houses[index % len(houses)]
            position = filled.get(house["building_code"], 0)
            filled[house["building_code"]] = position + 1
            floor = position // per_floor + 1
            code = f"{house['building_code']}-{floor:02d}{position % per_floor + 1:02d}"
            if teaching_rooms and index < len(sizes):
                classrooms.append(code)
            later = rng.random() < 0.03
            broken = not teaching_rooms and rng.random() < 0.04
            repaired = plan.start + timedelta(days=int(rng.integers(40, 300)))
            rows.append(
                {
                    "room_code": code,
                    "building_code": house["building_code"],
                    "floor": floor,
                    "use": use,
                    "status": "3" if broken else "1",
                    "later_status": "1",
                    "repaired": datetime.combine(repaired, datetime.min.time())
                    + timedelta(hours=11)
                    if broken and not later
                    else None,
                    **_measures(use, index, seat),
                    "is_multimedia": teaching_rooms or use == "123",
                    "unit_code": _holders(use, index),
                    "source_updated_at": house["source_updated_at"],
                }
            )
    rooms = pl.DataFrame(rows, schema_overrides={"repaired": pl.Datetime("us"), "seats": pl.Int64,
                                                 "beds": pl.Int64, "unit_code": pl.String},
                         infer_schema_length=None)  # fmt: skip
    repaired = pl.max_horizontal("repaired", pl.col("source_updated_at") + timedelta(days=30))
    rooms = rooms.with_columns(repaired=pl.when(pl.col("repaired").is_not_null()).then(repaired))
    ranks = pl.DataFrame(
        {"room_rank": np.arange(len(classrooms)), "room_code": classrooms},
        schema={"room_rank": pl.Int64, "room_code": pl.String},
    )
    return Property(_spacious(buildings, rooms), rooms, ranks)
