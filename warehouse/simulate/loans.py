"""Who borrowed which book when. No copy is ever lent twice at the same time."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights, months
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students

__all__ = ["make_loans"]

_LOANS_PER_STUDENT_YEAR = 9.5
_LOANS_PER_STAFF_YEAR = 4.0


def _demand(plan: Plan, students: Students, staff: Staff) -> tuple[np.ndarray, ...]:
    """reader index (staff behind the students) and day of every visit to the desk."""
    rng = plan.rng("loans")
    people = students.people
    year = [plan.start + timedelta(days=step) for step in range(365)]
    per_weight = 1.0 / day_weights(year).sum()
    day = "datetime64[D]"
    leave = (people["event"] == "leave").to_numpy()
    end = people["end_date"].to_numpy().astype(day)
    until = np.where(leave, people["event_date"].to_numpy().astype(day), end)
    back = people["back_date"].to_numpy().astype(day)
    entry = (people["entry_year"].to_numpy() - 1970).astype("datetime64[Y]")
    since = (entry.astype("datetime64[M]") + np.timedelta64(8, "M")).astype(day)
    on_post = staff.people.filter(pl.col("role") != "worker")
    left = on_post["left"].fill_null(date(2200, 1, 1)).to_numpy().astype(day)
    joined = on_post["joined"].to_numpy().astype(day)
    habit = rng.lognormal(0, 1.1, len(on_post)) / np.exp(0.605)
    rate = np.concatenate(
        [
            people["reading"].to_numpy().clip(0, 14) * _LOANS_PER_STUDENT_YEAR * 1.05,
            habit.clip(0, 14) * _LOANS_PER_STAFF_YEAR,
        ]
    )
    never = np.full(len(on_post), np.datetime64("2200-01-01"), dtype=day)
    since, until = np.concatenate([since, joined]), np.concatenate([until, left])
    back, end = np.concatenate([back, never]), np.concatenate([end, left])
    who_parts, day_parts = [], []
    for month in months(plan):
        stop = min((month + timedelta(days=32)).replace(day=1), plan.as_of)
        days = [month + timedelta(days=step) for step in range((stop - month).days)]
        weight = day_weights(days)
        count = rng.poisson(rate * weight.sum() * per_weight)
        who = np.repeat(np.arange(len(rate)), count)
        when = np.array(days, dtype=day)[
            rng.choice(len(days), size=len(who), p=weight / weight.sum())
        ]
        here = ((when >= since[who]) & (when < until[who])) | (
            (when >= back[who]) & (when < end[who])
        )
        who_parts.append(who[here])
        day_parts.append(when[here])
    return np.concatenate(who_parts), np.concatenate(day_parts), until, end


def _free_items(
    rng: np.random.Generator, items: pl.DataFrame, begin: np.ndarray, finish: np.ndarray
) -> np.ndarray:
    """An item for each loan, popular ones more often; -1 where none was found free."""
    count, stock = len(begin), len(items)
    acquired = items["acquired_date"].to_numpy().astype("datetime64[s]")
    lendable = (items["shelved"] == "2").to_numpy()
    item = (stock * rng.random(count) ** 2.6).astype(np.int64)
    for _ in range(14):
        order = np.lexsort((begin, item))
        same = item[order][1:] == item[order][:-1]
        running = np.zeros(count, dtype=bool)
        running[order[1:]] = same & (begin[order][1:] <= finish[order][:-1])
        clash = running | (begin < acquired[item]) | ~lendable[item]
        again = np.flatnonzero(clash)
        if not len(again):
            return item
        item[again] = (stock * rng.random(len(again)) ** 1.2).astype(np.int64)
    order = np.lexsort((begin, item))
    latest: dict[int, np.datetime64] = {}
    for row in order.tolist():
        book = int(item[row])
        free = book not in latest or begin[row] > latest[book]
        if free and lendable[book] and begin[row] >= acquired[book]:
            latest[book] = finish[row]
        else:
            item[row] = -1
    return item


def make_loans(plan: Plan, students: Students, staff: Staff, items: pl.DataFrame) -> pl.DataFrame:
    """library_loan rows in their final state, with `item`.

    Students borrow for 30 days, staff for 60; a renewal adds 30 days, at most twice; each day
    late costs 0.10 yuan. While a book is out, overdue days and fine are not settled (null).
    """
    who, day, until, end = _demand(plan, students, staff)
    rng = plan.rng("loans", 1)
    count, border = len(who), len(students.people)
    order = np.lexsort((who, day))
    who, day = who[order], day[order]
    by_staff = who >= border
    begin = day.astype("datetime64[s]") + rng.integers(8 * 3600, 21 * 3600, count).astype(
        "timedelta64[s]"
    )
    period = np.where(by_staff, 60, 30)
    held = np.maximum(rng.lognormal(3.05, 0.72, count), 1.0).clip(1, 300).astype(np.int64)
    wants = np.where(rng.random(count) < 0.6, 1 + (rng.random(count) < 0.3), 0)
    renewals = np.minimum(wants, np.maximum(-(-(held - period) // 30), 0))
    # Most who are late bring the book back within days.
    late = held - period - 30 * renewals
    forgetful = rng.random(count) < 0.12
    held = np.where((late > 5) & ~forgetful, period + 30 * renewals + late % 6, held)
    back_day = day + held.astype("timedelta64[D]")
    stop = np.where(back_day < until[who], until[who], end[who])
    back_day = np.maximum(np.minimum(back_day, stop - np.timedelta64(1, "D")), day)
    second = rng.integers(0, 3600, count) + 8 * 3600 + rng.integers(0, 13, count) * 3600
    returned = back_day.astype("datetime64[s]") + second.astype("timedelta64[s]")
    returned = np.where(returned <= begin, begin + np.timedelta64(1800, "s"), returned)
    item = _free_items(rng, items, begin, returned)
    cut = np.datetime64(plan.cut, "s")
    is_open = returned >= cut
    due = day + period.astype("timedelta64[D]")
    last = begin.copy()
    done = np.zeros(count, dtype=np.int64)
    for step in range(2):
        moment = begin + ((period + 30 * step - 2) * 86400).astype("timedelta64[s]")
        renewed = (renewals > step) & (moment < np.minimum(returned, cut))
        done += renewed
        last = np.where(renewed, moment, last)
    due = due + (done * 30).astype("timedelta64[D]")
    overdue = np.maximum((returned.astype("datetime64[D]") - due).astype(np.int64), 0)
    numbers = pl.concat(
        [
            students.people["student_no"],
            staff.people.filter(pl.col("role") != "worker")["staff_no"],
        ]
    )
    found = pl.Series(item >= 0)
    open_ = pl.Series(is_open)
    barcode = items["barcode"].gather(pl.Series(np.maximum(item, 0)))
    return (
        pl.DataFrame(
            {
                "item": item,
                "reader_no": numbers.gather(pl.Series(who)),
                "reader_kind": np.where(by_staff, "教职工", "学生"),
                "barcode": barcode,
                "borrowed_at": begin.astype("datetime64[ms]"),
                "due_date": due,
                "returned_at": pl.Series(returned.astype("datetime64[ms]")),
                "renewals": done,
                "overdue_days": pl.Series(overdue),
                "fine": pl.Series(overdue / 10),
                "last": last.astype("datetime64[ms]"),
            }
        )
        .with_columns(
            *(
                pl.when(~open_).then(pl.col(name)).alias(name)
                for name in ("returned_at", "overdue_days", "fine")
            )
        )
        .filter(found)
        .with_columns(
            loan_id=pl.format(
                "J{}{}",
                pl.col("borrowed_at").dt.year(),
                pl.int_range(1, pl.len() + 1).over(pl.col("borrowed_at").dt.year())
                .cast(pl.String).str.zfill(7),
            ),
            source_updated_at=pl.coalesce("returned_at", "last"),
        )
    )  # fmt: skip
