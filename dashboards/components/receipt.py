"""口径: what stands behind a figure, said next to it and without more certainty than there is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import auth, data, formats
from dashboards.components import frame, markup
from dashboards.figures import Cell, target_state
from dashboards.text import language, say

__all__ = ["badge_label", "certainty", "receipt_popover", "target_text", "unit_stand"]

_ICONS = {
    "good": (":material/check_circle:", "green"),
    "watch": (":material/error:", "orange"),
    "bad": (":material/cancel:", "red"),
}


def badge_label(state: str, signed: str = "") -> str:
    """The word and icon of a state, as a coloured badge; behind it, unless the owner units have
    signed the figure, that they have not."""
    label = say("state.plain")
    if state in _ICONS:
        icon, colour = _ICONS[state]
        label = f":{colour}-badge[{icon} {say(f'state.{state}')}]"
    if signed in ("", "signed"):
        return label
    colour = "orange" if signed in ("changed", "rejected") else "gray"
    return f"{label} :{colour}-badge[{say(f'signed.{signed}')}]"


def certainty(code: str | None) -> str:
    """How sure the definition is. What nobody checked is never called checked."""
    text = (code or "").lower()
    if not text or text == "ours":
        return say("certainty.ours") if text else formats.MISSING
    if text == "read":
        return say("certainty.read")
    if "remembered" in text:
        return say("certainty.name" if text.startswith("name") else "certainty.remembered")
    return f"{say('certainty.read')} / {say('certainty.ours')}" if "ours" in text else str(code)


def target_text(indicator: Mapping[str, Any]) -> str:
    """`≤ 18 : 1`; empty where there is no target."""
    target, operator = indicator.get("target"), indicator.get("target_operator")
    if target is None or not operator:
        return ""
    sign = {"<=": "≤", ">=": "≥"}.get(operator, operator)
    unit = indicator["unit"]
    if "%" in unit:
        return f"{sign} {formats.number(target)}%"
    if unit.startswith("比值"):
        return f"{sign} {formats.number(target)} : 1"
    return f"{sign} {formats.number(target)}"


def receipt_popover(
    visit: auth.Visit,
    indicator: Mapping[str, Any],
    cell: Cell | None,
    key: str,
    signed: str = "",
) -> None:
    """The state's badge; pressed, it opens the receipt. The receipt is fetched when opened."""
    state = target_state(indicator, cell.value if cell else None)
    opened = st.popover(
        badge_label(state, signed),
        type="tertiary",
        wrap=False,
        key=f"receipt_{key}",
        on_change="rerun",
    )
    if not opened.open:
        return
    with opened:
        try:
            behind = data.receipt(visit.token, indicator["id"])
        except data.SignedOut:
            raise
        except data.GatewayError:
            st.html(markup.note(say("receipt.away")))
            return
        _contents(indicator, cell, state, behind)


def _contents(
    indicator: Mapping[str, Any], cell: Cell | None, state: str, behind: Mapping[str, Any]
) -> None:
    today, tongue = frame.today(), language()
    checks = behind.get("checks") or {}
    failing = checks.get("failing") or []
    batches = behind.get("batches") or []
    target = target_text(indicator)
    pairs = [
        (say("receipt.state"), say(f"state.{state}") if state != "plain" else ""),
        (say("receipt.target"), _honest(indicator.get("target_text") or target)),
        (say("receipt.definition"), indicator.get("formula") or ""),
        (say("receipt.fraction"), _fraction(cell)),
        (say("receipt.owners"), "、".join(behind.get("owners") or [])),
        (say("receipt.signed"), _signed(behind.get("sign_offs") or [], cell)),
        (say("receipt.basis"), indicator.get("source") or ""),
        (say("receipt.certainty"), certainty(indicator.get("certainty"))),
        (
            say("receipt.as_of"),
            formats.day(cell.as_of_date, today, tongue) if cell and cell.as_of_date else "",
        ),
        (say("receipt.batches"), _batches(batches)),
        (
            say("receipt.checks"),
            say("receipt.checks_value", passing=checks.get("passing", 0), failing=len(failing)),
        ),
        (say("receipt.note"), _honest(indicator.get("note") or "")),
    ]
    st.html(markup.definition_list(pairs))
    for check in failing[:3]:
        st.html(markup.note(f"✗ {check.get('description') or check.get('name')}"))
    if behind.get("sql"):
        with st.expander(say("receipt.sql")):
            st.code(behind["sql"], language="sql", wrap_lines=True)


def _signed(sheets: list[Mapping[str, Any]], cell: Cell | None) -> str:
    """Where the owner units stand on the figures of this period, those that agree together."""
    units = next(
        (sheet["units"] for sheet in sheets if cell is not None and sheet["period"] == cell.period),
        [],
    )
    silent: dict[str, list[str]] = {}
    for unit in units:
        if not unit.get("at"):
            silent.setdefault(unit["state"], []).append(unit["name"])
    if "running" in silent:
        return say("signed.running")
    said = [unit_stand(unit) for unit in units if unit.get("at")]
    return "；".join(
        [*said, *(f"{'、'.join(names)} {say(f'signed.{word}')}" for word, names in silent.items())]
    )


def unit_stand(unit: Mapping[str, Any]) -> str:
    """`人事处 已签认，11月20日 09:30`; an objection with its reason."""
    word = say(f"signed.{unit['state']}")
    if unit.get("at"):
        moment = formats.moment(unit["at"], frame.today(), language())
        word = say("signing.said", state=word, moment=moment)
    reason = f"：{unit['reason']}" if unit.get("reason") else ""
    return f"{unit['name']} {word}{reason}"


def _honest(text: str) -> str:
    """The marks of certainty in a definition's text, in the reader's language."""
    text = text.replace("remembered", say("certainty.mark_remembered"))
    return re.sub(r"[（(]read[)）]", f"（{say('certainty.mark_read')}）", text)


def _fraction(cell: Cell | None) -> str:
    if cell is not None and cell.is_suppressed:
        return say("stat.suppressed")
    if cell is None or cell.numerator is None or cell.denominator is None:
        return ""
    return f"{formats.number(cell.numerator)} ÷ {formats.number(cell.denominator)}"


def _batches(batches: list[Mapping[str, Any]]) -> str:
    if not batches:
        return ""
    newest = max(str(batch["extracted_at"]) for batch in batches)
    return say(
        "receipt.batches_value",
        count=len(batches),
        moment=formats.moment(newest, frame.today(), language()),
        rows=formats.number(sum(batch.get("accepted_rows") or 0 for batch in batches), 0),
        refused=formats.number(sum(batch.get("refused_rows") or 0 for batch in batches), 0),
    )
