"""Who studied when: cohorts, what happened to each student, and the spells that follow.

A student's life is a row of *spells*: from a day on, a status, a major, a class. Everything else
(the census snapshots, who sits in which course, who eats on campus) is read off the spells, so
that the tables agree with each other.
"""

from __future__ import annotations

from dataclasses import dataclass

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

__all__ = ["Students", "make_students"]

LENGTH = {"ug": 4, "zk": 3, "up": 2}
_SHARE = {"ug": 0.66, "zk": 0.28, "up": 0.06}
_CLASS_SIZE = 38
_FAR = np.datetime64("2200-01-01")


@dataclass(frozen=True)
class Students:
    """`people`: one row per student number, `student` its index (0-based), fixed facts and
    the habits that drive behaviour. `spells`: student, seq, since (date), status, major_code,
    class_code, grade_year, graduation (date). A spell holds until the next one begins.
    `changes`: one row per change, linked to the spells before and after it."""

    people: pl.DataFrame
    spells: pl.DataFrame
    changes: pl.DataFrame

    def at(self, day: object) -> pl.DataFrame:
        """Each student's spell on a day; students who had not come yet are absent."""
        current = self.spells.filter(pl.col("since") <= day)
        return current.unique("student", keep="last", maintain_order=True)


def _first(year: np.ndarray, month: int) -> np.ndarray:
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    return (months + np.timedelta64(month - 1, "M")).astype("datetime64[D]")


def _shares(
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


def _draw(plan: Plan, curriculum: Curriculum, scale: float) -> pl.DataFrame:
    """All who may be in the window, with what will happen to them; not yet people."""
    rng = plan.rng("cohorts")
    parts = []
    for year in range(plan.start.year - 5, plan.last_intake + 1):
        intake = scale * plan.students / 3.6 * 1.03 ** (year - plan.last_intake)
        for kind, share in _SHARE.items():
            open_, ratio = _shares(curriculum.majors, kind, year)
            count = max(round(intake * share), 2)
            major = np.repeat(np.array(open_, dtype=np.int64), _apportion(count, ratio))
            parts.append((np.full(count, year), np.full(count, kind, dtype="U2"), major))
    year, kind, major = (np.concatenate(column) for column in zip(*parts, strict=True))
    count = len(year)
    length = np.array([LENGTH[value] for value in kind])
    fate = rng.random(count)
    semester = 1 + (rng.random(count) * (2 * length - 2)).astype(np.int64)
    event = np.full(count, "", dtype="U10")
    event[fate < 0.022] = "dropout"
    event[(fate >= 0.022) & (fate < 0.045)] = "leave"
    event[(fate >= 0.045) & (fate < 0.075) & (kind == "ug")] = "transfer"
    event[(fate >= 0.975) & (fate < 0.987)] = "incomplete"
    semester = np.where(event == "transfer", 2, semester)
    when = boundary(year, semester, rng.integers(0, 10, count))
    back = boundary(year, semester + 2, rng.integers(0, 10, count))
    late = (event == "leave").astype(np.int64)
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
    day = pl.lit(plan.as_of)
    left = (pl.col("event") == "leave") & (pl.col("event_date") < day)
    away = left & (pl.col("back_date") >= day)
    return frame.select((pl.col("end_date") >= day) & ~away).to_series()


def _cohorts(plan: Plan, curriculum: Curriculum) -> pl.DataFrame:
    """Draw until just enough are in residence at as-of, then let go of the small surplus."""
    scale = 1.0
    for _ in range(12):
        frame = _draw(plan, curriculum, scale)
        present = np.flatnonzero(_in_residence(frame, plan).to_numpy())
        surplus = len(present) - plan.students
        if 0 <= surplus <= max(plan.students * 0.01, 15):
            gone = plan.rng("cohorts", 1).choice(present, size=surplus, replace=False)
            keep = np.ones(len(frame), dtype=bool)
            keep[gone] = False
            return frame.filter(pl.Series(keep))
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


def _with_people(frame: pl.DataFrame, plan: Plan, curriculum: Curriculum) -> pl.DataFrame:
    """Give each number its person; some who graduate come back for a bachelor's degree."""
    rng = plan.rng("people")
    count = len(frame)
    college = np.array([item.major.college for item in curriculum.majors])[frame["major"]]
    share = {unit.code: unit.male for unit in COLLEGES}
    male = rng.random(count) < np.array([share[code] for code in college])
    kind, year = frame["kind"].to_numpy(), frame["entry_year"].to_numpy()
    age = 19 + (kind == "up") * 3 + rng.choice([-1, 0, 1], size=count, p=[0.06, 0.76, 0.18])
    birthday = draw_birthdays(rng, year - age)
    native = draw_places(rng, count)
    person = np.arange(count)
    event, end = frame["event"].to_numpy(), frame["end_date"].to_numpy()
    for intake in np.unique(year[kind == "up"]):
        place = np.flatnonzero((kind == "up") & (year == intake))
        leavers = np.flatnonzero(
            (kind == "zk") & (end == np.datetime64(f"{intake}-07-01")) & (event != "incomplete")
        )
        count_back = min(len(leavers), max(2, round(len(place) * 0.7)), len(place))
        person[place[:count_back]] = rng.choice(leavers, size=count_back, replace=False)
    facts = pl.DataFrame(
        {
            "name": draw_names(rng, male),
            "sex": np.where(male, "1", "2"),
            "birth_date": birthday,
            "id_card_no": id_numbers(rng, birthday, male, block=0),
            "ethnicity": draw_ethnicities(rng, count),
            "native_place": native,
            "origin_place": np.where(rng.random(count) < 0.9, native, draw_places(rng, count)),
            "household_type": np.where(rng.random(count) < 0.42, "1", "2"),
        }
    )[person]
    habits = pl.DataFrame(
        {
            "person": person,
            "college_code": college,
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
    return pl.concat([frame, facts, habits], how="horizontal")


def _spells(people: pl.DataFrame, plan: Plan, curriculum: Curriculum) -> pl.DataFrame:
    """Every spell that had begun by the cut, in order, numbered within the student."""
    graduation = np.where(
        people["event"].to_numpy() == "leave",
        people["end_date"].to_numpy().astype("datetime64[Y]").astype(np.int64) + 1970 - 1,
        people["entry_year"].to_numpy()
        + np.array([LENGTH[value] for value in people["kind"].to_list()]),
    )
    base = people.select(
        "student",
        "event",
        "event_date",
        "back_date",
        "end_date",
        "kind",
        "major",
        "number",
        "major_code",
        "class_code",
        pl.col("entry_year").cast(pl.Int64).alias("grade_year"),
        pl.Series("graduation", graduation),
        pl.date(pl.col("entry_year").cast(pl.Int32), 9, 1).alias("since"),
        pl.lit("01").alias("status"),
    )
    leave = base.filter(pl.col("event") == "leave")
    later = pl.col("grade_year") + 1
    back = leave.with_columns(
        since=pl.col("back_date"),
        grade_year=later,
        graduation=pl.col("graduation") + 1,
        class_code=pl.format("{}{}", later, pl.col("class_code").str.slice(4)),
    )
    end = pl.concat([base.filter(pl.col("event") != "leave"), back]).with_columns(
        since=pl.col("end_date"),
        status=pl.when(pl.col("event") == "dropout")
        .then(pl.lit("03"))
        .when(pl.col("event") == "incomplete")
        .then(pl.lit("08"))
        .otherwise(pl.lit("07")),
    )
    moved = _transfers(base.filter(pl.col("event") == "transfer"), plan, curriculum)
    target = moved.select("student", new_major="major_code", new_class="class_code")
    end = (
        end.join(target, on="student", how="left", maintain_order="left")
        .with_columns(
            major_code=pl.coalesce("new_major", "major_code"),
            class_code=pl.coalesce("new_class", "class_code"),
        )
        .drop("new_major", "new_class")
    )
    away = leave.with_columns(since=pl.col("event_date"), status=pl.lit("02"))
    spells = pl.concat([base, away, back, moved, end]).filter(pl.col("since") < plan.as_of)
    return (
        spells.sort("student", "since")
        .with_columns(seq=pl.int_range(pl.len()).over("student"))
        .select("student", "seq", "since", "status", "major_code", "class_code", "grade_year",
                "graduation")
    )  # fmt: skip


def _transfers(base: pl.DataFrame, plan: Plan, curriculum: Curriculum) -> pl.DataFrame:
    """Those who change major move into the first class of another one of the same year."""
    rng = plan.rng("changes", 1)
    codes = {item.code: index for index, item in enumerate(curriculum.majors)}
    majors, classes = [], []
    for own, year in base.select("major_code", "grade_year").iter_rows():
        open_, ratio = _shares(curriculum.majors, "ug", year)
        others = [(index, share) for index, share in zip(open_, ratio, strict=True)
                  if index != codes[own]]  # fmt: skip
        weight = np.array([share for _, share in others])
        pick = int(rng.choice([index for index, _ in others], p=weight / weight.sum()))
        code = curriculum.majors[pick].code
        majors.append(code)
        classes.append(f"{year}{code}01")
    return base.with_columns(
        since=pl.col("event_date"),
        major_code=pl.Series(majors, dtype=pl.String),
        class_code=pl.Series(classes, dtype=pl.String),
    )


def _changes(people: pl.DataFrame, spells: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """A document for each change of status, major or class but a regular graduation."""
    before = ["status", "major_code", "class_code"]
    moved = spells.with_columns(
        *(pl.col(name).shift(1).over("student").alias(f"from_{name}") for name in before)
    ).filter((pl.col("seq") > 0) & (pl.col("status") != "07"))
    rng = plan.rng("changes")
    kind = (
        pl.when(pl.col("status") == "02").then(pl.lit("11"))
        .when(pl.col("status") == "03").then(pl.lit("31"))
        .when(pl.col("status") == "08").then(pl.lit("62"))
        .when(pl.col("from_status") == "02").then(pl.lit("12"))
        .otherwise(pl.lit("23"))
    )  # fmt: skip
    moved = moved.with_columns(change_type=kind)
    reasons = {"11": ["10", "34", "24", "26"], "31": ["21", "22", "29", "39"], "62": ["22"],
               "12": [""], "23": ["01"]}  # fmt: skip
    count = len(moved)
    drawn = [reasons[code][int(rng.integers(0, len(reasons[code])))] or None
             for code in moved["change_type"]]  # fmt: skip
    lead = rng.integers(4, 15, count).astype("timedelta64[D]")
    since = moved["since"].to_numpy().astype("datetime64[D]")
    college = pl.lit("2") + pl.col("major_code").str.slice(0, 2)
    former = pl.lit("2") + pl.col("from_major_code").str.slice(0, 2)
    return (
        moved.with_columns(
            change_reason=pl.Series(drawn, dtype=pl.String),
            apply_date=pl.Series(since - lead),
            approved_date=pl.Series(since - (lead // 4)),
        )
        .sort("since", "student")
        .with_columns(serial=pl.int_range(1, pl.len() + 1).over(pl.col("since").dt.year()))
        .join(people.select("student", "student_no"), on="student", maintain_order="left")
        .select(
            pl.format("XJ{}{}", pl.col("since").dt.year(),
                      pl.col("serial").cast(pl.String).str.zfill(5)).alias("change_id"),
            "student_no",
            "change_type",
            "change_reason",
            "apply_date",
            pl.col("since").alias("effective_date"),
            "approved_date",
            pl.format("学籍〔{}〕{}号", pl.col("since").dt.year(), "serial").alias("document_no"),
            former.alias("from_college"),
            college.alias("to_college"),
            pl.col("from_major_code").alias("from_major"),
            pl.col("major_code").alias("to_major"),
            pl.col("from_class_code").alias("from_class"),
            pl.col("class_code").alias("to_class"),
            "from_status",
            pl.col("status").alias("to_status"),
            pl.col("since").dt.combine(pl.time(15, 30)).alias("source_updated_at"),
        )
    )  # fmt: skip


def make_students(plan: Plan, curriculum: Curriculum) -> Students:
    """Everyone enrolled at some time in the window."""
    people = _with_people(_numbered(_cohorts(plan, curriculum), curriculum), plan, curriculum)
    spells = _spells(people, plan, curriculum)
    return Students(people, spells, _changes(people, spells, plan))
