"""*This is wrong*: the button below a box, and the dialog that sends a report to the owner unit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import auth, data
from dashboards.components import markup
from dashboards.components.refusals import said
from dashboards.components.scan_field import scan_field
from dashboards.text import say

__all__ = ["press"]

#: What the dialog was opened with. One that was closed is forgotten by the next.
_OPEN = "_wrong"
_KINDS = ("value", "row", "missing")
_REFUSALS = {
    "conflict": "wrong.again",
    "usage_error": "wrong.stale",
    "not_found": "wrong.not_here",
}


def press(place: str, table: str) -> None:
    """The button of one box, for who may report. What can be chosen is asked for when it is
    pressed, and not before."""
    visit = auth.current_visit()
    if "my_tickets" not in visit.pages:
        return
    pressed = st.button(
        say("wrong.press"),
        key=f"wrong_{place}",
        type="tertiary",
        icon=":material/flag:",
        width="content",
    )
    if not pressed:
        return
    try:
        offered = data.correction_choices(visit.token, table)
    except (data.Refused, data.GatewayAway) as refusal:
        away = isinstance(refusal, data.GatewayAway)
        st.toast(said(refusal) if away else say("wrong.not_here"))
        return
    st.session_state[_OPEN] = {"offered": offered, "reference": secrets.token_hex(16)}
    st.dialog(say("wrong.title"), icon=":material/flag:")(_dialog)()


def _dialog() -> None:
    """Runs anew by itself at each choice; the box behind it does not."""
    opened = st.session_state.get(_OPEN)
    if opened is None:
        return
    if sent := opened.get("sent"):
        _sent(sent)
        return
    offered = opened["offered"]
    st.html(markup.paragraph(say("wrong.about", title=offered["title"])))
    items = offered["items"]
    item = items[0]
    if len(items) > 1:
        item = items[
            st.selectbox(
                say("wrong.item"),
                range(len(items)),
                format_func=lambda place: items[place]["name"] or offered["title"],
                key="wrong_item",
            )
        ]
    if item["self"]:
        st.html(markup.paragraph(say("wrong.self")))
        return
    st.html(markup.note(say("wrong.unit", unit=item["unit_name"])))
    chosen = _place(offered, item)
    kind = chosen["kind"]
    right = say("wrong.wanted" if kind == "value" else f"wrong.wanted.{kind}")
    wanted = st.text_input(right, max_chars=200, key="wrong_wanted")
    reason = st.text_area(say("wrong.reason"), max_chars=1000, height=90, key="wrong_reason")
    scan = scan_field(say("wrong.evidence"), key="wrong_scan")
    clock = offered["clock"]
    st.html(
        markup.note(say("wrong.how"))
        + markup.note(
            say(
                "wrong.clock",
                unit=item["unit_name"],
                acknowledge=clock["acknowledge_days"],
                decide=clock["decide_days"],
            )
        )
    )
    if not st.button(say("wrong.send"), key="wrong_send", type="primary", width="stretch"):
        return
    asked = {
        say("wrong.row"): chosen["row"] or kind == "missing",
        say("wrong.column"): chosen["column"] or kind != "value",
        right: wanted.strip(),
        say("wrong.reason"): reason.strip(),
    }
    if open_fields := [label for label, given in asked.items() if not given]:
        st.error(say("wrong.incomplete", fields=say("wrong.and").join(open_fields)))
        return
    report = {
        **chosen,
        "table": offered["table"],
        "item": item["code"] or "",
        "wanted": wanted,
        "reason": reason,
        "reference": opened["reference"],
    }
    _send(opened, item, report, scan)


def _place(offered: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, str]:
    """kind, row and column, chosen from what is shown; empty where nothing is chosen yet. None of
    several is proposed: what nobody looked at would be reported as wrong."""
    rows = offered["rows"]
    kind = st.segmented_control(
        say("wrong.kind"),
        _KINDS,
        default="value",
        required=True,
        format_func=lambda key: say(f"wrong.kind.{key}"),
        key="wrong_kind",
    )
    row = rows[0] if len(rows) == 1 else None
    if kind != "missing" and len(rows) > 1:
        place = st.selectbox(
            say("wrong.row"),
            range(len(rows)),
            index=None,
            placeholder=say("form.choose"),
            format_func=lambda place: rows[place]["label"],
            key="wrong_row",
        )
        row = None if place is None else rows[place]
    column = None
    if kind == "value":
        columns = [one for one in offered["columns"] if (item["code"] or "") in one["items"]]
        titles = {one["name"]: one["title"] for one in columns}
        column = st.selectbox(
            say("wrong.column"),
            list(titles),
            index=None,
            placeholder=say("form.choose"),
            format_func=titles.__getitem__,
            key="wrong_column",
        )
        if row is not None and column is not None:
            shown = row["values"].get(column) or say("wrong.empty")
            st.html(markup.note(say("wrong.now", value=shown)))
    return {
        "kind": kind,
        "row": "" if kind == "missing" or row is None else row["key"],
        "column": column or "",
    }


def _send(opened: dict[str, Any], item: Mapping[str, Any], report: dict[str, str], scan) -> None:
    token = auth.current_visit().token
    try:
        made = data.report_correction(token, report)
    except (data.Refused, data.GatewayAway) as refusal:
        known = _REFUSALS.get(refusal.code)
        st.error(say(known) if known else said(refusal))
        return
    kept = True
    if scan is not None:
        try:
            data.add_evidence(token, made, scan.getvalue(), scan.type)
        except (data.Refused, data.GatewayAway):
            kept = False
    opened["sent"] = {"id": made, "unit": item["unit_name"], "kept": kept}
    del opened["offered"]
    st.rerun(scope="fragment")


def _sent(sent: Mapping[str, Any]) -> None:
    st.success(say("wrong.sent", unit=sent["unit"], id=sent["id"]))
    if not sent["kept"]:
        st.warning(say("wrong.no_evidence"))
    st.page_link(
        st.session_state["_pages"]["tickets"],
        label=say("wrong.see"),
        icon=":material/arrow_forward:",
        query_params={"id": sent["id"]},
    )
