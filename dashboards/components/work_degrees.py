"""What one has become: titles, degrees, field of work, the way through life before and since."""

from __future__ import annotations

from dashboards import formats
from dashboards.components.blocks import Tables
from dashboards.components.career import Step, timeline_card, to_come
from dashboards.components.listing import Row, day, joined, span, text
from dashboards.text import TEXT, language, say

__all__ = [
    "affiliation_card",
    "country",
    "education_card",
    "political_card",
    "resume_card",
    "titles_card",
]

_HOME = "CHN"


def titles_card(tables: Tables) -> None:
    """Titles from the first to the present one."""
    timeline_card(tables, "staff_title", _title)


def _title(row: Row) -> Step:
    when = formats.month(row.get("award_date"), language()) if row.get("award_date") else ""
    if row.get("is_current"):
        when = joined(when, say("work.current"))
    grade = row.get("title_post_grade")
    engaged = day(row, "engaged_date")
    about = joined(
        row.get("title_level"),
        say("work.post_grade", grade=grade) if grade is not None else "",
        row.get("engage_status"),
        say("work.engaged", day=engaged) if engaged else "",
        row.get("document_no"),
        day(row, "document_date"),
    )
    return when, text(row, "title"), about, to_come(row.get("award_date"))


def education_card(tables: Tables) -> None:
    """Degrees and education, the highest marked."""
    timeline_card(tables, "staff_education", _education)


def _education(row: Row) -> Step:
    level, degree = row.get("education_level"), row.get("degree")
    highest = row.get("is_highest_education") or row.get("is_highest_degree")
    abroad = row.get("school_country") not in (None, "", _HOME)
    about = joined(
        row.get("school_name"),
        country(row["school_country"]) if abroad else "",
        row.get("major_name"),
        row.get("discipline"),
        row.get("origin_relation"),
        say("work.highest") if highest else "",
    )
    when = formats.month(row.get("award_date"), language()) if row.get("award_date") else ""
    return when, joined(level, degree) or formats.MISSING, about, False


def country(code: object) -> str:
    """The name of the country most people are from; of others the code, as it was delivered."""
    key = f"country.{code}"
    return say(key) if key in TEXT else str(code)


def affiliation_card(tables: Tables) -> None:
    """Field of research, major and discipline, year by year, as the college reported them."""
    timeline_card(tables, "staff_academic_affiliation", _affiliation)


def _affiliation(row: Row) -> Step:
    marks = ("is_dual_qualified", "has_engineering_background", "has_industry_background")
    about = joined(
        say("work.major", major=row["major_name"]) if row.get("major_name") else "",
        say("work.discipline", discipline=row["discipline"]) if row.get("discipline") else "",
        *(say(f"work.{mark}") for mark in marks if row.get(mark)),
    )
    year = formats.year_name(row.get("academic_year"), language())
    return joined(year, row.get("submitted_by_name")), text(row, "research_direction"), about, False


def resume_card(tables: Tables) -> None:
    """Schools and jobs in the order of a life."""
    timeline_card(tables, "staff_resume", _resume)


def _resume(row: Row) -> Step:
    when = span(row.get("start_month"), row.get("end_month"))
    about = joined(row.get("role"), row.get("kind"))
    return when, text(row, "organization"), about, to_come(_first_day(row.get("start_month")))


def _first_day(month: object) -> str:
    return f"{month}-01" if month else ""


def political_card(tables: Tables) -> None:
    """Political affiliation, from when on, in which branch."""
    timeline_card(tables, "staff_political_affiliation", _political)


def _political(row: Row) -> Step:
    about = joined(row.get("branch"), row.get("document_no"))
    return day(row, "effective_date"), text(row, "political_affiliation"), about, False
