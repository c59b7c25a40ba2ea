"""Pay: what a month came to and why, what was claimed back, what the union gave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import charts, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, amount, day, joined, list_card, text, yuan
from dashboards.text import language, say

__all__ = [
    "month_points",
    "payroll_card",
    "payslip",
    "reimbursements_card",
    "welfare_card",
    "year_note",
]

_MONTHS = 12
_EARNED = ("basic_pay", "performance_pay", "allowance")
_HELD_BACK = ("social_insurance", "housing_fund", "tax")


def payroll_card(tables: Tables) -> None:
    """What was paid out in the last months, and the parts of any one month in words."""
    rows = tables.rows("staff_payroll")
    if not rows:
        return
    tongue = language()
    points = month_points(rows)
    months = [str(row["month"]) for row in rows]
    with frame.card("staff_payroll"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.html(markup.title(say("box.staff_payroll")), width="content")
            month = st.selectbox(
                say("life.months"),
                months,
                format_func=lambda key: formats.month(key, tongue),
                key="work_month",
                label_visibility="collapsed",
                width=170,
            )
        st.html(payslip(next(row for row in rows if row["month"] == month)))
        if len(points) > 1:
            st.vega_lite_chart(
                charts.trend(points, dark=frame.is_dark(), height=150),
                theme=None,
                key="pay_trend",
                alt=say(
                    "work.pay_alt",
                    count=len(points),
                    low=yuan(min(point["value"] for point in points)),
                    high=yuan(max(point["value"] for point in points)),
                ),
            )
            st.html(markup.note(say("work.pay_note", count=len(points))))
        st.html(markup.note(year_note(rows)))
        source_line(tables, "staff_payroll")


def payslip(row: Row) -> str:
    """What was earned, what was held back, and what arrived, with the parts of each."""
    tail = row.get("bank_card_tail")
    earned, held_back = _sum(row, _EARNED), _sum(row, _HELD_BACK)
    entries = [
        markup.Entry(say("work.earned"), _parts(row, _EARNED), side=yuan(earned), side_note=" "),
        markup.Entry(
            say("work.held_back"), _parts(row, _HELD_BACK), side=yuan(held_back), side_note=" "
        ),
        markup.Entry(
            say("work.net_pay"),
            say("life.to_card", tail=tail) if tail else "",
            side=amount(row, "net_pay"),
            score=True,
        ),
    ]
    return markup.entries(entries)


def _sum(row: Row, names: Sequence[str]) -> float | None:
    known = [float(row[name]) for name in names if row.get(name) is not None]
    return sum(known) if known else None


def _parts(row: Row, names: Sequence[str]) -> str:
    return joined(
        *(
            f"{say(f'work.{name}')} {amount(row, name)}"
            for name in names
            if row.get(name) is not None
        )
    )


def month_points(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Net pay of the last twelve months paid, oldest first, for `charts.trend`; the first, the
    last and the highest bear their figure."""
    tongue = language()
    known = sorted(
        (row for row in rows if row.get("net_pay") is not None), key=lambda row: str(row["month"])
    )[-_MONTHS:]
    values = [float(row["net_pay"]) for row in known]
    told = {len(values) - 1, values.index(max(values))} if values else set()
    return [
        {
            "period": str(row["month"])[2:].replace("-", "/"),
            "value": value,
            "label": formats.number(value, 0) if place in told else "",
            "shown": f"{formats.month(str(row['month']), tongue)} {yuan(value)}",
        }
        for place, (row, value) in enumerate(zip(known, values, strict=True))
    ]


def year_note(rows: Sequence[Row]) -> str:
    """`2026年已发 11 个月，共 98,000.00 元`, of the newest year paid."""
    year = max(str(row["month"])[:4] for row in rows)
    paid = [row for row in rows if str(row["month"]).startswith(year)]
    total = sum(float(row.get("net_pay") or 0) for row in paid)
    return say(
        "work.year_pay",
        year=formats.year_name(year, language()),
        count=len(paid),
        amount=yuan(total),
    )


def reimbursements_card(tables: Tables) -> None:
    """Claims, those that wait first."""
    rows = tables.rows("staff_reimbursement")
    waiting = [row for row in rows if _waits(row)]

    def note(_: list[dict[str, Any]]) -> str:
        if not waiting:
            return say("work.claims_none")
        total = sum(float(row.get("amount") or 0) for row in waiting)
        return say("work.claims_waiting", count=len(waiting), amount=yuan(total))

    list_card(tables, "staff_reimbursement", _claim, note=note, order=lambda row: not _waits(row))


def _waits(row: Row) -> bool:
    return row.get("status") == "审批中"


def _claim(row: Row) -> markup.Entry:
    waits = _waits(row)
    submitted, paid = day(row, "submitted_date"), day(row, "paid_date")
    return markup.Entry(
        text(row, "kind"),
        joined(
            say("work.submitted", day=submitted) if submitted else "",
            say("work.paid_on", day=paid) if paid else "",
            say("work.waiting_days", days=_days_since(row)) if waits and submitted else "",
        ),
        joined(
            say("work.from_budget", number=row["project_no"]) if row.get("project_no") else "",
            row.get("document_no"),
        ),
        side=amount(row, "amount"),
        side_note=text(row, "status"),
    )


def _days_since(row: Row) -> str:
    since: date | None = formats.from_iso_date(row.get("submitted_date"))
    return formats.number((frame.today() - since).days, 0) if since else formats.MISSING


def welfare_card(tables: Tables) -> None:
    """What the union gave, on which occasion."""
    list_card(tables, "staff_welfare", _gift)


def _gift(row: Row) -> markup.Entry:
    return markup.Entry(
        text(row, "benefit_type"),
        joined(day(row, "benefit_date"), row.get("record_no")),
        side=amount(row, "amount"),
        side_note=" ",
    )
