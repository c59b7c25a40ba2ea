"""Bodies and minds: examinations, fitness tests, screening, counselling and alerts."""

from __future__ import annotations

from datetime import date, time

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students
from warehouse.simulate.study.arrival import freshman_exam_days
from warehouse.simulate.study.draws import Draws
from warehouse.simulate.study.offices import handlers
from warehouse.simulate.study.residence import (
    academic_years,
    as_known,
    at_hour,
    days_after,
    residents,
    still_there,
)

__all__ = ["alert_rows", "counselling_rows", "exam_rows", "fitness_rows", "screening_rows"]

_PROBLEMS = {"学业压力": 26, "人际关系": 22, "情绪困扰": 20, "恋爱情感": 12, "家庭关系": 10,
             "生涯发展": 10}  # fmt: skip


def exam_rows(plan: Plan, students: Students) -> pl.DataFrame:
    """student_physical_exam: freshmen in September, those who graduate in May."""
    draws = Draws(plan, "health")
    parts = []
    for year in academic_years(plan):
        fresh = residents(students, date(year, 9, 2)).filter(pl.col("entry_year") == year)
        day = freshman_exam_days(plan, fresh["student"].to_numpy())
        fresh = fresh.with_columns(
            exam_date=days_after(date(year, 9, 1), day), exam_kind=pl.lit("新生")
        )
        last = residents(students, date(year + 1, 5, 8)).filter(
            pl.col("end_date") == date(year + 1, 7, 1)
        )
        day = draws.whole(2, 0, 20, last["class_code"].cast(pl.Int64).to_numpy())
        last = last.with_columns(
            exam_date=days_after(date(year + 1, 5, 8), day), exam_kind=pl.lit("毕业")
        )
        parts += [fresh, last]
    rows = pl.concat(parts)
    key = rows["student"].to_numpy()
    health = draws.pick(3, {"1": 93, "2": 4.6, "3": 2, "6": 0.4}, rows["person"].to_numpy())
    again = draws.uniform(4, key, rows["entry_year"].to_numpy())
    positive = again < 0.004
    rows = rows.with_columns(
        health_status=pl.Series(health),
        infectious_positive=pl.Series(positive),
        follow_up=pl.Series(positive | (again > 0.965)),
        made=pl.col("exam_date").dt.combine(time(17)),
    )
    return as_known(plan, rows.sort("made", "student"), "made")


def fitness_rows(plan: Plan, students: Students) -> pl.DataFrame:
    """student_fitness_test: everyone in the autumn, a class on a day, from mid-October for six
    weeks; exempt is who cannot. The grade follows from the total (国家学生体质健康标准)."""
    draws = Draws(plan, "health")
    parts = []
    for year in academic_years(plan):
        rows = residents(students, date(year, 10, 14))
        day = draws.whole(11, 0, 42, rows["class_code"].cast(pl.Int64).to_numpy(), year)
        parts.append(
            rows.with_columns(
                year=pl.lit(year),
                made=days_after(date(year, 10, 14), day).dt.combine(time(18)),
            )
        )
    rows = pl.concat(parts)
    key, year = rows["student"].to_numpy(), rows["year"].to_numpy()
    person = rows["person"].to_numpy()
    male = (rows["sex"] == "1").to_numpy()
    fit = 0.8 * draws.normal(12, person) + 0.6 * draws.normal(13, key, year)
    height = np.where(male, 174.5, 162.5) + 5.6 * draws.normal(14, person)
    bmi = np.clip(np.where(male, 22.4, 21.0) + 2.6 * draws.normal(15, person), 15.5, 36)
    weight = bmi * (height / 100) ** 2 + draws.normal(16, key, year)
    exempt = draws.uniform(17, person) < 0.013
    total = np.clip(np.round(72.5 + 8.2 * fit, 1), 20, 110)
    grade = np.select([total >= 90, total >= 80, total >= 60], ["1", "2", "3"], "4")
    noise = [draws.normal(20 + number, key, year) for number in range(6)]
    measured = {
        "bmi_score": np.select([bmi < 17.9, bmi < 24, bmi < 28], [80.0, 100.0, 80.0], 60.0),
        "lung_capacity": np.rint(np.where(male, 4150, 2900) + 420 * (0.6 * fit + noise[0])),
        "run_50m": np.round(
            np.where(male, 7.6, 9.2) - 0.35 * fit + 0.25 * np.abs(noise[1]), 1),
        "sit_reach": np.round(np.where(male, 12.5, 16) + 3 * fit + 4 * noise[2], 1),
        "long_jump": np.round(np.where(male, 222, 168) + 11 * fit + 9 * noise[3], 0),
        "strength": np.rint(np.maximum(np.where(male, 7, 33) + np.where(male, 3, 7)
                                       * (0.7 * fit + 0.6 * noise[4]), 0)),
        "endurance_seconds": np.rint(np.where(male, 246, 240) - 15 * fit + 12 * noise[5]),
    }  # fmt: skip
    limits = {"lung_capacity": (900, 8_500), "run_50m": (6, 15), "sit_reach": (-25, 38),
              "long_jump": (90, 300), "endurance_seconds": (180, 500)}  # fmt: skip
    whole = {"lung_capacity", "strength", "endurance_seconds"}
    ill = pl.Series(exempt)
    columns = {
        name: pl.when(~ill).then(
            pl.Series(np.clip(value, *limits.get(name, (0, 120)))).cast(
                pl.Int64 if name in whole else pl.Float64
            )
        )
        for name, value in (measured | {"total_score": total}).items()
    }
    rows = rows.with_columns(
        height_cm=pl.Series(np.round(np.clip(height, 145, 205), 1)),
        weight_kg=pl.Series(np.round(np.clip(weight, 36, 140), 1)),
        fitness_grade=pl.when(~ill).then(pl.Series(grade)),
        exempt=ill,
        **columns,
    )
    return as_known(plan, rows.sort("made", "student"), "made")


def _strain(plan: Plan, rows: pl.DataFrame, year: int) -> np.ndarray:
    """How hard life is for each of them that year: standard normal, some of it lasting."""
    draws = Draws(plan, "minds")
    person, key = rows["person"].to_numpy(), rows["student"].to_numpy()
    return 0.75 * draws.normal(1, person) + 0.66 * draws.normal(2, key, year)


def _level(strain: np.ndarray) -> np.ndarray:
    return np.select([strain > 2.65, strain > 2.05, strain > 1.4], ["1", "2", "3"], "0")


def screening_rows(plan: Plan, students: Students) -> pl.DataFrame:
    """psych_screening: everyone in October, freshmen with the scale for freshmen."""
    draws = Draws(plan, "minds")
    parts = []
    for year in academic_years(plan):
        rows = residents(students, date(year, 10, 10))
        key = rows["student"].to_numpy()
        day, second = draws.whole(3, 0, 20, key, year), draws.whole(4, 28_800, 79_000, key, year)
        valid = draws.uniform(5, key, year) < 0.965
        level = _level(_strain(plan, rows, year))
        fresh = pl.col("entry_year") == year
        parts.append(
            rows.with_columns(
                survey_code=pl.format("XL{}-{}", pl.lit(year),
                                      pl.when(fresh).then(pl.lit("1")).otherwise(pl.lit("2"))),
                scale=pl.when(fresh).then(pl.lit("UPI")).otherwise(pl.lit("SCL-90")),
                taken_at=at_hour(date(year, 10, 10), day, second),
                is_valid=pl.Series(valid),
                screening_level=pl.when(pl.Series(valid)).then(pl.Series(level)),
                follow_up_required=pl.Series(valid & np.isin(level, ["1", "2"])),
            ).filter(pl.Series(draws.uniform(6, key, year) < 0.985))
        )  # fmt: skip
    return as_known(plan, pl.concat(parts).sort("taken_at", "student"), "taken_at")


def alert_rows(plan: Plan, students: Students) -> pl.DataFrame:
    """psych_alert: the most strained, opened in the weeks after the screening, closed after some
    months or when the student leaves."""
    draws = Draws(plan, "minds")
    parts = []
    for year in academic_years(plan):
        rows = residents(students, date(year, 10, 10))
        strain = _strain(plan, rows, year)
        rows = rows.with_columns(level=pl.Series(_level(strain))).filter(pl.Series(strain > 2.3))
        key = rows["student"].to_numpy()
        day = draws.whole(11, 22, 75, key, year)
        until = day + draws.whole(12, 60, 420, key, year)
        end = pl.when(pl.col("event") == "dropout").then("event_date").otherwise("end_date")
        parts.append(
            rows.with_columns(
                opened_date=days_after(date(year, 10, 10), day),
                closed_date=pl.min_horizontal(days_after(date(year, 10, 10), until), end),
                outcome=pl.Series(draws.pick(13, {"好转解除": 80, "转介后解除": 20}, key, year)),
                alert_id=pl.format("YJ{}{}", pl.lit(year), pl.col("student").cast(pl.String)
                                   .str.zfill(6)),
            )
        )  # fmt: skip
    rows = still_there(students, pl.concat(parts), "opened_date").with_columns(
        outcome=pl.when(pl.col("closed_date") == pl.col("end_date")).then(pl.lit("离校转出"))
        .otherwise("outcome"),
        made=pl.col("opened_date").dt.combine(time(17)),
        over=pl.col("closed_date").dt.combine(time(17)),
    )  # fmt: skip
    return as_known(
        plan, rows.sort("made", "student"), "made", {"over": ["closed_date", "outcome"]}
    )


def counselling_rows(plan: Plan, students: Students, staff: Staff) -> pl.DataFrame:
    """psych_counselling: one to six sessions, a fortnight apart, with one of the students'
    office; who was screened high is asked to come."""
    draws = Draws(plan, "minds")
    parts = []
    for year in academic_years(plan):
        for season, opening in enumerate((date(year, 9, 15), date(year + 1, 3, 10))):
            rows = residents(students, opening)
            key = rows["student"].to_numpy()
            strain = _strain(plan, rows, year)
            chance = np.select([strain > 2.05, strain > 1.2], [0.42, 0.08], 0.004)
            rows = rows.filter(pl.Series(draws.uniform(21, key, year, season) < chance))
            key = rows["student"].to_numpy()
            first = draws.whole(22, 0, 40, key, year, season)
            desk = handlers(staff, opening, date(opening.year, opening.month + 4, 15)
                            if season else date(year + 1, 1, 15), np.full(len(rows), "103"),
                            draws.uniform(23, key // 7, year, season))  # fmt: skip
            count = draws.whole(24, 1, 7, key, year, season)
            problem = draws.pick(25, _PROBLEMS, key, year, season)
            for session in range(6):
                more = rows.with_columns(
                    session_date=days_after(opening, first + 14 * session),
                    counsellor_staff_no=pl.Series(desk),
                    session_type=pl.lit("初访" if session == 0 else "后续咨询"),
                    problem_class=pl.Series(problem),
                    referred=pl.Series(draws.uniform(26, key, year, season, session) < 0.03),
                ).filter(pl.Series(count > session))
                parts.append(more)
    rows = still_there(students, pl.concat(parts), "session_date").sort("session_date", "student")
    rows = rows.with_columns(
        session_id=pl.format("ZX{}{}", pl.col("session_date").dt.strftime("%Y%m%d"),
                             pl.col("student").cast(pl.String).str.zfill(6)),
        made=pl.col("session_date").dt.combine(time(18)),
    )  # fmt: skip
    return as_known(plan, rows, "made")
