"""Everyone ever employed: when they came, what they do, when and why they left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.catalogue import COLLEGES, OFFICES
from warehouse.simulate.identity import (
    draw_ethnicities,
    draw_names,
    draw_places,
    id_numbers,
)
from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students

__all__ = ["Staff", "make_staff"]

_FAR = np.datetime64("2200-01-01")
#: staff_category → share of those on post: 专任教师, 教辅, 行政, 工勤
_CATEGORIES = {"11": 0.63, "12": 0.09, "13": 0.20, "14": 0.08}
_LEFT_SHARE = 0.35
_EXTERNAL_SHARE = 0.12
"External teachers for each full-time teacher; a quarter is the most the ministry allows."


@dataclass(frozen=True)
class Staff:
    """`people`: one row per staff number in the order they joined, `staff` its index; joined and
    left are dates (left null: on post). `unit` is where they work, `role` one of teacher,
    counselor, support, officer, worker, external."""

    people: pl.DataFrame

    def on_post(self, day: date) -> pl.DataFrame:
        return self.people.filter(
            (pl.col("joined") <= day) & (pl.col("left").is_null() | (pl.col("left") > day))
        )


def _colleges_of_teachers(rng: np.random.Generator, count: int) -> np.ndarray:
    """Two teachers for every college, the rest by size; sports and politics serve everyone."""
    weight = np.array([unit.share or 0.07 for unit in COLLEGES])
    codes = np.array([unit.code for unit in COLLEGES])
    sure = np.tile(codes, 2)[:count]
    more = rng.choice(codes, size=max(count - len(sure), 0), p=weight / weight.sum())
    return np.concatenate([sure, more])


def _units(rng: np.random.Generator, category: np.ndarray) -> np.ndarray:
    unit = np.full(len(category), "107", dtype="U3")
    for code in np.unique(category):
        place = np.flatnonzero(category == code)
        if code in ("11", "52", "54"):
            unit[place] = _colleges_of_teachers(rng, len(place))
        elif code == "12":
            unit[place] = rng.choice(["111", "110", "108", *(c.code for c in COLLEGES[:6])],
                                     size=len(place))  # fmt: skip
        elif code == "14":
            unit[place] = rng.choice(["109", "112", "113"], size=len(place), p=[0.6, 0.25, 0.15])
        else:
            codes = [c.code for c in COLLEGES[:8]] + [o[0] for o in OFFICES[:17]]
            unit[place] = np.array(codes)[np.arange(len(place)) % len(codes)]
    return unit


def _draw(plan: Plan) -> pl.DataFrame:
    rng = plan.rng("staff")
    quota = {code: round(plan.staff * share) for code, share in _CATEGORIES.items()}
    quota["11"] += plan.staff - sum(quota.values())
    external = max(2, round(quota["11"] * _EXTERNAL_SHARE))
    gone = round(plan.staff * _LEFT_SHARE)
    left_quota = rng.choice(list(_CATEGORIES), size=gone, p=list(_CATEGORIES.values()))
    category = np.concatenate(
        [
            np.repeat(list(quota), list(quota.values())),
            np.resize(["52", "54"], external),
            left_quota,
        ]
    )
    count = len(category)
    departed = np.arange(count) >= plan.staff + external
    as_of = np.datetime64(plan.as_of)
    male = rng.random(count) < np.where(category == "14", 0.6, 0.46)
    limit = np.where(male, 59.5, 54.5)
    age = 24 + (limit - 24) * rng.beta(1.7, 1.9, count)
    # Who left did so at an even rate: in the window, and in the years before it.
    ago = (
        rng.random(count)
        * (plan.years + 0.9)
        * 365.25
        * np.where(rng.random(count) < 0.35, 1.0, 2.6)
    )
    left = (as_of - (3 + ago).astype("timedelta64[D]")).astype("datetime64[D]")
    retires = departed & (rng.random(count) < 0.6)
    age = np.where(retires, np.where(male, 60, 55) + 0.0, np.where(departed, age * 0.85 + 4, age))
    end = np.where(departed, left, as_of)
    first_age = 24 + 7 * rng.beta(1.3, 2.5, count)
    tenure = np.minimum(0.15 + rng.exponential(13.0, count), np.maximum(age - first_age, 0.3))
    tenure = np.where(retires, np.maximum(tenure, 8 + 10 * rng.random(count)), tenure)
    birthday = (
        end
        - (age * 365.25).astype("timedelta64[D]")
        - rng.integers(0, 25, count).astype("timedelta64[D]")
    )
    joined = (end - (tenure * 365.25).astype("timedelta64[D]")).astype("datetime64[D]")
    july = joined.astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(6, "M")
    july = july.astype("datetime64[D]") + np.timedelta64(14, "D")
    july = np.where(july <= end - np.timedelta64(30, "D"), july, joined)
    joined = np.where(rng.random(count) < 0.7, july, joined).astype("datetime64[D]")
    earlier = (rng.random(count) < 0.45) * rng.random(count) * np.maximum(age - tenure - 23, 0)
    work_start = joined - (earlier * 365.25).astype("timedelta64[D]")
    other = rng.choice(["05", "06", "07"], size=count, p=[0.45, 0.35, 0.2])
    status = np.where(retires, "01", np.where(departed, other, "11"))
    present = ~departed & ~np.isin(category, ["52", "54"])
    unusual = present & (rng.random(count) < 0.012)
    status = np.where(unusual, rng.choice(["14", "15"], size=count), status)
    reason = {"01": "12", "05": "22", "06": "41", "07": "43"}
    relation = rng.choice(["10", "20", "30"], size=count, p=[0.68, 0.2, 0.12])
    relation = np.where((category == "14") & (rng.random(count) < 0.6), "40", relation)
    relation = np.where(np.isin(category, ["52", "54"]), "50", relation)
    source = rng.choice(["122", "132", "31", "331", "51", "15"], size=count,
                        p=[0.4, 0.22, 0.12, 0.06, 0.15, 0.05])  # fmt: skip
    source = np.where(category == "14", "52", source)
    return pl.DataFrame(
        {
            "category": category,
            "male": male,
            "birth_date": birthday.astype("datetime64[D]"),
            "joined": joined,
            "work_start": work_start.astype("datetime64[D]"),
            "left": pl.Series(np.where(departed, left, _FAR).astype("datetime64[D]")),
            "status": status,
            "away_since": as_of - rng.integers(30, 300, count).astype("timedelta64[D]"),
            "reason": [reason.get(code) for code in status],
            "relation": relation,
            "source": source,
            "unit": _units(rng, category),
        }
    ).with_columns(left=pl.when(pl.col("left") < date(2150, 1, 1)).then(pl.col("left")))


def _roles(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Counselors are officers of the colleges; one of each college served the whole window."""
    role = {"11": "teacher", "12": "support", "13": "officer", "14": "worker"}
    frame = frame.with_columns(
        role=pl.col("category").replace_strict(role, default="external", return_dtype=pl.String),
        row=pl.int_range(pl.len()),
    )
    counselors: list[int] = []
    for college in COLLEGES[:8]:
        own = frame.filter(pl.col("left").is_null() & (pl.col("unit") == college.code))
        officers = own.filter(pl.col("role") == "officer").sort("joined")["row"].to_list()
        wanted = max(1, round(plan.students * college.share / 220))
        pool = officers or own.filter(pl.col("role") == "teacher").sort("joined")["row"].to_list()
        counselors += pool[:wanted]
    chosen = pl.col("row").is_in(counselors)
    opening = date(plan.start.year - 1, 7, 15)
    return frame.with_columns(
        role=pl.when(chosen).then(pl.lit("counselor")).otherwise("role"),
        joined=pl.when(chosen)
        .then(pl.min_horizontal("joined", pl.lit(opening)))
        .otherwise("joined"),
        work_start=pl.when(chosen)
        .then(pl.min_horizontal("work_start", pl.lit(opening)))
        .otherwise("work_start"),
        birth_date=pl.when(chosen)
        .then(pl.min_horizontal("birth_date", pl.lit(date(opening.year - 25, 3, 9))))
        .otherwise("birth_date"),
    )


def _returned_students(frame: pl.DataFrame, plan: Plan, students: Students) -> pl.DataFrame:
    """A few graduates of the window are taken on: the same person, now with a staff number."""
    wanted = max(2, plan.staff // 80)
    graduates = students.people.filter(
        (pl.col("kind") != "zk")
        & (pl.col("event") == "")
        & (pl.col("end_date") < plan.as_of - timedelta(days=20))
        & (pl.col("end_date").dt.month() == 7)
    )
    young = (
        frame.filter(
            pl.col("left").is_null() & pl.col("role").is_in(["officer", "support", "teacher"])
        )
        .sort("joined", descending=True)["row"][:wanted]
        .to_list()
    )
    chosen = np.sort(plan.rng("staff", 1).choice(len(graduates), size=wanted, replace=False))
    rows = frame.to_dicts()
    for row, index in zip(young, chosen.tolist(), strict=True):
        graduate = graduates.row(index, named=True)
        day = date(graduate["end_date"].year, 7, 15)
        rows[row] |= {
            "student": graduate["student"],
            "birth_date": graduate["birth_date"],
            "male": graduate["sex"] == "1",
            "joined": day,
            "work_start": day,
            "category": "13",
            "role": "officer",
            "relation": "30",
            "source": "111",
        }
    schema = {**frame.schema, "student": pl.Int64}
    return pl.DataFrame([{"student": None} | row for row in rows], schema=schema)


def make_staff(plan: Plan, students: Students) -> Staff:
    """`plan.staff` people on post at as-of, external teachers, and those who have left."""
    frame = _returned_students(_roles(_draw(plan), plan), plan, students)
    frame = frame.sort("joined", "row").with_columns(
        staff=pl.int_range(pl.len(), dtype=pl.Int64),
        staff_no=pl.format("1{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(5)),
    )
    rng = plan.rng("staff", 2)
    male = frame["male"].to_numpy()
    birthday = frame["birth_date"].to_numpy().astype("datetime64[D]")
    facts = pl.DataFrame(
        {
            "own_name": draw_names(rng, male),
            "own_id": id_numbers(rng, birthday, male, block=1),
            "own_ethnicity": draw_ethnicities(rng, len(frame)),
            "own_place": draw_places(rng, len(frame)),
        }
    )
    known = students.people.select("student", "name", "id_card_no", "ethnicity", "native_place")
    frame = pl.concat([frame, facts], how="horizontal").join(
        known, on="student", how="left", maintain_order="left"
    )
    return Staff(
        frame.with_columns(
            name=pl.coalesce("name", "own_name"),
            id_card_no=pl.coalesce("id_card_no", "own_id"),
            ethnicity=pl.coalesce("ethnicity", "own_ethnicity"),
            native_place=pl.coalesce("native_place", "own_place"),
            sex=pl.when("male").then(pl.lit("1")).otherwise(pl.lit("2")),
        )
    )
