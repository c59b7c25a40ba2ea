"""The parts of the page 工作: their boxes, and the tables each shows."""

from __future__ import annotations

from dashboards.components import own_view as own
from dashboards.components import work_custody as custody
from dashboards.components import work_degrees as degrees
from dashboards.components import work_pay as pay
from dashboards.components import work_posts as posts
from dashboards.components import work_research as research
from dashboards.components import work_teaching as teaching
from dashboards.components.life_home import rooms_card
from dashboards.components.sections import Box, Section
from dashboards.components.work_evaluation import evaluation_card

__all__ = ["WORK"]

#: Part → what it shows. With the record of employment, which the figures above and the line of
#: posts read, they name every table of the page.
WORK: dict[str, Section] = {
    "posts": Section(
        left=(
            Box(posts.posts_card, ("staff_position", "unit_leadership")),
            Box(posts.appointments_card, ("cadre_appointment",)),
            Box(posts.contracts_card, ("staff_contract",)),
        ),
        right=(
            Box(degrees.titles_card, ("staff_title",)),
            Box(degrees.education_card, ("staff_education",)),
            Box(degrees.resume_card, ("staff_resume",)),
        ),
    ),
    "teaching": Section(
        left=(
            Box(teaching.timetable_card, ("teaching",)),
            Box(teaching.online_card, ("online_course",)),
        ),
        right=(
            Box(evaluation_card, ("teaching_evaluation",)),
            Box(teaching.performance_card, ("teaching_performance",)),
        ),
    ),
    "research": Section(
        left=(
            Box(research.projects_card, ("research_project",)),
            Box(degrees.affiliation_card, ("staff_academic_affiliation",)),
        ),
        right=(Box(research.outputs_card, ("research_output",)),),
    ),
    "pay": Section(
        left=(
            Box(pay.payroll_card, ("staff_payroll",)),
            Box(pay.welfare_card, ("staff_welfare",)),
        ),
        right=(Box(pay.reimbursements_card, ("staff_reimbursement",)),),
    ),
    "growth": Section(
        left=(
            Box(custody.training_card, ("staff_training",)),
            Box(own.honours_box, ("staff_honor",)),
        ),
        right=(Box(own.social_posts_box, ("staff_social_post",)),),
    ),
    "custody": Section(
        left=(Box(custody.assets_card, ("asset_in_custody",)),),
        right=(Box(rooms_card, ("staff_room",)),),
    ),
}
