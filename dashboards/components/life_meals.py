"""Meals: the card, day by day, month by month, and every transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import charts, days, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, day, joined, lines, text, yuan
from dashboards.text import language, say

__all__ = ["account_card", "calendar_card", "month_rows", "months_card", "transactions_card"]

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


def month_rows(meals: Iterable[Row]) -> list[dict[str, Any]]:
    """Meals by month, newest first: month, days with a meal, meals, amount in yuan."""
    found: dict[str, dict[str, Any]] = {}
    for row in meals:
        name = str(row.get("meal_date") or "")[:7]
        if not name:
            continue
        month = found.setdefault(name, {"month": name, "days": 0, "meals": 0, "amount": 0.0})
        month["days"] += 1
        month["meals"] += int(row.get("meal_count") or 0)
        month["amount"] += float(row.get("amount") or 0)
    return sorted(found.values(), key=lambda month: month["month"], reverse=True)


def months_card(tables: Tables) -> None:
    """What meals cost by month; months before the latest six behind a press."""
    months = month_rows(tables.rows("meal_day"))
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
        source_line(tables, "meal_day")


def _days_and_meals(month: dict[str, Any]) -> str:
    return say("life.days_meals", days=month["days"], meals=month["meals"])


def _bar(month: dict[str, Any], tongue: str) -> dict[str, Any]:
    shown = yuan(month["amount"])
    return {
        "unit": month["month"],
        "name": formats.month(month["month"], tongue),
        "value": round(month["amount"], 2),
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
        st.html(lines([_transaction(row) for row in shown], 2 * _LATEST))
        source_line(tables, "meal_transaction")


def _month(row: Row) -> str:
    when = formats.from_iso_moment(row.get("traded_at"))
    return f"{when.astimezone(formats.BEIJING):%Y-%m}" if when else ""


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
