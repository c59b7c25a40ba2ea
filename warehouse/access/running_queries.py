"""Queries of this moment: who may start one more, how far each has come, which are cancelled.

Slots are few, because each query may take a processor and `sql_memory` to itself. Nobody can take
them all: a person has a share, and of those who wait the one with the fewest running goes first.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from warehouse.errors import Conflict, NotFound, QueryBusy, QueryCancelled

__all__ = ["RunningQueries", "RunningQuery", "new_query_id"]

_PER_SLOT_WAITING = 4


def new_query_id() -> str:
    """An id that nobody guesses: 32 hexadecimal digits."""
    return secrets.token_hex(16)


@dataclass(eq=False)
class RunningQuery:
    """`state` is waiting (for a slot) | preparing (the grant's file) | running; `progress`
    percent as DuckDB estimates it, None where it does not; `seconds` since it was asked for."""

    id: str = field(default_factory=new_query_id)
    person_key: int = 0
    grant_id: str = ""
    state: str = "waiting"
    progress: float | None = None
    asked_at: float = field(default_factory=time.monotonic)
    cancelled: threading.Event = field(default_factory=threading.Event)
    versions: set[int] = field(default_factory=set)
    "Whom the file held that it read (`state.uses.PeopleVersion`)."

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.asked_at

    def refuse_cancelled(self) -> None:
        """Raise `QueryCancelled` once somebody has cancelled it."""
        if self.cancelled.is_set():
            raise QueryCancelled("The query was cancelled.")


class RunningQueries:
    """The queries of one gateway. `patience` is how long one waits for a slot, in seconds."""

    def __init__(self, slots: int = 3, per_person: int = 2, *, patience: float = 10.0) -> None:
        self._slots, self._patience = slots, patience
        self._share = per_person if slots == 1 else min(per_person, slots - 1)
        self._queries: dict[str, RunningQuery] = {}
        self._change = threading.Condition()

    @contextmanager
    def admit(self, query: RunningQuery) -> Iterator[None]:
        """Wait for a slot and hold it. Raises `QueryBusy` where the person's share or the house
        is full, `QueryCancelled`, and `Conflict` for an id that is in use."""
        self._register(query)
        try:
            self._wait_for_slot(query)
            yield
        finally:
            with self._change:
                del self._queries[query.id]
                self._change.notify_all()

    def of(self, person_key: int) -> list[RunningQuery]:
        """A person's queries, oldest first."""
        with self._change:
            return self._of(person_key)

    def cancel(self, person_key: int, query_id: str) -> None:
        """Cancel a person's own query. Raises `NotFound` for any other."""
        with self._change:
            query = self._queries.get(query_id)
            if query is None or query.person_key != person_key:
                raise NotFound(
                    "You have no such query running.", next_step="It may have ended by itself."
                )
            query.cancelled.set()
            self._change.notify_all()

    def cancel_all(self) -> None:
        """For the end of the gateway."""
        with self._change:
            for query in self._queries.values():
                query.cancelled.set()
            self._change.notify_all()

    def _register(self, query: RunningQuery) -> None:
        with self._change:
            if query.id in self._queries:
                raise Conflict("A query with that id is running.", next_step="Use an id once.")
            if len(self._of(query.person_key)) >= self._share:
                raise QueryBusy(
                    f"{self._share} of your queries are running already.",
                    next_step="Wait for one of them, or cancel it.",
                )
            if len(self._queries) >= self._slots * _PER_SLOT_WAITING:
                raise _full()
            self._queries[query.id] = query

    def _wait_for_slot(self, query: RunningQuery) -> None:
        with self._change:
            deadline = time.monotonic() + self._patience
            while not query.cancelled.is_set() and self._next() is not query:
                if (left := deadline - time.monotonic()) <= 0:
                    raise _full()
                self._change.wait(left)
            query.refuse_cancelled()
            query.state = "preparing"
            self._change.notify_all()

    def _next(self) -> RunningQuery | None:
        waiting = [one for one in self._queries.values() if one.state == "waiting"]
        if not waiting or len(self._queries) - len(waiting) >= self._slots:
            return None
        return min(waiting, key=lambda one: (self._holds(one.person_key), one.asked_at))

    def _holds(self, person_key: int) -> int:
        return sum(one.state != "waiting" for one in self._of(person_key))

    def _of(self, person_key: int) -> list[RunningQuery]:
        return [one for one in self._queries.values() if one.person_key == person_key]


def _full() -> QueryBusy:
    return QueryBusy("Too many queries run at this moment.", next_step="Try again in a minute.")
