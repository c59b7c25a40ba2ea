"""What members do day by day: sign in, visit the library, write mail; one frame a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights, term_at
from warehouse.simulate.campus.calendar_months import month_days
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import Members
from warehouse.simulate.plan import Plan

__all__ = ["gate_months", "mail_months", "session_months"]

_MINUTE = 60
_DAY = 86_400


def _known_days(plan: Plan, month: np.datetime64) -> tuple[list[date], np.ndarray]:
    """Days of the month before as-of, and what there is of a usual term day's life on each."""
    days = [day for day in month_days(month) if day < plan.as_of]
    return days, day_weights(days)


def _settled(days: np.ndarray, minutes: int) -> pl.Series:
    """A day's totals are closed after its midnight."""
    return pl.Series(
        (days + 1).astype("datetime64[ms]") + np.timedelta64(minutes * _MINUTE * 1000, "ms")
    )


def session_months(plan: Plan, members: Members, months: np.ndarray) -> Iterator[pl.DataFrame]:
    """auth_session_daily: most are online on most days of term, few in the holidays; several
    devices at once count several times, so that minutes may pass a day's 1,440."""
    draws = Draws(plan, "sessions")
    clerk = ~members.student & (members.role != "worker") & (members.role != "external")
    ceiling = np.where(members.student, np.where(members.commutes, 0.7, 0.97), 0.5)
    ceiling = np.where(clerk, 0.92, ceiling)
    appetite = np.exp(0.45 * draws.normal("appetite", members.key))
    for month in months:
        days, weight = _known_days(plan, month)
        if not days:
            continue
        stamps = np.array(days, dtype="datetime64[D]")
        number = stamps.astype(np.int64)
        busy = np.minimum(np.sqrt(weight), 1.0)
        weekday = np.array([day.weekday() < 5 for day in days])
        # Staff work on weekdays, also in the holidays, when students are gone.
        work = np.where(weekday, np.maximum(busy, 0.35), 0.12)
        chance = ceiling[:, None] * np.where(members.student[:, None], busy[None, :], work[None, :])
        drawn = draws.uniform("here", members.key[:, None], number[None, :])
        who, when = np.nonzero((drawn < chance) & members.presence(stamps))
        key, day = members.key[who], number[when]
        student = members.student[who]
        logins = 1 + draws.poisson("logins", np.where(student, 2.6, 2.1), key, day)
        failed = draws.poisson("failed", 0.11, key, day)
        failed += np.where(draws.uniform("forgot", key, day) < 0.002, 5, 0)
        usual = np.where(student, 330.0, 290.0) * np.where(weekday[when] | ~student, 1.0, 1.35)
        minutes = usual * appetite[who] * np.exp(0.55 * draws.normal("minutes", key, day))
        minutes = np.clip(np.rint(minutes), 2, 4_300).astype(np.int64)
        first = np.where(student, 6.3, 7.6) * 3600 + 1.6 * 3600 * np.abs(
            draws.normal("first", key, day)
        )
        first = np.minimum(first, 20 * 3600).astype(np.int64)
        room = _DAY - 60 - first
        span = np.clip(minutes * _MINUTE, room // 3, room).astype(np.int64)
        online = np.minimum(minutes, np.where(logins > 1, 4_300, span // _MINUTE))
        megabytes = np.rint(online * np.where(student, 5.2, 3.4)
                            * np.exp(0.7 * draws.normal("volume", key, day)))  # fmt: skip
        at = stamps[when].astype("datetime64[ms]")
        yield pl.DataFrame(
            {
                "account": pl.Series(members.number).gather(pl.Series(who)),
                "stat_date": stamps[when],
                "logins": logins,
                "failed_logins": failed,
                "online_minutes": online,
                "mb_in": megabytes.astype(np.int64),
                "mb_out": np.rint(megabytes * 0.12).astype(np.int64),
                "first_login_at": at + (first * 1000).astype("timedelta64[ms]"),
                "last_logout_at": at + ((first + span) * 1000).astype("timedelta64[ms]"),
                "source_updated_at": _settled(stamps[when], 40),
            }
        )


def gate_months(plan: Plan, members: Members, months: np.ndarray) -> Iterator[pl.DataFrame]:
    """library_gate_daily: readers come the more the more they read, most in the exam weeks."""
    draws = Draws(plan, "gate")
    keen = np.where(members.student, 0.04 + 0.39 * (1 - np.exp(-1.1 * members.habit)),
                    0.012 + 0.05 * (1 - np.exp(-members.habit)))  # fmt: skip
    keen = np.where(members.role == "worker", 0.004, keen) * np.where(members.commutes, 0.7, 1.0)
    for month in months:
        days, weight = _known_days(plan, month)
        if not days:
            continue
        stamps = np.array(days, dtype="datetime64[D]")
        number = stamps.astype(np.int64)
        exams = np.array([term_at(day).exams <= day <= term_at(day).end for day in days])
        chance = keen[:, None] * (weight * np.where(exams, 1.7, 1.0))[None, :]
        drawn = draws.uniform("here", members.key[:, None], number[None, :])
        who, when = np.nonzero((drawn < np.minimum(chance, 0.95)) & members.presence(stamps))
        key, day = members.key[who], number[when]
        entries = 1 + draws.poisson("entries", 0.28, key, day)
        stay = np.where(exams[when], 190.0, 128.0) * np.exp(0.6 * draws.normal("stay", key, day))
        yield pl.DataFrame(
            {
                "reader_no": pl.Series(members.number).gather(pl.Series(who)),
                "visit_date": stamps[when],
                "entries": entries,
                "minutes": np.clip(np.rint(stay), 3, 900).astype(np.int64),
                "source_updated_at": _settled(stamps[when], 20),
            }
        )


def mail_months(plan: Plan, boxes: pl.DataFrame, months: np.ndarray) -> Iterator[pl.DataFrame]:
    """mail_usage_monthly: a whole month at a time, booked on the first of the next. Mailboxes
    whose owner has left get no row."""
    draws = Draws(plan, "mail")
    key = boxes["key"].to_numpy()
    kind = boxes["owner_kind"].to_numpy()
    created = boxes["created_date"].to_numpy().astype("datetime64[M]")
    ends = boxes["ends"].fill_null(date(2200, 1, 1)).to_numpy().astype("datetime64[M]")
    sending = np.select([kind == "学生", kind == "教职工"], [3.2, 26.0], 90.0)
    sending = sending * np.exp(0.8 * draws.normal("habit", key))
    quota = boxes["quota_mb"].to_numpy()
    for month in months:
        booked = (month + 1).astype("datetime64[D]").tolist()
        if booked >= plan.as_of:
            return
        stamp = int(month.astype(np.int64))
        busy = day_weights(month_days(month)).sum() / 25
        rows = np.flatnonzero((created <= month) & (ends > month))
        own = key[rows]
        sent = draws.poisson("sent", sending[rows] * busy, own, stamp)
        received = draws.poisson("received", 8 + sending[rows] * 2.4 * busy, own, stamp)
        spam = draws.poisson("spam", 5 + sending[rows] * 0.7, own, stamp)
        age = (month - created[rows]).astype(np.int64) + 1
        used = 12 + age * (2 + sending[rows]) * (0.5 + draws.uniform("size", own))
        yield pl.DataFrame(
            {
                "mailbox": boxes["mailbox"].gather(pl.Series(rows)),
                "month": str(month),
                "sent": sent,
                "received": received,
                "spam_blocked": spam,
                "used_mb": np.minimum(used, quota[rows] * 0.97).astype(np.int64),
                "abnormal_logins": draws.poisson("abnormal", 0.012, own, stamp),
            }
        ).with_columns(source_updated_at=pl.lit(booked).dt.combine(pl.time(5, 0)))
