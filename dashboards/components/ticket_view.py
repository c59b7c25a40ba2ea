"""A correction as it is listed and as it is opened: what was reported, how far it is, its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.application_list import pressed
from dashboards.text import language, say

__all__ = ["listed", "opened", "show_progress", "show_reported", "step_marks"]

_STATES = {
    "reported": "info",
    "acknowledged": "info",
    "corrected": "info",
    "refused": "bad",
    "contested": "watch",
    "upheld": "bad",
    "overturned": "watch",
    "withdrawn": "",
    "closed": "good",
}


def listed(scope: str, rows: Iterable[Mapping[str, Any]], today: date) -> None:
    """Rows of the list mine, unit or group, with a button where the reader may open it, by its id
    in the address."""
    for row in rows:
        offered = {"open": say("ticket.open")} if row["opens"] else {}
        if pressed(f"{scope}_{row['id']}", _entry(row, today, scope), offered):
            st.query_params["id"] = row["id"]
            st.rerun()


def opened(token: str, correction_id: str) -> dict[str, Any] | None:
    """The one in the address, with a way back; None where it is not there for this reader."""
    if st.button(say("ticket.back"), key="back", type="tertiary", icon=":material/arrow_back:"):
        st.query_params.pop("id", None)
        st.rerun()
    try:
        return data.correction(token, correction_id)
    except data.Refused:
        st.info(say("ticket.gone"))
        return None


def show_reported(found: Mapping[str, Any], today: date) -> None:
    """What was said to be wrong, with the evidence."""
    tongue = language()
    person = found["person"] or {}
    now = found["shown"] or (say("ticket.nothing_now") if found["row"] is None else "—")
    pairs = [
        (
            say("ticket.person"),
            " ".join(str(person[k]) for k in ("name", "number") if person.get(k)),
        ),
        (say("ticket.row"), found["row"] or ""),
        # Two stand in a line: what is shown beside what it should be.
        (say("ticket.unit"), "" if person else found["unit_name"]),
        (say("ticket.now"), now if found["kind"] == "value" else ""),
        (say("ticket.wanted"), found["wanted"]),
        (say("ticket.reason"), found["reason"]),
        (say("ticket.unit"), found["unit_name"] if person else ""),
    ]
    with frame.card("reported"):
        st.html(markup.title(_about(found)))
        st.html(markup.facts((label, value) for label, value in pairs if value))
        scans = [event for event in found["events"] if event["attachment"]]
        for number, event in enumerate(scans, 1):
            day = formats.day_of(event["at"], today, tongue)
            st.link_button(
                say("ticket.evidence_file", number=number, day=day),
                f"/files/attachments/{event['attachment']}",
                icon=":material/attach_file:",
                type="tertiary",
            )


def show_progress(found: Mapping[str, Any], today: date) -> None:
    """How far it is, by when somebody must act, what came of it, and who was told."""
    with frame.card("progress"):
        st.html(markup.title(say("ticket.progress")))
        late = _late(found, today)
        if late:
            st.html(markup.tag(late, "bad"))
        st.html(markup.stepper(step_marks(found, today)))
        decided = [event for event in found["events"] if event["reason"]]
        if decided:
            by = say(f"ticket.by.{decided[-1]['by']}")
            words = say("ticket.reason_of", who=by, reason=decided[-1]["reason"])
            st.html(markup.paragraph(words))
        if found["outcome"]:
            st.html(markup.paragraph(say(f"ticket.outcome.{found['outcome']}")))
        if found["told"]:
            st.html(markup.paragraph(say("ticket.told", count=found["told"])))
        if steps := [_step(event, today) for event in reversed(found["events"])]:
            with st.expander(say("ticket.history")):
                st.html(markup.timeline(steps))


def step_marks(found: Mapping[str, Any], today: date) -> list[tuple[str, str, str]]:
    """(name, note, done | current | to_come) of each stage, for `markup.stepper`; a refusal takes
    another way than a correction."""
    status, tongue = found["status"], language()
    at = {event["kind"]: formats.day_of(event["at"], today, tongue) for event in found["events"]}
    due = _due(found, today, own=False)
    sent = (say("ticket.step.sent"), at["reported"], "done")
    if status == "withdrawn":
        return [sent, (say("ticket.step.withdrawn"), at["withdrawn"], "done")]
    if status in ("refused", "contested", "upheld"):
        decided = {"refused": "to_come", "contested": "current", "upheld": "done"}[status]
        return [
            sent,
            (say("ticket.step.taken"), at.get("acknowledged", at["refused"]), "done"),
            (say("ticket.step.refused"), at["refused"], "done"),
            *(
                [(say("ticket.step.decided"), at.get("upheld", due), decided)]
                if status != "refused"
                else []
            ),
        ]
    place = {"reported": 1, "acknowledged": 2, "overturned": 2, "corrected": 3, "closed": 4}[status]
    names = ("taken", "system", "here")
    days = ("acknowledged", "corrected", "closed")
    marks = [sent]
    for number, (name, event) in enumerate(zip(names, days, strict=True), 1):
        state = "done" if number < place else "current" if number == place else "to_come"
        note = due if state == "current" else at.get(event, "") if state == "done" else ""
        marks.append((say(f"ticket.step.{name}"), note, state))
    return marks


def _about(row: Mapping[str, Any]) -> str:
    what = row["column_title"] or say(f"ticket.kind.{row['kind']}")
    return f"{row['item_name'] or row['table_title']} · {what}"


def _entry(row: Mapping[str, Any], today: date, scope: str) -> markup.Entry:
    day = formats.day_of(row["reported_at"], today, language())
    about = {"day": day, "id": row["id"]}
    line = (
        say("ticket.line_issue", **about)
        if scope == "unit"
        else say("ticket.line", unit=row["unit_name"], **about)
    )
    return markup.Entry(
        _about(row),
        line,
        _due(row, today, own=scope == "mine"),
        side=say(f"ticket.status.{row['status']}"),
        state="bad" if row["late"] else _STATES[row["status"]],
    )


def _due(row: Mapping[str, Any], today: date, *, own: bool) -> str:
    """Whom it waits for, until when; of one's `own` that was refused, what one can do."""
    if own and row["status"] == "refused":
        return "" if row["was_contested"] else say("ticket.may_contest")
    if row["due_on"] is None or row["waits_for"] is None:
        return ""
    day = formats.deadline(row["due_on"], today, language())
    if row["status"] == "corrected":
        return say("ticket.due.delivery", day=day)
    if row["waits_for"] == "working_group":
        return say("ticket.due.working_group", day=day)
    return say("ticket.due.unit", unit=row["unit_name"], day=day)


def _late(row: Mapping[str, Any], today: date) -> str:
    """Whether it is late the gateway says; how long, the day that the page counts from."""
    due = formats.from_iso_date(row["due_on"])
    if not row["late"] or due is None:
        return ""
    return say("ticket.late", days=max(1, (today - due).days))


def _step(event: Mapping[str, Any], today: date) -> tuple[str, str, str, bool]:
    kind = event["kind"]
    word = say("ticket.event.evidence") if kind == "evidence" else say(f"ticket.status.{kind}")
    who = " · ".join(part for part in (say(f"ticket.by.{event['by']}"), event["reason"]) if part)
    return formats.moment(event["at"], today, language()), word, who, False
