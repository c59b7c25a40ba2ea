"""Whose turn it is to write within this process, and who is written along with whom.

Forcing a commit to the disk takes a millisecond or more, however much it holds. So entries that
arrive while one is being forced wait together, and one of their threads writes them all in the
next transaction: each caller still returns when its own entry is committed, and a lone caller
writes at once, in its own thread.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Turns"]

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(eq=False)
class _Waiting(Generic[Item, Result]):
    item: Item
    is_settled: bool = False
    result: Result | None = None
    error: BaseException | None = None


class Turns(Generic[Item, Result]):
    """`write` commits a group of items in one transaction and returns a result for each."""

    #: Entries in one transaction at most.
    MOST = 500

    def __init__(self, write: Callable[[list[Item]], list[Result]]) -> None:
        self._write = write
        self._change = threading.Condition()
        self._queue: deque[_Waiting[Item, Result]] = deque()
        self._is_taken = False
        self._alone_waiting = 0
        self._alone_was_last = False

    def together(self, item: Item) -> Result:
        """Have the item committed, with whatever else waits. Raises what its group's writing
        raised."""
        mine: _Waiting[Item, Result] = _Waiting(item)
        with self._change:
            self._queue.append(mine)
        while not mine.is_settled:
            group = self._await(mine)
            if group:
                self._settle(group)
        if mine.error is not None:
            raise mine.error
        return mine.result  # type: ignore[return-value]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the turn for a transaction of one's own. Groups and such take turns."""
        with self._change:
            self._alone_waiting += 1
            try:
                while self._is_taken or (self._alone_was_last and self._queue):
                    self._change.wait()
                self._is_taken = True
            finally:
                self._alone_waiting -= 1
        try:
            yield
        finally:
            self._release(alone=True)

    def _await(self, mine: _Waiting[Item, Result]) -> list[_Waiting[Item, Result]]:
        """Wait until somebody has settled `mine`, or take the turn and the oldest of the queue."""
        with self._change:
            try:
                while not mine.is_settled and (
                    self._is_taken or (self._alone_waiting and not self._alone_was_last)
                ):
                    self._change.wait()
            except BaseException:  # interrupted: nobody waits for it any more
                if mine in self._queue:
                    self._queue.remove(mine)
                raise
            if mine.is_settled:
                return []
            self._is_taken = True
            return [self._queue.popleft() for _ in range(min(self.MOST, len(self._queue)))]

    def _settle(self, group: list[_Waiting[Item, Result]]) -> None:
        try:
            results = self._write([waiting.item for waiting in group])
            for waiting, result in zip(group, results, strict=True):
                waiting.result = result
        except BaseException as error:
            for waiting in group:
                waiting.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            for waiting in group:
                waiting.is_settled = True
            self._release(alone=False)

    def _release(self, *, alone: bool) -> None:
        with self._change:
            self._is_taken = False
            self._alone_was_last = alone
            self._change.notify_all()
