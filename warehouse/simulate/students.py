"""What became of each student: spells of status, major and class, and their documents.

A student's life is a row of *spells*: from a day on, a status, a major, a class. Everything else
(the census snapshots, who sits in which course, who eats on campus) is read off the spells, so
that the tables agree with each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from warehouse.simulate.cohorts import LENGTH, admit, intake_shares
from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.plan import Plan

__all__ = ["Students", "make_students"]


@dataclass(frozen=True)
class Students:
    """`people`: one row per student number, `student` its index (0-based), fixed facts and
    the habits that drive behaviour. `spells`: student, seq, since (date), status, major_code,
    class_code, grade_year, graduation (date). A spell holds until the next one begins.
    `changes`: one row per change, linked to the spells before and after it.

    These three hold what was known at the cut. `fates` are people and the intake to come,
    `lives` every spell they will have: a term is planned with those who will be there."""

    people: pl.DataFrame
    spells: pl.DataFrame
    changes: pl.DataFrame
    fates: pl.DataFrame
    lives: pl.DataFrame

    def at(self, day: object) -> pl.DataFrame:
        """Each student's spell on a day, be it still to come; who is not there yet is absent."""
        current = self.lives.filter(pl.col("since") <= day)
        return current.unique("student", keep="last", maintain_order=True)


def _spells(people: pl.DataFrame, plan: Plan, curriculum: Curriculum) -> pl.DataFrame:
    """Every spell, in order, numbered within the student."""
    graduation = np.where(
        np.isin(people["event"].to_numpy(), ["leave", "repeat"]),
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
    # After a leave, or to repeat the year, one goes on with the class that came a year later.
    delayed = base.filter(pl.col("event").is_in(["leave", "repeat"]))
    back = delayed.with_columns(
        since=pl.when(pl.col("event") == "leave").then("back_date").otherwise("event_date"),
        grade_year=later,
        graduation=pl.col("graduation") + 1,
        class_code=pl.format("{}{}", later, pl.col("class_code").str.slice(4)),
    )
    end = pl.concat([base.join(delayed, on="student", how="anti"), back]).with_columns(
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
    spells = pl.concat([base, away, back, moved, end])
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
        open_, ratio = intake_shares(curriculum.majors, "ug", year)
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
    # Drawn over all that will be, student by student; the cut comes last.
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
        .when(pl.col("from_major_code") == pl.col("major_code")).then(pl.lit("02"))
        .otherwise(pl.lit("23"))
    )  # fmt: skip
    moved = moved.with_columns(change_type=kind)
    reasons = {"11": ["10", "34", "24", "26"], "31": ["21", "22", "29", "39"], "62": ["22"],
               "12": [""], "23": ["01"], "02": ["22"]}  # fmt: skip
    count = len(moved)
    drawn = [reasons[code][int(rng.integers(0, len(reasons[code])))] or None
             for code in moved["change_type"]]  # fmt: skip
    # Who leaves because of the results is who had poor ones.
    poor = moved.join(people.select("student", "ability"), on="student", maintain_order="left")
    drawn = [
        ("22" if weak else "39" if reason == "22" else reason) if code == "31" else reason
        for code, reason, weak in zip(
            moved["change_type"], drawn, poor["ability"] < -0.6, strict=True
        )
    ]
    lead = plan.rng("changes", 2).integers(4, 15, count).astype("timedelta64[D]")
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
    fates = admit(plan, curriculum)
    lives = _spells(fates, plan, curriculum)
    known = pl.col("since") < plan.as_of
    changes = _changes(fates, lives, plan).filter(pl.col("effective_date") < plan.as_of)
    people = fates.filter(pl.col("entry_year") <= plan.last_intake)
    return Students(people, lives.filter(known), changes, fates, lives)
