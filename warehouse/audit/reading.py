"""Reads the audit log: is it whole, and what does it say about a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from warehouse.audit.chain import Head, Link, VerifyReport, verify_links
from warehouse.state import session
from warehouse.state.models import AuditEntry

__all__ = ["entries_about", "verify"]

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


def verify(engine: Engine, heads: Path | None = None) -> VerifyReport:
    """Check the whole log, page by page. Finds entries changed, removed (the tail too, where
    `heads` is kept) and reordered; `VerifyReport.broken_seq` is the first."""
    with session(engine, read_only=True) as opened:
        return verify_links(_links(opened), _heads(heads))


def entries_about(
    engine: Engine, subject: str | None = None, *, limit: int = 200
) -> list[tuple[AuditEntry, AuditEntry | None]]:
    """The latest intents and events, newest first, each with its outcome where it has one."""
    with session(engine, read_only=True) as opened:
        wanted = select(AuditEntry).where(AuditEntry.phase != "outcome")
        if subject is not None:
            wanted = wanted.where(AuditEntry.subject == subject)
        entries = opened.scalars(wanted.order_by(AuditEntry.seq.desc()).limit(limit)).all()
        outcomes = {
            outcome.intent_seq: outcome
            for outcome in opened.scalars(
                select(AuditEntry).where(
                    AuditEntry.phase == "outcome",
                    AuditEntry.seq > (min((e.seq for e in entries), default=0)),
                    AuditEntry.intent_seq.in_([e.seq for e in entries]),
                )
            )
        }
        return [(entry, outcomes.get(entry.seq)) for entry in entries]
