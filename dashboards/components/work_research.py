"""Projects that one leads, and what came out of research."""

from __future__ import annotations

from collections import Counter
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.career import day_span
from dashboards.components.listing import Row, amount, day, joined, lines, list_card, text
from dashboards.text import say

__all__ = ["outputs_card", "projects_card"]

_OPEN = ("在研", "延期")


def projects_card(tables: Tables) -> None:
    """Projects under way with what is received and spent of the contract, then those that ended."""
    rows = tables.rows("research_project")
    if not rows:
        return
    running = [row for row in rows if row.get("status") in _OPEN]
    ended = [row for row in rows if row.get("status") not in _OPEN]
    with frame.card("research_project"):
        st.html(markup.title(say("box.research_project")))
        if running:
            st.html(markup.progress(_funding(row) for row in running))
            st.html(markup.note(say("work.funding_note")))
        if ended:
            st.html(lines([_ended(row) for row in ended]))
        source_line(tables, "research_project")


def _money(row: Row) -> str:
    return joined(
        *(
            say(f"work.{name}", amount=amount(row, name))
            for name in ("contract_amount", "received_amount", "spent_amount", "passed_on_amount")
            if row.get(name)
        )
    )


def _about(row: Row) -> str:
    kinds = (row.get("project_nature"), row.get("project_level"), row.get("project_source"))
    return joined(
        say("work.leads"),
        *dict.fromkeys(kinds),
        row.get("rd_activity_type"),
        row.get("discipline"),
        row.get("unit_name"),
        row.get("approval_no") or row.get("project_no"),
    )


def _funding(row: Row) -> tuple[str, str, str, float, float, str]:
    whole, received, spent = (
        float(row.get(name) or 0) for name in ("contract_amount", "received_amount", "spent_amount")
    )
    base = max(whole, received, spent) or 1.0
    started = day(row, "approved_date")
    below = joined(_money(row), say("list.since", begin=started) if started else "", _about(row))
    name = text(row, "project_name")
    shares = spent / base, max(received - spent, 0.0) / base
    return name, text(row, "status"), below, *shares, f"{name}: {_money(row)}"


def _ended(row: Row) -> markup.Entry:
    return markup.Entry(
        text(row, "project_name"),
        joined(day_span(row, "approved_date", "end_date"), _about(row)),
        _money(row),
        side=text(row, "status"),
        state="",
    )


def outputs_card(tables: Tables) -> None:
    """Papers, books, patents and prizes, with one's own place among the authors."""
    list_card(tables, "research_output", _output, note=_kinds, title=say("work.research_output"))


def _kinds(rows: list[dict[str, Any]]) -> str:
    counts = Counter(str(row.get("output_type") or formats.MISSING) for row in rows)
    return say(
        "work.outputs_sum",
        count=len(rows),
        kinds="，".join(f"{kind} {number}" for kind, number in counts.most_common()),
    )


def _output(row: Row) -> markup.Entry:
    order, count = row.get("author_order"), row.get("author_count")
    place = ""
    if order is not None and count is not None:
        place = say("work.author", order=order, count=count)
    if order == 1 and count == 1:
        place = say("work.sole_author")
    transfer = row.get("transfer_amount")
    return markup.Entry(
        text(row, "title"),
        joined(
            row.get("output_type"),
            day(row, "published_date"),
            row.get("journal_or_press"),
            row.get("journal_level"),
            row.get("indexed_in"),
            row.get("isbn_issn"),
        ),
        joined(
            row.get("patent_type"),
            row.get("patent_no"),
            row.get("award_class"),
            row.get("award_level"),
            row.get("award_grade"),
            say("work.transfer", amount=amount(row, "transfer_amount")) if transfer else "",
        ),
        joined(
            row.get("author_role"),
            say("work.corresponding") if row.get("is_corresponding") else "",
            row.get("author_names"),
            row.get("unit_name"),
            row.get("output_no"),
        ),
        side=place,
    )
