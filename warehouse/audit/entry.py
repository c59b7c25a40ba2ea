"""Adds links to the chain, within a transaction that its caller holds and commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.orm import Session

from warehouse.audit.chain import FIRST, Head, canonical, link_hash
from warehouse.audit.concern import Concern, Counted, index_concerns
from warehouse.state.models import AuditEntry

__all__ = ["Draft", "Entry", "append", "claim"]

_POSTGRES_LOCK = 2019_0092_01
# As long as SQLite's busy timeout; who holds the lock and falls silent loses it after a minute.
_WAIT_MILLISECONDS, _SILENT_MILLISECONDS = 10_000, 60_000

_TABLE = AuditEntry.__table__
_LAST = select(_TABLE.c.seq, _TABLE.c.hash).order_by(_TABLE.c.seq.desc()).limit(1)
_INSERT = insert(_TABLE)
_LENGTHS = {name: _TABLE.c[name].type.length for name in ("actor", "action", "subject")}


@dataclass(frozen=True)
class Draft:
    """An entry that has no place in the chain yet. `detail` is canonical JSON; `concern` says whose
    data it is about beside the subject's, and `result` how it ended."""

    actor: str
    action: str
    phase: str
    subject: str | None
    detail: str
    intent_seq: int | None
    concern: Concern | None = None
    result: str = "noted"

    @classmethod
    def of(
        cls,
        actor: str,
        action: str,
        *,
        phase: str = "event",
        subject: str | None = None,
        detail: Mapping[str, Any] | None = None,
        intent_seq: int | None = None,
        concern: Concern | None = None,
    ) -> Draft:
        """Raises `ValueError` or `TypeError` for what the table cannot hold: others wait to be
        written in the same transaction and must not fail with it."""
        about = {**(detail or {}), **(concern.noted() if concern is not None else {})}
        made = cls(
            actor, action, phase, subject, canonical(about), intent_seq,
            concern, str(about.get("result", "noted")),
        )  # fmt: skip
        for name, most in _LENGTHS.items():
            value = getattr(made, name)
            if value is not None and (len(value) > most or "\0" in value):
                raise ValueError(f"{name} of an audit entry is longer than {most} or not text")
        f"{actor}{action}{phase}{subject}{made.detail}".encode()  # half a surrogate has no bytes
        return made


def claim(transaction: Session | Connection) -> None:
    """Be the only appender until the transaction ends, across all processes and machines.

    SQLite's write lock is taken as the transaction begins. PostgreSQL is asked for a lock by name,
    before anything is looked at: what the transaction reads is then still so when it commits.
    """
    # A session begins with its first statement; the turn and the time of the entry begin here.
    held = transaction.connection() if isinstance(transaction, Session) else transaction
    if held.dialect.name == "postgresql":
        held.execute(
            text(
                "select set_config('lock_timeout', :wait, true), "
                "set_config('idle_in_transaction_session_timeout', :silent, true), "
                "pg_advisory_xact_lock(:key)"
            ),
            {
                "wait": str(_WAIT_MILLISECONDS),
                "silent": str(_SILENT_MILLISECONDS),
                "key": _POSTGRES_LOCK,
            },
        )


def append(
    transaction: Session | Connection,
    at: datetime,
    drafts: Sequence[Draft],
    last: Head | None = None,
) -> list[Head]:
    """Link the drafts behind `last`, the end of the chain (None: it is looked up), in order.

    The caller has claimed the chain. Returns one head per draft.
    """
    if last is None:
        found = transaction.execute(_LAST).first()
        last = Head(found.seq, found.hash) if found else Head(0, FIRST)
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    rows, heads = [], []
    for draft in drafts:
        fields: dict[str, Any] = {
            "seq": last.seq + 1,
            "at": moment,
            "actor": draft.actor,
            "action": draft.action,
            "phase": draft.phase,
            "intent_seq": draft.intent_seq,
            "subject": draft.subject,
            "detail": draft.detail,
            "previous_hash": last.hash,
        }
        last = Head(last.seq + 1, link_hash(**fields))
        rows.append({**fields, "hash": last.hash})
        heads.append(last)
    transaction.execute(_INSERT, rows)
    concerned = [
        Counted(head.seq, draft.actor, draft.action, draft.result, draft.concern)
        for head, draft in zip(heads, drafts, strict=True)
        if draft.concern is not None
    ]
    if concerned:
        index_concerns(transaction, at, concerned)
    return heads


class Entry:
    """An open transaction: what is changed through `session` and what `record` adds to the log
    become true together, or neither does. Nobody else appends meanwhile."""

    def __init__(self, opened: Session, at: datetime) -> None:
        self.session = opened
        self._at = at
        self.written: list[Head] = []

    def record(
        self,
        actor: str,
        action: str,
        *,
        phase: str = "event",
        subject: str | None = None,
        detail: Mapping[str, Any] | None = None,
        intent_seq: int | None = None,
        concern: Concern | None = None,
    ) -> int:
        """Add one link and return its `seq`. `detail` holds plain values, never a person's."""
        draft = Draft.of(
            actor, action, phase=phase, subject=subject, detail=detail, intent_seq=intent_seq,
            concern=concern,
        )  # fmt: skip
        self.session.flush()  # a change that the database refuses shows here, not at the commit
        last = self.written[-1] if self.written else None
        self.written += append(self.session, self._at, [draft], last)
        return self.written[-1].seq
