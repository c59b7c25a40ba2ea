"""Hardship and what is done about it: recognition, grants, subsidies, waivers, loans, work.

Loans and waivers are those of the fee bills: a loan is the bill's adjustment 贷, its amount and
day those of the payment by transfer; a waiver is the bill's waived amount, granted once the bill
is settled. Neither is paid out to the student.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.catalogue import OFFICES
from warehouse.simulate.plan import Plan
from warehouse.simulate.students import Students
from warehouse.simulate.study.draws import Draws
from warehouse.simulate.study.residence import (
    academic_years,
    as_known,
    days_after,
    residents,
    still_there,
)

__all__ = ["aid_known", "make_aid", "make_work_study", "needy"]

#: Below this share of the usual means a student is recognised as in hardship.
_NEED = 0.845
_TIERS = {"1": ("一档", 2200.0), "21": ("二档", 1650.0), "22": ("三档", 1100.0)}
_REASONS = {"3": 34, "4": 22, "2": 10, "1": 4, "9": 30}
_BANKS = ("国家开发银行", "中国银行")
_POSTS = {"3": 42, "1": 16, "2": 10, "4": 18, "6": 4, "5": 4, "9": 6}
_HOURLY = 18.0


def needy() -> pl.Expr:
    """Whether a student's means make a case of hardship."""
    return pl.col("means") < _NEED


def make_aid(
    plan: Plan, students: Students, bills: pl.DataFrame, payments: pl.DataFrame
) -> pl.DataFrame:
    """student_aid in the final state of each row: `made` (datetime) and `paid` (datetime, null:
    nothing is paid out or it has not come yet)."""
    return pl.concat(
        [
            *(_recognised(plan, students, year) for year in academic_years(plan)),
            _loans(plan, students, bills, payments),
            _waivers(plan, students, bills, payments),
        ],
        how="diagonal_relaxed",
    ).sort("made", "aid_id")


def aid_known(plan: Plan, aid: pl.DataFrame) -> pl.DataFrame:
    """The rows of student_aid at the cut; a loan is approved before it is paid."""
    rows = as_known(plan, aid, "made", {"paid": ["paid_date"]})
    loan = pl.col("record_type") == "贷款"
    paid = pl.when(pl.col("paid_date").is_null()).then(pl.lit("2")).otherwise(pl.lit("3"))
    return rows.with_columns(loan_status=pl.when(loan).then(paid))


def _row(frame: pl.DataFrame, year: int, letter: str, **columns: pl.Expr) -> pl.DataFrame:
    return frame.with_columns(
        aid_id=pl.format("ZZ{}{}{}", pl.lit(year), pl.lit(letter),
                         pl.col("student").cast(pl.String).str.zfill(6)),
        academic_year=pl.lit(f"{year}-{year + 1}"), **columns,
    ).with_columns(
        made=pl.col("approved_date").dt.combine(pl.time(15, 0)),
        paid=pl.col("paid_date").dt.combine(pl.time(16, 0)),
    ).select(
        "aid_id", "student", "student_no", "record_type", "hardship_degree", "hardship_reason",
        "grant_type", "academic_year", "tier", "amount", "fund_source", "approved_date",
        "paid_date", "loan_bank", "loan_contract_no", "made", "paid",
    )  # fmt: skip


_EMPTY = {
    name: pl.lit(None, dtype=kind)
    for name, kind in {
        "hardship_degree": pl.String, "hardship_reason": pl.String, "grant_type": pl.String,
        "tier": pl.String, "amount": pl.Float64, "fund_source": pl.String, "paid_date": pl.Date,
        "loan_bank": pl.String, "loan_contract_no": pl.String,
    }.items()
}  # fmt: skip


def _recognised(plan: Plan, students: Students, year: int) -> pl.DataFrame:
    """Recognition in October; the state's grant in two halves for most of the recognised; now
    and then a subsidy, recognised or not."""
    draws = Draws(plan, "aid")
    there = residents(students, date(year, 10, 15))
    degree = (
        pl.when(pl.col("means") < 0.72).then(pl.lit("1"))
        .when(pl.col("means") < 0.79).then(pl.lit("21")).otherwise(pl.lit("22"))
    )  # fmt: skip
    key = there["student"].to_numpy()
    poor = there.with_columns(
        degree=degree, reason=pl.Series(draws.pick(1, _REASONS, key)),
        granted=pl.Series(draws.uniform(2, key, year) < 0.88),
    ).filter(needy())  # fmt: skip
    parts = [
        _row(
            poor, year, "A",
            **_EMPTY | {"record_type": pl.lit("困难认定"), "hardship_degree": pl.col("degree"),
                        "hardship_reason": pl.col("reason"),
                        "approved_date": pl.lit(date(year, 10, 15))},
        )
    ]  # fmt: skip
    for letter, approved, paid in (
        ("B", date(year, 11, 5), date(year, 11, 26)),
        ("C", date(year + 1, 4, 8), date(year + 1, 4, 24)),
    ):
        own = poor.filter("granted").with_columns(
            approved_date=pl.lit(approved), paid_date=pl.lit(paid)
        )
        own = still_there(students, own, "paid_date")
        parts.append(
            _row(
                own, year, letter,
                **_EMPTY | {
                    "record_type": pl.lit("助学金"), "hardship_degree": pl.col("degree"),
                    "grant_type": pl.lit("21"), "fund_source": pl.lit("1"),
                    "tier": pl.col("degree").replace_strict({k: v[0] for k, v in _TIERS.items()}),
                    "amount": pl.col("degree").replace_strict(
                        {k: v[1] for k, v in _TIERS.items()}),
                    "approved_date": pl.col("approved_date"), "paid_date": pl.col("paid_date"),
                },
            )
        )  # fmt: skip
    first = draws.whole(3, 20, 280, key, year)
    helped = there.with_columns(
        approved_date=days_after(date(year, 9, 1), first),
        paid_date=days_after(date(year, 9, 1), first + draws.whole(4, 9, 18, key, year)),
        amount=pl.Series(draws.whole(5, 4, 21, key, year) * 100.0),
        drawn=pl.Series(draws.uniform(6, key, year)),
    ).filter(pl.col("drawn") < pl.when(needy()).then(0.07).otherwise(0.008))
    helped = still_there(students, helped, "paid_date")
    parts.append(
        _row(
            helped, year, "D",
            **_EMPTY | {"record_type": pl.lit("困难补助"), "grant_type": pl.lit("31"),
                        "fund_source": pl.lit("5"), "amount": pl.col("amount"),
                        "approved_date": pl.col("approved_date"),
                        "paid_date": pl.col("paid_date")},
        )
    )  # fmt: skip
    return pl.concat(parts)


def _of_bills(students: Students, bills: pl.DataFrame) -> pl.DataFrame:
    own = bills.filter(pl.col("fee_item") == "学费")
    keys = students.fates.select("student", "student_no", "origin_place")
    return own.join(keys, on="student_no", maintain_order="left").with_columns(
        year=pl.col("academic_year").str.slice(0, 4).cast(pl.Int64)
    )


def _by_year(frame: pl.DataFrame, letter: str, columns: dict[str, pl.Expr]) -> pl.DataFrame:
    parts = [_row(own, int(str(year)), letter, **_EMPTY | columns)
             for (year,), own in frame.group_by("year", maintain_order=True)]  # fmt: skip
    return pl.concat(parts) if parts else pl.DataFrame()


def _loans(
    plan: Plan, students: Students, bills: pl.DataFrame, payments: pl.DataFrame
) -> pl.DataFrame:
    """Loans for tuition: most by the place of origin (52), some by the school (51)."""
    draws = Draws(plan, "aid")
    transfers = payments.filter(pl.col("channel") == "贷款划转").select(
        "bill_no", moved=pl.col("paid_at").cast(pl.Date)
    )
    rows = _of_bills(students, bills).filter(pl.col("adjustment") == "4")
    rows = rows.join(transfers, on="bill_no", how="left", maintain_order="left")
    key, year = rows["student"].to_numpy(), rows["year"].to_numpy()
    home = draws.uniform(11, key) < 0.85
    rows = rows.with_columns(
        kind=pl.Series(np.where(home, "52", "51")),
        bank=pl.Series(np.where(home, _BANKS[0], _BANKS[1])),
        approved_date=pl.date(pl.col("year"), 9, 20)
        + pl.duration(days=pl.Series(draws.whole(12, 0, 30, key, year))),
    )
    return _by_year(
        rows, "E",
        {
            "record_type": pl.lit("贷款"), "grant_type": pl.col("kind"),
            "fund_source": pl.lit("7"), "amount": pl.col("due_amount"),
            "approved_date": pl.col("approved_date"), "paid_date": pl.col("moved"),
            "loan_bank": pl.col("bank"),
            "loan_contract_no": pl.format("DK{}{}", "year",
                                          pl.col("student").cast(pl.String).str.zfill(6)),
        },
    )  # fmt: skip


def _waivers(
    plan: Plan, students: Students, bills: pl.DataFrame, payments: pl.DataFrame
) -> pl.DataFrame:
    """Waived tuition, granted on 20 December or, where the bill is settled later, on that day."""
    settled = payments.group_by("bill_no").agg(last=pl.col("paid_at").max().cast(pl.Date))
    rows = _of_bills(students, bills).filter(
        (pl.col("waiver_amount") > 0) & (pl.col("paid_amount") == pl.col("due_amount"))
    )
    rows = rows.join(settled, on="bill_no", how="left", maintain_order="left").with_columns(
        granted=pl.max_horizontal("last", pl.date(pl.col("year"), 12, 20))
    )
    return _by_year(
        rows, "F",
        {"record_type": pl.lit("困难补助"), "grant_type": pl.lit("32"), "fund_source": pl.lit("5"),
         "amount": pl.col("waiver_amount"), "approved_date": pl.col("granted")},
    )  # fmt: skip


def make_work_study(plan: Plan, students: Students) -> pl.DataFrame:
    """student_work_study in final state: a post for an academic year, a row for each month of
    it worked to the end; reckoned (`made`) on the 5th, paid (`paid`) on the 15th that follows."""
    draws = Draws(plan, "aid")
    offices = [code for code, *_ in OFFICES if code != "118"]
    parts = []
    for year in academic_years(plan):
        there = residents(students, date(year, 9, 10))
        key = there["student"].to_numpy()
        wants = np.where((there["means"] < _NEED).to_numpy(), 0.26, 0.035)
        office = np.array(offices)[draws.whole(21, 0, len(offices), key, year)]
        unit = np.where(draws.uniform(22, key, year) < 0.4, there["college_code"].to_numpy(),
                        office).astype(str)  # fmt: skip
        number = draws.whole(23, 1, 25, key, year)
        own = there.with_columns(
            unit_code=pl.Series(unit),
            post_type=pl.Series(draws.pick(24, _POSTS, key, year)),
            post_no=pl.format("QG{}{}", pl.Series(unit), pl.Series(number).cast(pl.String)
                              .str.zfill(3)),
        ).filter(pl.Series(draws.uniform(25, key, year) < wants))  # fmt: skip
        for month in (9, 10, 11, 12, 3, 4, 5, 6):
            first = date(year + (month < 9), month, 1)
            after = (first + timedelta(days=32)).replace(day=1)
            key = own["student"].to_numpy()
            hours = draws.whole(26, 12, 41, key, year, month).astype(float)
            rows = own.with_columns(
                month=pl.lit(f"{first:%Y-%m}"),
                hours=pl.Series(hours),
                pay=pl.Series(hours * _HOURLY),
                until=pl.lit(after - timedelta(days=1)),
                paid_date=pl.lit(after.replace(day=15)),
                made=pl.lit(datetime(after.year, after.month, 5, 10)),
                paid=pl.lit(datetime(after.year, after.month, 15, 16)),
            ).filter(pl.Series(draws.uniform(27, key, year, month) < 0.95))
            parts.append(still_there(students, rows, "until"))
    return pl.concat(parts).sort("made", "student")
