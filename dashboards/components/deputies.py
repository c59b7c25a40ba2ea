"""Deputies: naming one until a day, those in force, ending one, and whom one stands in for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.text import language, say

__all__ = ["show_deputies"]

#: Refusals of the gateway by their code → what the page says.
_REFUSALS = {
    "conflict": "deputy.twice",
    "forbidden": "deputy.may_not",
    "not_found": "deputy.nobody",
    "usage_error": "deputy.wrong",
}


def show_deputies(token: str, today: date) -> None:
    """The card below what waits for one's signature."""
    found = data.delegations(token)
    with frame.card("deputies"):
        st.html(markup.title(say("deputy.title")) + markup.note(say("deputy.note")))
        for one in found["deputies"]:
            _deputy(token, one, today)
        if found["standing_in"]:
            st.html(markup.entries(_standing_in(one, today) for one in found["standing_in"]))
        if by_hr := [one for one in found["roles"] if not one["can_delegate"]]:
            units = say("grant.and").join(one["unit_name"] for one in by_hr)
            st.html(markup.paragraph(say("deputy.by_hr", units=units)))
        if roles := [one for one in found["roles"] if one["can_delegate"]]:
            _name(token, roles, today)


def _role(one: Mapping[str, Any]) -> str:
    role = say(f"deputy.role.{one['role']}")
    return f"{one['unit_name']} · {role}" if one["unit_name"] else role


def _named(person: Mapping[str, Any]) -> str:
    return " ".join(str(part) for part in (person["name"], person["number"]) if part) or "—"


def _until(one: Mapping[str, Any], today: date) -> str:
    return say("apps.until", day=formats.day(one["until"], today, language()))


def _deputy(token: str, one: Mapping[str, Any], today: date) -> None:
    with st.container(
        key=f"row_deputy_{one['id']}", horizontal=True, wrap=False, vertical_alignment="center"
    ):
        waits = say("deputy.waits") if one["waits_for_undertaking"] else ""
        st.html(
            markup.entries(
                [markup.Entry(_named(one["deputy"]), f"{_role(one)} · {_until(one, today)}", waits)]
            )
        )
        if st.button(say("deputy.end"), key=f"end_deputy_{one['id']}", type="tertiary"):
            try:
                data.end_delegation(token, one["id"])
            except data.Refused as refusal:
                st.error(say(_REFUSALS.get(refusal.code, "deputy.wrong")))
                return
            st.toast(say("deputy.ended"))
            st.rerun()


def _standing_in(one: Mapping[str, Any], today: date) -> markup.Entry:
    holder = say("deputy.for", holder=_named(one["holder"]))
    return markup.Entry(holder, f"{_role(one)} · {_until(one, today)}")


def _name(token: str, roles: list[dict[str, Any]], today: date) -> None:
    with st.popover(say("deputy.add"), icon=":material/add:"):
        which = st.selectbox(
            say("deputy.role"),
            range(len(roles)),
            format_func=lambda place: _role(roles[place]),
            key="deputy_role",
        )
        number = st.text_input(say("form.number"), key="deputy_number", max_chars=32)
        until = st.date_input(
            say("deputy.until"),
            value=today + timedelta(days=14),
            min_value=today,
            key="deputy_until",
            format="YYYY-MM-DD",
        )
        if not st.button(say("deputy.name"), key="deputy_name", type="primary"):
            return
        if not number.strip() or until is None:
            st.error(say("deputy.incomplete"))
            return
        role = roles[which]
        try:
            data.name_deputy(token, role["role"], role["unit"], number.strip(), until.isoformat())
        except data.Refused as refusal:
            st.error(say(_REFUSALS.get(refusal.code, "deputy.wrong")))
            return
    st.toast(say("deputy.named"))
    st.rerun()
