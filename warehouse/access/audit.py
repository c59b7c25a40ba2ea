"""The audit log: append-only, hash-chained, written before and after every governed read.

One appender at a time: SQLite's write lock, or an advisory lock of PostgreSQL, covers reading
the last link and writing the next. If an entry cannot be written, `AuditUnavailable` is raised
and the caller serves nothing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from warehouse.access.audit_chain import FIRST, Head, canonical, link_hash
from warehouse.errors import AuditUnavailable
from warehouse.home import Home
from warehouse.state import session
from warehouse.state.models import AuditEntry

__all__ = ["Audit", "Entry", "audited_read", "head_file", "person"]

Result = TypeVar("Result")

_POSTGRES_LOCK = 2019_0092_01


def head_file(home: Home) -> Path:
    """Where the hash of each entry is noted outside the database."""
    return home.logs / "audit-head.jsonl"


def person(person_key: int) -> str:
    """How the log names a person, as actor or as subject."""
    return f"person:{person_key}"


class Entry:
    """An open transaction: what is changed through `session` and what `record` adds to the log
    become true together, or neither does."""

    def __init__(self, opened: Session, at: datetime) -> None:
        self.session = opened
        self._at = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
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
    ) -> int:
        """Add one link and return its `seq`. `detail` holds plain values, never a person's."""
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.execute(
                text("select pg_advisory_xact_lock(:number)"), {"number": _POSTGRES_LOCK}
            )
        last = self.session.execute(
            select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
        ).first()
        seq, previous = (last.seq + 1, last.hash) if last else (1, FIRST)
        fields: dict[str, Any] = {
            "seq": seq,
            "at": self._at,
            "actor": actor,
            "action": action,
            "phase": phase,
            "intent_seq": intent_seq,
            "subject": subject,
            "detail": canonical(detail or {}),
            "previous_hash": previous,
        }
        digest = link_hash(**fields)
        self.session.add(AuditEntry(**fields, hash=digest))
        self.session.flush()
        self.written.append(Head(seq, digest))
        return seq


class Audit:
    """Writes the log of one state database.

    `heads` is the file that notes each entry's hash (None: none is kept, and a removed tail
    goes unnoticed). `clock` gives the time in UTC.
    """

    def __init__(
        self,
        engine: Engine,
        heads: Path | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.engine = engine
        self._heads = heads
        self._clock = clock
        self._turn = threading.Lock()  # waiting here is quicker than polling for SQLite's lock

    @contextmanager
    def transaction(self) -> Iterator[Entry]:
        """A change of state and its entry in the log, in one transaction.

        Raises `AuditUnavailable` where the database refuses; what the block itself raises goes
        through unchanged, and nothing is kept then.
        """
        with self._turn:
            try:
                with session(self.engine) as opened:
                    entry = Entry(opened, self._clock())
                    yield entry
                self._note(entry.written)
            except (SQLAlchemyError, OSError) as error:
                raise AuditUnavailable(
                    f"The audit log cannot be written ({type(error).__name__}), so nothing "
                    "personal or granted is served.",
                    next_step="Check the state database and the disk with: campus doctor",
                ) from error

    def event(
        self,
        actor: str,
        action: str,
        *,
        subject: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """Something that happened, in one entry."""
        with self.transaction() as entry:
            return entry.record(actor, action, subject=subject, detail=detail)

    def intent(
        self,
        actor: str,
        action: str,
        *,
        subject: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """What is about to be read. Committed before the read begins."""
        with self.transaction() as entry:
            return entry.record(actor, action, phase="intent", subject=subject, detail=detail)

    def outcome(
        self,
        intent_seq: int,
        actor: str,
        action: str,
        *,
        subject: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """How the read of `intent_seq` ended."""
        with self.transaction() as entry:
            return entry.record(
                actor,
                action,
                phase="outcome",
                subject=subject,
                detail=detail,
                intent_seq=intent_seq,
            )

    def _note(self, written: list[Head]) -> None:
        if self._heads is None or not written:
            return
        lines = "".join(canonical({"seq": h.seq, "hash": h.hash}) + "\n" for h in written)
        self._heads.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._heads, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, lines.encode())
        finally:
            os.close(handle)


def audited_read(
    audit: Audit,
    actor: str,
    action: str,
    read: Callable[[], Result],
    *,
    subject: str | None = None,
    detail: Mapping[str, Any] | None = None,
    result: Callable[[Result], Mapping[str, Any]] = lambda _: {},
    failure: Callable[[Exception], Mapping[str, Any]] = lambda _: {"result": "failed"},
) -> Result:
    """Intent committed → `read()` → outcome committed → the answer may be served.

    `result` says what of the answer the outcome notes: counts and ids. A read that fails is
    noted with the kind of its error and what `failure` says of it, and the error goes on.
    """
    intent = audit.intent(actor, action, subject=subject, detail=detail)
    try:
        answer = read()
    except Exception as error:
        failed = {"error": type(error).__name__, **failure(error)}
        audit.outcome(intent, actor, action, subject=subject, detail=failed)
        raise
    noted = {"result": "served", **result(answer)}
    audit.outcome(intent, actor, action, subject=subject, detail=noted)
    return answer
