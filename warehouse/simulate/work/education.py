"""Degrees and diplomas: those people came with, and those they earned while in service."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from warehouse.simulate.catalogue import SCHOOL
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.clock import known_by, reported
from warehouse.simulate.work.fields import ABROAD, AT_HOME, Field, field_of

__all__ = ["education_rows", "make_degrees"]

#: staff_source → the highest education it implies
_BY_SOURCE = {"111": "21", "122": "14", "132": "11", "15": "11"}
_RANK = {"11": 5, "14": 4, "21": 3, "31": 2, "41": 1, "61": 1}
_LENGTH = {"11": 4, "14": 3, "21": 4, "31": 3, "41": 3, "61": 3}
_DEGREE = {"11": "2", "14": "3", "21": "4"}
_SCHEMA = {
    "staff": pl.Int64, "staff_no": pl.String, "education_level": pl.String, "degree": pl.String,
    "school_name": pl.String, "school_country": pl.String, "origin_relation": pl.String,
    "major_name": pl.String, "discipline": pl.String, "start": pl.Date, "award_date": pl.Date,
    "in_service": pl.Boolean, "known": pl.Datetime("us"),
}  # fmt: skip


def _target(row: dict, rng: np.random.Generator) -> str:
    """The highest education somebody came with, before age is considered."""
    draw = rng.random()
    if row["role"] == "worker":
        return "61" if draw < 0.35 else "41" if draw < 0.7 else "31"
    implied = _BY_SOURCE.get(row["source"])
    if implied:
        return implied
    if row["role"] in ("teacher", "external"):
        return "11" if draw < 0.3 else "14" if draw < 0.85 else "21"
    return "14" if draw < 0.4 else "21" if draw < 0.9 else "31"


def _until_work(row: dict, found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Studies that end up to two years later, where work began later than they would have ended:
    some go to school late, or repeat a year."""
    begins = row["work_start"].year - (row["work_start"] < date(row["work_start"].year, 7, 1))
    before = [year for _, year in found if year <= begins]
    if not before:
        return found
    shift = min(begins - before[-1], 2)
    return [(level, year + shift if year <= begins else year) for level, year in found]


def _timetable(row: dict, rng: np.random.Generator) -> list[tuple[str, int]]:
    """(level, year of award) of what somebody came with, lowest first; each fits the age."""
    born, joined = row["birth_date"], row["joined"]
    last = joined.year if joined >= date(joined.year, 7, 1) else joined.year - 1
    adult = born.year + 18 + (born.month >= 9)
    top = _target(row, rng)
    if top in ("61", "41"):
        return _until_work(row, [(top, adult)])
    if top == "31":
        return _until_work(row, [(top, min(adult + 3, last))])
    bachelor = last if row["student"] is not None else min(adult + 4, last)
    found = [("21", bachelor)]
    # A degree just before joining, where the years between were spent at work.
    late = top in ("14", "11") and row["source"] in _BY_SOURCE
    master, doctor = bachelor + 3, bachelor + 6 + int(rng.integers(0, 3))
    length = _LENGTH[top]
    late = late and last - (doctor if top == "11" else master) > 2
    late = late and row["work_start"].year < last - length
    if top == "14" and last >= bachelor + 2:
        found.append(("14", last if late else min(master, last)))
    if top == "11":
        doctor = last if late else min(doctor, last)
        if doctor >= bachelor + 6:
            found.append(("14", bachelor + 3))
        if doctor >= bachelor + 4:
            found.append(("11", doctor))
        elif last >= bachelor + 2:
            found.append(("14", min(master, last)))
    return _until_work(row, found)


def _later(row: dict, top: str, rng: np.random.Generator) -> list[tuple[str, int, int]]:
    """(level, first year, year of award) of degrees earned while in service."""
    draw, wait, length = rng.random(), int(rng.integers(1, 7)), int(rng.integers(3, 7))
    start = row["joined"].year + wait
    if start - row["birth_date"].year > 44:
        return []
    if row["role"] == "teacher" and top == "14" and draw < 0.35:
        return [("11", start, start + max(length, 4))]
    if row["role"] in ("officer", "counselor", "support") and top == "21" and draw < 0.3:
        return [("14", start, start + 3)]
    return []


def _school(row: dict, level: str, rng: np.random.Generator) -> tuple[str, str, str]:
    """name, country, 学缘"""
    draw, pick = rng.random(), int(rng.integers(0, 1000))
    if level in ("61", "41"):
        return ("本地中等学校", "CHN", "外校境内")
    abroad = level in ("11", "14") and draw < (0.9 if row["source"] == "15" else 0.05)
    if abroad:
        country, name = ABROAD[pick % len(ABROAD)]
        return (name, country, "外校境外")
    if row["student"] is not None or (level == "31" and draw < 0.3):
        return (SCHOOL[1], "CHN", "本校")
    return (AT_HOME[pick % len(AT_HOME)], "CHN", "外校境内")


def _rows(plan: Plan, row: dict) -> list[tuple]:
    rng = plan.rng("work_careers", 1, int(row["staff_no"]))
    field: Field = field_of(row["unit"], rng.random())
    before = _timetable(row, rng)
    entry = reported(rng, row["joined"])
    plans = [(level, year - _LENGTH[level], year, False) for level, year in before]
    plans += [(level, first, year, True) for level, first, year in _later(row, before[-1][0], rng)]
    rows = []
    for level, first, year, in_service in plans:
        school, country, origin = _school(row, level, rng)
        award = date(year, 7, 1) if not in_service else date(year, 6, 12 + int(rng.integers(0, 15)))
        family = _DEGREE.get(level)
        general = level in ("61", "41")
        rows.append(
            (
                row["staff"], row["staff_no"], level, f"{family}{field.branch}" if family else None,
                school, country, origin, None if general else field.major,
                None if general else field.discipline, date(first, 9, 1), award, in_service,
                reported(rng, award) if in_service else entry,
            )
        )  # fmt: skip
    if row["left"] is not None:
        rows = [entry for entry in rows if not entry[11] or entry[10] < row["left"]]
    return rows


def make_degrees(plan: Plan, staff: Staff) -> pl.DataFrame:
    """One row per degree or diploma, those of the future too: staff, the extract's columns,
    `start` of the studies, `in_service`, `known` (when 人事处 entered it)."""
    rows = [found for row in staff.people.iter_rows(named=True) for found in _rows(plan, row)]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort(
        "staff", "award_date", maintain_order=True
    )


def education_rows(plan: Plan, degrees: pl.DataFrame) -> pl.DataFrame:
    """staff_education_record as of the cut. A higher degree takes the flags from the one before
    it, which changes that row too."""
    frame = degrees.filter(pl.col("known") < plan.cut)
    rank = pl.col("education_level").replace_strict(_RANK, return_dtype=pl.Int64)
    frame = frame.with_columns(
        seq=pl.int_range(1, pl.len() + 1).over("staff"),
        rank=rank,
        beaten=pl.col("known").shift(-1).over("staff"),
        last=pl.int_range(pl.len()).over("staff") == pl.len().over("staff") - 1,
        degrees=pl.col("degree").is_not_null().sum().over("staff"),
    )
    return known_by(
        plan,
        frame.with_columns(
            is_highest_education="last",
            is_highest_degree=pl.col("last") & pl.col("degree").is_not_null(),
            source_updated_at=pl.max_horizontal("known", "beaten"),
        ),
    )
