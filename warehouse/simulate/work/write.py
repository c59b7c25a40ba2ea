"""Writes the tables of staff, research and finance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.simulate.work import (
    agreements,
    bookings,
    budget,
    cadres,
    claims,
    clinic,
    distinctions,
    education,
    ledger,
    outputs,
    payroll,
    politics,
    projects,
    self_service,
    service,
    titles,
    union,
)

if TYPE_CHECKING:  # posts take their grades from here, so that importing them would be a circle
    from warehouse.simulate.appointments import Appointments
    from warehouse.simulate.curriculum import Curriculum
    from warehouse.simulate.extracts import Extracts
    from warehouse.simulate.plan import Plan
    from warehouse.simulate.staff import Staff
    from warehouse.simulate.students import Students

__all__ = ["write_work"]


def write_work(
    plan: Plan,
    extracts: Extracts,
    *,
    curriculum: Curriculum,
    people: Students,
    staff: Staff,
    posts: Appointments,
    bills: pl.DataFrame,
    payments: pl.DataFrame,
    flows: list[pl.DataFrame],
) -> None:
    """Write the extracts of staff careers, research, pay, vouchers, budgets, the union, the
    hospital's returns on staff and what staff keep up themselves.

    `bills` and `payments` are the rows of fee_bill and fee_payment. Each of `flows` has booked_date
    (Date), kind, unit_code (null: the unit that usually pays), amount (yuan, above 0) and
    reference: money that another system reports as moved. Kinds: student_disbursement,
    asset_purchase, utility, rent (income), software, service; tuition_receipt is not booked from
    here but from `payments`, which know the fee.
    """
    degrees = education.make_degrees(plan, staff)
    careers = titles.make_titles(plan, staff, degrees)
    _write_careers(plan, extracts, staff, posts.posts, degrees, careers)
    _write_life(plan, extracts, staff, people, curriculum)
    made = outputs.make_outputs(plan, staff, people, careers)
    extracts.events("research_output", made.outputs)
    extracts.events("research_output_author", made.authors)
    del made
    _write_money(plan, extracts, staff, people, posts.posts, careers, bills, payments, flows)


def _write_careers(
    plan: Plan, extracts: Extracts, staff: Staff, posts: pl.DataFrame, degrees: pl.DataFrame,
    careers: titles.Titles,
) -> None:  # fmt: skip
    extracts.events("staff_title_record", titles.title_rows(plan, careers))
    extracts.events("staff_education_record", education.education_rows(plan, degrees))
    extracts.events("staff_contract", agreements.contract_rows(plan, staff))
    extracts.events("staff_resume", service.resume_rows(plan, staff, posts, degrees))
    extracts.events("staff_training", service.training_rows(plan, staff, degrees))
    extracts.events("cadre_appointment", cadres.cadre_rows(plan, posts))
    extracts.events("staff_political_affiliation", politics.affiliation_rows(plan, staff))


def _write_life(
    plan: Plan, extracts: Extracts, staff: Staff, people: Students, curriculum: Curriculum
) -> None:
    family = self_service.make_family(plan, staff)
    for moment in filter(extracts.wants, plan.snapshots):
        extracts.snapshot("staff_contact", self_service.contacts_at(plan, staff, moment), moment)
        extracts.snapshot("staff_family", family.rows_at(plan, staff, moment), moment)
    extracts.events("staff_social_post", distinctions.social_post_rows(plan, staff))
    extracts.events("staff_honor", distinctions.honor_rows(plan, staff))
    affiliations = distinctions.affiliation_rows(plan, staff, curriculum)
    extracts.events("staff_academic_affiliation", affiliations)
    extracts.events("staff_welfare", union.welfare_rows(plan, staff, family))
    checkups = union.checkup_rows(plan, staff)
    extracts.events("staff_checkup_plan", checkups)
    extracts.events("union_activity", union.activity_rows(plan, staff))
    extracts.events("staff_physical_exam", clinic.exam_rows(plan, staff, checkups))
    extracts.events("clinic_visit_monthly", clinic.visit_rows(plan, staff, people))


def _write_money(
    plan: Plan, extracts: Extracts, staff: Staff, people: Students, posts: pl.DataFrame,
    careers: titles.Titles, bills: pl.DataFrame, payments: pl.DataFrame,
    flows: list[pl.DataFrame],
) -> None:  # fmt: skip
    pay = payroll.make_payroll(plan, staff, careers, posts)
    extracts.events("staff_payroll", payroll.payroll_rows(pay))
    research = projects.make_projects(plan, staff, careers)
    extracts.events("research_project", projects.project_rows(plan, research))
    documents = claims.make_claims(plan, staff, research)
    extracts.events("staff_reimbursement", claims.claim_rows(plan, documents))
    fees = bookings.of_fees(bills, payments)
    booked = pl.concat(
        [
            bookings.of_claims(documents),
            bookings.of_funds(plan, research, documents),
            fees,
            bookings.of_flows(flows),
            bookings.of_treasury(plan, fees, pay.months),
        ]
    )
    books = ledger.make_ledger(plan, booked, ledger.payroll_lines(plan, pay.months))
    extracts.events("finance_voucher_line", books.lines)
    numbers = books.numbers.select(pl.col("key").alias("fund_id"), "voucher_no")
    extracts.events("research_fund", projects.fund_rows(plan, research, numbers))
    extracts.events("budget_execution",
                    budget.budget_rows(plan, staff, people, research, books))  # fmt: skip
