"""Lines of the record of uses, in words: who did what with which data, and for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from dashboards import formats
from dashboards.components.markup import Entry
from dashboards.pages import PAGES
from dashboards.text import TEXT, language, say

__all__ = ["lines"]

_ACTIONS = {
    "session.open": "uses.session",
    "session.end": "uses.session_end",
    "statistics.read": "uses.statistics",
    "sql.run": "uses.sql_run",
    "role.appoint": "uses.role",
    "role.end": "uses.role",
    "grant.create": "uses.grant",
    "grant.revoke": "uses.grant",
}


def lines(uses: Iterable[Mapping[str, Any]], today: date, limit: int | None = None) -> list[Entry]:
    """One line for the same thing done by the same person on the same day."""
    tongue = language()
    found = []
    for (day, who, what, purpose), same in groupby(uses, key=_alike):
        times = len(list(same))
        details = [say("uses.for", purpose=purpose)] if purpose else []
        if times > 1:
            details.append(say("uses.times", count=times))
        found.append(
            Entry(who, " · ".join(details), remark=what, side=formats.day(day, today, tongue))
        )
        if limit is not None and len(found) == limit:
            break
    return found


def _alike(use: Mapping[str, Any]) -> tuple[date | None, str, str, str]:
    when = formats.from_iso_moment(use.get("at"))
    day = when.astimezone(formats.BEIJING).date() if when else None
    return day, _who(use), _what(use), _purpose(use)


def _who(use: Mapping[str, Any]) -> str:
    key = f"uses.who.{use.get('who')}"
    return say(key) if key in TEXT else say("uses.who.unknown")


def _what(use: Mapping[str, Any]) -> str:
    action = str(use.get("action") or "")
    if action == "personal.read":
        for page in PAGES:
            if page.allowed_by == use.get("page"):
                return say("uses.read_page", page=say(page.text))
        return say("uses.read")
    if action in _ACTIONS:
        return say(_ACTIONS[action])
    return say("uses.other", action=action)


def _purpose(use: Mapping[str, Any]) -> str:
    purpose = str(use.get("purpose") or "")
    key = f"uses.purpose.{purpose}"
    if use.get("who") == "self":
        return ""
    return say(key) if key in TEXT else purpose
