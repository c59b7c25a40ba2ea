"""A2-21: tuition, budgets, spending."""

from __future__ import annotations

from functools import cache

import polars as pl

from .cells import CLASSES, STAFF, cells
from .extracts import Extracts
from .places import students_on
from .registry import indicators
from .units import SCHOOL, beside, calendar_years, in_college, population

UNPAID = ("1", "4")
FREE = "3"
RATES = {
    "budget_execution_teaching": (("教学日常运行", "实验", "实习", "教改", "专业建设"), STAFF),
    "budget_execution_research": (("科研",), STAFF),
    "budget_execution_student": (("学生活动", "思政"), STAFF),
    "budget_execution_capital": (("基建",), SCHOOL),
    "budget_execution_other": (("培训", "其他"), SCHOOL),
    "budget_execution_personnel": (("人员",), STAFF),
}


@indicators("tuition_collection_rate", "tuition_deferred_share", "arrears_student_share")
def tuition(extracts: Extracts) -> pl.DataFrame:
    year = pl.col("academic_year").str.head(4).cast(pl.Int32)
    bills = (
        extracts.held("fee_bill")
        .filter(pl.col("fee_item") == "学费")
        .with_columns(
            period=pl.col("academic_year"),
            day=pl.min_horizontal(pl.date(year, 9, 30), pl.lit(extracts.as_of)),
            end=pl.min_horizontal(pl.date(year + 1, 8, 31), pl.lit(extracts.as_of)),
            due=(pl.col("standard_amount") - pl.col("waiver_amount").fill_null(0)).cast(pl.Float64),
        )
    )
    bills = students_on(extracts, bills, last_known=True).with_columns(
        deferred=pl.col("fee_status").is_in(UNPAID)
        & (pl.col("deferred_until") >= pl.col("end")).fill_null(False)
    )
    open_amount = pl.col("due") - pl.col("paid_amount").cast(pl.Float64)
    students = bills.group_by(
        "period", "college_code", "major_code", "class_code", "student_no"
    ).agg(
        billed=(pl.col("fee_status") != FREE).any(),
        behind=(pl.col("fee_status").is_in(UNPAID) & ~pl.col("deferred")).any(),
    )
    return pl.concat(
        [
            cells(
                bills,
                "tuition_collection_rate",
                CLASSES,
                numerator="paid_amount",
                denominator="due",
                factor=100,
            ),
            cells(
                bills,
                "tuition_deferred_share",
                CLASSES,
                numerator=pl.when("deferred").then(open_amount).otherwise(0),
                denominator="due",
                factor=100,
            ),
            cells(
                students,
                "arrears_student_share",
                CLASSES,
                numerator="behind",
                denominator="billed",
                factor=100,
            ),
        ]
    )


@cache
def budgets(extracts: Extracts) -> pl.DataFrame:
    """The last month reported of each budget and fiscal year; `until` is the last of any budget."""
    lines = (
        extracts.held("budget_execution")
        .with_columns(period=pl.col("fiscal_year").cast(pl.String))
        .join(calendar_years(extracts), on="period")
        .with_columns(until=pl.col("month").max().over("period"))
        .sort("month")
        .unique(["fiscal_year", "budget_no"], keep="last", maintain_order=True)
        .with_columns(
            spent=pl.col("spent_amount").cast(pl.Float64),
            budget=pl.col("budget_amount").cast(pl.Float64),
            months=pl.col("until").str.tail(2).cast(pl.Int32),
        )
    )
    return in_college(extracts, lines)


@indicators("budget_execution_rate", "budget_pace", *RATES)
def execution(extracts: Extracts) -> pl.DataFrame:
    lines = budgets(extracts)
    sides = {"numerator": "spent", "denominator": "budget", "factor": 100}
    elapsed = pl.col("budget") * pl.col("months") / 12
    return pl.concat(
        [
            cells(lines, "budget_execution_rate", STAFF, **sides),
            cells(lines, "budget_pace", STAFF, numerator="spent", denominator=elapsed, factor=100),
            *(
                cells(lines.filter(pl.col("purpose").is_in(purposes)), indicator, levels, **sides)
                for indicator, (purposes, levels) in RATES.items()
            ),
        ]
    )


@indicators(
    "teaching_running_cost_per_student",
    "lab_cost_per_undergraduate",
    "internship_cost_per_undergraduate",
)
def per_student(extracts: Extracts) -> pl.DataFrame:
    def spent_on(purpose: str) -> pl.DataFrame:
        return budgets(extracts).filter(pl.col("purpose") == purpose)

    equivalents = population(extracts, "equivalents", years=True)
    undergraduates = population(extracts, "undergraduates", years=True)
    return pl.concat(
        [
            beside(
                "teaching_running_cost_per_student", spent_on("教学日常运行"), "spent", equivalents
            ),
            beside("lab_cost_per_undergraduate", spent_on("实验"), "spent", undergraduates),
            beside("internship_cost_per_undergraduate", spent_on("实习"), "spent", undergraduates),
        ]
    )


@indicators("teaching_running_cost_share", "personnel_cost_share")
def shares(extracts: Extracts) -> pl.DataFrame:
    until = budgets(extracts).select("period", "until").unique()
    account = pl.col("account_code")
    projects = extracts.held("research_project")["project_no"].to_list()
    is_research = pl.col("project_no").is_in(projects).fill_null(False)
    lines = (
        extracts.held("finance_voucher_line")
        .filter(pl.col("ledger") == "预算会计")
        .with_columns(period=pl.col("fiscal_year").cast(pl.String))
        .join(until, on="period")
        .filter(pl.col("voucher_date").dt.strftime("%Y-%m") <= pl.col("until"))
        .with_columns(
            credited=(pl.col("credit").fill_null(0) - pl.col("debit").fill_null(0)).cast(pl.Float64)
        )
    )
    income = lines.filter(
        account.str.starts_with("6001") | (account.str.starts_with("6101") & ~is_research)
    ).select("period", denominator="credited")
    spending = in_college(extracts, lines.filter(account.str.starts_with("7"))).select(
        "period", "college_code", denominator=-pl.col("credited")
    )
    running = budgets(extracts).filter(pl.col("purpose") == "教学日常运行")
    personnel = budgets(extracts).filter(pl.col("purpose") == "人员")
    return pl.concat(
        [
            beside(
                "teaching_running_cost_share", running, "spent", income, factor=100, levels=SCHOOL
            ),
            beside("personnel_cost_share", personnel, "spent", spending, factor=100),
        ]
    )
