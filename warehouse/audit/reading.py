"""Reads the audit log: is it whole, what does it say about a person, what did whoever do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from warehouse.audit.chain import Head, Link, Sealed, VerifyReport, canonical, verify_links
from warehouse.audit.seals import Seal
from warehouse.state import session
from warehouse.state.models import AuditEntry

__all__ = ["ACTOR_KINDS", "Wanted", "described", "entries", "entries_about", "verify"]

#: What stands before the colon of an actor, or is the whole of one.
ACTOR_KINDS = ("person", "command", "job", "anonymous")

_PAGE = 2_000
_FIELDS = (
    AuditEntry.seq,
    AuditEntry.at,
    AuditEntry.actor,
    AuditEntry.action,
    AuditEntry.phase,
    AuditEntry.intent_seq,
    AuditEntry.subject,
    AuditEntry.detail,
    AuditEntry.previous_hash,
    AuditEntry.hash,
)
#: An intent or event, and the outcome that closes it, if it has one.
Pair = tuple[AuditEntry, AuditEntry | None]


@dataclass(frozen=True)
class Wanted:
    """Which entries are asked for; None leaves a condition out.

    `actor` is a whole one (person:7) and `actor_kind` one of `ACTOR_KINDS`; `action` is one
    (sql.run) or a family of them (sql); `since` is included, `until` is not.
    """

    actor: str | None = None
    actor_kind: str | None = None
    action: str | None = None
    subject: str | None = None
    grant: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def _links(opened: Session) -> Iterator[Link]:
    after: int | None = None
    while True:
        wanted = select(*_FIELDS).order_by(AuditEntry.seq).limit(_PAGE)
        if after is not None:  # the first page has no lower bound: an entry 0 shall not hide
            wanted = wanted.where(AuditEntry.seq > after)
        page = opened.execute(wanted).all()
        for row in page:
            yield Link(*row)
        if len(page) < _PAGE:
            return
        after = page[-1].seq


def _heads(path: Path | None) -> Iterator[Head]:
    if path is None or not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                found = json.loads(line)
                yield Head(int(found["seq"]), str(found["hash"]))
            except (ValueError, KeyError, TypeError):
                continue  # a line torn by a crash notes nothing


def verify(engine: Engine, heads: Path | None = None, seals: Sequence[Seal] = ()) -> VerifyReport:
    """Check the whole log, page by page. Finds entries changed, removed (the tail too, where
    `heads` is kept) and reordered, and a log computed anew where it was sealed before;
    `VerifyReport.broken_seq` is the first."""
    sealed = [Sealed(seal.date, seal.seq, seal.hash) for seal in seals]
    with session(engine, read_only=True) as opened:
        return verify_links(_links(opened), _heads(heads), sealed)


def entries_about(engine: Engine, subject: str | None = None, *, limit: int = 200) -> list[Pair]:
    """The latest intents and events about a subject, or about all, newest first."""
    return entries(engine, Wanted(subject=subject), limit=limit)


def entries(
    engine: Engine, wanted: Wanted, *, before: int | None = None, limit: int = 200
) -> list[Pair]:
    """A page of the intents and events that are wanted, newest first, each with its outcome.

    `before` is the `seq` of the last entry of the page before: pages neither skip nor repeat,
    however much is written meanwhile.
    """
    query = _select(wanted).order_by(AuditEntry.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    with session(engine, read_only=True) as opened:
        found = opened.scalars(query).all()
        return list(_joined(opened, found, wanted.subject))


def described(entry: AuditEntry, outcome: AuditEntry | None) -> dict[str, Any]:
    """An entry as plain values: `seq`, `at` (UTC), `actor`, `action`, `phase`, `subject`, `detail`,
    and `outcome`, the detail of what closed it, null where nothing has."""
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "phase": entry.phase,
        "subject": entry.subject,
        "detail": json.loads(entry.detail),
        "outcome": json.loads(outcome.detail) if outcome is not None else None,
    }


def _select(wanted: Wanted) -> Select[tuple[AuditEntry]]:
    query = select(AuditEntry).where(AuditEntry.phase != "outcome")
    if wanted.actor is not None:
        query = query.where(AuditEntry.actor == wanted.actor)
    if wanted.actor_kind == "anonymous":
        query = query.where(AuditEntry.actor == "anonymous")
    elif wanted.actor_kind is not None:
        query = query.where(AuditEntry.actor.startswith(f"{wanted.actor_kind}:", autoescape=True))
    if wanted.action is not None:
        query = query.where(
            (AuditEntry.action == wanted.action)
            | AuditEntry.action.startswith(f"{wanted.action}.", autoescape=True)
        )
    if wanted.subject is not None:
        query = query.where(AuditEntry.subject == wanted.subject)
    if wanted.grant is not None:
        # Canonical JSON has one spelling, and a quote inside a value is escaped: this is the field.
        field = canonical({"grant": wanted.grant})[1:-1]
        query = query.where(AuditEntry.detail.contains(field, autoescape=True))
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= _moment(wanted.since))
    if wanted.until is not None:
        query = query.where(AuditEntry.at < _moment(wanted.until))
    return query


def _moment(value: datetime) -> str:
    """As the log spells it, so that texts compare as moments do."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _joined(opened: Session, found: Sequence[AuditEntry], subject: str | None) -> Iterator[Pair]:
    outcomes: dict[int | None, AuditEntry] = {}
    intents = [entry.seq for entry in found if entry.phase == "intent"]
    for first in range(0, len(intents), _OUTCOMES):
        part = intents[first : first + _OUTCOMES]
        closing = select(AuditEntry).where(
            AuditEntry.phase == "outcome",
            AuditEntry.seq > min(part),
            AuditEntry.intent_seq.in_(part),
        )
        if subject is not None:  # an outcome has its intent's subject, on which there is an index
            closing = closing.where(AuditEntry.subject == subject)
        outcomes |= {outcome.intent_seq: outcome for outcome in opened.scalars(closing)}
    for entry in found:
        yield entry, outcomes.get(entry.seq)


#: Intents whose outcomes are looked for at once: databases bound a statement's parameters.
_OUTCOMES = 5_000
