"""Entries of the log that have a person as their subject, or name them, as uses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, func, or_, select, true
from sqlalchemy.orm import Session

from warehouse.access.use_items import named_items
from warehouse.access.use_kinds import AUTOMATIC, Use
from warehouse.audit import person
from warehouse.governance.appointments import school_day
from warehouse.state.models import AuditEntry
from warehouse.state.uses import AuditPerson

__all__ = ["direct_uses"]

_SCHOOL = ZoneInfo("Asia/Shanghai")
_AUDIT = AuditEntry.__table__
_FIELDS = tuple(
    _AUDIT.c[name]
    for name in ("seq", "at", "actor", "action", "phase", "intent_seq", "subject", "detail")
)
#: Entries that are fetched by their numbers at once: databases bound a statement's parameters.
_AT_ONCE = 500
_LAST = select(func.max(AuditEntry.seq))
_AT = select(AuditEntry.at).where(AuditEntry.seq == bindparam("seq"))
#: Entries of one moment are written within minutes of it; so much more of the log is looked at.
_SLACK = timedelta(hours=1)


def direct_uses(
    opened: Session, person_key: int, lower: date, upper: date, kind: str = "all"
) -> list[Use]:
    """Uses of the days from `lower` on, before `upper`, those alike on a day together. Of a `kind`
    other than all, those by others alone (others, automatic) or by the person alone (self) are
    read."""
    begins, ends = _moment(lower), _moment(upper)
    first, last = _seq_at(opened, begins - _SLACK), _seq_at(opened, ends + _SLACK)
    alike: dict[tuple[Any, ...], Use] = {}
    for entry, ended in _entries(opened, person_key, first, last, kind):
        moment = datetime.fromisoformat(entry.at)
        if not begins <= moment < ends:
            continue
        use = _use(entry, ended, person(person_key), school_day(moment))
        key = use.alike()
        alike[key] = alike[key].and_more(use) if key in alike else use
    return list(alike.values())


def _entries(
    opened: Session, person_key: int, first: int, last: int, kind: str
) -> Iterator[tuple[Row[Any], str | None]]:
    """Intents and events, by the numbers of the entries, each with the detail of its outcome."""
    subject = person(person_key)
    by = {"all": true(), "self": _AUDIT.c.actor == subject}.get(kind, _AUDIT.c.actor != subject)
    found = opened.execute(
        select(*_FIELDS)
        .where(_AUDIT.c.subject == subject, _AUDIT.c.seq >= first, _AUDIT.c.seq < last, by)
        .order_by(_AUDIT.c.seq)
    ).all()
    outcomes = {row.intent_seq: row.detail for row in found if row.phase == "outcome"}
    for row in found:
        if row.phase != "outcome":
            yield row, outcomes.get(row.seq)
    named = opened.execute(
        select(*_FIELDS)
        .join(AuditPerson, AuditPerson.seq == _AUDIT.c.seq)
        .where(
            AuditPerson.person_key == person_key,
            AuditPerson.seq >= first,
            AuditPerson.seq < last,
            or_(_AUDIT.c.subject.is_(None), _AUDIT.c.subject != subject),  # else it stands above
            by,
        )
    ).all()
    intents = _intents(opened, [row.intent_seq for row in named if row.intent_seq is not None])
    for row in named:
        if row.intent_seq is None:
            yield row, None
        else:
            yield intents[row.intent_seq], row.detail


def _intents(opened: Session, numbers: list[int]) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        rows = opened.execute(select(*_FIELDS).where(_AUDIT.c.seq.in_(some)))
        found |= {row.seq: row for row in rows}
    return found


def _use(entry: Row[Any], ended: str | None, me: str, day: date) -> Use:
    detail, outcome = _parsed(entry.detail), _parsed(ended or "{}")
    kind = entry.actor.partition(":")[0]
    is_self = entry.actor == me
    who = "self" if is_self else _WHO.get(kind, "unknown")
    automatic = who == "job" or entry.action in AUTOMATIC
    result = outcome.get("result") or ("noted" if entry.phase == "event" else "begun")
    return Use(
        day=day,
        kind="self" if is_self else "automatic" if automatic else "others",
        who=who,
        action=entry.action,
        about=str(detail.get("page") or "") if entry.action == "personal.read" else "",
        result=result,
        last_seq=entry.seq,
        unit=None if is_self else detail.get("unit"),
        role=None if is_self else detail.get("role") or _ROLES.get(entry.action),
        application=detail.get("application") or outcome.get("application"),
        purpose=detail.get("purpose"),
        items=named_items(detail.get("items") or ()),
    )


@lru_cache(maxsize=4096)
def _parsed(detail: str) -> Mapping[str, Any]:
    """Entries of one page of one person are alike; nobody changes what is parsed."""
    return json.loads(detail)


#: Actions that one role alone may do.
_ROLES = {"audit.read": "auditor"}
_WHO = {"command": "operator", "job": "job", "person": "person", "oa": "office"}


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), _SCHOOL).astimezone(UTC)


def _seq_at(opened: Session, moment: datetime) -> int:
    """The number of the first entry of that moment or later: entries are numbered in the order they
    were written, so a few looks by the key find it, and no index by time is kept for it."""
    text = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    connection = opened.connection()
    low, high = 1, (connection.scalar(_LAST) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = connection.scalar(_AT, {"seq": middle})
        if at is not None and at < text:
            low = middle + 1
        else:
            high = middle
    return low
