"""Lines of the record of uses, in words: who did what with which data, and for what."""

from __future__ import annotations

from collections import Counter
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
    "care.list": "uses.care",
    "care.read": "uses.care",
    "identity.rebind": "uses.rebind",
    "audit.read": "uses.audit",
    "statistics.read": "uses.statistics",
    "sql.run": "uses.sql_run",
    "role.appoint": "uses.role",
    "role.end": "uses.role",
    "grant.create": "uses.grant",
    "grant.revoke": "uses.grant",
}


def lines(uses: Iterable[Mapping[str, Any]], today: date, limit: int | None = None) -> list[Entry]:
    """One line a day for what one did oneself; for others one line per thing done on a day."""
    tongue = language()
    found = []
    for (day, who, purpose, what), same in groupby(uses, key=_alike):
        deeds = Counter(_what(use) for use in same)
        details = [say("uses.for", purpose=purpose)] if purpose else []
        if what and deeds[what] > 1:
            details.append(say("uses.times", count=deeds[what]))
        told = what or say("uses.and").join(_told(deed, times) for deed, times in deeds.items())
        found.append(
            Entry(who, " · ".join(details), remark=told, side=formats.day(day, today, tongue))
        )
        if limit is not None and len(found) == limit:
            break
    return found


def _told(deed: str, times: int) -> str:
    return f"{deed} {say('uses.times', count=times)}" if times > 1 else deed


def _alike(use: Mapping[str, Any]) -> tuple[date | None, str, str, str]:
    when = formats.from_iso_moment(use.get("at"))
    day = when.astimezone(formats.BEIJING).date() if when else None
    return day, _who(use), _purpose(use), "" if use.get("who") == "self" else _what(use)


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
