"""What the college entrusted to a person, and what they learned besides the work."""

from __future__ import annotations

from typing import Any

from dashboards import formats
from dashboards.components import markup
from dashboards.components.blocks import Tables
from dashboards.components.career import day_span
from dashboards.components.listing import Row, amount, day, joined, list_card, text, yuan
from dashboards.text import say

__all__ = ["assets_card", "training_card"]

_IN_USE = "在用"


def assets_card(tables: Tables) -> None:
    """Assets one answers for, with place and value, those in use first."""
    list_card(
        tables,
        "asset_in_custody",
        _asset,
        note=_worth,
        order=lambda row: row.get("status") != _IN_USE,
    )


def _worth(rows: list[dict[str, Any]]) -> str:
    def total(name: str) -> str:
        return yuan(sum(float(row.get(name) or 0) for row in rows))

    return say(
        "work.assets_sum",
        count=len(rows),
        original=total("original_value"),
        net=total("net_value"),
    )


def _asset(row: Row) -> markup.Entry:
    acquired, quantity, status = day(row, "acquired_date"), row.get("quantity"), row.get("status")
    return markup.Entry(
        text(row, "asset_name"),
        joined(
            say("work.acquired", day=acquired) if acquired else "",
            row.get("room_code"),
            row.get("unit_name"),
            row.get("use_direction"),
        ),
        joined(
            row.get("asset_no"),
            row.get("fund_origin"),
            say("work.net_value", amount=amount(row, "net_value"))
            if row.get("net_value") is not None
            else "",
        ),
        remark=joined(
            row.get("model"), f"× {formats.number(quantity)}" if quantity not in (None, 1) else ""
        ),
        side=amount(row, "original_value"),
        side_note=str(status) if status and status != _IN_USE else " ",
    )


def training_card(tables: Tables) -> None:
    """Courses and stays of one's own learning."""
    list_card(tables, "staff_training", _training, note=_hours)


def _hours(rows: list[dict[str, Any]]) -> str:
    hours = sum(float(row.get("hours") or 0) for row in rows)
    return say("study.hours_sum", count=len(rows), hours=formats.number(hours)) if hours else ""


def _training(row: Row) -> markup.Entry:
    hours = row.get("hours")
    return markup.Entry(
        text(row, "content"),
        joined(row.get("host"), day_span(row, "start_date", "end_date")),
        joined(
            row.get("training_type"),
            say("work.enterprise") if row.get("is_enterprise_practice") else "",
            row.get("training_id"),
        ),
        side=say("work.hours", hours=formats.number(hours)) if hours is not None else "",
    )
