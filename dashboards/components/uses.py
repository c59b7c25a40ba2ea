"""Lines of the record of uses, in words: who did what with which data, and for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from dashboards import formats
from dashboards.components import markup
from dashboards.components.markup import Entry
from dashboards.pages import PAGES
from dashboards.text import TEXT, language, say

__all__ = ["lines", "sentence"]

#: Items that a line names; the rest stand behind *what was approved*.
_NAMED = 4
#: Units that the sentence above names.
_UNITS = 3
#: Reads of a name and a number, for the college's own paperwork.
_NAME_ONLY = ("colleague.find", "application.check", "application.read", "application.print")

Use = Mapping[str, Any]


def sentence(summary: Mapping[str, Any] | None) -> str:
    """How many units used the data lately, and which most; empty where it is not known."""
    if summary is None:
        return ""
    days, count, units = summary["days"], summary["count"], summary["units"]
    if not count:
        return say("uses.sum_none", days=days)
    if not units:
        return say("uses.sum_no_unit", days=days, count=count)
    if len(units) == 1:
        return say("uses.sum_one", days=days, names=units[0]["unit_name"], count=count)
    names = say("uses.and_names").join(
        say("uses.sum_name", unit=unit["unit_name"], count=unit["count"]) for unit in units[:_UNITS]
    )
    return say("uses.sum", days=days, units=len(units), count=count, names=names)


def lines(uses: Iterable[Use], today: date, limit: int | None = None) -> list[Entry]:
    """One line a day for what one did oneself and one for files that were prepared; for others one
    for each thing done on a day."""
    found = []
    for _key, same in groupby(uses, key=_alike):
        found.append(_line(list(same), today))
        if limit is not None and len(found) == limit:
            break
    return found


def _alike(use: Use) -> tuple[Any, ...]:
    if use["who"] == "self" or use["action"] == "grant.build":
        return (use["day"], use["who"], use["who"] == "self" or use["action"])
    return (use["day"], *(str(value) for value in use.values()))


def _line(same: Sequence[Use], today: date) -> Entry:
    use, tongue = same[0], language()
    details, more = ["", ""], ""
    if use["who"] == "self":
        deeds: dict[str, int] = {}
        for one in same:
            deeds[_what(one)] = deeds.get(_what(one), 0) + one["count"]
        told = say("uses.and").join(_told(deed, count) for deed, count in deeds.items())
    elif use["action"] == "grant.build" and len(same) > 1:
        told = say("uses.did.grant.build", units=_receivers(same))
    else:
        count = say("uses.times", count=use["count"]) if use["count"] > 1 else ""
        told, more = _what(use), _approved(use, today)
        details = [_items(use), " · ".join(part for part in (*_for_what(use), count) if part)]
    if use["silent_until"]:
        until = formats.day(use["silent_until"], today, tongue)
        details.append(say("uses.silent", day=until))
    side = formats.day(use["day"], today, tongue)
    return Entry(_who(use), *details, remark=told, side=side, more=more)


def _told(deed: str, count: int) -> str:
    return f"{deed} {say('uses.times', count=count)}" if count > 1 else deed


def _who(use: Use) -> str:
    """Unit and role, never a name."""
    who, unit = use["who"], use["unit_name"]
    role = f"uses.role.{use['role']}"
    if use["grant"] and use["kind"] == "others":  # whoever runs it, it is the unit's
        return str(unit)
    if who == "person" and unit:
        is_plain = use["role"] in (None, "analyst") or role not in TEXT
        return str(unit) if is_plain else say("uses.who.role", unit=unit, role=say(role))
    if who == "person" and role in TEXT:
        return say(role)
    return say(f"uses.who.{who}") if f"uses.who.{who}" in TEXT else say("uses.who.unknown")


def _what(use: Use) -> str:
    action = str(use["action"])
    if action == "personal.read" and use["who"] == "self":
        for page in PAGES:
            if page.allowed_by == use["about"]:
                return say("uses.did.personal.page", page=say(page.text))
    if action == "sql.run" and use["result"] not in ("served", "noted"):
        return say("uses.did.sql.run.failed")
    if action == "grant.build":
        return say("uses.did.grant.build", units=_receivers([use]))
    for key in (f"uses.did.{action}", f"uses.family.{action.partition('.')[0]}"):
        if key in TEXT:
            return say(key)
    return say("uses.family.other")


def _items(use: Use) -> str:
    if use["action"].startswith("release."):
        return say("uses.figures")
    if use["action"] in _NAME_ONLY:
        return say("uses.name_only")
    approval = use.get("approval") or {}
    names = [item["name"] for item in use["items"] or approval.get("items") or ()]
    return say("uses.items", items=_shortened(names)) if names else ""


def _shortened(names: Sequence[str]) -> str:
    listed = say("uses.and_names").join(names[:_NAMED])
    if len(names) <= _NAMED:
        return listed
    return say("uses.items_more", items=listed, count=len(names))


def _for_what(use: Use) -> list[str]:
    purpose, number = _purpose(use), use["application"]
    by_operator = use["grant"] and use["who"] == "operator"
    return [
        say("uses.for", purpose=purpose) if purpose else "",
        say("uses.application", number=number) if number else "",
        say("uses.by_operator") if by_operator else "",
    ]


def _purpose(use: Use) -> str:
    key = f"uses.purpose.{use['purpose']}"
    kind = say(key) if key in TEXT else ""
    text = (use.get("approval") or {}).get("purpose_text")
    if text and kind:
        return say("uses.purpose", text=text, kind=kind)
    return text or kind


def _receivers(same: Sequence[Use]) -> str:
    units = list(dict.fromkeys(str(one["unit_name"]) for one in same))
    if len(units) == 1:
        return units[0]
    return say("uses.units", first=units[0], count=len(units))


def _approved(use: Use, today: date) -> str:
    """What was approved, for those whose data it opens: no names, papers, columns or conditions."""
    approval, tongue = use.get("approval"), language()
    if not approval:
        return ""
    span = say(
        "uses.approved.span",
        begins=formats.day(approval["begins"], today, tongue),
        ends=formats.day(approval["ends"], today, tongue),
    )
    items = say("uses.and_names").join(item["name"] for item in approval["items"])
    return markup.folded_facts(
        say("uses.approved"),
        [
            (say("uses.approved.unit"), approval["unit_name"]),
            (say("uses.approved.vendor"), approval["vendor"] or ""),
            (say("uses.approved.purpose"), _purpose(use)),
            (say("uses.approved.items"), items),
            (say("uses.approved.term"), span),
        ],
    )
