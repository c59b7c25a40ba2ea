"""Research projects, and the money that comes and goes on each of them.

Spending is drawn from each receipt after it has come, so that on every day what is spent is within
what was received, and what was received within the contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.clock import known_by, years_of
from warehouse.simulate.work.fields import field_of
from warehouse.simulate.work.titles import Titles

__all__ = ["Projects", "fund_rows", "make_projects", "project_rows"]

#: name, nature, project_source, level, fund source, share, median of the contract (yuan), spread,
#: months in which it is approved, years, share of the contract that never comes
_SOURCES = (
    ("国家自然科学基金", "纵向", "04", "10", "05", 0.03, 320_000, 0.25, (8, 9), 3, 0.0),
    ("国家社会科学基金", "纵向", "08", "10", "04", 0.015, 200_000, 0.2, (9,), 3, 0.0),
    ("教育部人文社科", "纵向", "09", "21", "06", 0.03, 90_000, 0.15, (3, 12), 3, 0.0),
    ("省科技攻关", "纵向", "05", "23", "07", 0.19, 60_000, 0.5, (1, 2, 6), 2, 0.0),
    ("市科技计划", "纵向", "17", "33", "08", 0.15, 25_000, 0.5, (5, 6, 10), 2, 0.0),
    ("校级科研", "纵向", "19", "60", "12", 0.215, 8_000, 0.4, (4, 11), 2, 0.0),
    ("技术开发", "横向", "15", "99", "10", 0.22, 70_000, 0.9, tuple(range(1, 13)), 1, 0.12),
    ("技术服务", "横向", "15", "99", "10", 0.15, 40_000, 0.8, tuple(range(1, 13)), 1, 0.08),
)
#: projects a year of a teacher by title_level; None: no title yet
_RATE = {"1": 0.9, "2": 0.75, "3": 0.42, "4": 0.2, None: 0.12}
_KINDS = {"纵向": ("21", "22", "10", "24"), "横向": ("31", "22", "40", "50")}

_PROJECTS = {
    "project_no": pl.String, "project_name": pl.String, "leader_staff_no": pl.String,
    "leader": pl.Int64, "unit_code": pl.String, "project_nature": pl.String,
    "project_source": pl.String, "project_level": pl.String, "rd_activity_type": pl.String,
    "discipline": pl.String, "approved_date": pl.Date, "planned_end": pl.Date,
    "closed": pl.Date, "outcome": pl.String, "contract_amount": pl.Float64,
    "approval_no": pl.String, "fund_source": pl.String,
}  # fmt: skip
_FUNDS = {
    "fund_id": pl.String, "project_no": pl.String, "direction": pl.String,
    "fund_source": pl.String, "amount": pl.Float64, "booked_date": pl.Date,
    "by_claim": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class Projects:
    """`projects`: one row per project with its whole fate; `funds`: one row per receipt, spending
    or transfer out of its whole life, `by_claim` where a staff member spent and claimed it."""

    projects: pl.DataFrame
    funds: pl.DataFrame


def _working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=8 - day.isoweekday() if day.isoweekday() > 5 else 0)


def _project(row: dict, year: int, index: int, rng: np.random.Generator) -> tuple | None:
    shares = np.array([source[5] for source in _SOURCES])
    pick = _SOURCES[int(rng.choice(len(_SOURCES), p=shares / shares.sum()))]
    label, nature, source, level, fund, _, median, spread, months, years, _ = pick
    month = int(rng.choice(months))
    approved = date(year, month, 1) + timedelta(days=int(rng.integers(0, 27)))
    amount = max(3000.0, float(np.round(median * np.exp(spread * rng.normal()), -3)))
    planned = approved + timedelta(days=int(365.25 * years * rng.uniform(0.8, 1.3)))
    late, outcome = int(rng.integers(120, 400)), rng.random()
    fate = "2" if outcome < 0.03 else "3" if outcome < 0.2 else "4"
    closed = {
        "2": approved + (planned - approved) * 0.6,
        "3": planned + timedelta(days=late),
        "4": planned - timedelta(days=late // 8),
    }[fate]
    field = field_of(row["unit"], rng.random() * 0.8)
    topic = field.topics[int(rng.integers(0, len(field.topics)))]
    kind = _KINDS[nature][int(rng.integers(0, 4))]
    if row["joined"] > approved or (row["left"] is not None and row["left"] <= approved):
        return None
    number = f"XM{year}{row['staff_no']}{index + 1}"
    name = f"{label}：{topic}{('研究', '关键技术研究', '方法与应用')[index % 3]}"
    return (number, name, row["staff_no"], row["staff"], row["unit"], nature, source, level, kind,
            field.discipline, approved, planned, closed, fate, amount,
            f"{label[:2]}〔{year}〕{row['staff_no'][1:]}-{index + 1}", fund)  # fmt: skip


def _funds(plan: Plan, item: dict) -> list[tuple]:
    """Receipts in one to three parts; each is spent in several bites before the project closes."""
    digits = item["project_no"][2:]
    rng = plan.rng("work_research", 2, int(digits))
    missing = next(source[10] for source in _SOURCES if source[2] == item["project_source"])
    total = int(item["contract_amount"] * 100)
    paid = 0.0 if missing == 0 or rng.random() > missing * 3 else rng.uniform(0.2, 0.4)
    total = int(total * (1 - paid))
    parts = [1.0] if total < 3_000_000 else [0.6, 0.4] if rng.random() < 0.7 else [0.4, 0.3, 0.3]
    span = max((item["closed"] - item["approved_date"]).days, 60)
    found: list[tuple] = []
    ahead = 0
    for number, share in enumerate(parts):
        amount = total - ahead if number == len(parts) - 1 else int(total * share) // 100 * 100
        ahead += amount
        wait = int(rng.integers(12, 50)) + span * number // (len(parts) + 1)
        day = _working_day(item["approved_date"] + timedelta(days=wait))
        found.append(("到账", amount, day, False))
        found += _spent(rng, amount, day, item["closed"], number == 0)
    rows = [entry for entry in found if entry[2] <= item["closed"]]
    rows.sort(key=lambda entry: (entry[2], entry[0]))
    return [
        (f"JF{digits}{index:03d}", item["project_no"], direction, item["fund_source"],
         amount / 100, day, claimed)
        for index, (direction, amount, day, claimed) in enumerate(rows, start=1)
    ]  # fmt: skip


def _spent(rng: np.random.Generator, amount: int, day: date, closed: date, first: bool) -> list:
    bites = int(np.clip(amount / 320_000 * rng.uniform(0.7, 1.4), 3, 30))
    weights = rng.exponential(1.0, bites)
    share = rng.uniform(0.86, 1.0)
    days = rng.integers(9, max((closed - day).days, 20), bites)
    claims, found = rng.random(bites), []
    out = int(amount * 0.2) if first and amount > 10_000_000 and rng.random() < 0.15 else 0
    if out:
        found.append(("外拨", out, _working_day(day + timedelta(days=15)), False))
    for weight, wait, claim in zip(weights / weights.sum(), days, claims, strict=True):
        cents = int((amount - out) * share * weight)
        if cents >= 1000:
            spent = _working_day(day + timedelta(days=int(wait)))
            found.append(("支出", cents, spent, bool(claim < 0.72)))
    return found


def make_projects(plan: Plan, staff: Staff, titles: Titles) -> Projects:
    """Projects approved in the window or up to three years before it. External teachers and
    those who do not teach lead none."""
    teachers = staff.people.filter(pl.col("role") == "teacher")
    rows = []
    for year in years_of(plan, before=3):
        held = titles.held(teachers.with_columns(day=pl.lit(date(year, 1, 1))), "day")
        for row in held.iter_rows(named=True):
            rng = plan.rng("work_research", 1, int(row["staff_no"]), year)
            for index in range(min(int(rng.poisson(_RATE.get(row["title_level"], 0.1))), 4)):
                found = _project(row, year, index, rng)
                if found:
                    rows.append(found)
    projects = pl.DataFrame(rows, schema=_PROJECTS, orient="row")
    funds = [entry for item in projects.iter_rows(named=True) for entry in _funds(plan, item)]
    return Projects(projects, pl.DataFrame(funds, schema=_FUNDS, orient="row"))


def project_rows(plan: Plan, projects: Projects) -> pl.DataFrame:
    """research_project as of the cut: 在研 until it is closed, 延期 from the planned end on."""
    evening = pl.time(17, 0)
    late = (pl.col("outcome") == "3") & (pl.col("planned_end").dt.combine(evening) < plan.cut)
    closed = pl.col("closed").dt.combine(evening) < plan.cut
    final = pl.when(pl.col("outcome") == "2").then(pl.lit("2")).otherwise(pl.lit("4"))
    return known_by(
        plan,
        projects.projects.with_columns(
            status=pl.when(closed).then(final).when(late).then(pl.lit("3")).otherwise(pl.lit("1")),
            end_date=pl.when(closed).then("closed"),
            source_updated_at=pl.when(closed).then(pl.col("closed").dt.combine(evening))
            .when(late).then(pl.col("planned_end").dt.combine(evening))
            .otherwise(pl.col("approved_date").dt.combine(pl.time(15, 0))),
        ),
    )  # fmt: skip


def fund_rows(plan: Plan, projects: Projects, vouchers: pl.DataFrame) -> pl.DataFrame:
    """research_fund as of the cut. `vouchers`: fund_id, voucher_no; what was booked before the
    window lies in the former ledger and bears none."""
    frame = projects.funds.with_columns(
        source_updated_at=pl.col("booked_date").dt.combine(pl.time(20, 30))
    )
    return known_by(plan, frame.join(vouchers, on="fund_id", how="left", maintain_order="left"))
