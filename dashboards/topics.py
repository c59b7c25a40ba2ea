"""The eight topic pages: which dataset of annex 2 each shows, and what of it stands in front.

A definition names the lead figures and the groups of figures that are read side by side. All other
indicators of the dataset follow in the table of the page, so that none is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TOPICS", "Topic", "topic_of_row"]


@dataclass(frozen=True)
class Topic:
    """`address` is the page's, `row` the dataset (annex 2). `groups` are (name of its title's text,
    indicators of one unit of measure, drawn as bars of one chart)."""

    address: str
    row: str
    icon: str
    lead: tuple[str, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def allowed_by(self) -> str:
        """The gateway's name of the page."""
        return self.address.replace("-", "_")


_ALL = (
    Topic(
        "topic-school",
        "A2-16",
        ":material/domain:",
        (
            "full_time_students",
            "equivalent_students",
            "undergraduate_share",
            "majors_recruiting",
            "land_per_student",
            "cooperation_agreements",
        ),
    ),
    Topic(
        "topic-people",
        "A2-17",
        ":material/groups:",
        (
            "student_teacher_ratio",
            "students_enrolled",
            "full_time_teachers",
            "graduate_destination_rate",
            "doctoral_teacher_share",
            "freshman_registration_rate",
        ),
        (
            (
                "topic.group.teachers",
                (
                    "doctoral_teacher_share",
                    "postgraduate_degree_teacher_share",
                    "senior_title_teacher_share",
                    "dual_qualified_share",
                    "external_teacher_share",
                ),
            ),
            (
                "topic.group.staying",
                ("retention_rate", "two_year_retention_rate", "progression_rate"),
            ),
        ),
    ),
    Topic(
        "topic-rooms",
        "A2-18",
        ":material/apartment:",
        (
            "teaching_admin_space_per_student",
            "dorm_space_per_student",
            "lab_space_per_student",
            "classroom_utilisation",
            "dorm_occupancy",
            "vacant_building_share",
        ),
        (
            (
                "topic.group.classrooms",
                (
                    "classroom_utilisation",
                    "classroom_utilisation_morning",
                    "classroom_utilisation_afternoon",
                    "classroom_utilisation_evening",
                    "classroom_seat_use",
                ),
            ),
            (
                "topic.group.space",
                (
                    "teaching_admin_space_per_student",
                    "teaching_space_per_student",
                    "lab_space_per_student",
                    "dorm_space_per_student",
                ),
            ),
        ),
    ),
    Topic(
        "topic-assets",
        "A2-19",
        ":material/inventory_2:",
        (
            "fixed_assets_total",
            "research_equipment_per_student",
            "new_equipment_share",
            "computers_per_100",
            "instrument_utilisation",
            "asset_inventory_match",
        ),
    ),
    Topic(
        "topic-research",
        "A2-20",
        ":material/biotech:",
        (
            "research_income_total",
            "research_income_per_teacher",
            "projects_national_provincial",
            "indexed_papers",
            "patents_granted",
            "transfer_income",
        ),
    ),
    Topic(
        "topic-finance",
        "A2-21",
        ":material/account_balance:",
        (
            "budget_execution_rate",
            "budget_pace",
            "tuition_collection_rate",
            "teaching_running_cost_per_student",
            "teaching_running_cost_share",
            "personnel_cost_share",
        ),
        (
            (
                "topic.group.budget",
                (
                    "budget_execution_teaching",
                    "budget_execution_research",
                    "budget_execution_student",
                    "budget_execution_personnel",
                    "budget_execution_capital",
                    "budget_execution_other",
                ),
            ),
            ("topic.group.tuition", ("tuition_deferred_share", "arrears_student_share")),
        ),
    ),
    Topic(
        "topic-teaching",
        "A2-22",
        ":material/menu_book:",
        (
            "graduation_rate",
            "degree_award_rate",
            "fail_rate",
            "average_gpa",
            "professors_teaching_share",
            "courses_offered",
        ),
        (
            (
                "topic.group.gpa",
                (
                    "gpa_below_1",
                    "gpa_1_to_2",
                    "gpa_2_to_2_5",
                    "gpa_2_5_to_3",
                    "gpa_3_to_3_5",
                    "gpa_3_5_and_above",
                ),
            ),
            (
                "topic.group.finishing",
                ("on_time_graduation_rate", "graduation_rate", "degree_award_rate"),
            ),
        ),
    ),
    Topic(
        "topic-life",
        "A2-23",
        ":material/local_library:",
        (
            "aid_coverage",
            "hardship_student_share",
            "books_per_student",
            "meal_spend_per_student_month",
            "club_participation",
            "library_visits_per_student",
        ),
        (
            (
                "topic.group.clubs",
                (
                    "club_participation_science",
                    "club_participation_humanities",
                    "club_participation_sports",
                    "club_participation_arts",
                    "club_participation_innovation",
                    "club_participation_other",
                ),
            ),
        ),
    ),
)
TOPICS = {topic.address: topic for topic in _ALL}


def topic_of_row(row: str | None) -> Topic | None:
    """The topic that shows a dataset; None where none does."""
    return next((topic for topic in _ALL if topic.row == row), None)
