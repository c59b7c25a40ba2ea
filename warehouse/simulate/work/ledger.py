"""Vouchers: every booking as lines of two ledgers, each voucher balanced in each of them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.work.accounts import (
    BUDGET,
    EXPENSE,
    FINANCIAL,
    FUNCTION,
    SPENDING,
    TEMPLATES,
    expense_account,
)

__all__ = ["Ledger", "make_ledger", "payroll_lines"]

_LINE = {
    "date": pl.Date, "kind": pl.String, "key": pl.String, "place": pl.Int64, "ledger": pl.String,
    "account_code": pl.String, "unit_code": pl.String, "project_no": pl.String,
    "function_class": pl.String, "economic_class": pl.String, "side": pl.String,
    "cents": pl.Int64, "summary": pl.String,
}  # fmt: skip
#: ledger, account, side, which sum of the payroll, economic class; on pay day and on the 25th
_PAY = (
    (FINANCIAL, EXPENSE, "D", "basic", "30101"), (FINANCIAL, EXPENSE, "D", "merit", "30107"),
    (FINANCIAL, EXPENSE, "D", "extra", "30102"), (FINANCIAL, EXPENSE, "D", "own_ins", "30108"),
    (FINANCIAL, EXPENSE, "D", "own_fund", "30113"), (FINANCIAL, "2201", "C", "due", None),
    (FINANCIAL, "2102", "C", "tax", None), (FINANCIAL, "1002", "C", "net", None),
    (BUDGET, SPENDING, "D", "net", "30101"), (BUDGET, "8001", "C", "net", None),
)  # fmt: skip
_REMIT = (
    (FINANCIAL, "2201", "D", "due", None), (FINANCIAL, "2102", "D", "tax", None),
    (FINANCIAL, "1002", "C", "later", None), (BUDGET, SPENDING, "D", "due", "30108"),
    (BUDGET, SPENDING, "D", "tax", "30101"), (BUDGET, "8001", "C", "later", None),
)  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """`lines`: the rows of finance_voucher_line. `numbers`: kind, key, voucher_no."""

    lines: pl.DataFrame
    numbers: pl.DataFrame

    def spending(self) -> pl.DataFrame:
        """fiscal_year, project_no, month (first day), cents spent in it."""
        return (
            self.lines.filter((pl.col("ledger") == BUDGET) & (pl.col("account_code") == SPENDING))
            .group_by("fiscal_year", "project_no", month=pl.col("date").dt.truncate("1mo"))
            .agg(pl.col("cents").sum())
            .sort("fiscal_year", "project_no", "month")
        )


def _account(code: str) -> pl.Expr:
    if code != EXPENSE:
        return pl.lit(code)
    return pl.col("unit_code").map_elements(expense_account, return_dtype=pl.String)


def _templated(bookings: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for kind, lines in TEMPLATES.items():
        own = bookings.filter(pl.col("kind") == kind)
        if own.is_empty():
            continue
        for place, (ledger, account, side) in enumerate(lines):
            spent = account in (EXPENSE, SPENDING, "1601", "1701")
            parts.append(
                own.select(
                    "date", "kind", "key", pl.lit(place, dtype=pl.Int64).alias("place"),
                    pl.lit(ledger).alias("ledger"), _account(account).alias("account_code"),
                    "unit_code", "project_no",
                    pl.when(spent).then("function_class").alias("function_class"),
                    pl.when(spent).then("economic_class").alias("economic_class"),
                    pl.lit(side).alias("side"), "cents", "summary",
                )
            )  # fmt: skip
    return pl.concat(parts) if parts else pl.DataFrame(schema=_LINE)


def payroll_lines(plan: Plan, months: pl.DataFrame) -> pl.DataFrame:
    """Two vouchers for each unit and month: pay on pay day, and what was withheld together with
    the employer's part on the 25th. In the budget ledger pay is spending when it is paid."""

    def cents(name: str) -> pl.Expr:
        return (pl.col(name) * 100).round(0).cast(pl.Int64).sum()

    sums = (
        months.group_by("pay_day", "unit")
        .agg(
            basic=cents("basic_pay"), merit=cents("performance_pay"), extra=cents("allowance"),
            own_ins=cents("employer_insurance"), own_fund=cents("employer_fund"),
            ins=cents("social_insurance"), fund=cents("housing_fund"), tax=cents("tax"),
            net=cents("net_pay"),
        )
        .with_columns(due=pl.sum_horizontal("own_ins", "own_fund", "ins", "fund"))
        .with_columns(later=pl.col("due") + pl.col("tax"))
        .rename({"unit": "unit_code"})
        .sort("pay_day", "unit_code")
    )  # fmt: skip
    remitted = pl.col("pay_day").dt.offset_by("10d")
    parts = []
    for kind, lines, day, summary in (
        ("payroll", _PAY, pl.col("pay_day"), "发放工资"),
        ("payroll_remit", _REMIT, remitted, "缴纳社保、公积金与个税"),
    ):
        for place, (ledger, account, side, name, economic) in enumerate(lines):
            parts.append(
                sums.select(
                    day.alias("date"), pl.lit(kind).alias("kind"),
                    pl.format("{}-{}", pl.lit(kind), "unit_code").alias("key"),
                    pl.lit(place, dtype=pl.Int64).alias("place"), pl.lit(ledger).alias("ledger"),
                    _account(account).alias("account_code"), "unit_code",
                    pl.format("RY{}", "unit_code").alias("project_no"),
                    pl.lit(FUNCTION if economic else None, dtype=pl.String)
                    .alias("function_class"),
                    pl.lit(economic, dtype=pl.String).alias("economic_class"),
                    pl.lit(side).alias("side"), pl.col(name).alias("cents"),
                    pl.lit(summary).alias("summary"),
                )
            )  # fmt: skip
    return pl.concat(parts).filter((pl.col("cents") > 0) & (pl.col("date") < plan.as_of))


def make_ledger(plan: Plan, bookings: pl.DataFrame, payroll: pl.DataFrame) -> Ledger:
    """Number the vouchers within each year in the order of days, and the lines within each.

    Nothing dated as-of or later is booked, and nothing before the window: the former ledger ends
    there.
    """
    inside = (pl.col("date") < plan.as_of) & (pl.col("date") >= plan.start) & (pl.col("cents") > 0)
    lines = pl.concat([_templated(bookings.filter(inside)), payroll.select(list(_LINE))])
    heads = (
        lines.select("date", "kind", "key")
        .unique()
        .sort("date", "kind", "key")
        .with_columns(fiscal_year=pl.col("date").dt.year())
        .with_columns(number=pl.int_range(1, pl.len() + 1).over("fiscal_year"))
        .with_columns(
            voucher_no=pl.format(
                "{}-{}", "fiscal_year", pl.col("number").cast(pl.String).str.zfill(6)
            )
        )
    )
    lines = (
        lines.join(heads, on=["date", "kind", "key"], maintain_order="left")
        .sort("fiscal_year", "number", "ledger", "place", descending=[False, False, True, False])
        .with_columns(line_no=pl.int_range(1, pl.len() + 1).over("voucher_no"))
        .with_columns(
            voucher_date="date",
            debit=pl.when(pl.col("side") == "D").then("cents").otherwise(0) / 100,
            credit=pl.when(pl.col("side") == "C").then("cents").otherwise(0) / 100,
            source_updated_at=pl.col("date").dt.combine(pl.time(20, 30)),
        )
    )
    return Ledger(lines, heads.select("kind", "key", "voucher_no"))
