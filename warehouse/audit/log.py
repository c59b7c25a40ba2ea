"""The audit log: append-only, hash-chained, written before and after every governed read.

One appender at a time: SQLite's write lock, or an advisory lock of PostgreSQL, covers reading
the last link and writing the next; within a process, `turns` writes waiting entries together. If
an entry cannot be written, `AuditUnavailable` is raised and the caller serves nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from warehouse.audit.chain import Head, canonical
from warehouse.audit.concern import Concern
from warehouse.audit.entry import Draft, Entry, append, claim
from warehouse.audit.turns import Turns
from warehouse.errors import AuditUnavailable
from warehouse.home import Home
from warehouse.state import session

__all__ = ["Audit", "audited_read", "head_file"]

Result = TypeVar("Result")


def head_file(home: Home) -> Path:
    """Where the hash of each entry is noted outside the database."""
    return home.logs / "audit-head.jsonl"


class Audit:
    """Writes the log of one state database. Threads may share it.

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
        self._turns: Turns[Draft, int] = Turns(self._write)

    @contextmanager
    def transaction(self) -> Iterator[Entry]:
        """A change of state and its entries in the log, in one transaction.

        Such transactions come one after the other, on every machine: what one has read is still
        so when it commits. Raises `AuditUnavailable` where the database refuses; what the block
        itself raises goes through unchanged, and nothing is kept then.
        """
        with self._turns.alone(), _unavailable():
            with session(self.engine) as opened:
                claim(opened)
                entry = Entry(opened, self._clock())
                yield entry
            self._note(entry.written)

    def event(
        self,
        actor: str,
        action: str,
        *,
        subject: str | None = None,
        detail: Mapping[str, Any] | None = None,
        concern: Concern | None = None,
    ) -> int:
        """Something that happened, in one entry."""
        return self._add(actor, action, subject=subject, detail=detail, concern=concern)

    def intent(
        self,
        actor: str,
        action: str,
        *,
        subject: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """What is about to be read. Committed before the read begins."""
        return self._add(actor, action, phase="intent", subject=subject, detail=detail)

    def outcome(
        self,
        intent_seq: int,
        actor: str,
        action: str,
        *,
        subject: str | None = None,
        detail: Mapping[str, Any] | None = None,
        concern: Concern | None = None,
    ) -> int:
        """How the read of `intent_seq` ended, and whose data was read."""
        return self._add(
            actor, action, phase="outcome", subject=subject, detail=detail, intent_seq=intent_seq,
            concern=concern,
        )  # fmt: skip

    def _add(self, actor: str, action: str, **more: Any) -> int:
        return self._turns.together(Draft.of(actor, action, **more))

    def _write(self, drafts: Sequence[Draft]) -> list[int]:
        with _unavailable():
            with self.engine.begin() as connection:
                claim(connection)
                written = append(connection, self._clock(), drafts)
            self._note(written)
        return [head.seq for head in written]

    def _note(self, written: Sequence[Head]) -> None:
        if self._heads is None or not written:
            return
        lines = "".join(canonical({"seq": h.seq, "hash": h.hash}) + "\n" for h in written)
        self._heads.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._heads, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, lines.encode())
        finally:
            os.close(handle)


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise AuditUnavailable(
            f"The audit log cannot be written ({type(error).__name__}), so nothing that it must "
            "hold is done or served.",
            next_step="Check the state database and the disk with: campus doctor",
        ) from error


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
    concern: Callable[[Result | None], Concern | None] = lambda _: None,
) -> Result:
    """Intent committed → `read()` → outcome committed → the answer may be served.

    `result` says what of the answer the outcome notes: counts and ids. A read that fails is
    noted with the kind of its error and what `failure` says of it, and the error goes on.
    `concern` says whose data the answer holds beside the subject's (of None: whose the read that
    failed had before it).
    """
    intent = audit.intent(actor, action, subject=subject, detail=detail)
    try:
        answer = read()
    except Exception as error:
        failed = {"error": type(error).__name__, **failure(error)}
        audit.outcome(intent, actor, action, subject=subject, detail=failed, concern=concern(None))
        raise
    noted = {"result": "served", **result(answer)}
    audit.outcome(intent, actor, action, subject=subject, detail=noted, concern=concern(answer))
    return answer
