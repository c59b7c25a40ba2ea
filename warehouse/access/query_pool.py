"""Processes kept ready for the next queries, each of them for exactly one.

A waiting process has no data, no grant's descriptor and no environment (`query_process`). Linux
kills it when the *thread* that started it ends, so one long-lived thread starts them all.
"""

from __future__ import annotations

import logging
import threading
from collections import deque

from warehouse.access.query_process import QueryProcess
from warehouse.settings import Settings

__all__ = ["QueryPool"]

_LOG = logging.getLogger("warehouse.access")
_AFTER_FAILURE = 5.0


class QueryPool:
    """`size` processes wait (default: `sql_pool`) once it is opened; before that, after it is
    closed and when all are taken, one is started on demand, by and for the caller's thread."""

    def __init__(self, settings: Settings, size: int | None = None) -> None:
        self._settings = settings
        self._size = settings.sql_pool if size is None else size
        self._waiting: deque[QueryProcess] = deque()
        self._change = threading.Condition()
        self._keeper: threading.Thread | None = None

    def open(self) -> None:
        """Start keeping processes ready. Returns at once."""
        with self._change:
            if self._keeper is None and self._size:
                self._keeper = threading.Thread(target=self._keep, name="sql-pool", daemon=True)
                self._keeper.start()

    def add(self, *, ahead: bool = True) -> None:
        """Start one process in this thread, which must live as long as that process is to.
        `ahead` where its query will not come at once."""
        process = QueryProcess(self._settings, ahead=ahead)
        with self._change:
            self._waiting.append(process)

    def close(self) -> None:
        """End the waiting ones; those that were taken belong to their takers."""
        with self._change:
            keeper, self._keeper = self._keeper, None
            self._change.notify_all()
        if keeper is not None:
            keeper.join()
        with self._change:
            while self._waiting:
                self._waiting.popleft().end()

    def take(self) -> QueryProcess:
        """A process for one order. Who takes it ends it."""
        with self._change:
            while self._waiting:
                process = self._waiting.popleft()
                self._change.notify_all()
                if process.alive:
                    return process
                process.end()
        return QueryProcess(self._settings)

    @property
    def waiting(self) -> list[int]:
        """Process ids of those that wait."""
        with self._change:
            return [process.pid for process in self._waiting]

    def _keep(self) -> None:
        me = threading.current_thread()
        while True:
            with self._change:
                self._change.wait_for(
                    lambda: self._keeper is not me or len(self._waiting) < self._size
                )
                if self._keeper is not me:
                    return
            try:
                self.add()
            except OSError as error:
                _LOG.error("no process for queries can be started: %s", error.strerror)
                with self._change:
                    self._change.wait_for(lambda: self._keeper is not me, _AFTER_FAILURE)
