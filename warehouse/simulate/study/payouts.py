"""Money paid out to students, one payment for each thing it is paid for."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws

__all__ = ["flow_rows", "payout_rows"]

#: Share of first attempts that the bank sends back.
_FAILED = 0.012


def payout_rows(
    plan: Plan,
    students: Students,
    *,
    awards: pl.DataFrame,
    aid: pl.DataFrame,
    work: pl.DataFrame,
    payments: pl.DataFrame,
) -> pl.DataFrame:
    """student_disbursement: scholarships, grants, subsidies, months of work and fee refunds.

    `source_ref` is award_id, aid_id, post_no/month, or the payment_no of the refund. A payment
    that failed was tried a week before the one that succeeded, under a number of its own.
    """
    columns = ["student", "student_no", "payment_type", "source_ref", "amount", "at"]
    refunds = payments.filter(pl.col("amount") < 0).join(
        students.fates.select("student", "student_no"), on="student_no", maintain_order="left"
    )
    due = pl.concat(
        [
            awards.filter(pl.col("amount").is_not_null()).select(
                "student", "student_no", payment_type=pl.lit("奖学金"), source_ref="award_id",
                amount="amount", at="paid",
            ),
            aid.filter(pl.col("record_type").is_in(["助学金", "困难补助"])
                       & (pl.col("grant_type") != "32")).select(
                "student", "student_no",
                payment_type=pl.when(pl.col("record_type") == "助学金").then(pl.lit("助学金"))
                .otherwise(pl.lit("补助")),
                source_ref="aid_id", amount="amount", at="paid",
            ),
            work.select("student", "student_no", payment_type=pl.lit("勤工"),
                        source_ref=pl.format("{}/{}", "post_no", "month"), amount="pay",
                        at="paid"),
            refunds.select("student", "student_no", payment_type=pl.lit("退费"),
                           source_ref="payment_no", amount=-pl.col("amount"),
                           at=pl.col("paid_at").cast(pl.Datetime("us"))),
        ]
    ).select(columns)  # fmt: skip
    draws = Draws(plan, "aid")
    day = due["at"].cast(pl.Date).to_physical().cast(pl.Int64).to_numpy()
    key = due["student"].to_numpy()
    cents = np.rint(due["amount"].to_numpy() * 100).astype(np.int64)
    fails = (draws.uniform(31, key, day, cents) < _FAILED) & (
        due["payment_type"] != "退费"
    ).to_numpy()
    failed = due.filter(pl.Series(fails)).with_columns(
        at=pl.col("at") - timedelta(days=7), status=pl.lit("失败")
    )
    rows = pl.concat([failed, due.with_columns(status=pl.lit("成功"))])
    rows = rows.filter(pl.col("at") < plan.cut).sort("at", "source_ref", "student")
    tail = draws.whole(32, 0, 10_000, rows["student"].to_numpy())
    year = pl.col("at").dt.year()
    return rows.with_columns(
        payment_no=pl.format("FF{}{}", year, pl.int_range(1, pl.len() + 1).over(year)
                             .cast(pl.String).str.zfill(6)),
        paid_date=pl.when(pl.col("status") == "成功").then(pl.col("at").cast(pl.Date)),
        bank_card_tail=pl.Series(tail).cast(pl.String).str.zfill(4),
        source_updated_at="at",
    )  # fmt: skip


def flow_rows(payouts: pl.DataFrame) -> pl.DataFrame:
    """What the vouchers have to book: successful payments but refunds, which the fee payments
    carry already. booked_date, kind, unit_code, project_no, amount (yuan), reference."""
    paid = (pl.col("status") == "成功") & (pl.col("payment_type") != "退费")
    return payouts.filter(paid).select(
        booked_date="paid_date",
        kind=pl.lit("student_disbursement"),
        unit_code=pl.lit("103"),
        project_no=pl.lit(None, dtype=pl.String),
        amount=pl.col("amount").cast(pl.Float64),
        reference="payment_no",
    )
