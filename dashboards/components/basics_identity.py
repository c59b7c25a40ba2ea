"""Who one is on record: identity, employment, enrolment, the numbers one has or had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.career import day_span, timeline_card
from dashboards.components.listing import Row, joined, value
from dashboards.components.work_degrees import country
from dashboards.text import language, say

__all__ = ["employment_card", "enrolment_card", "identity_card", "numbers_card"]

_IDENTITY = (
    "name",
    "sex",
    "birth_date",
    "ethnicity",
    "native_place",
    "nationality",
    "political_affiliation",
    "origin_place",
    "household_type",
    "overseas_status",
    "id_document_type",
)
_EMPLOYMENT = (
    "staff_no",
    "unit_name",
    "staff_category",
    "personnel_relation_type",
    "on_post_status",
    "on_post_term",
    "work_start_date",
    "joined_school_date",
    "teaching_start_month",
    "staff_source",
    "left_date",
    "leaving_reason",
)
_ENROLMENT = (
    "student_no",
    "current_status",
    "register_status",
    "college_name",
    "major_name",
    "class_code",
    "grade_year",
    "cultivation_level",
    "student_category",
    "school_years",
    "entry_mode",
    "entry_date",
    "expected_graduation",
    "residence_mode",
    "counselor_name",
    "total_credits",
)


def identity_card(tables: Tables) -> None:
    """Name, birth and origin as both records have them; the document's number on a press. Where
    the records differ, both values stand, so that it is seen."""
    records = [*tables.rows("staff"), *tables.rows("student")]
    pairs = _pairs(records, _IDENTITY)
    numbers = _values(records, "id_card_no")
    if not pairs and not numbers:
        return
    hidden = (
        [(say("field.id_card_no"), say("basics.hidden"), "；".join(numbers))] if numbers else []
    )
    with frame.card("identity"):
        st.html(markup.title(say("basics.identity")))
        st.html(markup.facts(pairs, hidden))
        for table in ("staff", "student"):
            if tables.rows(table):
                source_line(tables, table)


def employment_card(tables: Tables) -> None:
    """How one is employed, or was."""
    _record(tables, "staff", _EMPLOYMENT)


def enrolment_card(tables: Tables) -> None:
    """How one is enrolled, each student number by itself."""
    _record(tables, "student", _ENROLMENT)


def _record(tables: Tables, table: str, names: Sequence[str]) -> None:
    told = [pairs for row in tables.rows(table) if (pairs := _pairs([row], names))]
    if not told:
        return
    with frame.card(table):
        st.html(markup.title(say(f"basics.{table}")))
        for pairs in told:
            st.html(markup.facts(pairs))
        source_line(tables, table)


def _pairs(records: Sequence[Row], names: Iterable[str]) -> list[tuple[str, str]]:
    """Label and value of the columns in which a record holds something."""
    return [
        (say(f"field.{name}"), "；".join(values))
        for name in names
        if (values := _values(records, name))
    ]


def _values(records: Iterable[Row], name: str) -> list[str]:
    found = [_shown(name, row[name]) for row in records if row.get(name) not in (None, "")]
    return list(dict.fromkeys(found))


def _shown(name: str, found: Any) -> str:
    if name == "nationality":
        return country(found)
    if name == "on_post_term":
        return formats.term(found, language())
    # A year and a number are names, not figures: no thousands separator.
    return str(found) if name.endswith(("_year", "_no")) else value(found)


def numbers_card(tables: Tables) -> None:
    """The numbers by which systems know one, each with its span; a number of before stays."""
    note = say("basics.numbers_body") if len(tables.rows("person_number")) > 1 else ""
    timeline_card(tables, "person_number", _number, note=note)


def _number(row: Row) -> tuple[str, str, str, bool]:
    kind = "field.student_no" if row.get("kind") == "student" else "field.staff_no"
    ended = row.get("valid_to") and str(row["valid_to"])[:10] < frame.today().isoformat()
    about = joined(say(kind), say("basics.number_ended") if ended else "")
    return day_span(row, "valid_from", "valid_to"), str(row.get("number")), about, False
