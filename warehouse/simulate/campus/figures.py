"""What the college counts on 1 September: the figures behind the yearly returns.

Numbers of tables (高基311 …) are those of 高等教育学校（机构）统计报表; one group of cells is one
figure. All of it is counted from the simulated college, so that a warehouse that counts right
finds the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from warehouse.simulate.campus.assets import Assets
from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.property import Property
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students

__all__ = ["College", "Figure", "figures"]

#: return code, indicator, value
Figure = tuple[str, str, float]

_COMPUTERS = ("台式计算机", "办公台式计算机", "便携式计算机")


@dataclass(frozen=True)
class College:
    """Everything that the returns count."""

    curriculum: Curriculum
    students: Students
    staff: Staff
    estate: Property
    assets: Assets
    items: pl.DataFrame

    def enrolled(self, day: date) -> pl.DataFrame:
        """Students on the roll (在读) that day, with their facts."""
        at = self.students.at(day).filter(pl.col("status") == "01")
        facts = self.students.fates.drop("major_code", "class_code")
        return at.join(facts, on="student", how="left", maintain_order="left")

    def on_post(self, day: date) -> pl.DataFrame:
        return self.staff.on_post(day)


def _by(rows: pl.DataFrame, column: str, code: str, name: str) -> list[Figure]:
    counts = rows.group_by(column).agg(
        all=pl.len(), female=(pl.col("sex") == "2").sum()
    ).sort(column)  # fmt: skip
    found: list[Figure] = []
    for value, count, female in counts.iter_rows():
        found += [(code, f"{name}.{value}.total", float(count)),
                  (code, f"{name}.{value}.female", float(female))]  # fmt: skip
    return found


def _students(college: College, day: date) -> list[Figure]:
    rows = college.enrolled(day).with_columns(
        age=(pl.lit(day.year) - pl.col("birth_date").dt.year()).clip(17, 26),
        grade=(day.year - pl.col("grade_year") + 1).clip(1, 5),
        province=pl.col("origin_place").str.slice(0, 2),
    )
    found: list[Figure] = [("高基321", "students.total", float(len(rows)))]
    gone = college.students.lives.filter(
        (pl.col("status") == "07")
        & (pl.col("since") > date(day.year - 1, 9, 1))
        & (pl.col("since") <= day)
    )
    for item in college.curriculum.majors:
        code = "高基312" if item.major.level == "3" else "高基311"
        own = rows.filter(pl.col("major_code") == item.code)
        left = gone.filter(pl.col("major_code") == item.code)
        if own.is_empty() and left.is_empty():
            continue
        name = f"students.major.{item.code}"
        found += [
            (code, f"{name}.total", float(len(own))),
            (code, f"{name}.female", float((own["sex"] == "2").sum())),
            (code, f"{name}.entrants", float((own["entry_year"] == day.year).sum())),
            (code, f"{name}.graduates", float(len(left))),
        ]
        for grade in range(1, item.length + 1):
            found.append((code, f"{name}.grade{grade}", float((own["grade"] == grade).sum())))
    for column, table in (("age", "高基322"), ("province", "高基323"),
                          ("political_affiliation", "高基324"), ("ethnicity", "高基324"),
                          ("college_code", "高基321"), ("kind", "高基321")):  # fmt: skip
        found += _by(rows, column, table, f"students.{column}")
    return found


def _staff(college: College, day: date) -> list[Figure]:
    rows = college.on_post(day).with_columns(
        age=((pl.lit(day.year) - pl.col("birth_date").dt.year()) // 5 * 5).clip(25, 60)
    )
    teachers = rows.filter(pl.col("category") == "11")
    found: list[Figure] = [
        ("高基411", "staff.total", float(rows.filter(pl.col("category") < "50").height)),
        ("高基411", "staff.external", float(rows.filter(pl.col("category") > "50").height)),
        ("高基421", "teachers.total", float(len(teachers))),
    ]
    found += _by(rows, "category", "高基411", "staff.category")
    found += _by(rows.filter(pl.col("category") < "50"), "unit", "高基411", "staff.unit")
    found += _by(teachers, "age", "高基421", "teachers.age")
    found += _by(teachers, "unit", "高基421", "teachers.unit")
    found += _by(teachers, "ethnicity", "高基424", "teachers.ethnicity")
    return found


def _estate(college: College, moment: datetime) -> list[Figure]:
    buildings, rooms = college.estate.buildings_at(moment), college.estate.rooms_at(moment)
    found: list[Figure] = [("高基511", "space.floor_area", round(buildings["floor_area"].sum(), 2))]
    for use, area, count in (
        rooms.group_by("use").agg(pl.col("area").sum(), pl.len()).sort("use").iter_rows()
    ):
        found += [("高基511", f"space.{use}.area", round(area, 2)),
                  ("高基511", f"space.{use}.rooms", float(count))]  # fmt: skip
    for use, area in (
        buildings.group_by("use").agg(pl.col("floor_area").sum()).sort("use").iter_rows()
    ):
        found.append(("高基512", f"building.{use}.floor_area", round(area, 2)))
    seats = rooms.filter(pl.col("is_multimedia"))["seats"].sum()
    found.append(("高基522", "seats.multimedia", float(seats or 0)))
    found.append(("高基522", "beds", float(rooms["beds"].sum() or 0)))
    return found


def _assets(college: College, moment: datetime) -> list[Figure]:
    cards = college.assets.cards_at(moment).filter(~pl.col("status").is_in(["5", "6"]))
    value = pl.col("original_value").sum() / 10_000
    books = college.items.filter(pl.col("acquired_date") <= moment.date())
    found: list[Figure] = [
        ("高基521", "assets.original_value", round(cards.select(value).item(), 4)),
        ("高基521", "assets.cards", float(len(cards))),
        ("高基522", "books", float(len(books))),
        ("高基521", "assets.computers",
         float(cards.filter(pl.col("asset_name").is_in(_COMPUTERS))["quantity"].sum())),
    ]  # fmt: skip
    equipment = cards.filter(pl.col("class_code").str.starts_with("A02"))
    for code, rows in (("assets", cards), ("equipment", equipment)):
        for use, total in (
            rows.group_by("use_direction").agg(value).sort("use_direction").iter_rows()
        ):
            found.append(("高基521", f"{code}.use.{use}", round(total, 4)))
    for unit, total, count in (
        cards.group_by("unit_code").agg(value, pl.len()).sort("unit_code").iter_rows()
    ):
        found += [("高基521", f"assets.unit.{unit}.value", round(total, 4)),
                  ("高基521", f"assets.unit.{unit}.cards", float(count))]  # fmt: skip
    return found


def figures(college: College, year: int) -> list[Figure]:
    """All figures as at 1 September of a year; money in 10,000 yuan, space in square metres."""
    day, moment = date(year, 9, 1), datetime(year, 9, 1, 23)
    return [
        *_students(college, day),
        *_staff(college, day),
        *_estate(college, moment),
        *_assets(college, moment),
    ]
