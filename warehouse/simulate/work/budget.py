"""Budget execution: what each budget project may spend in a year, and has spent up to a month."""

from __future__ import annotations

import math
from datetime import date

import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students
from warehouse.simulate.work.accounts import budgets
from warehouse.simulate.work.clock import at, month_start
from warehouse.simulate.work.ledger import Ledger
from warehouse.simulate.work.projects import Projects

__all__ = ["budget_rows"]


def _closed_months(plan: Plan) -> list[date]:
    """Months of the window whose return has been made: in the morning of the next month's 2nd."""
    found, month = [], plan.start
    while at(month_start(month, 1).replace(day=2), 9) < plan.cut:
        found.append(month)
        month = month_start(month, 1)
    return found


def _plans(plan: Plan, staff: Staff, students: Students, year: int) -> list[tuple]:
    """number, name, unit, purpose, origin, yuan for the year (the months that the window holds);
    by the people of the unit, or the students, when the year or the window began."""
    day = max(date(year, 1, 1), plan.start)
    part = (13 - day.month) / 12
    heads = dict(staff.on_post(day).group_by("unit").len().iter_rows())
    enrolled = students.at(day).filter(pl.col("status") == "01").height
    found = []
    for item in budgets():
        count = enrolled if item.of_students else heads.get(item.unit, 0)
        amount = math.ceil(max(item.per_head * max(count, 1) * part, 5000) / 1000) * 1000.0
        found.append((item.number, item.name, item.unit, item.purpose, item.origin, amount))
    return found


def _research(plan: Plan, projects: Projects, months: list[date]) -> list[tuple]:
    """A research project is a budget project from its approval to its end; its budget of a year
    is the contract less what earlier years spent."""
    spent = projects.funds.filter(pl.col("direction") != "到账").select(
        "project_no", "amount", "booked_date"
    )
    by_project = {key[0]: own.to_dicts() for key, own in spent.group_by("project_no")}
    rows = []
    for item in projects.projects.iter_rows(named=True):
        origin = "1" if item["project_nature"] == "纵向" else "3"
        paid = by_project.get(item["project_no"], [])
        for month in months:
            if not item["approved_date"] < month_start(month, 1):
                continue
            if item["closed"] < month:
                break
            before = sum(
                entry["amount"] for entry in paid if entry["booked_date"].year < month.year
            )
            rows.append((month, item["project_no"], item["project_name"], item["unit_code"],
                         "科研", origin, round(item["contract_amount"] - before, 2)))  # fmt: skip
    return rows


def budget_rows(
    plan: Plan, staff: Staff, students: Students, projects: Projects, ledger: Ledger
) -> pl.DataFrame:
    """budget_execution: spent_amount is the sum of the year's 事业支出 lines of the budget ledger
    that bear the project's number, to the end of the month. A budget that would be overspent is
    raised by supplement (追加) in that month."""
    months = _closed_months(plan)
    rows = _research(plan, projects, months)
    for year in sorted({month.year for month in months}):
        plans = _plans(plan, staff, students, year)
        for month in months:
            if month.year == year:
                rows += [(month, *item) for item in plans]
    schema = {"first": pl.Date, "budget_no": pl.String, "budget_name": pl.String,
              "unit_code": pl.String, "purpose": pl.String, "fund_origin": pl.String,
              "initial": pl.Float64}  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    spent = ledger.spending().select(first="month", budget_no="project_no", cents="cents")
    frame = frame.join(spent, on=["first", "budget_no"], how="left").sort("budget_no", "first")
    year = pl.col("first").dt.year()
    frame = frame.with_columns(
        fiscal_year=year,
        spent_amount=pl.col("cents").fill_null(0).cum_sum().over("budget_no", year) / 100,
    )
    raised = ((pl.col("spent_amount") * 1.06) / 10_000).ceil() * 10_000
    enough = pl.col("spent_amount") <= pl.col("initial")
    return frame.with_columns(
        month=pl.col("first").dt.strftime("%Y-%m"),
        budget_amount=pl.when(enough).then("initial").otherwise(raised),
        source_updated_at=pl.col("first").dt.offset_by("1mo").dt.offset_by("1d")
        .dt.combine(pl.time(9, 0)),
    )  # fmt: skip
