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
)


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
    }[use]  # fmt: skip


def make_property(plan: Plan, teaching: Teaching) -> Property:
    """Old buildings hold the classrooms, so that no class meets where nothing stands yet."""
    buildings = _buildings(plan)
    rng = plan.rng("property", 1)
    units = [unit.code for unit in COLLEGES] + [office[0] for office in OFFICES[:17]]
    rows: list[dict[str, object]] = []
    classrooms: list[str] = []
    sizes = teaching.room_sizes
    for use in ("111", "121", "311", "211", "123", "322", "131", "141"):
        houses = buildings.filter(pl.col("room_use") == use)
        teaching_rooms = use == "111"
        seats = _seats(use, sizes, 0 if teaching_rooms else _room_count(plan, use), rng)
        for index, seat in enumerate(seats):
            house = houses.row(index % len(houses), named=True)
            position = index // len(houses)
            floor = position // 12 + 1
            code = f"{house['building_code']}-{floor:02d}{position % 12 + 1:02d}"
            if teaching_rooms and index < len(sizes):
                classrooms.append(code)
            hostel, office = use == "311", use == "211"
            beds = 6 if index % 3 else 4
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
                    "area": round(seat * 1.5 + 12, 2) if not hostel else 24.0,
                    "seats": None if hostel or office else seat,
                    "beds": beds if hostel else None,
                    "is_multimedia": teaching_rooms or use == "123",
                    "unit_code": units[index % len(units)] if office or use == "121" else None,
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
    return Property(buildings, rooms, ranks)
