"""Reimbursements, loans and their settlement: one document each, from submission to payment.

What staff spend on research projects is claimed by the project's leader; the document and the
spending record of the project then bear the same amount, day and voucher.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.accounts import purposes
from warehouse.simulate.work.clock import known_by, years_of
from warehouse.simulate.work.projects import Projects

__all__ = ["claim_rows", "make_claims"]

#: documents a year on the unit's budgets
_RATE = {"teacher": 15.0, "counselor": 21.0, "officer": 22.0, "support": 12.0, "worker": 2.0}
#: economic class, what it is, share, median yuan
_EXPENSES = (
    ("30211", "差旅费", 0.30, 1500), ("30201", "办公费", 0.24, 420), ("30202", "印刷费", 0.10, 380),
    ("30216", "培训费", 0.09, 1300), ("30218", "专用材料费", 0.11, 1100),
    ("30226", "劳务费", 0.06, 1500), ("30207", "邮电费", 0.03, 160),
    ("30299", "其他商品和服务支出", 0.07, 600),
)  # fmt: skip
#: how busy each month is; the books close on 20 December
_MONTHS = np.array([0.6, 0.3, 1.1, 1.1, 1.1, 1.3, 0.7, 0.3, 1.1, 1.1, 1.3, 1.2])
_SCHEMA = {
    "document_no": pl.String, "staff_no": pl.String, "kind": pl.String, "project_no": pl.String,
    "unit_code": pl.String, "economic_class": pl.String, "what": pl.String, "amount": pl.Float64,
    "submitted_date": pl.Date, "decided": pl.Date, "refused": pl.Boolean, "fund_id": pl.String,
}  # fmt: skip


def _weekday(day: date) -> date:
    return day + timedelta(days=8 - day.isoweekday() if day.isoweekday() > 5 else 0)


def _paid(submitted: date, wait: int) -> date:
    """Some days later; what comes too late for the year's books waits until January."""
    day = _weekday(submitted + timedelta(days=wait))
    closed = (day.month, day.day) > (12, 25) or day.year > submitted.year
    return _weekday(date(submitted.year + 1, 1, 8 + wait % 9)) if closed else day


def _personal(plan: Plan, row: dict, year: int) -> list[tuple]:
    rng = plan.rng("work_claims", 1, int(row["staff_no"]), year)
    count = int(rng.poisson(_RATE.get(row["role"], 0.0)))
    months = rng.choice(12, size=count, p=_MONTHS / _MONTHS.sum()) + 1
    days, waits = rng.integers(1, 29, count), rng.integers(2, 13, count)
    shares = np.array([share for _, _, share, _ in _EXPENSES])
    expense = rng.choice(len(_EXPENSES), size=count, p=shares / shares.sum())
    size, fate = np.exp(rng.normal(0, 0.75, count)), rng.random(count)
    own = purposes(row["unit"])
    weight = np.array([share for *_, share in own])
    budget = rng.choice(len(own), size=count, p=weight / weight.sum())
    back = rng.integers(18, 60, count)
    found: list[tuple] = []
    for index in range(count):
        code, what, _, median = _EXPENSES[expense[index]]
        submitted = _weekday(date(year, int(months[index]), int(days[index])))
        if row["joined"] > submitted or (row["left"] is not None and row["left"] <= submitted):
            continue
        lends = fate[index] < 0.045
        amount = round(float(median * size[index]), 2) if not lends else 500.0 * (
            1 + int(size[index] * 4))  # fmt: skip
        amount = max(amount, 12.0)
        number = f"BX{year}{row['staff_no']}{index + 1:03d}"
        on = f"YS{row['unit']}{own[budget[index]][0]}"
        head = (row["staff_no"], "借款" if lends else "报销", on, row["unit"], code, what, amount)
        paid = _paid(submitted, int(waits[index]))
        found.append((number, *head, submitted, paid, bool(fate[index] > 0.965), None))
        if lends:
            settles = _weekday(paid + timedelta(days=int(back[index])))
            if row["left"] is None or settles < row["left"]:
                head = (row["staff_no"], "冲账", *head[2:])
                found.append((f"{number}C", *head, settles, _paid(settles, 4), False, None))
    return found


def _of_projects(plan: Plan, projects: Projects, staff: Staff) -> list[tuple]:
    people = {row["staff_no"]: row for row in staff.people.iter_rows(named=True)}
    led = projects.projects.select("project_no", "leader_staff_no", "unit_code")
    claimed = projects.funds.filter(
        pl.col("by_claim") & (pl.col("booked_date") >= plan.start + timedelta(days=15))
    ).join(led, on="project_no", maintain_order="left")
    found = []
    for item in claimed.iter_rows(named=True):
        rng = plan.rng("work_claims", 2, int(item["fund_id"][2:]))
        submitted = item["booked_date"] - timedelta(days=int(rng.integers(3, 13)))
        code, what, _, _ = _EXPENSES[int(rng.integers(0, len(_EXPENSES)))]
        leader = people[item["leader_staff_no"]]
        if leader["left"] is not None and leader["left"] <= submitted:
            continue
        found.append(
            (f"BX{item['fund_id'][2:]}K", item["leader_staff_no"], "报销", item["project_no"],
             item["unit_code"], code, what, item["amount"], submitted, item["booked_date"], False,
             item["fund_id"])
        )  # fmt: skip
    return found


def make_claims(plan: Plan, staff: Staff, projects: Projects) -> pl.DataFrame:
    """Every document of the window's years, with what became of it; `fund_id` names the spending
    record of a research project that it is."""
    rows = [found for year in years_of(plan) for row in staff.people.iter_rows(named=True)
            for found in _personal(plan, row, year)]  # fmt: skip
    frame = pl.DataFrame(rows + _of_projects(plan, projects, staff), schema=_SCHEMA, orient="row")
    return frame.filter(pl.col("submitted_date") >= plan.start)


def claim_rows(plan: Plan, claims: pl.DataFrame) -> pl.DataFrame:
    """staff_reimbursement as of the cut: 审批中 until it is paid or sent back."""
    decided = pl.col("decided").dt.combine(pl.time(20, 30))
    done = decided < plan.cut
    final = (
        pl.when("refused").then(pl.lit("已退回")).when(pl.col("kind") == "冲账")
        .then(pl.lit("已冲销")).otherwise(pl.lit("已支付"))
    )  # fmt: skip
    return known_by(
        plan,
        claims.with_columns(
            status=pl.when(done).then(final).otherwise(pl.lit("审批中")),
            paid_date=pl.when(done & ~pl.col("refused")).then("decided"),
            source_updated_at=pl.when(done)
            .then(decided)
            .otherwise(pl.col("submitted_date").dt.combine(pl.time(11, 0))),
        ),
    )
