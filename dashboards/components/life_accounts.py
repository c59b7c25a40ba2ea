"""Accounts in the college's systems: network, mail, software, and requests for help."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import charts, frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, day, joined, lines, list_card, text
from dashboards.text import language, say

__all__ = ["mail_card", "network_card", "software_card", "tickets_card", "took"]

_MONTHS = 6


def network_card(tables: Tables) -> None:
    """The campus account, and the hours online by month."""
    accounts, months = tables.rows("network_account"), tables.rows("network_month")
    if not accounts and not months:
        return
    with frame.card("network_account"):
        st.html(markup.title(say("box.network_account")))
        if accounts:
            st.html(markup.entries(_account(row) for row in accounts))
            source_line(tables, "network_account")
        if months:
            _online_months(months)
            source_line(tables, "network_month")


def _account(row: Row) -> markup.Entry:
    verified = "life.verified" if row.get("is_id_verified") else "life.not_verified"
    phone = "life.phone_bound" if row.get("is_phone_bound") else "life.phone_not_bound"
    until = row.get("ended_on") or row.get("expires_date")
    key = "life.ended" if row.get("ended_on") else "life.valid_to"
    return markup.Entry(
        text(row, "account"),
        joined(say(verified), say(phone)),
        joined(
            say("life.opened", day=day(row, "opened_date")) if row.get("opened_date") else "",
            say(key, day=formats.day(until, frame.today(), language())) if until else "",
        ),
        remark=str(row.get("person_kind") or ""),
        side=str(row.get("status") or ""),
        state="good" if row.get("status") == "正常" else "",
    )


def _online_months(months: list[dict[str, Any]]) -> None:
    tongue = language()
    st.vega_lite_chart(
        charts.bars(
            [_month_bar(row, tongue) for row in months[:_MONTHS]],
            dark=frame.is_dark(),
            selectable=False,
            room=1.5,
        ),
        theme=None,
        key="network_months",
        alt=say("life.network_alt"),
    )
    entries = markup.entries(
        markup.Entry(
            formats.month(row.get("month"), tongue),
            say(
                "life.network_line",
                days=row.get("days") or 0,
                logins=row.get("logins") or 0,
                failed=row.get("failed_logins") or 0,
            ),
            say("life.traffic", down=_gigabytes(row, "mb_in"), up=_gigabytes(row, "mb_out")),
            side=_hours(row),
        )
        for row in months
    )
    st.html(markup.folded(say("life.all_months", count=len(months)), entries))


def _hours(row: Row) -> str:
    return say("life.hours", count=formats.number(float(row.get("online_minutes") or 0) / 60, 0))


def _gigabytes(row: Row, name: str) -> str:
    return formats.number(float(row.get(name) or 0) / 1024, 1)


def _month_bar(row: Row, tongue: str) -> dict[str, Any]:
    return {
        "unit": str(row.get("month")),
        "name": formats.month(row.get("month"), tongue),
        "value": round(float(row.get("online_minutes") or 0) / 60, 1),
        "label": _hours(row),
        "before": None,
        "missed": False,
        "shown": _hours(row),
        "change": "",
    }


def mail_card(tables: Tables) -> None:
    """Mailboxes, how full they are, and the mail of each month."""
    boxes, months = tables.rows("mail_account"), tables.rows("mail_month")
    if not boxes and not months:
        return
    tongue = language()
    with frame.card("mail_account"):
        st.html(markup.title(say("box.mail_account")))
        if boxes:
            newest = {row.get("mailbox"): row for row in reversed(months)}
            st.html(
                markup.entries(_mailbox(row, newest.get(row.get("mailbox"), {})) for row in boxes)
            )
            source_line(tables, "mail_account")
        if months:
            entries = [
                markup.Entry(
                    formats.month(row.get("month"), tongue),
                    say(
                        "life.mail_line",
                        received=row.get("received") or 0,
                        sent=row.get("sent") or 0,
                        spam=row.get("spam_blocked") or 0,
                    ),
                    side=say("life.odd_logins", count=row["abnormal_logins"])
                    if row.get("abnormal_logins")
                    else "",
                    state="watch",
                )
                for row in months
            ]
            st.html(lines(entries, 3))
            source_line(tables, "mail_month")


def _mailbox(row: Row, newest: Row) -> markup.Entry:
    factor = "life.two_factor" if row.get("is_two_factor") else "life.no_two_factor"
    used, quota = newest.get("used_mb"), row.get("quota_mb")
    room = say("life.quota", quota=formats.number(quota, 0)) if quota else ""
    if used is not None and quota:
        room = say("life.used", used=formats.number(used, 0), quota=formats.number(quota, 0))
    return markup.Entry(
        text(row, "mailbox"),
        joined(room, say(factor)),
        joined(
            say("life.opened", day=day(row, "created_date")) if row.get("created_date") else "",
            say("life.ended", day=day(row, "ended_on")) if row.get("ended_on") else "",
        ),
        side=str(row.get("status") or ""),
        state="good" if row.get("status") == "正常" else "",
    )


def software_card(tables: Tables) -> None:
    list_card(tables, "software_activation", _activation, first=5)


def _activation(row: Row) -> markup.Entry:
    return markup.Entry(
        text(row, "product"),
        joined(row.get("device_kind"), row.get("account"), row.get("license_no")),
        side=formats.day_of(row.get("activated_at"), frame.today(), language()),
    )


def tickets_card(tables: Tables) -> None:
    """Requests for help, how soon they were answered and closed."""
    list_card(tables, "it_ticket", _ticket, first=5)


def _ticket(row: Row) -> markup.Entry:
    tongue, today = language(), frame.today()
    answered, closed = took(row, "responded_at"), took(row, "closed_at")
    marks = row.get("satisfaction")
    return markup.Entry(
        text(row, "category"),
        joined(
            formats.moment(row.get("opened_at"), today, tongue),
            say("life.priority", priority=row["priority"]) if row.get("priority") else "",
        ),
        joined(
            say("life.answered", after=answered) if answered else "",
            say("life.closed", after=closed) if closed else "",
            say("life.satisfaction", marks=marks) if marks is not None else "",
        ),
        remark=text(row, "ticket_no"),
        side="" if closed else say("life.open"),
        state="info",
    )


def took(row: Row, name: str) -> str:
    """From the opening of a request to `name`: `40 分钟`, `6 小时`, `3 天`; empty if not yet."""
    begin = formats.from_iso_moment(row.get("opened_at"))
    end = formats.from_iso_moment(row.get(name))
    if begin is None or end is None:
        return ""
    passed = end - begin
    if passed < timedelta(hours=1):
        return say("life.minutes", count=max(int(passed.total_seconds() // 60), 1))
    if passed < timedelta(days=2):
        return say("life.hours", count=int(passed.total_seconds() // 3600))
    return say("life.days", count=passed.days)
