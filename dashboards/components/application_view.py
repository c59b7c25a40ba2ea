"""One application in full: what is asked, its form, where it stands, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.application_list import status_tag
from dashboards.components.limits import limits_line
from dashboards.text import language, say

__all__ = ["opened", "show", "show_asked", "show_stands"]


def show(line: Mapping[str, Any]) -> None:
    """Open the application of a row: its id stands in the address."""
    st.query_params["id"] = line["id"]
    st.rerun()


def opened(token: str, application_id: str) -> dict[str, Any] | None:
    """The way back and the head of the application that the address names; None, after saying so,
    where there is none that the reader may know of."""
    if st.button(say("apps.back"), key="back", type="tertiary", icon=":material/arrow_back:"):
        st.query_params.pop("id", None)
        st.rerun()
    try:
        found = data.application(token, application_id)
    except data.Refused:
        frame.top(say("app.nothing"))
        st.html(markup.paragraph(say("app.nothing_body")))
        return None
    _show_head(found)
    return found


def _show_head(found: Mapping[str, Any]) -> None:
    """Title, state, and what the applicant is to do where it came back."""
    word, state = status_tag(found)
    frame.top(
        found["purpose_text"] or say("apps.untitled"),
        found["unit_name"],
        say(f"kind.{found['kind']}"),
        found["id"],
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(markup.tag(word, state))
        st.link_button(
            say("app.print"),
            f"/files/applications/{found['id']}/paper.pdf",
            type="tertiary",
            icon=":material/print:",
        )
    last = found["history"][-1]
    if last["kind"] == "returned":
        st.warning(say("app.returned", reason=markup.literal(last["reason"])))
    elif last["kind"] == "rejected":
        st.error(say("app.rejected", reason=markup.literal(last["reason"])))


def show_asked(found: Mapping[str, Any], today: date) -> None:
    """Tables and columns, the rows and how many, then the fields of the form."""
    with frame.card("asked"):
        st.html(markup.title(say("app.asked")))
        counts = found["counts"] or {}
        for table in found["tables_asked"]:
            rows = _rows(counts, table["name"])
            st.html(
                markup.paragraph(" · ".join(p for p in (table["title"], rows) if p))
                + _columns(table["columns"])
            )
        limits = [
            (_limited(one), say("grant.and").join(one["values"])) for one in found["rows_asked"]
        ]
        st.html(
            markup.facts(limits or [(say("app.rows"), say("app.all_rows"))])
            + markup.note(_people(counts))
        )
    with frame.card("form"):
        st.html(markup.title(say("app.facts")) + markup.facts(_facts(found, today)))


def _columns(columns: list[dict[str, Any]]) -> str:
    """Name, title and class of each; reasons only where a sensitive one is among them."""
    headings = [say("app.column"), say("app.title"), say("app.kind")]
    rows = [[c["name"], c["title"], say(f"privacy.{c['privacy']}")] for c in columns]
    if any(column["reason"] for column in columns):
        headings.append(say("app.reason"))
        rows = [[*row, c["reason"]] for row, c in zip(rows, columns, strict=True)]
    return markup.columns_table(headings, rows)


def _limited(one: Mapping[str, Any]) -> str:
    part = say(f"form.part.{one['part']}") if one["part"] != "columns" else ""
    return " · ".join(word for word in (part, one["title"]) if word)


def _rows(counts: Mapping[str, Any], table: str) -> str:
    if table not in counts.get("tables", {}):
        return ""
    count = counts["tables"][table]
    shown = say("app.few") if count is None else formats.number(count, 0)
    return say("app.rows_in", rows=shown)


def _people(counts: Mapping[str, Any]) -> str:
    people = counts.get("people") or {}
    if "all" not in people:
        return ""
    count = people["all"]
    return say("app.people", count=say("app.few") if count is None else formats.number(count, 0))


def _facts(found: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    tongue, content, joint = language(), found["content"], say("grant.and")
    vendor, legal = content["vendor"], content["legal"]
    first = content["first_day"]
    term = say(
        "app.term_value",
        first=formats.day(first, today, tongue) if first else say("app.from_approval"),
        last=formats.day(content["last_day"], today, tongue),
    )
    pairs = [
        (say("app.unit"), found["unit_name"]),
        (say("app.applicant"), _named(found["applicant"])),
        (say("app.purpose"), say(f"purpose.{content['purpose']}")),
        (say("app.channels"), joint.join(say(f"channel.{c}") for c in content["channels"])),
        (say("app.term"), term),
        (say("app.limits"), limits_line(content["limits"])),
        (say("app.minors"), found.get("minors", "")),
        (say("app.users"), joint.join(_named(user) for user in content["users"])),
        (say("app.contact"), _contact(content["contact"])),
        (say("app.system_owner"), _contact(content["system_owner"])),
        (
            say("app.returns"),
            joint.join(
                f"{item['name']}（{say('form.every.' + item['every'])}，"
                f"{formats.day(item['first_due'], today, tongue)}）"
                for item in content["returns"]
            ),
        ),
    ]
    if vendor:
        pairs += [
            (say("app.vendor"), f"{vendor['name']} · {_contact(vendor['contact'])}"),
            (say("app.vendor_people"), joint.join(vendor["people"])),
        ]
    if legal:
        pairs.append((say("app.legal"), f"{legal['authority']} {legal['case_number']}"))
    return [(label, value) for label, value in pairs if value]


def _named(person: Mapping[str, Any]) -> str:
    return " ".join(str(part) for part in (person["name"], person["number"]) if part) or "—"


def _contact(contact: Mapping[str, Any]) -> str:
    return " ".join(part for part in (contact["name"], contact["phone"]) if part)


def show_stands(found: Mapping[str, Any], today: date) -> None:
    """The stages as a stepper, the undertakings, and every step that was taken."""
    tongue = language()
    with frame.card("stands"):
        st.html(
            markup.title(say("app.stages"))
            + markup.stepper(
                [
                    (
                        say(f"stage.{stage['stage']}"),
                        _stage_note(stage, today),
                        stage["state"],
                    )
                    for stage in found["stages"]
                ]
            )
        )
        st.html(markup.title(say("app.undertakings")) + markup.entries(_undertakings(found)))
    with frame.card("history"):
        steps = [
            (
                formats.moment(step["at"], today, tongue),
                _step(step),
                " · ".join(part for part in (_who(step), _channel(step), step["reason"]) if part),
                False,
            )
            for step in reversed(found["history"])
        ]
        st.html(markup.title(say("app.history")) + markup.timeline(steps))


def _stage_note(stage: Mapping[str, Any], today: date) -> str:
    if stage["state"] == "done":
        when = formats.moment(stage["at"], today, language())
        return " · ".join(part for part in (_who(stage), when) if part)
    return say("app.stage_now" if stage["state"] == "current" else "app.stage_to_come")


def _step(step: Mapping[str, Any]) -> str:
    stage = f"{say('stage.' + step['stage'])}：" if step["stage"] else ""
    return stage + say(f"step.{step['kind']}")


def _who(step: Mapping[str, Any]) -> str:
    if step["for"]:
        return say("step.for", who=step["who"] or "—", principal=step["for"])
    return step["who"] or ""


def _channel(step: Mapping[str, Any]) -> str:
    key = {"paper": "step.by_paper", "command": "step.by_paper", "oa": "step.by_oa"}
    return say(key[step["channel"]]) if step["channel"] in key else ""


def _undertakings(found: Mapping[str, Any]) -> list[markup.Entry]:
    signed = found["undertakings"]
    parties = [
        (say(f"app.undertaking_{party}"), signed[party])
        for party in ("unit", "vendor")
        if signed[party] is not None
    ]
    parties += [(_named(user), user["signed"]) for user in signed["users"]]
    return [
        markup.Entry(
            name,
            side=say("app.signed" if done else "app.unsigned"),
            state="good" if done else "watch",
        )
        for name, done in parties
    ]
