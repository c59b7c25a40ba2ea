"""From league member to party member: the stages that a student passed."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws, invented_names
from warehouse.simulate.study.residence import as_known, still_there

__all__ = ["history_rows"]

_STAGES = ("递交申请", "积极分子", "发展对象")


def history_rows(plan: Plan, students: Students) -> pl.DataFrame:
    """student_political_history.

    The register of students keeps the affiliation that one came with, so nobody is admitted to
    the party here: league members may apply and become activists and candidates. Who came as a
    party member brings the stages along, entered with the registration.
    """
    people = students.fates
    draws = Draws(plan, "politics")
    key = people["student"].to_numpy()
    person = people["person"].to_numpy()
    belongs = people["political_affiliation"].to_numpy()
    entry = (people["entry_year"].to_numpy() - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    entry = entry + np.timedelta64(243, "D")
    born = people["birth_date"].to_numpy().astype("datetime64[D]")
    league = born + (14.3 * 365.25 + 500 * draws.uniform(1, person)).astype("timedelta64[D]")
    member = np.isin(belongs, ["01", "02", "03"])
    parts = [_part(people, member, "入团", "03", league, entry)]
    # At the earliest at eighteen; a full member a year after admission.
    adult = born + np.timedelta64(6_580, "D")
    admitted = np.minimum(np.maximum(adult, entry - np.timedelta64(700, "D")), entry)
    admitted = np.where(belongs == "02", np.maximum(adult, entry - np.timedelta64(150, "D")),
                        admitted)  # fmt: skip
    admitted = np.minimum(admitted, entry)
    parts.append(_part(people, np.isin(belongs, ["01", "02"]), "预备党员", "02", admitted, entry))
    full = np.minimum(admitted + np.timedelta64(366, "D"), entry)
    parts.append(_part(people, belongs == "01", "转正", "01", full, entry))
    applies = (belongs == "03") & (draws.uniform(2, key) < 0.42)
    day = entry + draws.whole(3, 20, 420, key).astype("timedelta64[D]")
    for number, stage in enumerate(_STAGES):
        parts.append(_part(people, applies, stage, "03", day, day))
        applies = applies & (draws.uniform(4, key, number) < 0.55)
        day = day + draws.whole(5, 190, 360, key, number).astype("timedelta64[D]")
    rows = pl.concat(parts).sort("student", "stage_date", maintain_order=True)
    here = still_there(students, rows, "made")
    introducer = invented_names(
        plan, np.full(len(here), True), draws.uniform(6, here["student"].to_numpy())
    )
    party = pl.col("stage").is_in(["预备党员", "转正", "发展对象"])
    rows = here.with_columns(
        branch=pl.when(party).then(pl.col("college_code") + "学生党支部")
        .otherwise(pl.col("class_code") + "团支部"),
        introducer=pl.when(pl.col("stage") == "预备党员").then(pl.Series(introducer)),
    )  # fmt: skip
    return as_known(plan, rows, "made")


def _part(people: pl.DataFrame, who: np.ndarray, stage: str, affiliation: str,
          day: np.ndarray, made: np.ndarray) -> pl.DataFrame:  # fmt: skip
    """The stage on its day, in the books ten days after `made`."""
    return people.select(
        "student", "student_no", "class_code",
        college_code=pl.lit("2") + pl.col("major_code").str.slice(0, 2),
        stage=pl.lit(stage),
        political_affiliation=pl.lit(affiliation),
        stage_date=pl.Series(day.astype("datetime64[D]")),
        made=(pl.Series(made.astype("datetime64[D]")).cast(pl.Datetime("us"))
              + pl.duration(days=10, hours=10)),
    ).filter(pl.Series(who))  # fmt: skip
