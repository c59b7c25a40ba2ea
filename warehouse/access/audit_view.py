"""The log as an auditor reads it. Reading it is itself an entry, before and after."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from warehouse.audit import Audit, audited_read, named
from warehouse.audit.reading import ACTOR_KINDS, Wanted, described, entries
from warehouse.errors import UsageError

__all__ = ["MOST", "parse_wanted", "read_log"]

#: Entries of one page at most, over the gateway.
MOST = 500

_WORD = re.compile(r"[A-Za-z0-9._-]+")
_PERSON = re.compile(r"\bperson:(-?[0-9]+)")
_NUMBER = re.compile(r"[1-9][0-9]{0,11}")


def read_log(
    audit: Audit,
    actor: str,
    wanted: Wanted,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """A page of entries as plain values, newest first (`audit.reading.described`). The entry of
    this reading names what was asked for."""
    asked = {name: value for name, value in vars(wanted).items() if value is not None}
    detail: dict[str, Any] = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asked.items()
        if name != "subject"  # it is the entry's own subject
    }
    return audited_read(
        audit,
        actor,
        "audit.read",
        lambda: _without_patients(
            [
                described(*pair)
                for pair in entries(audit.engine, wanted, before=before, limit=limit)
            ],
            asked_for=wanted.subject is not None,
        ),
        subject=wanted.subject,
        detail={"purpose": "audit", **detail, **({"before": before} if before else {})},
        result=lambda rows: {"rows": len(rows)},
        concern=lambda rows: named(_persons_in(rows or ())),
    )


def _persons_in(rows: Iterable[Mapping[str, Any]]) -> set[int]:
    """Everybody whom entries name, as actor, subject or in their details."""
    return {int(key) for key in _PERSON.findall(json.dumps(list(rows), default=str))}


def _without_patients(entries: list[dict[str, Any]], *, asked_for: bool) -> list[dict[str, Any]]:
    """That somebody is in a counsellor's care is told to nobody, an auditor included: they see that
    a case was opened, by whom and for what. Where entries about one person were `asked_for`, these
    are left out. Own readings say nothing, since every student has that page."""
    found = []
    for entry in entries:
        if not entry["action"].startswith("care.") or entry["subject"] in (None, entry["actor"]):
            found.append(entry)
        elif not asked_for:
            outcome = {k: v for k, v in (entry["outcome"] or {}).items() if k != "rows"}
            found.append({**entry, "subject": None, "outcome": outcome or None})
    return found


def parse_wanted(asked: dict[str, str]) -> tuple[Wanted, int | None, int]:
    """What a request asks for, which page and how many. Raises `UsageError` for what is none."""
    kind = asked.get("actor_kind")
    if kind is not None and kind not in ACTOR_KINDS:
        raise UsageError(
            "There is no such kind of actor.", next_step=f"Choose one of: {', '.join(ACTOR_KINDS)}."
        )
    wanted = Wanted(
        actor_kind=kind,
        action=_word(asked, "action", 48),
        grant=_word(asked, "grant", 32),
        since=_moment(asked, "since"),
        until=_moment(asked, "until"),
    )
    limit = _number(asked, "limit") or 50
    return wanted, _number(asked, "before"), min(limit, MOST)


def _word(asked: dict[str, str], name: str, most: int) -> str | None:
    value = asked.get(name)
    if value is not None and not (_WORD.fullmatch(value) and len(value) <= most):
        raise UsageError(f"{name} is a word of letters, digits, '.', '_' and '-'.")
    return value


def _number(asked: dict[str, str], name: str) -> int | None:
    value = asked.get(name)
    if value is None:
        return None
    if not _NUMBER.fullmatch(value):
        raise UsageError(f"{name} is a number from 1 on.")
    return int(value)


def _moment(asked: dict[str, str], name: str) -> datetime | None:
    value = asked.get(name)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UsageError(f"{name} is a moment with its zone, for example 2026-11-20T00:00:00Z.")
    return found
