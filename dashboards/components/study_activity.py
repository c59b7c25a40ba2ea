"""Beside the courses: yearly evaluation, certificates, practice, clubs, volunteering."""

from __future__ import annotations

from typing import Any

from dashboards import formats
from dashboards.components import markup
from dashboards.components.blocks import Tables
from dashboards.components.listing import Row, day, joined, list_card, span, text
from dashboards.text import language, say

__all__ = [
    "certificates_card",
    "clubs_card",
    "evaluations_card",
    "practice_card",
    "volunteering_card",
]

_PARTS = ("moral", "academic", "physical", "aesthetic_labour", "bonus")


def evaluations_card(tables: Tables) -> None:
    """Each year's comprehensive evaluation: its parts, the total, the place in class and major."""
    list_card(tables, "student_evaluation", _evaluation)


def _evaluation(row: Row) -> markup.Entry:
    parts = [
        say(f"study.part_{part}", score=formats.number(row[f"{part}_score"], 1))
        for part in _PARTS
        if row.get(f"{part}_score") is not None
    ]
    places = joined(
        say("study.class_rank", rank=row["class_rank"]) if row.get("class_rank") else "",
        say("study.major_rank", rank=row["major_rank"]) if row.get("major_rank") else "",
    )
    return markup.Entry(
        formats.year_name(row.get("academic_year"), language()),
        places,
        joined(*parts),
        side=formats.number(row.get("total_score"), 1),
        side_note=say("study.total"),
        score=True,
    )


def certificates_card(tables: Tables) -> None:
    """Examinations for certificates, passed or not."""
    list_card(tables, "student_certificate", _certificate)


def _certificate(row: Row) -> markup.Entry:
    passed = row.get("is_passed")
    number = row.get("certificate_no")
    score = row.get("score")
    return markup.Entry(
        text(row, "exam_code"),
        joined(
            day(row, "exam_date"),
            say("study.score", score=formats.number(score)) if score is not None else "",
            row.get("grade"),
        ),
        say("study.certificate_no", number=number) if number else "",
        side="" if passed is None else say("study.passed") if passed else say("grade.not_passed"),
        state="good" if passed else "",
    )


def practice_card(tables: Tables) -> None:
    list_card(tables, "social_practice", _practice)


def _practice(row: Row) -> markup.Entry:
    return markup.Entry(
        text(row, "activity_name"),
        joined(row.get("practice_type"), row.get("practice_level"), row.get("role")),
        _when(row),
        side=str(row.get("result") or ""),
    )


def clubs_card(tables: Tables) -> None:
    list_card(tables, "club_activity", _club)


def _club(row: Row) -> markup.Entry:
    return markup.Entry(
        text(row, "activity_name"),
        joined(row.get("club_name"), row.get("club_class"), row.get("role")),
        _when(row),
        side=str(row.get("result") or ""),
    )


def _when(row: Row) -> str:
    between = span(row.get("start_date"), row.get("end_date"), open_end=False)
    return joined(between, row.get("activity_no"))


def volunteering_card(tables: Tables) -> None:
    list_card(tables, "volunteer_service", _service, note=_hours)


def _service(row: Row) -> markup.Entry:
    hours = row.get("service_hours")
    return markup.Entry(
        text(row, "activity_name"),
        joined(day(row, "start_date"), row.get("role"), row.get("activity_no")),
        side=say("study.hours", count=formats.number(hours, 1)) if hours is not None else "",
        side_note=str(row.get("result") or " "),
    )


def _hours(rows: list[dict[str, Any]]) -> str:
    hours = sum(float(row.get("service_hours") or 0) for row in rows)
    return say("study.hours_sum", count=len(rows), hours=formats.number(hours, 1))
