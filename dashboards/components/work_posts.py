"""Posts held, from the first to what is still to come: posts, appointments, contracts."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.career import Step, day_span, timeline_card, to_come, told
from dashboards.components.listing import Row, day, joined, span, text
from dashboards.text import language, say

__all__ = [
    "appointments_card",
    "contracts_card",
    "days_to_end",
    "left_on",
    "post_steps",
    "posts_card",
    "running_contract",
]


def left_on(tables: Tables) -> date | None:
    """The day a person left the college for good; None for who still works here."""
    days = [formats.from_iso_date(row.get("left_date")) for row in tables.rows("staff")]
    return max(days) if days and None not in days else None


def post_steps(tables: Tables) -> list[Step]:
    """Posts with unit, grade and document, newest first; whoever left ends with how."""
    steps = [_post(row) for row in _in_order(tables.rows("staff_position"))]
    for row in tables.rows("staff"):
        if row.get("left_date"):
            what = row.get("leaving_reason") or row.get("on_post_status") or say("work.left")
            steps.insert(
                0, (day(row, "left_date"), str(what), str(row.get("unit_name") or ""), False)
            )
    return steps


def _in_order(rows: list[dict]) -> list[dict]:
    """Newest first, whichever of them is current."""
    return sorted(rows, key=lambda row: str(row.get("effective_date") or ""), reverse=True)


def _post(row: Row) -> Step:
    coming = to_come(row.get("effective_date"))
    when = span(row.get("effective_date"), row.get("end_date"))
    if row.get("is_current") and not coming:
        when = joined(when, say("work.current"))
    document = joined(row.get("document_no"), day(row, "document_date"))
    about = joined(
        row.get("unit_name"),
        row.get("post_category"),
        row.get("position_grade"),
        row.get("position_type"),
        row.get("establishment_type"),
        say("work.double_shoulder") if row.get("is_double_shoulder") else "",
        document,
    )
    name = row.get("position_name") or row.get("post_category") or formats.MISSING
    return when, str(name), about, coming


def posts_card(tables: Tables) -> None:
    """The way through posts, and the unit one heads."""
    steps = post_steps(tables) if tables.rows("staff_position") else []
    heads = tables.rows("unit_leadership")
    if not steps and not heads:
        return
    with frame.card("posts"):
        st.html(markup.title(say("box.staff_position")))
        if heads:
            st.html(markup.paragraph(" ".join(_heads(row) for row in heads)))
        if steps:
            st.html(told(steps))
        source_line(tables, "staff_position" if steps else "unit_leadership")


def _heads(row: Row) -> str:
    since = formats.month(row.get("since"), language())
    return say("work.heads", unit=row.get("unit_name") or row.get("unit_code"), month=since)


def appointments_card(tables: Tables) -> None:
    """Appointments and removals of leading posts, as the organization department decided them; a
    probation that still runs stands first."""
    running = [
        row for row in tables.rows("cadre_appointment") if to_come(row.get("probation_end_date"))
    ]
    above = [
        (
            day(row, "probation_end_date"),
            say("work.probation_ends"),
            joined(row.get("position_name"), row.get("unit_name")),
            True,
        )
        for row in running
    ]
    timeline_card(tables, "cadre_appointment", _appointment, above=above)


def _appointment(row: Row) -> Step:
    word = "work.removed" if row.get("action") == "免" else "work.appointed"
    about = joined(
        row.get("unit_name"),
        row.get("position_type"),
        row.get("position_grade"),
        row["document_no"],
    )
    return day(row, "document_date"), say(word, post=text(row, "position_name")), about, False


def running_contract(tables: Tables, today: date) -> Row | None:
    """The contract in force; of several the one that ends last. None once one has left."""
    if left_on(tables):
        return None
    running = [
        row
        for row in tables.rows("staff_contract")
        if str(row.get("start_date") or "")[:10] <= today.isoformat()
        and str(row.get("end_date") or "9999-12-31")[:10] >= today.isoformat()
    ]
    return max(running, key=lambda row: str(row.get("end_date") or "9999-12-31"), default=None)


def days_to_end(contract: Row, today: date) -> int | None:
    """Days until a contract ends; None where it has no end."""
    end = formats.from_iso_date(contract.get("end_date"))
    return (end - today).days if end else None


def contracts_card(tables: Tables) -> None:
    """Contracts, newest first, and how long the present one still runs."""
    today = frame.today()
    running = running_contract(tables, today)
    above: list[Step] = []
    left = days_to_end(running, today) if running else None
    if running and left is not None:
        about = say("work.days_left", days=formats.number(left, 0)) if left else say("next.today")
        above.append((day(running, "end_date"), say("work.contract_ends"), about, True))
    timeline_card(tables, "staff_contract", _contract, above=above)


def _contract(row: Row) -> Step:
    renewal = int(row.get("renewal_no") or 0)
    about = joined(
        say("work.renewal", count=renewal) if renewal else say("work.first_contract"),
        row.get("contract_no"),
    )
    when = day_span(row, "start_date", "end_date")
    return when, text(row, "contract_type"), about, to_come(row.get("start_date"))
