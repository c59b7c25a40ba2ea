"""What students were billed each academic year, and what they paid.

due = standard - waiver; paid = the sum of the bill's payments, refunds negative; a waiver granted
after payment is paid back. Bills go out on 1 September.
"""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl

from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students

__all__ = ["make_fees"]

_CHANNELS = ("网银", "微信", "支付宝", "贷款划转", "现金")


def _bills(plan: Plan, curriculum: Curriculum, students: Students) -> pl.DataFrame:
    """student, student_no, academic_year, fee_item, standard (yuan), opened (datetime)."""
    tuition = {item.code: item.major.tuition for item in curriculum.majors}
    facts = students.people.select("student", "student_no", "residence_mode", "entry_year")
    parts = []
    for year in range(plan.start.year, plan.as_of.year + 1):
        opened = datetime(year, 9, 1, 8)
        if opened >= plan.cut:
            break
        at = students.at(date(year, 9, 2)).filter(pl.col("status") == "01")
        at = at.join(facts, on="student", maintain_order="left").with_columns(
            academic_year=pl.lit(f"{year}-{year + 1}"), opened=pl.lit(opened)
        )
        hostel = pl.when(pl.col("student") % 3 == 0).then(1100).otherwise(800)
        items = {
            "学费": at.with_columns(
                standard=pl.col("major_code").replace_strict(tuition, return_dtype=pl.Int64)
            ),
            "住宿费": at.filter(pl.col("residence_mode") == "2").with_columns(
                standard=hostel.cast(pl.Int64)
            ),
            "代收费": at.with_columns(
                standard=pl.when(pl.col("entry_year") == year).then(860).otherwise(420)
                .cast(pl.Int64)
            ),
        }  # fmt: skip
        for name, frame in items.items():
            parts.append(frame.select("student", "student_no", "academic_year", "opened",
                                      "standard", fee_item=pl.lit(name)))  # fmt: skip
    return pl.concat(parts).sort("academic_year", "student", "fee_item")


def _terms(bills: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Waivers, deferrals and loans: per student, on the tuition of the year."""
    rng = plan.rng("fees")
    count = len(bills)
    tuition = (bills["fee_item"] == "学费").to_numpy()
    draw = rng.random(count)
    kind = np.select(
        [draw < 0.006, draw < 0.03, draw < 0.055, draw < 0.17], ["2", "1", "3", "4"], ""
    )
    kind = np.where(tuition, kind, "")
    standard = bills["standard"].to_numpy()
    waiver = np.select([kind == "2", kind == "1"], [standard, standard // 2], 0)
    year = bills["academic_year"].str.slice(0, 4).cast(pl.Int32)
    return bills.with_columns(
        adjustment=pl.Series(kind).replace("", None),
        waiver=pl.Series(waiver),
        due=pl.Series(standard - waiver),
        deferred_until=pl.when(pl.Series(kind) == "3").then(pl.date(year, 12, 31)),
        bill_no=pl.format("B{}{}", year, pl.int_range(1, pl.len() + 1).over("academic_year")
                          .cast(pl.String).str.zfill(7)),
    )  # fmt: skip


def _payments(bills: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """bill_no, student_no, paid_at, amount (yuan): one or two a bill, and refunds."""
    due = bills.filter(pl.col("due") > 0)
    years = due.group_by("academic_year", maintain_order=True)
    paid = pl.concat(
        [_paid_in(frame, plan.rng("fees", 1, int(str(year)[:4]))) for (year,), frame in years]
    ).filter(pl.col("paid_at") < plan.cut)
    return paid.sort("paid_at", "bill_no").with_columns(
        payment_no=pl.format("P{}{}", pl.col("paid_at").dt.year(),
                             pl.int_range(1, pl.len() + 1).over(pl.col("paid_at").dt.year())
                             .cast(pl.String).str.zfill(8)),
        source_updated_at=pl.col("paid_at"),
    ).with_columns(invoice_no=pl.lit("PJ") + pl.col("payment_no").str.slice(1))  # fmt: skip


def _paid_in(bills: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Everything that will be paid on the bills of one academic year."""
    count = len(bills)
    opened = bills["opened"].to_numpy().astype("datetime64[s]")
    kind = bills["adjustment"].fill_null("").to_numpy()
    due = bills["due"].to_numpy()
    draw = rng.random(count)
    prompt = rng.gamma(2.0, 4.5, count)
    tardy = 30 + 150 * rng.random(count)
    days = np.where(draw < 0.90, prompt, tardy)
    days = np.where(kind == "3", 70 + 60 * rng.random(count), days)
    days = np.where(kind == "4", 75 + 15 * rng.random(count), days)
    never = (draw > 0.978) & (kind != "4")
    halves = (draw > 0.955) & ~never & (kind != "4")
    seconds = rng.integers(0, 12 * 3600, count)
    first = opened + (np.floor(days) * 86400 + seconds).astype("timedelta64[s]")
    amount = np.where(halves, due // 200 * 100, due)
    second = first + ((20 + np.floor(100 * rng.random(count))) * 86400).astype("timedelta64[s]")
    # A waiver granted late: paid in full at first, the waived part handed back in November.
    late = (kind == "1") & (draw < 0.5) & ~halves
    waiver = bills["waiver"].to_numpy()
    amount = np.where(late, due + waiver, amount)
    back = np.maximum(
        first + np.timedelta64(20 * 86400, "s"),
        opened + (75 * 86400 + seconds).astype("timedelta64[s]"),
    )
    base = bills.select("bill_no", "student_no", "waiver", "academic_year")
    channel = rng.choice(_CHANNELS, size=count, p=[0.3, 0.38, 0.28, 0.0, 0.04])
    channel = np.where(kind == "4", "贷款划转", channel)
    base = base.with_columns(channel=pl.Series(channel))
    parts = [
        base.with_columns(
            paid_at=pl.Series(moment.astype("datetime64[ms]")),
            amount=pl.Series(value.astype(np.int64)),
        ).filter(pl.Series(keep))
        for moment, value, keep in (
            (first, amount, ~never & (amount > 0)),
            (second, due - amount, halves),
            (back, -waiver, late & ~never),
        )
    ]
    return pl.concat(parts)


def make_fees(
    plan: Plan, curriculum: Curriculum, students: Students
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of fee_bill and fee_payment."""
    bills = _terms(_bills(plan, curriculum, students), plan)
    payments = _payments(bills, plan)
    # While the waived part has not been handed back, the waiver is not in force yet.
    paid = payments.group_by("bill_no").agg(
        paid=pl.col("amount").sum(), last=pl.col("paid_at").max()
    )
    bills = bills.join(paid, on="bill_no", how="left", maintain_order="left").with_columns(
        pl.col("paid").fill_null(0)
    )
    pending = pl.col("paid") > pl.col("due")
    bills = bills.with_columns(
        waiver=pl.when(pending).then(0).otherwise("waiver"),
        adjustment=pl.when(pending).then(None).otherwise("adjustment"),
        due=pl.when(pending).then("standard").otherwise("due"),
    )
    status = (
        pl.when(pl.col("due") == 0).then(pl.lit("3"))
        .when(pl.col("paid") >= pl.col("due")).then(pl.lit("2"))
        .when(pl.col("paid") > 0).then(pl.lit("4"))
        .otherwise(pl.lit("1"))
    )  # fmt: skip
    return bills.select(
        "bill_no", "student_no", "academic_year", "fee_item",
        standard_amount=pl.col("standard").cast(pl.Float64),
        waiver_amount=pl.col("waiver").cast(pl.Float64),
        deferred_until="deferred_until",
        adjustment="adjustment",
        due_amount=pl.col("due").cast(pl.Float64),
        paid_amount=pl.col("paid").cast(pl.Float64),
        fee_status=status,
        source_updated_at=pl.max_horizontal("opened", "last"),
    ), payments.with_columns(pl.col("amount").cast(pl.Float64))  # fmt: skip
