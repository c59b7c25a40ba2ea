"""Answers that hold nobody's data, kept as they are sent: many readers at once cost one read.

What is kept is the part that release, scope and question determine. Session, policy and audit stand
before it at every request, and what can change while a release is current (sign-offs) is added anew
each time. The answer bears a tag of its content: who names the tag of what they hold is told that
theirs is the same, after all of the same checks.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from warehouse.gateway.answers import spelled

__all__ = ["KeptAnswers", "KeptPart", "Question", "tagged"]

#: Nothing between may keep it; who asked may, and shows it again only when the gateway says so.
_HEADERS = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Question:
    """All that an answer depends on. `scope` is what tells readers apart who are shown different
    figures: readers of one scope are given one answer. `asked`: address and parameters."""

    audience: str
    release: str
    scope: Hashable
    asked: tuple[Hashable, ...]


@dataclass(frozen=True)
class KeptPart:
    """The members of a JSON object that are kept, and how many rows they hold."""

    text: bytes
    rows: int
    sha256: bytes

    @classmethod
    def of(cls, document: Mapping[str, Any], rows: int) -> KeptPart:
        """Raises `ValueError` for an empty document: there is nothing to put in front."""
        if not document:
            raise ValueError("a part that is kept has members")
        text = spelled(document)
        return cls(text, rows, hashlib.sha256(text).digest())


class KeptAnswers:
    """Parts of answers of the current release of each audience, at most `room` bytes, those asked
    for longest ago leave first. Threads may share it; a part that several wait for is made once."""

    def __init__(self, room: int = 64 << 20) -> None:
        self._room = room
        self._parts: OrderedDict[Question, KeptPart] = OrderedDict()
        self._turns: dict[Question, threading.Lock] = {}
        self._change = threading.Lock()

    def part(self, question: Question, make: Callable[[], KeptPart]) -> KeptPart:
        """What is kept for the question, or what `make` reads. A failure is kept by nobody."""
        with self._change:
            if (kept := self._find(question)) is not None:
                return kept
            turn = self._turns.setdefault(question, threading.Lock())
        with turn:
            with self._change:
                if (kept := self._find(question)) is not None:
                    return kept
            try:
                made = make()
                with self._change:
                    self._keep(question, made)
            finally:
                with self._change:
                    self._turns.pop(question, None)
        return made

    def _find(self, question: Question) -> KeptPart | None:
        if question in self._parts:
            self._parts.move_to_end(question)
        return self._parts.get(question)

    def _keep(self, question: Question, part: KeptPart) -> None:
        for other in [*self._parts]:
            if other.audience == question.audience and other.release != question.release:
                del self._parts[other]
        self._parts[question] = part
        held = sum(len(kept.text) for kept in self._parts.values())
        while held > self._room:
            _, left = self._parts.popitem(last=False)
            held -= len(left.text)


def tagged(request: Request, part: KeptPart, rest: Mapping[str, Any]) -> Response:
    """The kept members and those of `rest` as one JSON object with its tag; 304 without a body for
    who named that tag (`If-None-Match`)."""
    added = spelled(rest)
    tag = '"' + hashlib.sha256(part.sha256 + added).hexdigest()[:32] + '"'
    headers = {**_HEADERS, "ETag": tag}
    if tag in _named(request):
        return Response(status_code=304, headers=headers)
    body = part.text[:-1] + b"," + added[1:] if rest else part.text
    return Response(body, headers=headers, media_type="application/json")


def _named(request: Request) -> list[str]:
    given = ",".join(request.headers.getlist("if-none-match"))
    return [tag.strip().removeprefix("W/") for tag in given.split(",")]
