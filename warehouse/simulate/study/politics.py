"""From league member to party member: the stages that a student passed."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.simulate.cohorts import LENGTH
from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws, invented_names
from warehouse.simulate.study.residence import as_known, still_there

__all__ = ["affiliations", "history_rows"]

_NEVER = np.datetime64("2200-01-01")
_YEAR = np.timedelta64(366, "D")


def _entry(people: pl.DataFrame) -> np.ndarray:
    year = (people["entry_year"].to_numpy() - 1970).astype("datetime64[Y]")
    return (year.astype("datetime64[M]") + np.timedelta64(8, "M")).astype("datetime64[D]")


def _party_days(plan: Plan, people: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """When each becomes a probationary and a full member; 2200 is never.

    `political_affiliation` of the people is what they will have become: 01 about two thirds
    through, so that they are full members before they graduate, 02 in their last year. Nobody
    whose studies were interrupted is admitted.
    """
    draw = Draws(plan, "politics").uniform(1, people["student"].to_numpy())
    becomes = people["political_affiliation"].to_numpy()
    length = np.array([LENGTH[kind] for kind in people["kind"]])
    graduation = length * 365 - 62
    early = graduation - 390 - 200 * draw
    late = graduation - 60 - 270 * draw
    days = np.where(becomes == "01", np.maximum(early, 150), late)
    steady = people["event"].is_in(["", "transfer", "incomplete"]).to_numpy()
    joins = np.isin(becomes, ["01", "02"]) & steady
    admitted = _entry(people) + days.astype("timedelta64[D]")
    return (
        np.where(joins, admitted, _NEVER),
        np.where(joins & (becomes == "01"), admitted + _YEAR, _NEVER),
    )


def affiliations(plan: Plan, people: pl.DataFrame) -> pl.DataFrame:
    """student, admitted, full (dates; 2200 is never) and `before`, the affiliation until then:
    league members become party members, the others stay what they are."""
    admitted, full = _party_days(plan, people)
    party = pl.col("political_affiliation").is_in(["01", "02"])
    return people.select(
        "student",
        before=pl.when(party).then(pl.lit("03")).otherwise("political_affiliation"),
        admitted=pl.Series(admitted),
        full=pl.Series(full),
    )


def history_rows(plan: Plan, students: Students) -> pl.DataFrame:
    """student_political_history: who joined the league at school brings that along; the rest is
    passed here, an application, activist, candidate, and for some membership."""
    people = students.fates
    draws = Draws(plan, "politics")
    key = people["student"].to_numpy()
    becomes = people["political_affiliation"].to_numpy()
    entry = _entry(people)
    born = people["birth_date"].to_numpy().astype("datetime64[D]")
    school = 14.3 * 365.25 + 500 * draws.uniform(2, people["person"].to_numpy())
    league = born + school.astype("timedelta64[D]")
    parts = [_part(people, np.isin(becomes, ["01", "02", "03"]), "入团", "03", league, entry)]
    admitted, full = _party_days(plan, people)
    joins = admitted < _NEVER
    span = np.where(joins, (admitted - entry).astype(np.int64), 900)
    goes = joins | ((becomes != "13") & (draws.uniform(3, key) < 0.4))
    for number, (stage, share) in enumerate(
        (("递交申请", 0.12), ("积极分子", 0.5), ("发展对象", 0.86))
    ):
        day = entry + (span * (share + 0.08 * draws.uniform(4, key, number))).astype(
            "timedelta64[D]"
        )
        parts.append(_part(people, goes, stage, "03", day, day))
        goes = goes & (joins | (draws.uniform(5, key, number) < 0.55))
    parts.append(_part(people, joins, "预备党员", "02", admitted, admitted))
    parts.append(_part(people, full < _NEVER, "转正", "01", full, full))
    rows = pl.concat(parts).sort("student", "stage_date", maintain_order=True)
    rows = still_there(students, rows, "made")
    everyone = np.full(len(rows), True)
    introducer = invented_names(plan, everyone, draws.uniform(6, rows["student"].to_numpy()))
    party = pl.col("stage").is_in(["发展对象", "预备党员", "转正"])
    rows = rows.with_columns(
        branch=pl.when(party)
        .then(pl.col("college_code") + "学生党支部")
        .otherwise(pl.col("class_code") + "团支部"),
        introducer=pl.when(pl.col("stage") == "预备党员").then(pl.Series(introducer)),
    )
    return as_known(plan, rows, "made")


def _part(people: pl.DataFrame, who: np.ndarray, stage: str, affiliation: str,
          day: np.ndarray, made: np.ndarray) -> pl.DataFrame:  # fmt: skip
    """The stage on its day, in the books at ten on the day `made`, with the league's ten days
    after arrival."""
    wait = 10 if stage == "入团" else 0
    return people.select(
        "student", "student_no", "class_code",
        college_code=pl.lit("2") + pl.col("major_code").str.slice(0, 2),
        stage=pl.lit(stage),
        political_affiliation=pl.lit(affiliation),
        stage_date=pl.Series(day.astype("datetime64[D]")),
        made=(pl.Series(made.astype("datetime64[D]")).cast(pl.Datetime("us"))
              + pl.duration(days=wait, hours=10)),
    ).filter(pl.Series(who))  # fmt: skip
