"""Rows of applications, drafts and grants, and the words that say where each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import markup
from dashboards.text import language, say

__all__ = ["application_entry", "grant_entry", "pressed", "rows", "status_tag", "tables_line"]

_STATUS = {
    "open": "info",
    "returned": "watch",
    "rejected": "bad",
    "withdrawn": "",
    "authorised": "good",
}
_GRANT = {
    "live": "good",
    "not_yet": "info",
    "waiting": "watch",
    "frozen": "watch",
    "return_overdue": "watch",
    "expired": "",
    "revoked": "",
    "shut": "bad",
    "unapproved": "bad",
}
#: How many rows stand before the rest is folded.
_FIRST = 12


def status_tag(line: Mapping[str, Any]) -> tuple[str, str]:
    """The word for where an application stands and its colour: an open one names who is next, and
    an authorised one is what became of its grant."""
    if line["status"] == "open":
        stage = say(f"stage.{line['stage']}")
        return say("status.waits", stage=stage), _STATUS["open"]
    if line["grant_state"] not in (None, "live"):
        return say(f"grant.state.{line['grant_state']}"), _GRANT[line["grant_state"]]
    return say(f"status.{line['status']}"), _STATUS[line["status"]]


def tables_line(titles: list[str]) -> str:
    if len(titles) > 2:
        return say("apps.tables", first=titles[0], count=len(titles))
    return say("grant.and").join(titles)


def application_entry(line: Mapping[str, Any], today: date) -> markup.Entry:
    word, state = status_tag(line)
    tongue = language()
    about = " · ".join(
        part
        for part in (
            say("apps.by", unit=line["unit_name"], name=line["applicant"]["name"] or "—"),
            formats.day_of(line["submitted_at"], today, tongue),
            line["id"],
        )
        if part
    )
    extends = say("apps.extends", grant=line["extends"]) if line["extends"] else ""
    return markup.Entry(
        line["purpose_text"] or say("apps.untitled"),
        extends or tables_line(line["tables"]),
        about,
        side=word,
        state=state,
    )


def grant_entry(grant: Mapping[str, Any], today: date) -> markup.Entry:
    until = formats.last_day(grant["expires_at"], today, language())
    lacks_mine = grant["state"] == "live" and grant["mine"] and not grant["signed"]
    return markup.Entry(
        grant["purpose_text"],
        tables_line([table["title"] for table in grant["tables"]]),
        why_not(grant, today),
        f"{grant['unit_name']} · {say('apps.until', day=until)} · {grant['id']}",
        side=say("grant.state.unsigned" if lacks_mine else f"grant.state.{grant['state']}"),
        state="watch" if lacks_mine else _GRANT[grant["state"]],
    )


def why_not(grant: Mapping[str, Any], today: date) -> str:
    """What keeps a grant from being used, and by whom; empty where it can be."""
    tongue, state = language(), grant["state"]
    if state == "revoked":
        day = formats.day_of(grant["ended_at"], today, tongue)
        return say("grant.ended", day=day, reason=grant["end_reason"])
    if state == "not_yet":
        day = formats.day_of(grant["valid_from"], today, tongue)
        return say("grant.why.not_yet", day=day)
    if state != "live":
        return say(f"grant.why.{state}")
    if grant["mine"] and not grant["signed"]:
        return say("grant.why.unsigned")
    unsigned = [str(user["name"] or "—") for user in grant["users"] if not user["signed"]]
    return say("grant.unsigned", names=say("grant.and").join(unsigned)) if unsigned else ""


def pressed(key: str, entry: markup.Entry, buttons: Mapping[str, str]) -> str | None:
    """One row with its buttons at the right, by name; the name of the one that was pressed."""
    with st.container(
        key=f"row_{key}", horizontal=True, wrap=False, vertical_alignment="center", gap="small"
    ):
        st.html(markup.entries([entry]))
        found = None
        for name, label in buttons.items():
            if st.button(label, key=f"{name}_{key}", type="tertiary", width="content"):
                found = name
        return found


def rows(
    name: str,
    items: Iterable[Mapping[str, Any]],
    entry: Callable[[Mapping[str, Any]], markup.Entry],
    opened: Callable[[Mapping[str, Any]], None],
) -> None:
    """A list whose rows open something; the older ones are folded."""
    listed = list(items)

    def one(item: Mapping[str, Any]) -> None:
        if pressed(f"{name}_{item['id']}", entry(item), {"open": say("apps.open")}):
            opened(item)

    for item in listed[:_FIRST]:
        one(item)
    if rest := listed[_FIRST:]:
        with st.expander(say("apps.more", count=len(rest))):
            for item in rest:
                one(item)
