"""The library's databases, and what logistics does for the staff: monthly figures."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.academic_calendar import day_weights, term_at
from warehouse.simulate.campus.calendar_months import month_days, month_numbers
from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.plan import Plan

__all__ = ["database_flows", "database_rows", "service_flows", "service_rows"]

_DATABASES = (
    ("综合期刊全文库", 30.0), ("学位论文库", 12.0), ("电子图书库", 16.0), ("会议论文库", 4.0),
    ("报纸全文库", 3.0), ("外文期刊库（理工）", 7.0), ("外文期刊库（综合）", 5.0),
    ("标准文献库", 2.5),
    ("专利文献库", 2.0), ("法律法规库", 2.5), ("经济统计库", 3.5), ("考试学习库", 9.0),
    ("外语学习库", 7.0), ("视频课程库", 6.0), ("引文索引库", 2.5), ("古籍库", 0.8),
)  # fmt: skip
_SERVICES = ("教工餐厅", "班车", "维修", "物业")


def _databases(plan: Plan) -> pl.DataFrame:
    draws = Draws(plan, "databases")
    index = np.arange(35)
    names = [_DATABASES[place % 16][0] + ("" if place < 16 else f"专辑{place // 16}")
             for place in index.tolist()]  # fmt: skip
    weight = np.array([_DATABASES[place % 16][1] / (1 + place // 16 * 2) for place in index])
    books = np.where(["图书" in name for name in names], 180_000, 0) * (1 + 0.2 * (index % 3))
    journals = np.where(["期刊" in name for name in names], 2_400 + 90 * index, 0)
    return pl.DataFrame(
        {
            "index": index,
            "resource_code": [f"DZ{place + 1:03d}" for place in index.tolist()],
            "resource_name": names,
            "weight": weight * np.exp(0.2 * draws.normal("weight", index)),
            "books": books.astype(np.int64),
            "journals": journals.astype(np.int64),
            "fee": np.rint((8_000 + weight * 9_000) * plan.students / 20_000),
        }
    )


def database_rows(plan: Plan) -> pl.DataFrame:
    """e_resource_usage: whole months; theses are written in spring, everything is read before
    the exams; the collections grow."""
    draws = Draws(plan, "database use")
    base = _databases(plan)
    index, weight = base["index"].to_numpy(), base["weight"].to_numpy()
    parts = []
    for place, month in enumerate(month_numbers(plan)):
        booked = (month + 1).astype("datetime64[D]").tolist()
        if booked >= plan.as_of:
            break
        days = month_days(month)
        busy = day_weights(days).sum() / 24 * (1.3 if days[0].month in (3, 4, 5) else 1.0)
        stamp = int(month.astype(np.int64))
        visits = draws.poisson(
            "visits", plan.students * weight * 0.13 * (0.15 + busy) + 2, index, stamp
        )
        share = 0.35 + 0.3 * draws.uniform("share", index, stamp)
        parts.append(
            base.select("resource_code", "resource_name").with_columns(
                month=pl.lit(str(month)),
                visits=pl.Series(visits),
                downloads=pl.Series((visits * share * 1.6).astype(np.int64)),
                e_books=base["books"] + (base["books"] * place) // 240,
                e_journals=base["journals"] + (base["journals"] * place) // 600,
                source_updated_at=pl.lit(booked).dt.combine(pl.time(9, 0)),
            )
        )
    return pl.concat(parts)


def _flows(rows: list[tuple[date, str, float, str]]) -> pl.DataFrame:
    schema = {"booked_date": pl.Date, "unit_code": pl.String, "amount": pl.Float64,
              "reference": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        kind=pl.lit("service"), project_no=pl.lit(None, dtype=pl.String)
    )


def database_flows(plan: Plan) -> pl.DataFrame:
    """Each database is paid for a calendar year, in the middle of January."""
    base = _databases(plan)
    rows = []
    for year in range(plan.start.year + 1, plan.as_of.year + 1):
        for code, fee in base.select("resource_code", "fee").iter_rows():
            day = date(year, 1, 8 + int(code[2:]) % 12)
            if day < plan.as_of:
                rows.append((day, "111", fee + 60.0 * (year - 2010), f"{code}-{year}"))
    return _flows(rows)


def service_rows(plan: Plan) -> pl.DataFrame:
    """staff_service_monthly: meals and rides follow the term, repairs the rooms and the season."""
    draws = Draws(plan, "staff services")
    usual = {
        "教工餐厅": (7.5, 14.0),
        "班车": (9.0, 6.5),
        "维修": (0.55, 165.0),
        "物业": (1.4, 88.0),
    }
    rows = []
    for month in month_numbers(plan):
        booked = (month + 1).astype("datetime64[D]").tolist()
        if booked + timedelta(days=2) >= plan.as_of:
            break
        days, stamp = month_days(month), int(month.astype(np.int64))
        work = sum(day.weekday() < 5 for day in days if day <= term_at(day).end) / 22
        for index, name in enumerate(_SERVICES):
            each, price = usual[name]
            busy = 0.12 + 0.88 * work if index < 2 else 0.75 + 0.25 * work
            uses = int(draws.poisson("uses", np.array([plan.staff * each * busy]), index, stamp)[0])
            noise = 1 + 0.08 * float(draws.normal("price", index, stamp)[0])
            rate = np.array([0.4 + plan.staff * each / 6_000])
            rows.append((name, str(month), uses, round(max(uses, 1) * price * max(noise, 0.5), 2),
                         int(draws.poisson("complaints", rate, index, stamp)[0]),
                         booked + timedelta(days=2)))  # fmt: skip
    frame = pl.DataFrame(
        rows, schema=["service_code", "month", "uses", "amount", "complaints", "booked"],
        orient="row",
    )  # fmt: skip
    return frame.with_columns(source_updated_at=pl.col("booked").dt.combine(pl.time(15, 0)))


def service_flows(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        booked_date="booked",
        kind=pl.lit("service"),
        unit_code=pl.lit("109"),
        project_no=pl.lit(None, dtype=pl.String),
        amount="amount",
        reference=pl.format("{}-{}", "service_code", "month"),
    )
