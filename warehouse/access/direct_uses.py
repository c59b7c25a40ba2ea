"""Entries of the log that have a person as their subject, or name them, as uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from warehouse.access.use_kinds import AUTOMATIC, Use
from warehouse.audit import person
from warehouse.governance.appointments import school_day
from warehouse.state.models import AuditEntry
from warehouse.state.uses import AuditPerson

__all__ = ["direct_uses"]

_SCHOOL = ZoneInfo("Asia/Shanghai")
#: Entries of one moment are written within minutes of it; so much more of the log is looked at.
_SLACK = timedelta(hours=1)


def direct_uses(opened: Session, person_key: int, lower: date, upper: date) -> list[Use]:
    """Uses of the days from `lower` on, before `upper`, those alike on a day together."""
    begins, ends = _moment(lower), _moment(upper)
    first, last = _seq_at(opened, begins - _SLACK), _seq_at(opened, ends + _SLACK)
    alike: dict[tuple[Any, ...], Use] = {}
    for entry, outcome in _entries(opened, person_key, first, last):
        moment = datetime.fromisoformat(entry.at)
        if not begins <= moment < ends:
            continue
        use = _use(entry, outcome, person(person_key), school_day(moment))
        if use is not None:
            key = use.alike()
            alike[key] = alike[key].and_more(use) if key in alike else use
    return list(alike.values())


def _entries(
    opened: Session, person_key: int, first: int, last: int
) -> Iterator[tuple[AuditEntry, AuditEntry | None]]:
    """Intents and events with their outcomes, by the numbers of the entries."""
    subject = person(person_key)
    found = opened.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject == subject,
            AuditEntry.seq >= first,
            AuditEntry.seq < last,
        )
        .order_by(AuditEntry.seq)
    ).all()
    outcomes = {entry.intent_seq: entry for entry in found if entry.phase == "outcome"}
    for entry in found:
        if entry.phase != "outcome":
            yield entry, outcomes.get(entry.seq)
    intent = aliased(AuditEntry)
    for entry, before in opened.execute(
        select(AuditEntry, intent)
        .select_from(AuditPerson)
        .join(AuditEntry, AuditEntry.seq == AuditPerson.seq)
        .outerjoin(intent, intent.seq == AuditEntry.intent_seq)
        .where(
            AuditPerson.person_key == person_key,
            AuditPerson.seq >= first,
            AuditPerson.seq < last,
        )
    ):
        if entry.subject != subject:  # else it stands above already
            yield (before or entry), (entry if before is not None else None)


def _use(entry: AuditEntry, outcome: AuditEntry | None, me: str, day: date) -> Use | None:
    detail = json.loads(entry.detail)
    ended = json.loads(outcome.detail) if outcome is not None else {}
    kind, _, _name = entry.actor.partition(":")
    who = "self" if entry.actor == me else _WHO.get(kind, "unknown")
    if entry.actor == "oa":
        who = "office"
    automatic = who == "job" or entry.action in AUTOMATIC
    result = ended.get("result") or ("noted" if entry.phase == "event" else "begun")
    items = detail.get("items") or ()
    return Use(
        day=day,
        kind="self" if who == "self" else "automatic" if automatic else "others",
        who=who,
        action=entry.action,
        about=str(detail.get("page") or "") if entry.action == "personal.read" else "",
        result=result,
        last_seq=entry.seq,
        unit=None if who == "self" else detail.get("unit"),
        role=None if who == "self" else detail.get("role") or _ROLES.get(entry.action),
        application=detail.get("application") or ended.get("application"),
        purpose=detail.get("purpose") if who != "self" else None,
        items=tuple((code, code) for code in items if isinstance(code, str)),
    )


#: Actions that one role alone may do.
_ROLES = {"audit.read": "auditor"}
_WHO = {"command": "operator", "job": "job", "person": "person"}


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), _SCHOOL).astimezone(UTC)


def _seq_at(opened: Session, moment: datetime) -> int:
    """The number of the first entry of that moment or later: entries are numbered in the order they
    were written, so a few looks by the key find it, and no index by time is kept for it."""
    text = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    low = 1
    high = (opened.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1)) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = opened.scalar(select(AuditEntry.at).where(AuditEntry.seq == middle))
        if at is not None and at < text:
            low = middle + 1
        else:
            high = middle
    return low
