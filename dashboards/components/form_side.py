"""Beside the form: what is missing, how much it is, what would do with less, and the button."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.form_state import Form, forget_form
from dashboards.components.refusals import said
from dashboards.text import TEXT, language, say

__all__ = ["ready_panel"]

#: Kind of application → its stages, as the gateway goes through them.
_PATHS = {
    "unit": ("unit_head", "supervising_leader", "leading_group", "working_group"),
    "individual": ("unit_head", "leading_group", "working_group"),
    "legal_case": ("leading_group", "working_group"),
}


def ready_panel(form: Form, found: Mapping[str, Any], today: date) -> None:
    problems = found["problems"]
    with frame.card("side"):
        st.html(markup.title(say("form.side")))
        if problems:
            st.html(
                markup.tag(say("form.todo", count=len(problems)), "watch")
                + markup.bullets(_problem(one) for one in problems)
            )
        else:
            st.html(markup.tag(say("form.ready"), "good"))
        _counts(form, found)
        _less(form, found, today)
        st.html(
            markup.note(say("form.path"))
            + markup.note(" → ".join(say(f"stage.{one}") for one in _PATHS[form.content["kind"]]))
        )
        if form.refusal:
            st.error(form.refusal)
            form.refusal = ""
        st.button(
            say("form.submitting" if form.sending else "form.submit"),
            key="submit",
            type="primary",
            width="stretch",
            disabled=bool(problems) or form.sending or form.conflict or form.id is None,
            on_click=_send,
            args=(form,),
        )
    if form.sending:
        _submit(form)


def _problem(one: Mapping[str, str]) -> str:
    key = f"form.problem.{one['code']}"
    return say(key, about=one["about"]) if one["about"] else say(key)


def _send(form: Form) -> None:
    form.sending = True


def _submit(form: Form) -> None:
    """After the button was drawn anew, so that it cannot be pressed twice meanwhile."""
    form.sending = False
    try:
        made = data.submit_draft(
            form.token,
            {"id": form.id, "version": form.version, "application": form.application},
        )
    except (data.Refused, data.GatewayAway) as refusal:
        if refusal.status == 409:
            form.conflict = True
        else:
            form.refusal = said(refusal)
        st.rerun()
    forget_form()
    st.session_state["_submitted"] = made
    st.switch_page(st.session_state["_pages"]["applications"], query_params={"id": made})


def _counts(form: Form, found: Mapping[str, Any]) -> None:
    counts = found["counts"]
    if not counts or not counts["tables"]:
        return
    titles = {
        table["name"]: table["title"]
        for dataset in form.known()["datasets"]
        for table in dataset["tables"]
    }
    lines = [
        say("form.table_rows", table=titles.get(table, table), rows=_told(count))
        for table, count in counts["tables"].items()
    ]
    people = counts["people"]
    if "all" in people:
        lines.insert(0, say("app.people", count=_told(people["all"])))
    st.html(markup.title(say("form.counts")) + "".join(markup.paragraph(line) for line in lines))


def _told(count: int | None) -> str:
    return say("app.few") if count is None else formats.number(count, 0)


def _less(form: Form, found: Mapping[str, Any], today: date) -> None:
    shown = [one for one in found["proposals"] if f"form.less.{one['code']}" in TEXT]
    if not shown:
        return
    st.html(markup.title(say("form.less")))
    for number, one in enumerate(shown):
        sentence = say(
            f"form.less.{one['code']}",
            table=one["table_title"],
            columns=say("grant.and").join(one["titles"]),
            day=(
                formats.day(one["instead"], today, language())
                if one["code"] == "shorter_term"
                else ""
            ),
        )
        with st.container(
            key=f"row_less_{number}", horizontal=True, wrap=False, vertical_alignment="center"
        ):
            st.html(markup.paragraph(sentence))
            if one["code"] in _TAKEN:
                st.button(
                    say("form.take"),
                    key=f"take_{number}",
                    type="tertiary",
                    on_click=_TAKEN[one["code"]],
                    args=(form, one),
                )


def _leave_out(form: Form, one: Mapping[str, Any]) -> None:
    """Leave the columns out, and take what stands in their place."""
    table = one["table"]
    kept = [name for name in form.content["columns"][table] if name not in one["columns"]]
    if one["instead"] and one["instead"] not in kept:
        kept.insert(0, one["instead"])
    form.content["columns"][table] = kept
    st.session_state[f"form_columns_{table}"] = kept


def _own_college(form: Form, one: Mapping[str, Any]) -> None:
    for part, conditions in one["instead"].items():
        for column, values in conditions.items():
            form.content["rows"][part][column] = values
            st.session_state[f"form_rows_{part}_{column}"] = values


def _shorter(form: Form, one: Mapping[str, Any]) -> None:
    form.content["last_day"] = one["instead"]
    st.session_state["form_last_day"] = formats.from_iso_date(one["instead"])


_TAKEN = {
    "pseudonym": _leave_out,
    "birth_date": _leave_out,
    "own_college": _own_college,
    "shorter_term": _shorter,
}
