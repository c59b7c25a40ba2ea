"""Who slept in which bed.

Beds are given out anew each academic year, classmates together and each room to one sex: men from
the front of the list of rooms, women from its end. A bed belongs to one student for the whole
year, so that nobody shares one when someone leaves or comes back in February. Who stays on moves
on 30 August, freshmen move in as they report; a stay ends with the year (29 August) or the day
its holder graduates, leaves school or takes leave.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.errors import SimulationError
from warehouse.simulate.plan import Plan
from warehouse.simulate.property import Property
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws
from warehouse.simulate.study.residence import as_known

__all__ = ["make_stays"]


def _beds(estate: Property, moving: datetime) -> pl.DataFrame:
    """room_code, bed: the beds of rooms that stand and are in use when the year begins."""
    begun = pl.col("repaired") <= moving
    rooms = estate.rooms.filter(
        (pl.col("use") == "311") & (pl.col("source_updated_at") <= moving)
        & (pl.when(begun).then("later_status").otherwise("status") == "1")
    )  # fmt: skip
    return (
        rooms.sort("room_code")
        .with_columns(place=pl.int_range(pl.len()))
        .select("room_code", "place", bed=pl.int_ranges(1, pl.col("beds") + 1))
        .explode("bed")
    )


def _sleepers(students: Students, year: int) -> pl.DataFrame:
    """All who live in some time in the academic year: in residence as it begins, or back from
    leave before its spring term."""
    keep = ["student", "major_code", "class_code"]
    autumn = students.at(date(year, 9, 2)).filter(pl.col("status") == "01").select(keep)
    spring = students.at(date(year + 1, 2, 20)).filter(pl.col("status") == "01").select(keep)
    both = pl.concat([autumn, spring.join(autumn, on="student", how="anti")])
    facts = students.fates.select("student", "student_no", "sex", "entry_year", "event",
                                  "event_date", "back_date", "end_date",
                                  "residence_mode")  # fmt: skip
    return (
        both.join(facts, on="student")
        .filter(pl.col("residence_mode") == "2")
        .sort("sex", "class_code", "student")
    )


def _allot(estate: Property, sleepers: pl.DataFrame, year: int) -> pl.DataFrame:
    beds = _beds(estate, datetime(year, 8, 30))
    parts, used = [], set()
    for sex, backwards in (("1", False), ("2", True)):
        own = sleepers.filter(pl.col("sex") == sex)
        free = beds.sort("place", "bed", descending=[backwards, False]).head(len(own))
        places = set(free["place"].to_list())
        if len(free) < len(own) or used & places:
            raise SimulationError(
                f"The hostels have {len(beds)} beds in use for {len(sleepers)} residents of "
                f"{year}-{year + 1}.",
                next_step="Ask for another number of students or another seed.",
            )
        used |= places
        parts.append(pl.concat([own, free.select("room_code", "bed")], how="horizontal"))
    return pl.concat(parts)


def make_stays(
    plan: Plan, estate: Property, students: Students, reported: pl.DataFrame
) -> pl.DataFrame:
    """student_dorm_stay. `reported` has student and reported_at of the window's freshmen."""
    draws = Draws(plan, "dormitories")
    came = reported.filter(pl.col("student").is_not_null()).select(
        "student", came=pl.col("reported_at").cast(pl.Date)
    )
    parts = []
    for year in range(plan.start.year, plan.last_intake + 2):  # moving is in August
        rows = _allot(estate, _sleepers(students, year), year)
        rows = rows.join(came, on="student", how="left", maintain_order="left")
        moving, over = date(year, 8, 30), date(year + 1, 8, 29)
        back = (pl.col("event") == "leave") & pl.col("back_date").is_between(
            date(year, 8, 1), over - timedelta(days=20)
        )
        away = pl.col("event").is_in(["leave", "dropout"]) & pl.col("event_date").is_between(
            date(year, 9, 10), over
        )
        fresh = pl.col("entry_year") == year
        start = (
            pl.when(fresh).then(pl.coalesce("came", pl.date(year, 9, 1)))
            .when(back).then(pl.max_horizontal("back_date", pl.lit(moving)))
            .otherwise(pl.lit(moving))
        )  # fmt: skip
        late = -np.log(1 - draws.uniform(1, rows["student"].to_numpy(), year)) * 0.9
        parts.append(
            rows.with_columns(
                check_in_date=start,
                check_out_date=pl.min_horizontal(
                    "end_date", pl.lit(over), pl.when(away).then("event_date")
                ),
                bed_no=pl.col("bed").cast(pl.String),
                late_return_count=pl.Series(np.floor(late).astype(np.int64)),
            )
        )
    rows = pl.concat(parts, how="diagonal_relaxed").with_columns(
        entered=pl.col("check_in_date").dt.combine(pl.time(14, 0)),
        left=pl.col("check_out_date").dt.combine(pl.time(11, 0)),
    )
    return as_known(
        plan, rows, "entered", {"left": ["check_out_date", "late_return_count"]}
    ).sort("check_in_date", "student")  # fmt: skip
