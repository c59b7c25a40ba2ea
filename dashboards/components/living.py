"""Boxes about daily life: meals, books, fees."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import charts, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.text import language, say

__all__ = ["calendar_rows", "fees_card", "loans_card", "meal_calendar", "transactions_card"]

_WEEKS = 12
_LINES = 30
_LATEST = 10


def calendar_rows(meals: list[dict[str, Any]], last: date, tongue: str) -> list[dict[str, Any]]:
    """Meal days of the twelve weeks up to `last`, one row a day, for `charts.calendar`."""
    first = last - timedelta(days=last.weekday(), weeks=_WEEKS - 1)
    rows = []
    for meal in meals:
        day = formats.from_iso_date(meal.get("meal_date"))
        if day is None or not first <= day <= last:
            continue
        monday = day - timedelta(days=day.weekday())
        rows.append(
            {
                "week": f"{monday.month}/{monday.day}",
                "weekday": formats.weekday(day, tongue),
                "amount": float(meal.get("amount") or 0),
                "day": f"{formats.day(day, last, tongue)} {formats.weekday(day, tongue)}",
                "shown": formats.money(meal.get("amount"), tongue),
                "_date": day,
            }
        )
    return sorted(rows, key=lambda row: row["_date"])


def meal_calendar(tables: Tables) -> None:
    """Which days one ate in the canteens, and for how much."""
    tongue, last = language(), frame.data_day()
    rows = calendar_rows(tables.rows("meal_day"), last, tongue)
    if not rows:
        return
    days = (last - rows[0]["_date"]).days + 1
    mean = sum(row["amount"] for row in rows) / len(rows)
    plain = [{key: value for key, value in row.items() if key != "_date"} for row in rows]
    names = tuple(formats.weekday(number, tongue) for number in range(1, 8))
    with frame.card("meal_calendar"):
        st.html(markup.title(say("me.calendar")))
        st.vega_lite_chart(
            charts.calendar(
                plain, dark=frame.is_dark(), scale_title=say("life.calendar_scale"), days=names
            ),
            theme=None,
            key="meal_calendar",
            alt=say("life.calendar_alt"),
        )
        st.html(
            markup.note(
                say(
                    "life.calendar_line",
                    days=days,
                    eaten=len(rows),
                    mean=formats.money(mean, tongue),
                )
            )
        )
        source_line(tables, "meal_day")


def transactions_card(tables: Tables) -> None:
    """The latest card transactions, and those of any month."""
    rows = tables.rows("meal_transaction")
    if not rows:
        return
    tongue = language()
    latest = rows[:_LATEST]
    months = sorted({_month(row) for row in rows if row.get("traded_at")}, reverse=True)
    with frame.card("transactions"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.html(markup.title(say("life.transactions")), width="content")
            chosen = st.selectbox(
                say("life.months"),
                ["latest", *months],
                format_func=lambda key: (
                    say("life.latest", count=len(latest))
                    if key == "latest"
                    else formats.month(key, tongue)
                ),
                key="life_month",
                label_visibility="collapsed",
                width=170,
            )
        shown = latest if chosen == "latest" else [row for row in rows if _month(row) == chosen]
        st.html(markup.entries(_transaction(row) for row in shown))
        source_line(tables, "meal_transaction")


def _month(row: dict[str, Any]) -> str:
    when = formats.from_iso_moment(row.get("traded_at"))
    return f"{when.astimezone(formats.BEIJING):%Y-%m}" if when else ""


def _transaction(row: dict[str, Any]) -> markup.Entry:
    tongue, today = language(), frame.today()
    after = row.get("balance_after")
    about = (
        formats.moment(row.get("traded_at"), today, tongue),
        row.get("transaction_type"),
        row.get("meal_period"),
    )
    return markup.Entry(
        str(row.get("merchant_name") or row.get("transaction_type") or formats.MISSING),
        " · ".join(str(part) for part in about if part),
        side=formats.money(row.get("amount"), tongue),
        side_note=say("life.balance_after", amount=formats.money(after, tongue))
        if after is not None
        else "",
    )


def loans_card(tables: Tables) -> None:
    """Books on loan first, then those returned."""
    rows = tables.rows("library_loan")
    if not rows:
        return
    tongue, today = language(), frame.today()
    rows = sorted(rows, key=lambda row: row.get("returned_at") is not None)
    lines = []
    for row in rows[:_LINES]:
        details = [say("life.borrowed", day=formats.day_of(row.get("borrowed_at"), today, tongue))]
        if row.get("renewals"):
            details.append(say("life.renewed", count=row["renewals"]))
        if row.get("fine"):
            details.append(say("life.fine", amount=formats.money(row["fine"], tongue)))
        if row.get("returned_at"):
            state = ""
            side = say("life.returned", day=formats.day_of(row["returned_at"], today, tongue))
        else:
            details.append(say("life.due", day=formats.day(row.get("due_date"), today, tongue)))
            overdue = int(row.get("overdue_days") or 0)
            side = say("next.overdue", days=overdue) if overdue > 0 else say("life.on_loan")
            state = "bad" if overdue > 0 else "info"
        lines.append(
            markup.Entry(
                str(row.get("title") or "—"), " · ".join(details), side=side, state=state or None
            )
        )
    with frame.card("loans"):
        st.html(markup.title(say("life.loans")))
        st.html(markup.entries(lines))
        left = tables.total("library_loan") - len(lines)
        if left > 0:
            st.html(markup.note(say("life.older", count=formats.number(left, 0))))
        source_line(tables, "library_loan")


def fees_card(tables: Tables) -> None:
    """Each bill with what is paid and what is left, what is left first."""
    rows = tables.rows("fee_bill")
    if not rows:
        return
    tongue, today = language(), frame.today()
    rows = sorted(rows, key=lambda row: not (row.get("outstanding_amount") or 0) > 0)
    lines = []
    for row in rows:
        left = row.get("outstanding_amount") or 0
        details = [
            say(
                "life.due_paid",
                due=formats.money(row.get("due_amount"), tongue),
                paid=formats.money(row.get("paid_amount"), tongue),
            )
        ]
        if row.get("waiver_amount"):
            details.append(say("life.waiver", amount=formats.money(row["waiver_amount"], tongue)))
        if row.get("deferred_until") and left > 0:
            until = formats.day(row["deferred_until"], today, tongue)
            details.append(say("life.deferred", day=until))
        lines.append(
            markup.Entry(
                str(row.get("fee_item") or "—"),
                " · ".join(details),
                remark=formats.year_name(row.get("academic_year"), tongue),
                side=say("life.outstanding", amount=formats.money(left, tongue))
                if left > 0
                else say("life.paid"),
                state="watch" if left > 0 else "good",
            )
        )
    with frame.card("fees"):
        st.html(markup.title(say("life.fees")))
        st.html(markup.entries(lines))
        source_line(tables, "fee_bill")
    _payments(tables)


def _payments(tables: Tables) -> None:
    rows = tables.rows("fee_payment")
    if not rows:
        return
    tongue, today = language(), frame.today()
    with frame.card("payments"):
        st.html(markup.title(say("life.payments")))
        st.html(
            markup.entries(
                markup.Entry(
                    str(row.get("fee_item") or "—"),
                    " · ".join(
                        str(part)
                        for part in (
                            formats.day_of(row.get("paid_at"), today, tongue),
                            row.get("channel"),
                            say("life.invoice", number=row["invoice_no"])
                            if row.get("invoice_no")
                            else None,
                        )
                        if part
                    ),
                    remark=formats.year_name(row.get("academic_year"), tongue),
                    side=formats.money(row.get("amount"), tongue),
                    side_note=" ",
                )
                for row in rows[:_LINES]
            )
        )
        source_line(tables, "fee_payment")
