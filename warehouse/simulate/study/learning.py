"""The online learning space: courses, what was done in them each day, and what was handed in.

A year of a large college has millions of rows, so that days and submissions are made month by
month, and from keys (who, which class, which day) rather than in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import Term, day_weights, days_of, next_month, terms
from warehouse.simulate.extracts import Extracts
from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws
from warehouse.simulate.study.residence import as_known
from warehouse.simulate.study.results import class_numbers

__all__ = ["course_rows", "learners", "write_learning"]

_DAILY = 0.33
"Chance that a learner opens a course on a usual day of term."
_TASKS = 14
"Tasks of a course in a term: assignments, every fifth a quiz, the last an examination."


def course_rows(plan: Plan, classes: pl.DataFrame) -> pl.DataFrame:
    """online_course: a fifth of the classes, more of the common courses than of the others; the
    teacher of the class built it. `number` is the class as a whole number."""
    draws = Draws(plan, "learning")
    number = class_numbers(classes["class_no"])
    course = number % 100_000_000 // 100
    likes = np.where((classes["course_nature"] == "1").to_numpy(), 0.3, 0.19)
    likes = np.where(classes["slot"].is_null().to_numpy(), 0.03, likes)
    chosen = draws.uniform(1, number) < likes
    rows = classes.with_columns(
        number=pl.Series(number),
        online_course_no=pl.lit("W") + pl.Series(number).cast(pl.String).str.zfill(11),
        owner_staff_no="lead_staff_no",
        resource_count=pl.Series(draws.whole(2, 12, 140, course)),
        video_minutes=pl.Series(draws.whole(3, 90, 1_900, course)),
        course_kind=pl.Series(draws.pick(4, {"自建": 62, "SPOC": 28, "MOOC": 10}, course)),
        made=pl.col("settled").cast(pl.Datetime("us")),
    ).filter(pl.Series(chosen))
    return as_known(plan, rows, "made")


def learners(students: Students, courses: pl.DataFrame, selections: pl.DataFrame) -> pl.DataFrame:
    """Who sits in an online course, from when, and until when at the latest."""
    people = students.fates.select("student", "student_no", "ability", "end_date")
    return (
        selections.join(
            courses.select("class_no", "online_course_no", "number", "term_code"),
            on="class_no", maintain_order="left",
        )
        .join(people, on="student_no", maintain_order="left")
        .with_columns(
            since=pl.col("selected_at").cast(pl.Date),
            until=pl.min_horizontal(pl.col("dropped_at").cast(pl.Date), "end_date"),
        )
        .select("student", "student_no", "online_course_no", "number", "term_code", "ability",
                "since", "until")
    )  # fmt: skip


def write_learning(plan: Plan, extracts: Extracts, who: pl.DataFrame) -> None:
    """The files of online_learning_daily and online_assignment, one a year."""
    for table, make in (("online_learning_daily", _days), ("online_assignment", _submissions)):
        with ExitStack() as stack:
            year, file = 0, None
            for month in extracts.months():
                fresh = month.year != year
                if fresh:
                    year = month.year
                    file = stack.enter_context(extracts.open(table, f"{table}-{year}"))
                for frame in make(plan, who, month):
                    known = frame.filter(pl.col("source_updated_at") < plan.cut)
                    extracts.append(file, table, known, extracts.year_end(year), header=fresh)
                    fresh = False


def _terms_of(plan: Plan, first: date, last: date) -> list[Term]:
    return [term for term in terms(plan) if term.start <= last and term.end >= first]


def _days(plan: Plan, who: pl.DataFrame, month: date) -> Iterator[pl.DataFrame]:
    """online_learning_daily of the term days whose night falls into the month: a day is counted
    at one in the morning of the next."""
    draws = Draws(plan, "learning")
    days = [day - timedelta(days=1) for day in days_of(month)]
    empty = True
    for term in _terms_of(plan, days[0], days[-1]):
        own = who.filter(pl.col("term_code") == term.code)
        span = [day for day in days if term.start <= day <= term.end]
        if not span or own.is_empty():
            continue
        empty = False
        yield _days_in(draws, own, span)
    if empty:
        yield _days_in(draws, who.clear(), [month])


def _days_in(draws: Draws, own: pl.DataFrame, span: list[date]) -> pl.DataFrame:
    student, number = own["student"].to_numpy(), own["number"].to_numpy()
    stamp = np.array(span, dtype="datetime64[D]")
    day = stamp.astype(np.int64)
    since = own["since"].to_numpy().astype("datetime64[D]")
    until = own["until"].to_numpy().astype("datetime64[D]")
    keen = np.clip(1 + 0.16 * own["ability"].to_numpy() + 0.25 * draws.normal(11, student, number),
                   0.15, 2.2)  # fmt: skip
    chance = keen[:, None] * np.clip(day_weights(span), 0, 1.15)[None, :] * _DAILY
    drawn = draws.uniform(12, student[:, None], number[:, None], day[None, :])
    there = (stamp[None, :] > since[:, None]) & (stamp[None, :] < until[:, None])
    row, column = np.nonzero((drawn < chance) & there)
    keys = (student[row], number[row], day[column])
    seconds = np.minimum(-np.log(1 - draws.uniform(13, *keys)) * 1_150, 14_000).astype(np.int64)
    watched = draws.uniform(14, *keys) < 0.72
    return pl.DataFrame(
        {
            "student_no": own["student_no"].gather(row),
            "online_course_no": own["online_course_no"].gather(row),
            "activity_date": pl.Series(stamp[column]).cast(pl.Date),
            "visits": 1 + np.minimum(
                (-np.log(1 - draws.uniform(15, *keys)) * 1.8).astype(np.int64), 40),
            "video_seconds": np.where(watched, seconds, 0),
            "tasks_done": (draws.uniform(16, *keys) ** 3 * 4).astype(np.int64),
            "posts": (draws.uniform(17, *keys) > 0.93).astype(np.int64),
        }
    ).with_columns(
        source_updated_at=pl.col("activity_date").dt.combine(time(1)) + timedelta(days=1)
    ).sort("activity_date", "student_no", "online_course_no")  # fmt: skip


def _submissions(plan: Plan, who: pl.DataFrame, month: date) -> Iterator[pl.DataFrame]:
    """online_assignment handed in during the month, scored at once."""
    draws = Draws(plan, "learning")
    low, high = month, next_month(month)
    within = pl.col("submitted_at").is_between(
        datetime.combine(low, time()), datetime.combine(high, time()), closed="left"
    )
    parts = []
    for term in _terms_of(plan, low - timedelta(days=8), high + timedelta(days=8)):
        own = who.filter(pl.col("term_code") == term.code)
        step = (term.end - term.start).days - 20
        for task in range(_TASKS):
            due = term.start + timedelta(days=14 + task * step // (_TASKS - 1))
            if due < low or due - timedelta(days=7) > high:
                continue
            parts.append(_task(draws, own, task, due).filter(within))
    if not parts:
        parts = [_task(draws, who.clear(), 0, month)]
    yield pl.concat(parts).sort("submitted_at", "submission_id")


def _task(draws: Draws, own: pl.DataFrame, task: int, due: date) -> pl.DataFrame:
    student, number = own["student"].to_numpy(), own["number"].to_numpy()
    keys = (student, number, task)
    ability = own["ability"].to_numpy()
    kind = "考试" if task == _TASKS - 1 else "测验" if task % 5 == 4 else "作业"
    # Most in the last evening; the moment is counted back from midnight of the day it is due.
    early = np.minimum(-np.log(1 - draws.uniform(21, *keys)) * 1.1, 6.9) * 86_400
    early = early if kind == "作业" else 3_600 + early % 7_200 + 3_600 * 3
    at = np.datetime64(due, "s") + np.timedelta64(86_390, "s") - early.astype("timedelta64[s]")
    score = 80 + 7 * ability + 8 * draws.normal(22, *keys)
    score = np.round(np.clip(score, 0, 100), 0 if kind == "作业" else 1)
    handed = draws.uniform(23, *keys) < np.clip(0.965 + 0.025 * ability, 0.6, 0.995)
    unread = draws.uniform(24, *keys) < 0.025
    day = pl.Series(at.astype("datetime64[us]"))
    digits = pl.Series(number).cast(pl.String).str.zfill(11)
    return own.with_columns(
        submission_id=pl.format("{}{}{}", "student_no", digits, pl.lit(f"{task:02d}")),
        task_type=pl.lit(kind),
        submitted_at=day,
        score=pl.when(pl.Series(unread & (kind == "作业"))).then(None).otherwise(pl.Series(score)),
        full_score=pl.lit(100.0),
        source_updated_at=day,
    ).filter(
        pl.Series(handed) & (day.cast(pl.Date) > pl.col("since"))
        & (day.cast(pl.Date) < pl.col("until"))
    )  # fmt: skip
