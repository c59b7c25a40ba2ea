"""Books, and who borrowed which when. No copy is ever lent twice at the same time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights
from warehouse.simulate.meals import months
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students

__all__ = ["items_at", "make_items", "make_loans"]

_LOANS_PER_STUDENT_YEAR = 9.5
_LOANS_PER_STAFF_YEAR = 4.0
#: class of 中图法, share, subjects
_SUBJECTS = (
    ("T", 34, "机械 电工 计算机 软件 建筑 化工 食品 自动控制 材料 数据库 网络 结构工程"),
    ("F", 14, "会计 金融 贸易 物流 经济 营销 电子商务"),
    ("I", 14, "小说选 散文选 诗歌选 戏剧 外国文学 当代文学"),
    ("H", 9, "英语 日语 汉语 翻译 写作"),
    ("O", 7, "高等数学 线性代数 概率 物理 化学"),
    ("G", 5, "教育 传播 体育 图书馆"),
    ("J", 5, "设计 绘画 摄影 音乐"),
    ("K", 4, "中国历史 地理 传记 黄河"),
    ("B", 3, "哲学 逻辑 心理"),
    ("D", 3, "法律 政治 社会"),
    ("A", 2, "马克思主义"),
)
_FORMS = ("概论", "原理", "基础", "教程", "导读", "案例", "习题集", "手册", "研究", "入门", "实务", "简史")


def make_items(plan: Plan) -> pl.DataFrame:
    """Every copy acquired before as-of; the first are the most wanted."""
    rng = plan.rng("library")
    count = max(5_000, plan.students * 12)
    share = np.array([weight for _, weight, _ in _SUBJECTS], dtype=float)
    kind = rng.choice(len(_SUBJECTS), size=count, p=share / share.sum())
    codes = np.array([code for code, _, _ in _SUBJECTS])
    words = [subjects.split() for _, _, subjects in _SUBJECTS]
    draw, form = rng.random(count), rng.integers(0, len(_FORMS), count)
    volume = rng.integers(1, 9, count)
    title = [
        f"{words[k][int(u * len(words[k]))]}{_FORMS[f]}（第{v}版）"
        for k, u, f, v in zip(kind, draw, form, volume, strict=True)
    ]
    # The collection grows every year; a tenth of it came in the window.
    fresh = rng.random(count) < 0.04 * plan.years + 0.02
    span = (plan.as_of - plan.start).days
    old = (rng.beta(2.2, 1.2, count) * 365 * 26).astype(np.int64) - 365 * 26
    offset = np.where(fresh, rng.integers(1, span, count), old - 1)
    acquired = np.datetime64(plan.start) + offset.astype("timedelta64[D]")
    serial = np.arange(count)
    body = np.char.add("9787", np.char.zfill((serial * 7919 % 10**8).astype("U8"), 8))
    digits = np.array([list(text) for text in body.tolist()], dtype=np.int64)
    check = (-(digits @ np.resize([1, 3], 12))) % 10
    end = rng.random(count)
    return pl.DataFrame(
        {
            "item": serial,
            "barcode": np.char.add("L", np.char.zfill((serial + 1).astype("U8"), 8)),
            "title": title,
            "isbn": np.char.add(body, check.astype("U1")),
            "class_no": codes[kind],
            "language": np.where((codes[kind] == "H") & (rng.random(count) < 0.5), "英文", "中文"),
            "price": np.rint(rng.lognormal(3.75, 0.4, count) * 10) / 10,
            "acquired_date": acquired,
            "acquisition_mode": rng.choice(["01", "03", "09", "10"], size=count,
                                           p=[0.78, 0.14, 0.06, 0.02]),
            "shelved": np.select([end < 0.004, end < 0.008, end < 0.018], ["3", "4", "5"], "2"),
            "location": np.where(rng.random(count) < 0.62, "主校区书库", "东校区书库"),
        }
    )  # fmt: skip


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


def make_loans(
    plan: Plan, students: Students, staff: Staff, items: pl.DataFrame
) -> pl.DataFrame:
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


def items_at(items: pl.DataFrame, loans: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """library_item as it stood at a moment: what was on the shelf, what was out."""
    known = loans.filter(pl.col("borrowed_at") <= moment).with_columns(
        returned_at=pl.when(pl.col("returned_at") <= moment).then("returned_at")
    )
    latest = known.sort("item", "borrowed_at").unique("item", keep="last", maintain_order=True)
    latest = latest.select(
        "item",
        out=pl.col("returned_at").is_null(),
        moved=pl.coalesce("returned_at", "borrowed_at"),
    )
    return (
        items.filter(pl.col("acquired_date") <= moment.date())
        .join(latest, on="item", how="left", maintain_order="left")
        .with_columns(
            status=pl.when("out").then(pl.lit("1")).otherwise("shelved"),
            source_updated_at=pl.coalesce(
                "moved", pl.col("acquired_date").dt.combine(pl.time(9, 0)).cast(pl.Datetime("ms"))
            ),
        )
    )
