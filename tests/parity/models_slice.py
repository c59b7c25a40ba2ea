"""The slice of the project that is built on both engines, in dbt's words."""

from __future__ import annotations

#: What is asked for; all that it is made of is built, and compared, with it.
DIMENSIONS = (
    "dim_person",
    "dim_student",
    "dim_staff",
    "dim_organisation",
    "dim_major",
    "dim_course",
    "dim_term",
)
FACTS = ("fct_course_grade", "fct_library_loan", "fct_meal_day")
#: 24 indicators, 19 of them with a denominator.
FAMILIES = (
    "int_statistics__student_headcount",
    "int_statistics__staff_headcount",
    "int_statistics__student_teacher_ratio",
    "int_statistics__teachers",
    "int_statistics__classes",
    "int_statistics__study_results",
    "int_statistics__course_failure",
    "int_statistics__credits",
    "int_statistics__library",
    "int_statistics__meals",
    "int_statistics__tuition",
)
#: Hashes under the key of the data home, and labels of codes.
PUBLISHED = ("student_enrollment_data__student_status", "personal__student")

SELECTION = tuple(f"+{model}" for model in (*DIMENSIONS, *FACTS, *FAMILIES, *PUBLISHED))
