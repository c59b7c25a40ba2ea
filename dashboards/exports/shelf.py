"""Pages put together for export, until somebody fetches a file of them or half an hour is over.

A page lies here under an id that nobody can guess, and is handed out only to the ID token for
which it was put together. Nothing is made before it is asked for, and nothing is kept on disk.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from dashboards.exports.page import ExportPage

__all__ = ["SHELF", "Lying", "Shelf"]

_SECONDS = 30 * 60
_MOST = 400


@dataclass(frozen=True)
class Lying:
    """A page, the language of its reader, and the gateway's name of the page (None: public)."""

    page: ExportPage
    language: str
    allowed_by: str | None
    owner: str
    until: float


class Shelf:
    """At most `most` pages, each for `seconds`; the oldest goes first. Safe between threads."""

    def __init__(
        self,
        *,
        seconds: float = _SECONDS,
        most: int = _MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._lying: OrderedDict[str, Lying] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, page: ExportPage, *, token: str, language: str, allowed_by: str | None) -> str:
        """Lay a page down; its id. The same page of the same reader keeps the id it has."""
        owner, now = _digest(token), self._clock()
        with self._lock:
            self._clear(now)
            for name, lying in self._lying.items():
                if (lying.owner, lying.language, lying.page) == (owner, language, page):
                    return name
            name = secrets.token_urlsafe(18)
            until = now + self._seconds
            self._lying[name] = Lying(page, language, allowed_by, owner, until)
            while len(self._lying) > self._most:
                self._lying.popitem(last=False)
            return name

    def take(self, name: str, token: str) -> Lying | None:
        """What lies under an id, for the reader with this token; it stays where it is. None where
        there is nothing, or not for them."""
        with self._lock:
            self._clear(self._clock())
            lying = self._lying.get(name)
        if lying is None or not hmac.compare_digest(lying.owner, _digest(token)):
            return None
        return lying

    def _clear(self, now: float) -> None:
        while self._lying and next(iter(self._lying.values())).until <= now:
            self._lying.popitem(last=False)


def _digest(token: str) -> str:
    """What stands for a reader; the token itself is not kept. Nobody signed in: their own too."""
    return hashlib.sha256(token.encode()).hexdigest()


#: The shelf of this process: its pages lay down, its file route takes.
SHELF = Shelf()
