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
#: Share of the staff that leaves in a year and is replaced.
_TURNOVER = 0.06
#: on_post_status → leaving_reason
_REASONS = {"01": "12", "05": "22", "06": "41", "07": "43"}
_EXTERNAL_SHARE = 0.12
"External teachers for each full-time teacher; a quarter is the most the ministry allows."


@dataclass(frozen=True)
class Staff:
    """`people`: one row per staff number in the order they joined, `staff` its index; joined and
    left are dates (left null: on post). `unit` is where they work, `role` one of teacher,
    counselor, support, officer, worker, external.

    `people` holds what was known at the cut; `fates` also who will join and leave through the
    next academic year: a term is planned with those who will be there."""

    people: pl.DataFrame
    fates: pl.DataFrame

    def on_post(self, day: date, until: date | None = None) -> pl.DataFrame:
        """Of `fates`, who had joined by the day and stays beyond `until` (null: the day)."""
        stays = pl.col("left").is_null() | (pl.col("left") > (until or day))
        return self.fates.filter((pl.col("joined") <= day) & stays)


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
    """Those on post when the anchor's autumn began, and those who had left before."""
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
    autumn = np.datetime64(date(plan.anchor, 9, 1))
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
    left = (autumn - (3 + ago).astype("timedelta64[D]")).astype("datetime64[D]")
    retires = departed & (rng.random(count) < 0.6)
    age = np.where(retires, np.where(male, 60, 55) + 0.0, np.where(departed, age * 0.85 + 4, age))
    end = np.where(departed, left, autumn)
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
    pause = (rng.random(count) < 0.45) * rng.random(count)
    other = rng.choice(["05", "06", "07"], size=count, p=[0.45, 0.35, 0.2])
    status = np.where(retires, "01", np.where(departed, other, "11"))
    present = ~departed & ~np.isin(category, ["52", "54"])
    unusual = present & (rng.random(count) < 0.012)
    status = np.where(unusual, rng.choice(["14", "15"], size=count), status)
    relation = rng.choice(["10", "20", "30"], size=count, p=[0.68, 0.2, 0.12])
    relation = np.where((category == "14") & (rng.random(count) < 0.6), "40", relation)
    relation = np.where(np.isin(category, ["52", "54"]), "50", relation)
    source = rng.choice(["122", "132", "31", "331", "51", "15"], size=count,
                        p=[0.4, 0.22, 0.12, 0.06, 0.15, 0.05])  # fmt: skip
    # Nobody comes straight from university at 40, and whoever comes older has worked elsewhere
    # since the studies ended.
    came_at = age - tenure
    elsewhere = np.array(["31", "51", "331", "51"])[np.arange(count) % 4]
    fresh = np.isin(source, ["122", "132", "15"])
    source = np.where(fresh & (came_at > 33), elsewhere, source)
    source = np.where(category == "14", "52", source)
    finished = np.select(
        [category == "14", np.isin(source, ["132", "15"]), source == "122"],
        [19.5, 28.8, 25.8],
        24.8,
    )
    earlier = np.maximum(came_at - finished - pause, 0)
    earlier = np.where(earlier < 1.5, 0, earlier)
    work_start = joined - (earlier * 365.25).astype("timedelta64[D]")
    return pl.DataFrame(
        {
            "category": category,
            "male": male,
            "birth_date": birthday.astype("datetime64[D]"),
            "joined": joined,
            "work_start": work_start.astype("datetime64[D]"),
            "left": pl.Series(np.where(departed, left, _FAR).astype("datetime64[D]")),
            "status": status,
            "away_since": np.where(
                unusual,
                autumn - rng.integers(30, 300, count).astype("timedelta64[D]"),
                np.datetime64("NaT"),
            ),
            "reason": [_REASONS.get(code) for code in status],
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
        & (pl.col("end_date") < date(plan.anchor, 9, 1))
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


def _leavers(frame: pl.DataFrame, year: int, plan: Plan) -> list[tuple[int, date, str]]:
    """(row, day, status) of those who leave in an academic year, in order of the day.

    Who reaches the age of retirement goes at the end of that month; the others of the quota move
    on. In the anchor's year anybody may, but counselors and graduates taken on; in later years
    those who came in the window, so that nobody leaves whom history shows at the head of a unit.
    """
    rng = plan.rng("staff", 10, year)
    opening = date(year, 9, 1)
    free = frame.filter(
        (pl.col("joined") < opening) & pl.col("left").is_null() & (pl.col("status") == "11")
        & pl.col("student").is_null() & ~pl.col("role").is_in(["counselor", "external"])
    )  # fmt: skip
    if year > plan.anchor:
        free = free.filter(pl.col("joined") >= plan.start)
    wanted = min(max(1, round(plan.staff * _TURNOVER)), len(free) // 2)
    age = free.select((pl.lit(opening) - pl.col("birth_date")).dt.total_days() / 365.25).to_series()
    limit = np.where(free["male"].to_numpy(), 60, 55)
    due = age.to_numpy() + 1 >= limit
    weight = np.where(due, 1e3, 1.0)
    chosen = rng.choice(len(free), size=wanted, replace=False, p=weight / weight.sum())
    found = []
    for place in np.sort(chosen).tolist():
        day = opening + timedelta(days=int(rng.integers(1, 360)))
        other = str(rng.choice(["05", "06", "07"], p=[0.45, 0.35, 0.2]))
        found.append((free["row"][place], day, "01" if due[place] else other))
    return sorted(found, key=lambda entry: (entry[1], entry[0]))


def _successor(row: int, predecessor: dict[str, object], day: date,
               rng: np.random.Generator) -> dict[str, object]:  # fmt: skip
    """Who takes over a post on the day it becomes free, so that as many are on post as before."""
    age = 25 + int(rng.integers(0, 14))
    birth = date(day.year - age, int(rng.integers(1, 13)), int(rng.integers(1, 28)))
    source = str(rng.choice(["122", "132", "31", "51"]))
    if age > 33 and source in ("122", "132"):
        source = "51"
    finished = {"132": 29, "122": 26}.get(source, 25)
    start = day if age - finished < 2 else birth.replace(year=birth.year + finished)
    return predecessor | {
        "row": row, "male": bool(rng.random() < 0.48), "birth_date": birth, "joined": day,
        "work_start": start, "left": None, "status": "11", "away_since": None, "reason": None,
        "source": source, "student": None,
    }  # fmt: skip


def _succession(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Departures and successors, academic year by academic year."""
    for year in plan.drawn_years:
        rng = plan.rng("staff", 11, year)
        rows = frame.to_dicts()
        at = {row["row"]: place for place, row in enumerate(rows)}
        for row, day, status in _leavers(frame, year, plan):
            rows.append(_successor(len(rows), rows[at[row]], day, rng))
            rows[at[row]] |= {"left": day, "status": status, "reason": _REASONS[status]}
        frame = pl.DataFrame(rows, schema=frame.schema)
    return frame


def make_staff(plan: Plan, students: Students) -> Staff:
    """`plan.staff` people on post at as-of, external teachers, and those who have left."""
    frame = _returned_students(_roles(_draw(plan), plan), plan, students)
    frame = _succession(frame, plan).sort("joined", "row")
    frame = frame.with_columns(
        staff=pl.int_range(pl.len(), dtype=pl.Int64),
        staff_no=pl.format("1{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(5)),
    )
    male = frame["male"].to_numpy()
    birthday = frame["birth_date"].to_numpy().astype("datetime64[D]")
    came = frame["joined"].to_numpy() >= np.datetime64(date(plan.anchor, 9, 1))
    since = frame["joined"].dt.year() + (frame["joined"].dt.month() >= 9).cast(pl.Int32) - 1
    batch = np.where(came, since.to_numpy(), 0)
    parts = []
    for year in np.unique(batch):
        own = batch == year
        rng = plan.rng("staff", 2, int(year))
        parts.append(
            pl.DataFrame(
                {
                    "own_name": draw_names(rng, male[own]),
                    "own_ethnicity": draw_ethnicities(rng, int(own.sum())),
                    "own_place": draw_places(rng, int(own.sum())),
                }
            )
        )
    numbers = id_numbers(plan.rng("staff", 3), birthday, male, block=1)
    facts = pl.concat(parts).with_columns(own_id=pl.Series(numbers))
    known = students.fates.select("student", "name", "id_card_no", "ethnicity", "native_place")
    frame = pl.concat([frame, facts], how="horizontal").join(
        known, on="student", how="left", maintain_order="left"
    )
    fates = frame.with_columns(
        name=pl.coalesce("name", "own_name"),
        id_card_no=pl.coalesce("id_card_no", "own_id"),
        ethnicity=pl.coalesce("ethnicity", "own_ethnicity"),
        native_place=pl.coalesce("native_place", "own_place"),
        sex=pl.when("male").then(pl.lit("1")).otherwise(pl.lit("2")),
    )
    later = pl.col("left") >= plan.as_of
    people = fates.filter(pl.col("joined") < plan.as_of).with_columns(
        status=pl.when(later).then(pl.lit("11")).otherwise("status"),
        reason=pl.when(later).then(None).otherwise("reason"),
        left=pl.when(later).then(None).otherwise("left"),
    )
    return Staff(people, fates)
