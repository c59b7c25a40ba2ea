"""What is to be booked: every movement of money, in one shape.

A booking is date, kind (a key of `accounts.TEMPLATES`), key (which voucher it belongs to),
unit_code, project_no (a research or budget project; null for income of the whole college),
function_class, economic_class, cents and summary.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.work.accounts import FUNCTION, RESEARCH_FUNCTION, budgets, fee_account
from warehouse.simulate.work.clock import month_start
from warehouse.simulate.work.projects import Projects

__all__ = ["BOOKING", "of_claims", "of_fees", "of_flows", "of_funds", "of_treasury"]

BOOKING = {
    "date": pl.Date, "kind": pl.String, "key": pl.String, "unit_code": pl.String,
    "project_no": pl.String, "function_class": pl.String, "economic_class": pl.String,
    "cents": pl.Int64, "summary": pl.String,
}  # fmt: skip

#: kind of flow → budget project (with the unit in it), economic class, what it is
_FLOWS = {
    "student_disbursement": ("YS10312", "30308", "学生资助发放"),
    "asset_purchase": ("YS{}11", "31003", "购置设备"),
    "software": ("YS11013", "31007", "购置软件"),
    "utility": ("YS10912", "30206", "水电暖费"),
    "service": ("YS{}14", "30213", "维修与服务"),
    "rent": (None, None, "房租收入"),
}
_ONE_BY_ONE = ("asset_purchase", "software", "service")
#: yuan for each member of staff that the former ledger left in the bank
_OPENING = 60_000
_DEFAULT_UNIT = {"asset_purchase": "108", "service": "110"}


def _cents(name: str) -> pl.Expr:
    return (pl.col(name) * 100).round(0).cast(pl.Int64)


def of_claims(claims: pl.DataFrame) -> pl.DataFrame:
    """Paid documents; those of research projects bear the key of their spending record."""
    kinds = {"报销": "claim", "借款": "loan", "冲账": "settle"}
    research = pl.col("fund_id").is_not_null()
    return claims.filter(~pl.col("refused")).select(
        date="decided",
        kind=pl.col("kind").replace_strict(kinds, return_dtype=pl.String),
        key=pl.coalesce("fund_id", "document_no"),
        unit_code="unit_code",
        project_no="project_no",
        function_class=pl.when(research).then(pl.lit(RESEARCH_FUNCTION))
        .otherwise(pl.lit(FUNCTION)),
        economic_class="economic_class",
        cents=_cents("amount"),
        summary=pl.col("kind") + pl.col("what"),
    )  # fmt: skip


def of_funds(plan: Plan, projects: Projects, claims: pl.DataFrame) -> pl.DataFrame:
    """Receipts, and what was spent on a project without a claim, from the window's start on."""
    claimed = claims.filter(pl.col("fund_id").is_not_null()).select("fund_id")
    units = projects.projects.select("project_no", "unit_code")
    rows = projects.funds.join(claimed, on="fund_id", how="anti", maintain_order="left")
    rows = rows.join(units, on="project_no", maintain_order="left")
    received = pl.col("direction") == "到账"
    return rows.filter(pl.col("booked_date") >= plan.start).select(
        date="booked_date",
        kind=pl.when(received).then(pl.lit("research_in")).otherwise(pl.lit("research_out")),
        key="fund_id",
        unit_code="unit_code",
        project_no="project_no",
        function_class=pl.lit(RESEARCH_FUNCTION),
        economic_class=pl.when(~received).then(pl.lit("30227")),
        cents=_cents("amount"),
        summary=pl.lit("科研经费") + pl.col("direction"),
    )  # fmt: skip


def of_fees(bills: pl.DataFrame, payments: pl.DataFrame) -> pl.DataFrame:
    """One booking a day for each fee and channel, refunds apart."""
    paid = payments.join(bills.select("bill_no", "fee_item"), on="bill_no", maintain_order="left")
    signs = {True: 1.0, False: -1.0}
    parts = []
    for (item, positive), own in paid.group_by(
        "fee_item", pl.col("amount") > 0, maintain_order=True
    ):
        kind = fee_account(str(item), signs[bool(positive)])
        day = own.group_by(date=pl.col("paid_at").dt.date(), channel="channel").agg(
            cents=_cents("amount").sum().abs()
        )
        verb = "收" if positive else "退"
        parts.append(
            day.select(
                "date",
                kind=pl.lit(kind),
                key=pl.format("{}-{}-{}", pl.lit(item), pl.lit(kind), "channel"),
                unit_code=pl.lit("105"),
                project_no=pl.lit(None, dtype=pl.String),
                function_class=pl.lit(None, dtype=pl.String),
                economic_class=pl.lit(None, dtype=pl.String),
                cents="cents",
                summary=pl.lit(f"{verb}{item}") + pl.col("channel"),
            )
        )
    return pl.concat(parts) if parts else pl.DataFrame(schema=BOOKING)


def of_flows(flows: list[pl.DataFrame]) -> pl.DataFrame:
    """What other systems report as money moved: purchases and services one by one, by their
    reference; payments to students, utilities and rents one a day for each unit. Each is booked
    on the budget project of its kind. Receipts of tuition are booked from the payments."""
    texts = [pl.col(name).cast(pl.String) for name in ("kind", "unit_code", "reference")]
    day, cents = pl.col("booked_date").cast(pl.Date), _cents("amount").alias("cents")
    kept = [flow.select(day, *texts, cents) for flow in flows]
    if not kept:
        return pl.DataFrame(schema=BOOKING)
    frame = pl.concat(kept).filter(pl.col("kind").is_in(list(_FLOWS)) & (pl.col("cents") > 0))
    usual = pl.col("kind").replace_strict(_DEFAULT_UNIT, default="105", return_dtype=pl.String)
    single = pl.col("kind").is_in(_ONE_BY_ONE)
    frame = frame.with_columns(
        unit_code=pl.coalesce("unit_code", usual),
        reference=pl.when(single).then(pl.col("reference").fill_null("")).otherwise(pl.lit("")),
    )
    # A unit without budget projects of its own (the school itself, a closed one) buys through 108.
    own = pl.col("unit_code").is_in([item.unit for item in budgets()])
    frame = frame.with_columns(unit_code=pl.when(own).then("unit_code").otherwise(pl.lit("108")))

    def of_kind(place: int) -> pl.Expr:
        values = {kind: facts[place] for kind, facts in _FLOWS.items() if facts[place]}
        return pl.col("kind").replace_strict(values, default=None, return_dtype=pl.String)

    return (
        frame.group_by("booked_date", "kind", "unit_code", "reference")
        .agg(pl.col("cents").sum())
        .select(
            date="booked_date",
            kind="kind",
            key=pl.format("{}-{}-{}", "kind", "unit_code", "reference"),
            unit_code="unit_code",
            project_no=of_kind(0).str.replace("{}", pl.col("unit_code"), literal=True),
            function_class=pl.when(pl.col("kind") != "rent").then(pl.lit(FUNCTION)),
            economic_class=of_kind(1),
            cents="cents",
            summary=of_kind(2),
        )
    )


def of_treasury(plan: Plan, fees: pl.DataFrame, payroll: pl.DataFrame) -> pl.DataFrame:
    """Fees of a month are handed to the treasury on its last day and come back on the 12th of the
    next; on each pay day the treasury grants the payroll and a share of running costs. The ledger
    opens with what the former one left."""
    own = fees.filter(pl.col("kind").str.starts_with("tuition"))
    signed = pl.when(pl.col("kind") == "tuition_refund").then(-pl.col("cents")).otherwise("cents")
    monthly = own.group_by(month=pl.col("date").dt.truncate("1mo")).agg(cents=signed.sum())
    rows: list[tuple[date, str, int]] = [(plan.start, "opening", plan.staff * _OPENING * 100)]
    carried = 0
    for month, cents in monthly.sort("month").iter_rows():
        carried += cents  # a month of refunds alone waits for the next receipts
        if carried <= 0:
            continue
        last = month_start(month, 1) - timedelta(days=1)
        rows.append((last, "treasury_remit", carried))
        rows.append((last + timedelta(days=12), "treasury_return", carried))
        carried = 0
    paid = payroll.group_by("pay_day").agg(total=pl.col("gross").sum())
    for day, total in paid.sort("pay_day").iter_rows():
        rows.append((day, "treasury_grant", int(total * 1.3) * 100))
    names = {"treasury_remit": "上缴财政专户", "treasury_return": "财政专户核拨",
             "treasury_grant": "财政拨款", "opening": "期初余额"}  # fmt: skip
    return pl.DataFrame(
        [(day, kind, kind, "105", None, None, None, cents, names[kind])
         for day, kind, cents in rows if day < plan.as_of],
        schema=BOOKING, orient="row",
    )  # fmt: skip
