"""Who was admitted when, what would happen to each of them, and who they are.

Intakes grow by 3 % a year. They are scaled until the asked number is in residence in the anchor's
autumn, and the few too many are let go before anybody gets a number. Each intake is drawn from a
stream of its own, the next one included, so that a later as-of only adds students at the end.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from warehouse.errors import SimulationError
from warehouse.simulate.academic_calendar import boundary
from warehouse.simulate.catalogue import COLLEGES
from warehouse.simulate.curriculum import Curriculum, OfferedMajor
from warehouse.simulate.identity import (
    draw_birthdays,
    draw_ethnicities,
    draw_names,
    draw_places,
    id_numbers,
)
from warehouse.simulate.plan import Plan

__all__ = ["LENGTH", "admit", "intake_shares"]

#: Years of study: ug 本科, zk 专科, up 专升本 (enters the third year of a bachelor's programme).
LENGTH = {"ug": 4, "zk": 3, "up": 2}
_SHARE = {"ug": 0.66, "zk": 0.28, "up": 0.06}
_CLASS_SIZE = 38
_FAR = np.datetime64("2200-01-01")


def _first(year: np.ndarray, month: int) -> np.ndarray:
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    return (months + np.timedelta64(month - 1, "M")).astype("datetime64[D]")


def intake_shares(
    offered: tuple[OfferedMajor, ...], kind: str, year: int
) -> tuple[list[int], np.ndarray]:
    """Majors that take students of this kind in this year, and how they share them."""
    level = "4" if kind == "zk" else "3"
    college = {unit.code: unit.share for unit in COLLEGES}
    open_ = [
        index
        for index, item in enumerate(offered)
        if item.major.level == level and item.first_intake <= year <= item.last_intake
    ]
    rank: dict[str, int] = {}
    weights = []
    for index in open_:
        code = offered[index].major.college
        rank[code] = rank.get(code, 0) + 1
        weights.append(1.0 / (0.7 + 0.3 * rank[code]))
    totals: dict[str, float] = {}
    for index, weight in zip(open_, weights, strict=True):
        code = offered[index].major.college
        totals[code] = totals.get(code, 0.0) + weight
    share = np.array(
        [
            college[offered[index].major.college] * weight / totals[offered[index].major.college]
            for index, weight in zip(open_, weights, strict=True)
        ]
    )
    return open_, share / share.sum()


def _apportion(total: int, share: np.ndarray) -> np.ndarray:
    """Whole numbers in the ratio of `share` that add up to `total` (largest remainder)."""
    exact = total * share
    whole = np.floor(exact).astype(np.int64)
    rest = np.argsort(-(exact - whole), kind="stable")[: total - whole.sum()]
    whole[rest] += 1
    return whole


def _intake(plan: Plan, curriculum: Curriculum, scale: float, entry: int) -> pl.DataFrame:
    """One September's students with what will happen to them; not yet people."""
    rng = plan.rng("cohorts", 0, entry)
    intake = scale * plan.students / 3.6 * 1.03 ** (entry - plan.anchor)
    kinds, majors = [], []
    for name, share in _SHARE.items():
        open_, ratio = intake_shares(curriculum.majors, name, entry)
        size = max(round(intake * share), 2)
        majors.append(np.repeat(np.array(open_, dtype=np.int64), _apportion(size, ratio)))
        kinds.append(np.full(size, name, dtype="U2"))
    kind, major = np.concatenate(kinds), np.concatenate(majors)
    count = len(kind)
    year = np.full(count, entry)
    length = np.array([LENGTH[value] for value in kind])
    fate = rng.random(count)
    semester = 1 + (rng.random(count) * (2 * length - 2)).astype(np.int64)
    event = np.full(count, "", dtype="U10")
    event[fate < 0.022] = "dropout"
    event[(fate >= 0.022) & (fate < 0.045)] = "leave"
    event[(fate >= 0.045) & (fate < 0.075) & (kind == "ug")] = "transfer"
    event[(fate >= 0.975) & (fate < 0.987)] = "incomplete"
    event[(fate >= 0.987) & (fate < 0.994) & (kind != "up")] = "repeat"
    semester = np.where(event == "transfer", 2, semester)
    semester = np.where(event == "repeat", np.where(semester >= 3, 4, 2), semester)
    when = boundary(year, semester, rng.integers(0, 10, count))
    back = boundary(year, semester + 2, rng.integers(0, 10, count))
    late = np.isin(event, ["leave", "repeat"]).astype(np.int64)
    graduation = _first(year + length + late, 7)
    end = np.where(event == "dropout", when, graduation)
    return pl.DataFrame(
        {
            "entry_year": year,
            "kind": kind,
            "major": major,
            "event": event,
            "event_date": np.where(event == "", _FAR, when).astype("datetime64[D]"),
            "back_date": np.where(event == "leave", back, _FAR).astype("datetime64[D]"),
            "end_date": end.astype("datetime64[D]"),
        }
    ).filter(pl.col("end_date") >= plan.start)


def _in_residence(frame: pl.DataFrame, plan: Plan) -> pl.Series:
    """In the anchor's autumn, before the first of its boundaries."""
    day = pl.lit(date(plan.anchor, 9, 2))
    left = (pl.col("event") == "leave") & (pl.col("event_date") < day)
    away = left & (pl.col("back_date") >= day)
    return frame.select((pl.col("end_date") >= day) & ~away).to_series()


def _cohorts(plan: Plan, curriculum: Curriculum) -> pl.DataFrame:
    """Draw until just enough are in residence, then let go of the small surplus; the intakes
    after the anchor follow in the same proportion."""
    scale = 1.0
    years = range(plan.start.year - 5, plan.anchor + 1)
    for _ in range(12):
        frame = pl.concat([_intake(plan, curriculum, scale, year) for year in years])
        present = np.flatnonzero(_in_residence(frame, plan).to_numpy())
        surplus = len(present) - plan.students
        if 0 <= surplus <= max(plan.students * 0.01, 15):
            gone = plan.rng("cohorts", 1).choice(present, size=surplus, replace=False)
            keep = np.ones(len(frame), dtype=bool)
            keep[gone] = False
            later = range(plan.anchor + 1, plan.last_intake + 2)
            return pl.concat(
                [
                    frame.filter(pl.Series(keep)),
                    *(_intake(plan, curriculum, scale, year) for year in later),
                ]
            )
        scale *= (plan.students + max(plan.students * 0.004, 5)) / max(len(present), 1)
    raise SimulationError(
        f"No cohorts were found that give {plan.students} students.",
        next_step="Ask for another number of students.",
    )


def _numbered(frame: pl.DataFrame, curriculum: Curriculum) -> pl.DataFrame:
    """Classes of about 38 and the student number that is given once and for all."""
    codes = np.array([item.code for item in curriculum.majors])
    group = ["entry_year", "kind", "major"]
    frame = frame.sort(*group, maintain_order=True)
    frame = frame.with_columns(
        rank=pl.int_range(pl.len()).over(group), size=pl.len().over(group)
    ).with_columns(classes=((pl.col("size") + _CLASS_SIZE - 1) // _CLASS_SIZE))
    frame = frame.with_columns(
        number=(pl.col("rank") * pl.col("classes") // pl.col("size"))
        + pl.when(pl.col("kind") == "up").then(81).otherwise(1),
        major_code=pl.Series(codes[frame["major"].to_numpy()]),
    )
    frame = frame.with_columns(
        class_code=pl.format(
            "{}{}{}",
            pl.col("entry_year"),
            pl.col("major_code"),
            pl.col("number").cast(pl.String).str.zfill(2),
        ),
        seat=pl.int_range(1, pl.len() + 1).over("entry_year", "major_code", "number"),
    )
    return frame.with_columns(
        student_no=pl.col("class_code") + pl.col("seat").cast(pl.String).str.zfill(2),
        student=pl.int_range(pl.len(), dtype=pl.Int64),
    )


def _facts(plan: Plan, college: np.ndarray, kind: np.ndarray, entry: int) -> pl.DataFrame:
    """Who the students of one intake are, and the habits that drive their behaviour."""
    rng = plan.rng("people", 0, entry)
    count = len(kind)
    share = {unit.code: unit.male for unit in COLLEGES}
    male = rng.random(count) < np.array([share[code] for code in college])
    age = 19 + (kind == "up") * 3 + rng.choice([-1, 0, 1], size=count, p=[0.06, 0.76, 0.18])
    birthday = draw_birthdays(rng, np.full(count, entry) - age)
    native = draw_places(rng, count)
    return pl.DataFrame(
        {
            "name": draw_names(rng, male),
            "sex": np.where(male, "1", "2"),
            "birth_date": birthday,
            "ethnicity": draw_ethnicities(rng, count),
            "native_place": native,
            "origin_place": np.where(rng.random(count) < 0.9, native, draw_places(rng, count)),
            "household_type": np.where(rng.random(count) < 0.42, "1", "2"),
            "political_affiliation": rng.choice(
                ["03", "13", "01", "02"], size=count, p=[0.78, 0.16, 0.025, 0.035]
            ),
            "entry_mode": np.where(rng.random(count) < 0.985, "01", "04"),
            "residence_mode": np.where(rng.random(count) < 0.94, "2", "1"),
            "ability": rng.normal(0, 1, count),
            "appetite": rng.gamma(9.0, 1 / 9.0, count).clip(0.25, 2.2),
            "reading": rng.lognormal(0, 1.1, count) / np.exp(0.605),
            "means": rng.lognormal(0, 0.22, count),
        }
    )


_IDENTITY = ("name", "sex", "birth_date", "id_card_no", "ethnicity", "native_place",
             "origin_place", "household_type")  # fmt: skip


def _with_people(frame: pl.DataFrame, plan: Plan, curriculum: Curriculum) -> pl.DataFrame:
    """Give each number its person; some who graduate come back for a bachelor's degree."""
    college = np.array([item.major.college for item in curriculum.majors])[frame["major"]]
    kind, year = frame["kind"].to_numpy(), frame["entry_year"].to_numpy()
    facts = pl.concat(
        [
            _facts(plan, college[year == entry], kind[year == entry], int(entry))
            for entry in np.unique(year)
        ]
    )
    male, birthday = (facts["sex"] == "1").to_numpy(), facts["birth_date"].to_numpy()
    numbers = id_numbers(plan.rng("people", 1), birthday, male, block=0)
    facts = facts.with_columns(id_card_no=pl.Series(numbers))
    person = np.arange(len(frame))
    event, end = frame["event"].to_numpy(), frame["end_date"].to_numpy()
    for intake in np.unique(year[kind == "up"]):
        place = np.flatnonzero((kind == "up") & (year == intake))
        leavers = np.flatnonzero(
            (kind == "zk") & (end == np.datetime64(f"{intake}-07-01")) & (event != "incomplete")
        )
        count_back = min(len(leavers), max(2, round(len(place) * 0.7)), len(place))
        rng = plan.rng("people", 2, int(intake))
        person[place[:count_back]] = rng.choice(leavers, size=count_back, replace=False)
    identity = facts.select(_IDENTITY)[person]
    failing = np.isin(event, ["repeat", "incomplete"])
    ability = facts["ability"].to_numpy()
    facts = facts.with_columns(ability=pl.Series(np.where(failing, 0.5 * ability - 1.9, ability)))
    habits = facts.drop(_IDENTITY).with_columns(
        person=pl.Series(person), college_code=pl.Series(college)
    )
    return pl.concat([frame, identity, habits], how="horizontal")


def admit(plan: Plan, curriculum: Curriculum) -> pl.DataFrame:
    """One row per student number ever in residence in the window, and of the next intake.

    Rows are in order of entry year. `student` is its 0-based index, `person` the index of the
    first number the person had; `event` is '', dropout, leave, transfer, repeat (a year
    once more, with the next one's class) or incomplete, on `event_date`; who took leave is back
    on `back_date`; `end_date` is the day the student leaves for good; `political_affiliation` is
    what they will have become. The rest are fixed facts and the habits that drive behaviour.
    """
    return _with_people(_numbered(_cohorts(plan, curriculum), curriculum), plan, curriculum)
