"""Pay of everyone on post, month by month.

The scale is the college's own, of the order of the national one (岗位工资 by grade, 薪级工资 by
years of work); 绩效 follows grade and post, with a year-end part in December; 津补贴 follow the
grade. Pay day is the 15th; every sum is rounded to the cent, so net = pay - deductions exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.clock import month_start, years_of
from warehouse.simulate.work.taxes import (
    EMPLOYEE_RATES,
    EMPLOYER_RATES,
    contribution_base,
    fee_tax,
    income_tax,
)
from warehouse.simulate.work.titles import Titles

__all__ = ["Payroll", "make_payroll", "payroll_rows"]

PAY_DAY = 15
#: 岗位工资 of the technical grades 1–13, yuan a month
_TECHNICAL = (6600, 5100, 4500, 3850, 3370, 2950, 2720, 2340, 2140, 2010, 1850, 1830, 1750)
#: 岗位工资 of posts by post_grade of GB/T 12407
_OFFICE = {"121": 5400, "122": 4600, "131": 3400, "132": 2900, "141": 2450, "142": 2150,
           "150": 1850, "160": 1750}  # fmt: skip
_WORKER, _PROBATION = 1800, 1780
#: monthly 绩效 per yuan of 岗位工资, by role
_MERIT = {"teacher": 1.55, "counselor": 1.5, "officer": 1.45, "support": 1.35, "worker": 1.15}


@dataclass(frozen=True)
class Payroll:
    """`months`: one row per person and month with the extract's columns in yuan, unit, relation,
    and what the employer adds (employer_insurance, employer_fund)."""

    months: pl.DataFrame


def _person_months(plan: Plan, staff: Staff) -> pl.DataFrame:
    """staff × months from the January before the window (tax is cumulated since then) for which
    somebody was on post: come by pay day, not gone before the month began."""
    first, last = date(plan.start.year, 1, 1), plan.as_of
    months = []
    day = first
    while date(day.year, day.month, PAY_DAY) < last:
        months.append(day)
        day = month_start(day, 1)
    people = staff.people.select(
        "staff", "staff_no", "role", "relation", "unit", "joined", "left", "work_start",
        "status", "away_since", "birth_date",
    )  # fmt: skip
    grid = people.join(pl.DataFrame({"first": months}, schema={"first": pl.Date}), how="cross")
    pay_day = pl.col("first").dt.offset_by(f"{PAY_DAY - 1}d")
    present = (pl.col("joined") <= pay_day) & (
        pl.col("left").is_null() | (pl.col("left") > pl.col("first"))
    )
    return grid.filter(present).with_columns(pay_day=pay_day).sort("staff", "first")


def _standard(frame: pl.DataFrame, titles: Titles, posts: pl.DataFrame, day: str) -> pl.DataFrame:
    """`frame` with post_pay, step_pay, merit and allowance (yuan a month) as on the date column
    `day`: a leading post pays by its grade, or by the title where that is more."""
    held = titles.held(frame, day)
    leading = posts.filter(pl.col("position_grade").is_in(list(_OFFICE))).select(
        "staff", pl.col("effective_date").alias("begun"), "position_grade", "end_date"
    )
    order = held.with_row_index("pay_order").sort(day)
    found = order.join_asof(leading.sort("begun"), left_on=day, right_on="begun", by="staff",
                            check_sortedness=False).sort("pay_order")  # fmt: skip
    over = pl.col("end_date").is_not_null() & (pl.col("end_date") <= pl.col(day))
    office = pl.when(~over).then(
        pl.col("position_grade").replace_strict(_OFFICE, default=None, return_dtype=pl.Int64)
    )
    scale = {index + 1: value for index, value in enumerate(_TECHNICAL)}
    technical = pl.col("grade").replace_strict(scale, default=None, return_dtype=pl.Int64)
    bottom = pl.when(pl.col("role") == "worker").then(_WORKER).otherwise(_PROBATION)
    years = (pl.col(day).dt.year() - pl.col("work_start").dt.year()).clip(0, 42)
    merit = pl.col("role").replace_strict(_MERIT, default=0.0, return_dtype=pl.Float64)
    return (
        found.with_columns(
            post_pay=pl.max_horizontal(office, technical, bottom).cast(pl.Float64),
            step_pay=(360 + 52 * years).cast(pl.Float64),
        )
        .with_columns(
            merit=(pl.col("post_pay") * merit).round(0),
            allowance=(420 + 0.16 * pl.col("post_pay")).round(0),
        )
        .drop("pay_order", "begun", "position_grade", "end_date", "title_code", "title_level",
              "grade")
    )  # fmt: skip


def _habits(plan: Plan, staff: Staff) -> pl.DataFrame:
    """Per person and year: special deductions (yuan a month) and twelve small deviations of 绩效;
    per person the last digits of a bank card."""
    rows = []
    for row in staff.people.select("staff", "staff_no", "birth_date").iter_rows(named=True):
        fixed = plan.rng("work_pay", 1, int(row["staff_no"]))
        tail = f"{int(fixed.integers(0, 10000)):04d}"
        child, parent, home = fixed.random(3)
        for year in years_of(plan):
            age = year - row["birth_date"].year
            relief = 2000.0 * (32 <= age <= 52 and child < 0.8)
            relief += 1500.0 * (age >= 38 and parent < 0.7) + 1000.0 * (home < 0.4 and age < 55)
            noise = plan.rng("work_pay", 2, int(row["staff_no"]), year).normal(0, 0.07, 12)
            for month, value in enumerate(noise.tolist()):
                rows.append((row["staff"], date(year, month + 1, 1), relief, value, tail))
    schema = {"staff": pl.Int64, "first": pl.Date, "relief": pl.Float64, "noise": pl.Float64,
              "bank_card_tail": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _gross(frame: pl.DataFrame) -> pl.DataFrame:
    """basic_pay, performance_pay and allowance of the month, in yuan."""
    month = pl.col("first").dt.month()
    external = pl.col("role") == "external"
    sick = (pl.col("status") == "14") & (pl.col("away_since") <= pl.col("first"))
    abroad = (pl.col("status") == "15") & (pl.col("away_since") <= pl.col("first"))
    season = pl.when(month.is_in([2, 8])).then(0.75).when(month == 12).then(2.4).otherwise(1.0)
    share = pl.when(sick).then(0.4).when(abroad).then(0.5).otherwise(1.0)
    merit = pl.col("merit") * (1 + pl.col("noise").clip(-0.25, 0.25)) * season * share
    # An external teacher is paid by the hour, in the months of teaching.
    hours = (26 + 90 * pl.col("noise")).clip(6, 48).round(0)
    fee = hours * (60 + pl.col("post_pay") / 50).round(0)
    teaches = ~month.is_in([2, 7, 8])
    return frame.with_columns(
        basic_pay=pl.when(external).then(0.0).otherwise(pl.col("post_pay") + pl.col("step_pay")),
        performance_pay=pl.when(external & teaches).then(fee).when(external).then(0.0)
        .otherwise(merit).round(2),
        allowance=pl.when(external).then(0.0).otherwise("allowance"),
    ).filter(~external | teaches)  # fmt: skip


def _deductions(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Insurance, fund and tax; the tax runs on from month to month within a calendar year."""
    relation = frame["relation"]
    base = contribution_base(frame["base_pay"].to_numpy())

    def part(rates: dict[str, tuple[float, float]], index: int) -> np.ndarray:
        rate = {code: pair[index] for code, pair in rates.items()}
        shares = relation.replace_strict(rate, return_dtype=pl.Float64).to_numpy()
        return np.round(base * shares, 2)

    insurance, fund = part(EMPLOYEE_RATES, 0), part(EMPLOYEE_RATES, 1)
    frame = frame.with_columns(
        social_insurance=pl.Series(insurance),
        housing_fund=pl.Series(fund),
        employer_insurance=pl.Series(part(EMPLOYER_RATES, 0)),
        employer_fund=pl.Series(part(EMPLOYER_RATES, 1)),
    ).with_columns(gross=pl.col("basic_pay") + pl.col("performance_pay") + pl.col("allowance"))
    group = ["staff", pl.col("first").dt.year()]
    taxable = (
        pl.col("gross") - 5000 - pl.col("relief") - pl.col("social_insurance")
        - pl.col("housing_fund")
    ).cum_sum().over(group)  # fmt: skip
    frame = frame.with_columns(taxable=taxable)
    return frame.with_columns(tax=pl.Series(_withheld(frame)))


def _withheld(frame: pl.DataFrame) -> np.ndarray:
    """Tax of each row; rows come person by person, month by month."""
    count = len(frame)
    external = (frame["role"] == "external").to_numpy()
    first = frame["first"].to_numpy().astype("datetime64[M]").astype(np.int64)
    person, taxable = frame["staff"].to_numpy(), frame["taxable"].to_numpy()
    step = np.zeros(count, dtype=np.int64)
    same = (person[1:] == person[:-1]) & (first[1:] // 12 == first[:-1] // 12)
    for index in range(1, count):
        step[index] = step[index - 1] + 1 if same[index - 1] else 0
    tax, so_far = np.zeros(count), np.zeros(count)
    for number in range(int(step.max(initial=0)) + 1):
        rows = np.flatnonzero(step == number)
        if number:
            so_far[rows] = so_far[rows - 1] + tax[rows - 1]
        tax[rows] = income_tax(taxable[rows], so_far[rows])
    return np.where(external, fee_tax(frame["gross"].to_numpy()), np.round(tax, 2))


def make_payroll(plan: Plan, staff: Staff, titles: Titles, posts: pl.DataFrame) -> Payroll:
    """The payroll of the window's months whose pay day has passed."""
    frame = _person_months(plan, staff)
    july = pl.date(pl.col("first").dt.year() - (pl.col("first").dt.month() < 7), 7, 1)
    frame = frame.with_columns(base_day=pl.max_horizontal(july, "joined"))
    then = _standard(frame, titles, posts, "base_day")
    frame = frame.with_columns(
        base_pay=then["post_pay"] + then["step_pay"] + then["merit"] + then["allowance"]
    )
    frame = _standard(frame, titles, posts, "first").join(
        _habits(plan, staff), on=["staff", "first"], how="left", maintain_order="left"
    )
    frame = _deductions(_gross(frame), plan).filter(pl.col("first") >= plan.start)
    return Payroll(
        frame.with_columns(
            month=pl.col("first").dt.strftime("%Y-%m"),
            net_pay=(
                pl.col("gross") - pl.col("social_insurance") - pl.col("housing_fund")
                - pl.col("tax")
            ).round(2),
            source_updated_at=pl.col("pay_day").dt.combine(pl.time(17, 0)),
        )
    )  # fmt: skip


def payroll_rows(payroll: Payroll) -> pl.DataFrame:
    """staff_payroll, month by month."""
    return payroll.months.sort("first", "staff_no")
