"""What members of staff keep up themselves (annex 3, 教职工本人), as it is read.

One function a box, which shows where there is something, with the line of its source below.
"""

from __future__ import annotations

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.career import day_span
from dashboards.components.listing import Row, day, facts, joined, list_card, text
from dashboards.text import language, say

__all__ = ["contact_box", "family_box", "honours_box", "social_posts_box"]


def contact_box(tables: Tables) -> None:
    """Phones, mailbox and address; what is of the home opens on a press."""
    _filled_in(
        tables,
        "staff_contact",
        ("mobile_phone", "office_phone", "email"),
        ("home_phone", "current_address"),
    )


def family_box(tables: Tables) -> None:
    """Marital status and the spouse, whose phone opens on a press."""
    spouse = (
        "spouse_name",
        "spouse_employer",
        "spouse_employment_status",
        "is_consent_recorded",
    )
    # Whether a spouse agreed is no question where there is none.
    has_spouse = any(row.get("spouse_name") for row in tables.rows("staff_family"))
    names = ("marital_status", *(spouse if has_spouse else spouse[:-1]))
    _filled_in(tables, "staff_family", names, ("spouse_phone",))


def _filled_in(tables: Tables, table: str, names: tuple[str, ...], hidden: tuple[str, ...]) -> None:
    """Label and value of what was filled in, and when."""
    rows = tables.rows(table)
    if not rows:
        return
    with frame.card(table):
        st.html(markup.title(say(f"box.{table}")))
        for row in rows:
            if pairs := facts(row, names, hidden):
                st.html(pairs)
            if row.get("filled_in_at"):
                when = formats.day_of(row["filled_in_at"], frame.today(), language())
                st.html(markup.note(say("own.filled_in", day=when)))
        source_line(tables, table)


def social_posts_box(tables: Tables) -> None:
    """Posts outside the college, and whether they were approved and are paid."""
    list_card(tables, "staff_social_post", _social_post)


def _social_post(row: Row) -> markup.Entry:
    end = row.get("end_date")
    over = bool(end) and str(end)[:10] < frame.today().isoformat()
    marks = []
    if row.get("is_approved") is not None:
        marks.append(say("own.approved" if row["is_approved"] else "own.not_approved"))
    if row.get("is_paid") is not None:
        marks.append(say("own.paid" if row["is_paid"] else "own.unpaid"))
    return markup.Entry(
        text(row, "organization"),
        joined(row.get("post"), day_span(row, "start_date", "end_date")),
        joined(*marks, row.get("record_no")),
        side=say("own.over" if over else "study.in_office"),
        state="" if over else "info",
    )


def honours_box(tables: Tables) -> None:
    """Prizes and honours, who gave them and at which level."""
    list_card(tables, "staff_honor", _honour)


def _honour(row: Row) -> markup.Entry:
    return markup.Entry(
        text(row, "honor_name"),
        joined(row.get("award_class"), row.get("level"), row.get("grade")),
        joined(row.get("awarding_body"), row.get("record_no")),
        side=day(row, "award_date"),
    )
