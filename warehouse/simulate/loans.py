"""Who borrowed which book when. No copy is ever lent twice at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights, days_of, months
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students

__all__ = ["make_loans"]

_LOANS_PER_STUDENT_YEAR = 9.5
_LOANS_PER_STAFF_YEAR = 4.0


@dataclass(frozen=True)
class _Readers:
    """Students, then staff (workers read nothing): days they may borrow on, loans a year."""

    number: pl.Series
    since: np.ndarray
    until: np.ndarray
    back: np.ndarray
    end: np.ndarray
    rate: np.ndarray
    is_staff: np.ndarray


def _readers(plan: Plan, students: Students, staff: Staff) -> _Readers:
    people = students.people
    day = "datetime64[D]"
    leave = (people["event"] == "leave").to_numpy()
    end = people["end_date"].to_numpy().astype(day)
    until = np.where(leave, people["event_date"].to_numpy().astype(day), end)
    back = people["back_date"].to_numpy().astype(day)
    entry = (people["entry_year"].to_numpy() - 1970).astype("datetime64[Y]")
    since = (entry.astype("datetime64[M]") + np.timedelta64(8, "M")).astype(day)
    on_post = staff.fates.filter(pl.col("role") != "worker")
    left = on_post["left"].fill_null(date(2200, 1, 1)).to_numpy().astype(day)
    joined = on_post["joined"].to_numpy().astype(day)
    habit = plan.rng("loans").lognormal(0, 1.1, len(on_post)) / np.exp(0.605)
    rate = [
        people["reading"].to_numpy().clip(0, 14) * _LOANS_PER_STUDENT_YEAR * 1.05,
        habit.clip(0, 14) * _LOANS_PER_STAFF_YEAR,
    ]
    never = np.full(len(on_post), np.datetime64("2200-01-01"), dtype=day)
    return _Readers(
        number=pl.concat([people["student_no"], on_post["staff_no"]]),
        since=np.concatenate([since, joined]),
        until=np.concatenate([until, left]),
        back=np.concatenate([back, never]),
        end=np.concatenate([end, left]),
        rate=np.concatenate(rate),
        is_staff=np.repeat([False, True], [len(people), len(on_post)]),
    )


def _visits(
    readers: _Readers, month: date, per_weight: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Reader and day of each loan of a whole month, in time order; drawn over those who may
    borrow in it, so that who comes later changes nothing."""
    days = days_of(month)
    weight, stamps = day_weights(days), np.array(days, dtype="datetime64[D]")
    here = np.flatnonzero((readers.since <= stamps[-1]) & (readers.end > stamps[0]))
    who = np.repeat(here, rng.poisson(readers.rate[here] * weight.sum() * per_weight))
    when = stamps[rng.choice(len(days), size=len(who), p=weight / weight.sum())]
    first = (when >= readers.since[who]) & (when < readers.until[who])
    there = first | ((when >= readers.back[who]) & (when < readers.end[who]))
    who, when = who[there], when[there]
    order = np.lexsort((who, when))
    return who[order], when[order]


def _free_items(
    rng: np.random.Generator, items: pl.DataFrame, busy: np.ndarray, begin: np.ndarray,
    finish: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """An item for each loan of a month, popular ones more often; -1 where none was found free.
    `busy` says until when each is out from the months before, and is brought up to date."""
    count, stock = len(begin), len(items)
    ready = np.maximum(items["acquired_date"].to_numpy().astype("datetime64[s]"), busy)
    lendable = (items["shelved"] == "2").to_numpy()
    item = (stock * rng.random(count) ** 2.6).astype(np.int64)
    for attempt in range(15):
        order = np.lexsort((begin, item))
        same = item[order][1:] == item[order][:-1]
        running = np.zeros(count, dtype=bool)
        running[order[1:]] = same & (begin[order][1:] <= finish[order][:-1])
        clash = running | (begin <= ready[item]) | ~lendable[item]
        again = np.flatnonzero(clash)
        if not len(again) or attempt == 14:
            break
        item[again] = (stock * rng.random(len(again)) ** 1.2).astype(np.int64)
    if len(again):
        # Rare: one after the other, who finds the book gone goes without.
        latest: dict[int, np.datetime64] = {}
        for row in order.tolist():
            book = int(item[row])
            if lendable[book] and begin[row] > max(latest.get(book, ready[book]), ready[book]):
                latest[book] = finish[row]
            else:
                item[row] = -1
    lent = item >= 0
    np.maximum.at(busy, item[lent], finish[lent])
    return item


def make_loans(plan: Plan, students: Students, staff: Staff, items: pl.DataFrame) -> pl.DataFrame:
    """library_loan rows as at the cut, with `item`.

    Students borrow for 30 days, staff for 60; a renewal adds 30 days, at most twice; each day
    late costs 0.10 yuan. While a book is out, overdue days and fine are not settled (null).
    """
    readers = _readers(plan, students, staff)
    year = [plan.start + timedelta(days=step) for step in range(365)]
    per_weight = float(1.0 / day_weights(year).sum())
    busy = np.full(len(items), np.datetime64("1900-01-01T00:00:00"), dtype="datetime64[s]")
    parts = []
    for index, month in enumerate(months(plan)):
        rng = plan.rng("loans", 1, index)
        who, day = _visits(readers, month, per_weight, rng)
        parts.append(_lend(plan, readers, who, day, rng, items, busy))
    return (
        pl.concat(parts)
        .filter(pl.col("borrowed_at") < plan.cut)
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


def _lend(
    plan: Plan, readers: _Readers, who: np.ndarray, day: np.ndarray, rng: np.random.Generator,
    items: pl.DataFrame, busy: np.ndarray,
) -> pl.DataFrame:  # fmt: skip
    """The loans of one month: a book for each, when it is renewed, when it comes back."""
    count = len(who)
    by_staff = readers.is_staff[who]
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
    until, end = readers.until[who], readers.end[who]
    stop = np.where(back_day < until, until, end)
    back_day = np.maximum(np.minimum(back_day, stop - np.timedelta64(1, "D")), day)
    second = rng.integers(0, 3600, count) + 8 * 3600 + rng.integers(0, 13, count) * 3600
    returned = back_day.astype("datetime64[s]") + second.astype("timedelta64[s]")
    returned = np.where(returned <= begin, begin + np.timedelta64(1800, "s"), returned)
    item = _free_items(rng, items, busy, begin, returned)
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
    found = pl.Series(item >= 0)
    open_ = pl.Series(is_open)
    barcode = items["barcode"].gather(pl.Series(np.maximum(item, 0)))
    return (
        pl.DataFrame(
            {
                "item": item,
                "reader_no": readers.number.gather(pl.Series(who)),
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
    )
