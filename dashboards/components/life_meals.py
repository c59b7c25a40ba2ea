"""Meals: the card, day by day, month by month, and every transaction."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboards import auth, formats
from dashboards.components import charts, days, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, day, joined, lines, text, yuan
from dashboards.text import language, say

__all__ = ["account_card", "calendar_card", "months_card", "transactions_card"]

_MONTHS = 6
_LATEST = 10


def account_card(tables: Tables) -> None:
    """The meal card and what is on it."""
    rows = tables.rows("meal_account")
    if not rows:
        return
    with frame.card("account"):
        st.html(markup.title(say("life.card")))
        st.html(markup.entries(_card(row) for row in rows))
        source_line(tables, "meal_account")


def _card(row: Row) -> markup.Entry:
    opened, ended = day(row, "opened_date"), day(row, "ended_on")
    return markup.Entry(
        say("life.card_no", number=text(row, "card_no"), status=text(row, "card_status")),
        joined(
            say("life.opened", day=opened) if opened else "",
            say("life.ended", day=ended) if ended else "",
        ),
        side=yuan(row.get("balance")),
        score=True,
    )


def calendar_card(tables: Tables) -> None:
    """Which days one ate in the canteens, and for how much; the latest twelve weeks."""
    tongue, last = language(), frame.data_day()
    found = [
        (
            formats.from_iso_date(row.get("meal_date")),
            float(row.get("amount") or 0),
            yuan(row.get("amount")),
        )
        for row in tables.rows("meal_day")
    ]
    if not days.calendar_rows(found, last, tongue):
        return
    with frame.card("meal_calendar"):
        st.html(markup.title(say("me.calendar")))
        rows = days.calendar(
            "meal_calendar",
            found,
            last,
            scale=say("life.calendar_scale"),
            alt=say("life.calendar_alt"),
        )
        mean = sum(row["amount"] for row in rows) / len(rows)
        st.html(
            markup.note(
                say(
                    "life.calendar_line",
                    days=(last - rows[0]["_date"]).days + 1,
                    eaten=len(rows),
                    mean=yuan(mean),
                )
            )
        )
        source_line(tables, "meal_day")


def months_card(tables: Tables) -> None:
    """What meals cost by month; months before the latest six behind a press."""
    months = [row for row in tables.rows("meal_month") if row.get("day_count")]
    if not months:
        return
    tongue = language()
    with frame.card("meal_months"):
        st.html(markup.title(say("life.by_month")))
        st.vega_lite_chart(
            charts.bars(
                [_bar(month, tongue) for month in months[:_MONTHS]],
                dark=frame.is_dark(),
                selectable=False,
                room=1.5,
            ),
            theme=None,
            key="meal_months",
            alt=say("life.by_month_alt"),
        )
        if months[_MONTHS:]:
            older = markup.entries(
                markup.Entry(
                    formats.month(month["month"], tongue),
                    _days_and_meals(month),
                    side=yuan(month["amount"]),
                    side_note=" ",
                )
                for month in months[_MONTHS:]
            )
            st.html(markup.folded(say("life.older_months", count=len(months) - _MONTHS), older))
        source_line(tables, "meal_month")


def _days_and_meals(month: Row) -> str:
    return say("life.days_meals", days=month["day_count"], meals=month["meal_count"])


def _bar(month: Row, tongue: str) -> dict[str, Any]:
    shown = yuan(month["amount"])
    return {
        "unit": month["month"],
        "name": formats.month(month["month"], tongue),
        "value": round(float(month["amount"]), 2),
        "label": shown,
        "before": None,
        "missed": False,
        "shown": joined(shown, _days_and_meals(month)),
        "change": "",
    }


def transactions_card(tables: Tables) -> None:
    """The latest card transactions, and those of any month."""
    rows = tables.rows("meal_transaction")
    if not rows:
        return
    tongue = language()
    latest = rows[:_LATEST]
    months = [str(row["month"]) for row in tables.rows("meal_month")]
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
        shown = latest
        if chosen != "latest":
            month = auth.own_transactions(auth.current_visit(), chosen)
            shown = Tables(month).rows("meal_transaction")
        st.html(lines([_transaction(row) for row in shown], 2 * _LATEST))
        source_line(tables, "meal_transaction")


def _transaction(row: Row) -> markup.Entry:
    tongue, today = language(), frame.today()
    after = row.get("balance_after")
    merchant = row.get("merchant_name")
    canteen = str(row.get("canteen") or "")
    about = joined(
        formats.moment(row.get("traded_at"), today, tongue),
        row.get("transaction_type") if merchant else None,
        row.get("meal_period"),
        "" if str(merchant or "").startswith(canteen) else canteen,
    )
    return markup.Entry(
        str(merchant or row.get("transaction_type") or formats.MISSING),
        about,
        side=yuan(row.get("amount")),
        side_note=say("life.balance_after", amount=yuan(after)) if after is not None else "",
    )
