"""The parts of the page 学习: their boxes, and the tables each shows."""

from __future__ import annotations

from dashboards.components import study_activity as activity
from dashboards.components import study_courses as courses
from dashboards.components import study_credits as credit
from dashboards.components import study_online as online
from dashboards.components import study_path as path
from dashboards.components import study_punishment as punishment
from dashboards.components import study_support as support
from dashboards.components.sections import Box, Section

__all__ = ["STUDY"]

#: Part → what it shows. Together they name every table of the page.
STUDY: dict[str, Section] = {
    "courses": Section(
        left=(Box(courses.courses_card, ("course_selection",)),),
        right=(
            Box(courses.not_passed_card, ("course_grade",)),
            Box(courses.grades_card, ("course_grade",)),
        ),
    ),
    "credits": Section(
        left=(
            Box(credit.plan_card, ("credit_progress",)),
            Box(credit.terms_card, ("term_summary",)),
        ),
        right=(
            Box(online.online_card, ("online_learning_day", "online_assignment")),
            Box(online.assignments_card, ("online_assignment",)),
        ),
    ),
    "path": Section(
        left=(
            Box(path.graduation_card, ("graduation",)),
            Box(path.destination_card, ("graduate_destination",)),
            Box(path.changes_card, ("student", "student_status_change")),
            Box(path.status_card, ("student",)),
            Box(path.cadre_card, ("student_cadre",)),
            Box(path.political_card, ("student_political_history",)),
        ),
        right=(
            Box(path.arrival_card, ("registration", "onboarding_step")),
            Box(path.admission_card, ("admission",)),
            Box(path.schools_card, ("student_education_history",)),
            Box(path.family_card, ("student_family_member",)),
        ),
    ),
    "support": Section(
        left=(
            Box(support.scholarships_card, ("scholarship",)),
            Box(support.honors_card, ("honor",)),
            Box(support.achievements_card, ("achievement",)),
            Box(support.outputs_card, ("research_output",)),
            Box(punishment.discipline_card, ("discipline",)),
        ),
        right=(
            Box(support.grants_card, ("student_grant",)),
            Box(support.aid_card, ("hardship_aid",)),
            Box(support.loans_card, ("student_loan",)),
            Box(support.work_study_card, ("work_study",)),
        ),
    ),
    "activities": Section(
        left=(
            Box(activity.evaluations_card, ("student_evaluation",)),
            Box(activity.certificates_card, ("student_certificate",)),
        ),
        right=(
            Box(activity.practice_card, ("social_practice",)),
            Box(activity.clubs_card, ("club_activity",)),
            Box(activity.volunteering_card, ("volunteer_service",)),
        ),
    ),
}
