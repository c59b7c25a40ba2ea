"""A sheet of figures, where the owner units stand on it, and the form that signs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import auth, data, formats
from dashboards.components import markup
from dashboards.components.receipt import name_of, unit_stand
from dashboards.components.refusals import said
from dashboards.text import language, say

__all__ = ["decide", "figures_table", "own_state", "stands"]

_LEVELS = ("school", "college", "major", "class")


def own_state(sheet: Mapping[str, Any], mine: Mapping[str, str]) -> str:
    """Where the reader's own units stand: what still waits comes before what is done."""
    states = {unit["state"] for unit in sheet["units"] if unit["unit"] in mine}
    for word in ("running", "changed", "unsigned", "rejected"):
        if word in states:
            return word
    return "signed"


def figures_table(found: Mapping[str, Any]) -> None:
    """All figures of the sheet, one level at a time."""
    present = {row["level"] for row in found["values"]}
    levels = [level for level in _LEVELS if level in present]
    level = st.segmented_control(
        say("signing.level"),
        levels,
        default=levels[0],
        required=True,
        format_func=lambda key: say(f"signing.level.{key}"),
        key="signing_level",
        label_visibility="collapsed",
    )
    tongue = language()
    indicators = {item["id"]: item for item in found["indicators"]}
    rows = [
        {
            say("signing.indicator"): name_of(indicators[row["indicator"]]),
            say("signing.scope"): row["unit_name"] or row["unit"],
            say("signing.value"): _value(row, indicators[row["indicator"]]["unit"], tongue),
            say("signing.fraction"): _fraction(row),
        }
        for row in found["values"]
        if row["level"] == level
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="auto" if len(rows) < 20 else 560)


def _value(row: Mapping[str, Any], unit: str, tongue: str) -> str:
    if row.get("is_suppressed"):
        return say("stat.suppressed")
    return formats.figure(row["value"], unit, tongue)


def _fraction(row: Mapping[str, Any]) -> str:
    if row["numerator"] is None or row["denominator"] is None:
        return ""
    return f"{formats.number(row['numerator'])} ÷ {formats.number(row['denominator'])}"


def stands(sheet: Mapping[str, Any]) -> None:
    """Each owner unit's word on the sheet."""
    st.html(markup.title(say("signing.others")))
    for unit in sheet["units"]:
        st.html(markup.paragraph(unit_stand(unit)))


def decide(
    visit: auth.Visit, sheet: Mapping[str, Any], content: str, mine: Mapping[str, str]
) -> None:
    """The form that signs or objects, on behalf of one of the reader's units."""
    if own_state(sheet, mine) == "running":
        st.html(markup.note(say("signing.running")))
        return
    units = [unit["unit"] for unit in sheet["units"] if unit["unit"] in mine]
    with st.form(f"decide_{sheet['dataset']}_{sheet['period']}", border=False):
        unit = units[0]
        if len(units) > 1:
            unit = st.selectbox(say("signing.unit"), units, format_func=mine.get)
        reason = st.text_area(say("signing.reason"), max_chars=1000, height=90)
        signs = st.form_submit_button(say("signing.sign"), type="primary", width="stretch")
        rejects = st.form_submit_button(say("signing.reject"), width="stretch")
        st.html(markup.note(say("signing.bound")))
    if not (signs or rejects):
        return
    decision = "signed" if signs else "rejected"
    if rejects and not reason.strip():
        st.error(say("signing.no_reason"))
        return
    try:
        data.sign(
            visit.token,
            dataset=sheet["dataset"],
            period=sheet["period"],
            unit=unit,
            decision=decision,
            reason=reason,
            content=content,
        )
    except data.Refused as refusal:
        moved = refusal.status == 409
        st.error(say("signing.moved") if moved else said(refusal))
        return
    st.toast(say(f"signing.done_{decision}"))
    st.rerun()
