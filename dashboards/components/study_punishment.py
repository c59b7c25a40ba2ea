"""Punishments, each with its end: lifted, over and to be lifted, or how long it still runs."""

from __future__ import annotations

from datetime import date

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables
from dashboards.components.listing import Row, day, joined, list_card, text
from dashboards.text import language, say

__all__ = ["discipline_card", "end_of"]

#: `discipline.effect_state` of an expulsion.
_FOR_GOOD = "不解除"


def end_of(row: Row, today: date) -> tuple[str, str, str]:
    """When a punishment ends or ended, in a sentence; its state in a word, and that word's colour.

    One that has a term is in force until it is over, and from then on awaits being lifted; one
    without a term stands until it is lifted; an expulsion is never lifted.
    """
    tongue = language()
    lifted = formats.from_iso_date(row.get("revoked_date"))
    until = formats.from_iso_date(row.get("term_ends_on"))
    if lifted and lifted <= today:
        sentence = say("study.lifted_on", day=formats.day(lifted, today, tongue))
        return sentence, say("study.lifted"), "good"
    if row.get("effect_state") == _FOR_GOOD:
        return say("study.for_good"), _FOR_GOOD, ""
    if until and until > today:
        left = formats.deadline(until, today, tongue)
        return say("study.in_force_until", left=left), say("study.in_force"), "watch"
    if until:
        over = say("study.term_over", day=formats.day(until, today, tongue))
        return over, say("study.awaits_lifting"), "info"
    return say("study.no_term"), say("study.in_force"), "watch"


def discipline_card(tables: Tables) -> None:
    """Punishments, each with its end."""
    list_card(tables, "discipline", _punishment)


def _punishment(row: Row) -> markup.Entry:
    sentence, word, state = end_of(row, frame.today())
    months = row.get("period_months")
    appeal, happened = row.get("appeal_result"), day(row, "violation_date")
    return markup.Entry(
        text(row, "punishment"),
        sentence,
        joined(
            say("study.decided", day=day(row, "decided_date")),
            say("study.for_months", count=months) if months else "",
            row.get("decision_no"),
        ),
        joined(
            row.get("violation_type"),
            say("study.violated", day=happened) if happened else "",
        ),
        say("study.appeal", result=appeal) if appeal else "",
        side=word,
        state=state,
    )
