"""Writes the tables of students, admission, welfare, health, results and online learning."""

from __future__ import annotations

import polars as pl

from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.extracts import Extracts
from warehouse.simulate.plan import Plan
from warehouse.simulate.property import Property
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students
from warehouse.simulate.study import (
    aid,
    arrival,
    background,
    campus_life,
    conduct,
    dormitories,
    graduation,
    health,
    honours,
    intake,
    learning,
    payouts,
    politics,
    results,
)
from warehouse.simulate.teaching import Teaching

__all__ = ["write_study"]


def write_study(
    plan: Plan,
    extracts: Extracts,
    *,
    curriculum: Curriculum,
    people: Students,
    staff: Staff,
    teaching: Teaching,
    estate: Property,
    bills: pl.DataFrame,
    payments: pl.DataFrame,
) -> pl.DataFrame:
    """Write the extracts of student affairs, minds and bodies, results, online learning, what was
    paid out to students, admission and arrival.

    `bills` and `payments` are the rows of fee_bill and fee_payment. Returns the payments that the
    vouchers have to book: booked_date, kind (student_disbursement), unit_code, project_no, amount
    (yuan), reference.
    """
    reported = _write_intake(plan, extracts, people, staff, bills, payments)
    _write_lives(plan, extracts, people, staff, estate, reported)
    evaluations = _write_results(plan, extracts, curriculum, people, staff, teaching)
    flows = _write_money(plan, extracts, people, evaluations, bills, payments)
    courses = learning.course_rows(plan, teaching.classes)
    extracts.events("online_course", courses)
    who = learning.learners(people, courses, teaching.selections)
    learning.write_learning(plan, extracts, who)
    return flows


def _write_intake(
    plan: Plan, extracts: Extracts, people: Students, staff: Staff, bills: pl.DataFrame,
    payments: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Returns those who were admitted, with the moment they reported."""
    parts: dict[str, list[pl.DataFrame]] = {}
    arrived = []
    for year in range(plan.start.year, plan.as_of.year + 1):
        if people.fates.filter(pl.col("entry_year") == year).is_empty():
            continue
        admitted = intake.admitted_in(plan, people, year)
        parts.setdefault("admission_plan", []).append(intake.plan_rows(plan, admitted))
        parts.setdefault("admission_record", []).append(intake.record_rows(plan, admitted))
        came = arrival.arrivals(plan, admitted, bills)
        registered = arrival.registration_rows(plan, came)
        parts.setdefault("freshman_registration", []).append(registered)
        steps = arrival.step_rows(plan, staff, came, payments)
        parts.setdefault("onboarding_step", []).append(steps)
        arrived.append(came.select("student", "reported_at"))
    for table, frames in parts.items():
        extracts.events(table, pl.concat(frames))
    return pl.concat(arrived)


def _write_lives(
    plan: Plan, extracts: Extracts, people: Students, staff: Staff, estate: Property,
    reported: pl.DataFrame,
) -> None:  # fmt: skip
    extracts.events("student_education_history", background.education_rows(plan, people))
    family = background.make_family(plan, people)
    for moment in plan.snapshots:
        if extracts.wants(moment):
            rows = background.family_at(family, moment)
            extracts.snapshot("student_family_member", rows, moment)
    del family
    stays = dormitories.make_stays(plan, estate, people, reported)
    extracts.events("student_dorm_stay", stays)
    extracts.events("student_political_history", politics.history_rows(plan, people))
    extracts.events("student_cadre", conduct.cadre_rows(plan, people))
    extracts.events("student_activity", campus_life.activity_rows(plan, people))
    extracts.events("student_certificate", campus_life.certificate_rows(plan, people))
    extracts.events("student_physical_exam", health.exam_rows(plan, people))
    extracts.events("student_fitness_test", health.fitness_rows(plan, people))
    extracts.events("psych_screening", health.screening_rows(plan, people))
    extracts.events("psych_alert", health.alert_rows(plan, people))
    extracts.events("psych_counselling", health.counselling_rows(plan, people, staff))


def _write_results(
    plan: Plan, extracts: Extracts, curriculum: Curriculum, people: Students, staff: Staff,
    teaching: Teaching,
) -> pl.DataFrame:  # fmt: skip
    """Returns the rows of student_evaluation."""
    worth = curriculum.courses.select(
        "course_code",
        weight="credits",
        thesis=pl.col("course_name").str.ends_with("毕业设计"),
    )
    grades = teaching.grades.join(worth, on="course_code", maintain_order="left")
    evaluations = results.evaluation_rows(plan, people, grades)
    extracts.events("student_evaluation", evaluations)
    extracts.events("teaching_evaluation", results.opinion_rows(plan, teaching.classes))
    sat = teaching.selections.filter(pl.col("dropped_at").is_null()).join(
        people.fates.select("student_no", "kind"), on="student_no"
    )
    hours = results.performance_rows(
        plan, teaching.classes, curriculum.courses, sat.select("class_no", "kind")
    )
    extracts.events("teaching_performance", hours)
    leaving = graduation.result_rows(plan, curriculum, people, grades)
    extracts.events("graduation_result", leaving)
    destinations = graduation.destination_rows(plan, people, staff, leaving)
    extracts.events("graduate_destination", destinations)
    extracts.events("student_discipline", conduct.discipline_rows(plan, people, grades))
    return evaluations


def _write_money(
    plan: Plan, extracts: Extracts, people: Students, evaluations: pl.DataFrame,
    bills: pl.DataFrame, payments: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    awards = honours.make_awards(plan, people, evaluations)
    extracts.events("student_award", honours.award_known(plan, awards))
    aided = aid.make_aid(plan, people, bills, payments)
    extracts.events("student_aid", aid.aid_known(plan, aided))
    work = aid.make_work_study(plan, people)
    extracts.events("student_work_study", aid.as_known(plan, work, "made", {"paid": ["paid_date"]}))
    paid = payouts.payout_rows(plan, people, awards=awards, aid=aided, work=work, payments=payments)
    extracts.events("student_disbursement", paid)
    return payouts.flow_rows(paid)
