"""The parts of the page 学习, each with its tables and boxes."""

from __future__ import annotations

from dashboards.components import (
    study_activity,
    study_courses,
    study_credits,
    study_path,
    study_punishment,
    study_support,
)
from dashboards.components.sections import Section

__all__ = ["STUDY"]

#: Part → what it shows. Together they name every table of the page.
STUDY: dict[str, Section] = {
    "courses": Section(
        tables=("course_selection", "course_grade"),
        left=(study_courses.courses_card,),
        right=(study_courses.not_passed_card, study_courses.grades_card),
    ),
    "credits": Section(
        tables=("credit_progress", "term_summary", "online_learning_day", "online_assignment"),
        left=(study_credits.plan_card, study_credits.terms_card),
        right=(study_credits.online_card, study_credits.assignments_card),
    ),
    "path": Section(
        tables=(
            "student",
            "student_status_change",
            "graduation",
            "graduate_destination",
            "admission",
            "registration",
            "onboarding_step",
            "student_education_history",
            "student_political_history",
            "student_cadre",
            "student_family_member",
        ),
        left=(
            study_path.graduation_card,
            study_path.destination_card,
            study_path.status_card,
            study_path.cadre_card,
            study_path.political_card,
        ),
        right=(
            study_path.arrival_card,
            study_path.admission_card,
            study_path.schools_card,
            study_path.family_card,
        ),
    ),
    "support": Section(
        tables=(
            "discipline",
            "scholarship",
            "honor",
            "achievement",
            "research_output",
            "student_grant",
            "hardship_aid",
            "student_loan",
            "work_study",
        ),
        left=(
            study_support.scholarships_card,
            study_support.honors_card,
            study_support.achievements_card,
            study_support.outputs_card,
            study_punishment.discipline_card,
        ),
        right=(
            study_support.grants_card,
            study_support.aid_card,
            study_support.loans_card,
            study_support.work_study_card,
        ),
    ),
    "activities": Section(
        tables=(
            "student_evaluation",
            "student_certificate",
            "social_practice",
            "club_activity",
            "volunteer_service",
        ),
        left=(study_activity.evaluations_card, study_activity.certificates_card),
        right=(
            study_activity.practice_card,
            study_activity.clubs_card,
            study_activity.volunteering_card,
        ),
    ),
}
