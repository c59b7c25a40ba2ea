"""What the briefing says in plain Chinese, a sentence for each thing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards import formats
from dashboards.attention import Notice
from dashboards.change_sentence import change_sentence
from dashboards.components.receipt import target_text
from dashboards.drivers import drivers
from dashboards.figures import Cell, Figures, target_state
from dashboards.text import say

__all__ = ["badge", "change_of", "figure_text", "heading", "state_words", "told", "topic_sentence"]

_NAMED = 4
_SHEETS = {
    "unsigned": "brief.unsigned",
    "changed": "brief.changed_sheet",
    "rejected": "brief.rejected",
}


def figure_text(indicator: Mapping[str, Any], cell: Cell | None) -> str:
    """A value with its unit, or the words that stand in its place."""
    if cell is not None and cell.is_suppressed:
        return say("stat.suppressed_card")
    return formats.figure(cell.value if cell else None, indicator["unit"])


def change_of(figures: Figures, indicator: Mapping[str, Any], cell: Cell) -> str:
    """`+0.4`; empty where the two periods cannot be compared."""
    before = figures.before(cell)
    if before is None or figures.unfinished(cell):
        return ""
    return formats.difference(cell.value, before.value, indicator["unit"])


def state_words(figures: Figures, indicator: Mapping[str, Any], cell: Cell) -> str:
    """`未达标 · 未签认`; a signed figure without a target says nothing."""
    state = target_state(indicator, cell.value)
    signed = figures.signed(indicator, cell)
    words = [say(f"state.{state}")] if state != "plain" else []
    return " · ".join(words + ([say(f"signed.{signed}")] if signed != "signed" else []))


def badge(notice: Notice) -> str:
    """The word of a notice's kind, in front of its sentence."""
    if notice.kind == "off":
        return say(f"state.{notice.state}")
    if notice.kind == "unsigned":
        return say(f"signed.{notice.word}")
    return say(f"brief.kind.{notice.kind}")


def heading(notice: Notice) -> str:
    """The figure and where it stands; empty of what is no figure."""
    indicator, cell = notice.indicator, notice.cell
    if indicator is None or cell is None:
        return ""
    target = target_text(indicator)
    period = formats.year_name(cell.period)
    of_target = say("brief.of_target", target=target) if target else ""
    return say(
        "brief.figure",
        indicator=indicator["name"],
        period=period,
        value=figure_text(indicator, cell),
        target=of_target,
    )


def told(figures: Figures, notice: Notice) -> str:
    """The whole sentence of a notice: what is so, what follows, whose it is."""
    if notice.kind == "overdue":
        return _overdue(notice)
    if notice.kind == "unsigned":
        return _unsigned(notice)
    indicator, cell = notice.indicator, notice.cell
    assert indicator is not None and cell is not None
    parts = [heading(notice)]
    if notice.kind == "off":
        gap = formats.difference(cell.value, indicator["target"], indicator["unit"])
        parts.append(say("brief.gap", gap=gap.lstrip("+-")))
    change = drivers(figures, indicator["id"], cell.scope.key, cell.period[:4])
    if change is not None and (why := change_sentence(change, indicator, "zh")):
        parts.append(why)
    owners = "、".join(indicator.get("owners") or ())
    end = say("brief.owners", owners=owners) if owners else ""
    return "，".join(part.rstrip("。") for part in parts if part) + "。" + end


def _overdue(notice: Notice) -> str:
    titles = [f"“{one['title']}”" for one in notice.deliveries[:_NAMED]]
    waiting = {name for one in notice.deliveries for name in one["indicators"]}
    return say(
        "brief.overdue",
        owner=notice.deliveries[0]["owner"],
        days=notice.deliveries[0]["days"],
        tables=_listed(titles, len(notice.deliveries)),
        count=len(waiting),
    )


def _unsigned(notice: Notice) -> str:
    named = [
        f"{say(f'stat.row.{row}')}（{formats.year_name(period)}）"
        for row, period in notice.sheets[:_NAMED]
    ]
    return say(_SHEETS[notice.word], names=_listed(named, len(notice.sheets)))


def _listed(names: list[str], count: int) -> str:
    text = "、".join(names)
    return text if count <= len(names) else say("brief.and_more", names=text, count=count)


def topic_sentence(figures: Figures, indicator: Mapping[str, Any], cell: Cell) -> str:
    """How a figure stands, how it changed, and between which colleges it lies."""
    if cell.is_suppressed or cell.value is None:
        return ""
    parts = [f"{indicator['name']} {figure_text(indicator, cell)}"]
    if change := change_of(figures, indicator, cell):
        parts.append(say("brief.change", change=change))
    if target := target_text(indicator):
        state = target_state(indicator, cell.value)
        parts.append(say("brief.target", target=target, state=say(f"state.{state}")))
    text = "，".join(parts) + "。"
    inside = [
        (found.value, place.name or place.unit, found)
        for place in figures.inside(cell.scope.key)
        if (found := figures.cell(indicator["id"], place.key, cell.period[:4])) is not None
        and found.value is not None
        and found.period == cell.period
    ]
    if len(inside) < 2 or (
        "/" not in indicator["unit"]
        and formats.kind_of(indicator["unit"]) not in ("share", "ratio")
    ):
        return text
    low, high = min(inside, key=lambda one: one[0]), max(inside, key=lambda one: one[0])
    return text + say(
        "brief.between",
        high=high[1],
        most=figure_text(indicator, high[2]),
        low=low[1],
        least=figure_text(indicator, low[2]),
    )
