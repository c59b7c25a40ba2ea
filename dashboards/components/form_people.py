"""The parts of the form about people: users, vendor, contacts, a court's letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.form_state import Form, bind
from dashboards.text import say

__all__ = ["name_contacts", "name_legal", "name_users", "name_vendor"]


def name_users(form: Form, found: Mapping[str, Any]) -> None:
    """Each by the exact number; what is found is shown by name and unit."""
    users = form.content["users"]
    with frame.card("users"):
        st.html(markup.title(say("form.users")) + markup.note(say("form.users_note")))
        for number in users:
            person = found["people"].get(number)
            entry = markup.Entry(
                person["name"] if person else number,
                f"{number} · {person['unit'] or '—'}" if person else "",
                "" if person else say("form.problem.unknown_user", about=number),
            )
            with st.container(
                key=f"row_user_{number}", horizontal=True, wrap=False, vertical_alignment="center"
            ):
                st.html(markup.entries([entry]))
                st.button(
                    say("form.remove"),
                    key=f"drop_user_{number}",
                    type="tertiary",
                    on_click=users.remove,
                    args=(number,),
                )
        with (
            st.form("add_user", border=False, clear_on_submit=True),
            st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
        ):
            st.text_input(say("form.number"), key="user_number", max_chars=32, width=220)
            st.form_submit_button(
                say("form.number_add"), key="user_add", on_click=_add, args=(form,)
            )
        own = form.known()["number"]
        if own and own[0] not in users:
            st.button(
                say("form.add_me"), key="user_me", type="tertiary",
                on_click=users.append, args=(own[0],),
            )  # fmt: skip
        if problem := st.session_state.pop("_user_problem", None):
            st.error(say(problem))


def _add(form: Form) -> None:
    """Runs before the page does, so that the list is whole when it is drawn."""
    number = str(st.session_state.get("user_number") or "").strip()
    if not number:
        return
    try:
        data.colleague(form.token, number)
    except data.Refused:
        st.session_state["_user_problem"] = "form.number_none"
        return
    if number in form.content["users"]:
        st.session_state["_user_problem"] = "form.number_twice"
    else:
        form.content["users"].append(number)


def name_vendor(form: Form) -> None:
    vendor = form.content["vendor"] or {}
    with frame.card("vendor"):
        st.html(markup.title(say("form.vendor")))
        if not st.toggle(say("form.has_vendor"), key=bind("has_vendor", bool(vendor))):
            return
        st.text_input(
            say("form.vendor_name"),
            key=bind("vendor_name", vendor.get("name", "")),
            max_chars=120,
        )
        for who in ("head", "contact"):
            _contact(say(f"form.vendor_{who}"), f"vendor_{who}", vendor.get(who, {}))
        st.text_area(
            say("form.vendor_people"),
            key=bind("vendor_people", "\n".join(vendor.get("people", []))),
            height=90,
            max_chars=2000,
        )
        st.html(markup.note(say("form.vendor_note")))


def name_contacts(form: Form) -> None:
    with frame.card("contacts"):
        st.html(markup.title(say("form.contacts")))
        for who in ("system_owner", "contact"):
            _contact(say(f"form.{who}"), who, form.content[who])


def _contact(label: str, name: str, held: Mapping[str, str]) -> None:
    left, right = st.columns(2, gap="small")
    left.text_input(label, key=bind(f"{name}_name", held.get("name", "")), max_chars=60)
    right.text_input(
        say("form.phone"), key=bind(f"{name}_phone", held.get("phone", "")), max_chars=40
    )


def name_legal(form: Form) -> None:
    legal = form.content["legal"] or {}
    with frame.card("legal"):
        st.html(markup.title(say("form.legal")))
        left, right = st.columns(2, gap="small")
        left.text_input(
            say("form.legal_authority"),
            key=bind("legal_authority", legal.get("authority", "")),
            max_chars=120,
        )
        right.text_input(
            say("form.legal_case"),
            key=bind("legal_case", legal.get("case_number", "")),
            max_chars=120,
        )
        st.text_area(
            say("form.legal_officers"),
            key=bind("legal_officers", "\n".join(legal.get("officers", []))),
            height=90,
            max_chars=1000,
        )
        st.date_input(
            say("form.legal_silent"),
            value=None,
            key=bind("legal_silent", formats.from_iso_date(legal.get("keep_silent_until"))),
            format="YYYY-MM-DD",
        )
