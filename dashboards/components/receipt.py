"""口径: what stands behind a figure, said next to it and without more certainty than there is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards import auth, data, formats
from dashboards.components import frame, markup
from dashboards.figures import Cell, Figures
from dashboards.text import language, say

__all__ = ["badge_label", "certainty", "name_of", "receipt_popover", "target_text", "unit_stand"]

_ICONS = {
    "good": (":material/check_circle:", "green"),
    "watch": (":material/error:", "orange"),
    "bad": (":material/cancel:", "red"),
}


def badge_label(state: str, signed: str = "") -> str:
    """The word and icon of a state, as a coloured badge; behind it, unless the owner units have
    signed the figure or cannot yet, that they have not."""
    label = say("state.plain")
    if state in _ICONS:
        icon, colour = _ICONS[state]
        label = f":{colour}-badge[{icon} {say(f'state.{state}')}]"
    if signed in ("", "signed", "running"):
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
    figures: Figures,
    choices: Sequence[tuple[Mapping[str, Any], Cell | None]],
    key: str,
    *,
    quiet: bool = False,
) -> None:
    """A badge; pressed, it opens the receipt, which is fetched then. It shows the figure's state,
    or, `quiet`, the word 口径 beside a chart or table. Of several figures one is chosen inside."""
    indicator, cell = choices[0]
    state = figures.state(indicator, cell)
    signed = figures.signed(indicator, cell) if cell else ""
    opened = st.popover(
        say("state.plain") if quiet else badge_label(state, signed),
        icon=":material/receipt_long:" if quiet else None,
        type="tertiary",
        wrap=False,
        key=f"receipt_{key}",
        on_change="rerun",
    )
    if not opened.open:
        return
    with opened:
        if len(choices) > 1:
            names = {item["id"]: name_of(item) for item, _ in choices}
            chosen = st.selectbox(
                say("stat.indicator"), list(names), format_func=names.get, key=f"of_{key}"
            )
            indicator, cell = next(pair for pair in choices if pair[0]["id"] == chosen)
        if "overview_statistics" not in visit.pages:  # the public page: what the file itself says
            _contents(figures, indicator, cell, {"owners": indicator.get("owners") or []})
            return
        try:
            behind = data.receipt(visit.token, indicator["id"])
        except data.SignedOut:
            raise
        except data.GatewayError:
            st.html(markup.note(say("receipt.away")))
            return
        _contents(figures, indicator, cell, behind)


def name_of(indicator: Mapping[str, Any]) -> str:
    """The indicator's name in the reader's language."""
    return (language() == "en" and indicator.get("name_en")) or indicator["name"]


def _contents(
    figures: Figures, indicator: Mapping[str, Any], cell: Cell | None, behind: Mapping[str, Any]
) -> None:
    today, tongue = frame.today(), language()
    state = figures.state(indicator, cell)
    checks = behind.get("checks") or {}
    failing = checks.get("failing") or []
    pairs = [
        (say("receipt.figure"), _figure(figures, indicator, cell)),
        (say("receipt.state"), say(f"state.{state}") if state != "plain" else ""),
        (say("receipt.before"), _before(figures, indicator, cell)),
        (say("receipt.target"), target_text(indicator)),
        (say("receipt.threshold"), _threshold(indicator)),
        (say("receipt.definition"), indicator.get("formula") or ""),
        (say("receipt.fraction"), _fraction(cell)),
        (say("receipt.owners"), "、".join(behind.get("owners") or [])),
        (say("receipt.signed"), _stands(figures, indicator, cell, behind)),
        (say("receipt.basis"), indicator.get("source") or ""),
        (say("receipt.certainty"), certainty(indicator.get("certainty"))),
        (
            say("receipt.as_of"),
            formats.day(cell.as_of_date, today, tongue) if cell and cell.as_of_date else "",
        ),
        (say("receipt.batches"), _batches(behind.get("batches") or [])),
        (
            say("receipt.checks"),
            say("receipt.checks_value", passing=checks.get("passing", 0), failing=len(failing))
            if checks
            else "",
        ),
        (say("receipt.note"), _honest(indicator.get("note") or "")),
    ]
    st.html(markup.definition_list(pairs))
    for check in failing[:3]:
        st.html(markup.note(f"✗ {check.get('description') or check.get('name')}"))
    if behind.get("sql"):
        with st.expander(say("receipt.sql")):
            st.code(behind["sql"], language="sql", wrap_lines=True)


def _figure(figures: Figures, indicator: Mapping[str, Any], cell: Cell | None) -> str:
    """Which figure it is: of whom, of when, and its value."""
    if cell is None:
        return ""
    tongue = language()
    place = say("stat.school") if cell.scope.level == "school" else cell.scope.name
    period = formats.year_name(cell.period, tongue, running=figures.unfinished(cell))
    value = (
        say("stat.suppressed")
        if cell.is_suppressed
        else formats.figure(cell.value, indicator["unit"], tongue)
    )
    return f"{place} · {period} · {value}"


def _before(figures: Figures, indicator: Mapping[str, Any], cell: Cell | None) -> str:
    """The period before and the difference; of a year that is not over the first alone."""
    before = figures.before(cell) if cell is not None else None
    if cell is None or before is None:
        return ""
    if before.is_suppressed:
        return say("stat.suppressed")
    unit, tongue = indicator["unit"], language()
    value = formats.figure(before.value, unit, tongue)
    text = f"{formats.year_name(before.period, tongue)} · {value}"
    if figures.unfinished(cell):
        return text
    change = formats.difference(cell.value, before.value, unit, tongue)
    return f"{text} · {change}" if change else text


def _threshold(indicator: Mapping[str, Any]) -> str:
    """The threshold as its document words it, with the document; marks of memory stay marks."""
    text = _honest(indicator.get("target_text") or "")
    source = str(indicator.get("source") or "").split("；")[0]
    return say("receipt.threshold_value", text=text, source=source) if text and source else text


def _stands(
    figures: Figures,
    indicator: Mapping[str, Any],
    cell: Cell | None,
    behind: Mapping[str, Any],
) -> str:
    if behind.get("sign_offs"):
        return _signed(behind["sign_offs"], cell)
    word = figures.signed(indicator, cell) if cell else "unknown"
    return "" if word == "unknown" else say(f"signed.{word}")


def _signed(sheets: list[Mapping[str, Any]], cell: Cell | None) -> str:
    """Where the owner units stand on the figures of this period, those that agree together."""
    units = next(
        (sheet["units"] for sheet in sheets if cell is not None and sheet["period"] == cell.period),
        [],
    )
    if any(unit["state"] == "running" for unit in units):
        last = _last_closed(sheets, cell.period) if cell is not None else None
        if last is None:
            return say("signed.running")
        period = formats.year_name(last["period"], language())
        stands = _stand_of(last["units"])
        return say("receipt.signed_before", period=period, stands=stands)
    return _stand_of(units)


def _last_closed(sheets: list[Mapping[str, Any]], running: str) -> Mapping[str, Any] | None:
    """The newest sheet of the same kind of period, calendar or academic year, that can be signed
    already."""
    academic = len(running.split("-")) == 2
    closed = [
        sheet
        for sheet in sheets
        if sheet["state"] != "running" and (len(sheet["period"].split("-")) == 2) == academic
    ]
    return max(closed, key=lambda sheet: sheet["period"], default=None)


def _stand_of(units: list[Mapping[str, Any]]) -> str:
    silent: dict[str, list[str]] = {}
    for unit in units:
        if not unit.get("at"):
            silent.setdefault(unit["state"], []).append(unit["name"])
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
