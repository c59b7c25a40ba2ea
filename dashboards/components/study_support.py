"""What one was given or lent: awards, aid, loans, paid work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, amount, day, joined, lines, list_card, text, yuan
from dashboards.text import language, say

__all__ = [
    "achievements_card",
    "aid_card",
    "grants_card",
    "honors_card",
    "loans_card",
    "outputs_card",
    "scholarships_card",
    "work_by_post",
    "work_study_card",
]


def _year(row: Row) -> str:
    year = row.get("academic_year")
    return formats.year_name(year, language()) if year else ""


def _sum(rows: list[dict[str, Any]], name: str = "amount") -> str:
    """`共 3 笔，13,200.00 元`, where there is more than one."""
    sums = [float(row[name]) for row in rows if row.get(name) is not None]
    if len(sums) < 2:
        return ""
    return say("study.sum", count=len(sums), amount=yuan(sum(sums)))


def _payment(row: Row) -> str:
    if row.get("is_paid_out") is None:
        return ""
    if not row["is_paid_out"]:
        return say("study.to_be_paid")
    paid = day(row, "paid_date")
    return say("study.paid_on", day=paid) if paid else say("study.paid_out")


def scholarships_card(tables: Tables) -> None:
    list_card(tables, "scholarship", _scholarship, note=_sum)


def _scholarship(row: Row) -> markup.Entry:
    ended = day(row, "notice_end_date")
    kind = row.get("grant_type") if row.get("grant_type") != row.get("award_name") else ""
    return markup.Entry(
        text(row, "award_name"),
        joined(_year(row), row.get("scholarship_type"), kind),
        joined(day(row, "award_date"), say("study.notice_until", day=ended) if ended else ""),
        side=amount(row, "amount") if row.get("amount") is not None else "",
        side_note=" ",
    )


def honors_card(tables: Tables) -> None:
    list_card(tables, "honor", _honor)


def _honor(row: Row) -> markup.Entry:
    return markup.Entry(
        text(row, "award_name"),
        joined(row.get("award_class"), row.get("level"), row.get("awarding_body")),
        _year(row),
        remark=str(row.get("grade") or ""),
        side=day(row, "award_date"),
    )


def achievements_card(tables: Tables) -> None:
    list_card(tables, "achievement", _achievement)


def _achievement(row: Row) -> markup.Entry:
    place = ""
    if row.get("rank") and row.get("team_size"):
        place = say("study.team_place", rank=row["rank"], size=row["team_size"])
    return markup.Entry(
        text(row, "award_name"),
        joined(row.get("achievement_type"), row.get("competition_level"), row.get("grade"), place),
        side=day(row, "award_date"),
    )


def outputs_card(tables: Tables) -> None:
    """Publications, patents and prizes in research that name the student."""
    list_card(tables, "research_output", _output)


def _output(row: Row) -> markup.Entry:
    place = ""
    if row.get("author_order") and row.get("author_count"):
        place = say("study.author_place", rank=row["author_order"], size=row["author_count"])
    return markup.Entry(
        text(row, "title"),
        joined(row.get("output_type"), row.get("author_role"), place),
        joined(
            row.get("journal_or_press"),
            row.get("journal_level"),
            row.get("patent_type"),
            row.get("patent_no"),
            row.get("award_level"),
            row.get("award_grade"),
        ),
        joined(row.get("author_names")),
        side=day(row, "published_date"),
    )


def grants_card(tables: Tables) -> None:
    list_card(tables, "student_grant", _grant, note=_sum)


def _grant(row: Row) -> markup.Entry:
    return markup.Entry(
        text(row, "grant_type"),
        joined(_year(row), row.get("fund_source")),
        _payment(row),
        remark=str(row.get("tier") or ""),
        side=amount(row, "amount"),
        side_note=" ",
    )


def aid_card(tables: Tables) -> None:
    """Hardship as it was recognised, and what was paid because of it."""
    list_card(tables, "hardship_aid", _aid)


def _aid(row: Row) -> markup.Entry:
    kind = row.get("record_type")
    name = row.get("grant_type") or kind
    until = formats.from_iso_date(row.get("valid_to"))
    side, state, below = "", None, " "
    if row.get("amount") is not None:
        side = amount(row, "amount")
    elif until:
        over = until <= frame.today()
        side, state = (say("study.lapsed"), "") if over else (say("study.valid"), "good")
    # The day of the end no longer counts.
    last = formats.day(until - timedelta(days=1), frame.today(), language()) if until else ""
    valid = say("study.valid_until", day=last) if last else ""
    return markup.Entry(
        str(name or formats.MISSING),
        joined(
            _year(row),
            kind if kind != name else "",
            row.get("hardship_reason"),
            row.get("tier"),
        ),
        joined(row.get("fund_source"), valid, _payment(row) if row.get("amount") else ""),
        remark=str(row.get("hardship_degree") or ""),
        side=side,
        side_note=below if state is None and side else "",
        state=state,
    )


def loans_card(tables: Tables) -> None:
    list_card(tables, "student_loan", _loan, note=_sum)


def _loan(row: Row) -> markup.Entry:
    contract = row.get("loan_contract_no")
    return markup.Entry(
        text(row, "grant_type"),
        joined(_year(row), row.get("loan_bank"), row.get("loan_status")),
        joined(say("study.contract", number=contract) if contract else "", _payment(row)),
        side=amount(row, "amount"),
        side_note=" ",
    )


def work_by_post(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Months worked, put together by post, the latest post first: hours, pay, first and last."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: str(row.get("month") or ""), reverse=True):
        post = found.setdefault(
            str(row.get("post_no") or ""), {**row, "months": [], "all_hours": 0.0, "all_pay": 0.0}
        )
        post["months"].append(row)
        post["all_hours"] += float(row.get("hours") or 0)
        post["all_pay"] += float(row.get("pay") or 0)
    return list(found.values())


def work_study_card(tables: Tables) -> None:
    """Posts held, and every month of them behind a press."""
    rows = tables.rows("work_study")
    if not rows:
        return
    tongue = language()
    posts = []
    for post in work_by_post(rows):
        months = [str(row.get("month") or "") for row in post["months"]]
        between = f"{formats.month(months[-1], tongue)} – {formats.month(months[0], tongue)}"
        posts.append(
            markup.Entry(
                text(post, "unit_name"),
                between if len(months) > 1 else formats.month(months[0], tongue),
                say("study.hours", count=formats.number(post["all_hours"], 1)),
                remark=str(post.get("post_type") or ""),
                side=yuan(post["all_pay"]),
                side_note=text(post, "post_no"),
            )
        )
    with frame.card("work_study"):
        st.html(markup.title(say("box.work_study")))
        st.html(lines(posts))
        st.html(markup.folded(say("study.by_month"), markup.entries(_worked(row) for row in rows)))
        source_line(tables, "work_study")


def _worked(row: Row) -> markup.Entry:
    hours = say("study.hours", count=formats.number(row.get("hours"), 1))
    return markup.Entry(
        formats.month(row.get("month"), language()),
        joined(row.get("unit_name"), hours),
        say("study.paid_on", day=day(row, "paid_date")) if row.get("paid_date") else "",
        side=amount(row, "pay"),
        side_note=" ",
    )
