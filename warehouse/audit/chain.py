"""The links of the audit log: how one is hashed, and how a chain is checked. Nothing here writes.

Each link's hash covers every other field and the hash before it, so a link that was changed,
taken out or moved no longer fits its neighbours. The end of a chain has no neighbour: a removed
tail is found by the head file, which notes the hash of every link as it was written; a chain and
head file that were both computed anew, by the daily seals.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "FIRST",
    "Head",
    "Link",
    "Sealed",
    "VerifyReport",
    "canonical",
    "link_hash",
    "verify_links",
]

#: What the first link names as the hash before it.
FIRST = "0" * 64


@dataclass(frozen=True)
class Link:
    """One audit entry, exactly as stored."""

    seq: int
    at: str
    actor: str
    action: str
    phase: str
    intent_seq: int | None
    subject: str | None
    detail: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Head:
    """What the head file notes of one link."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Sealed:
    """What the seal of a day says of the end of the log."""

    day: str
    seq: int
    hash: str


@dataclass(frozen=True)
class VerifyReport:
    """`broken_seq` is the first link that does not hold, None where the chain is whole.

    `heads` counts the noted hashes that were compared; without any, a removed tail of the log
    cannot be noticed. `seals` counts the daily seals that agreed, `sealed_until` is the day of the
    last of them; without any, a log that was computed anew with its heads cannot be noticed.
    """

    entries: int
    heads: int
    last_hash: str
    seals: int = 0
    sealed_until: str | None = None
    broken_seq: int | None = None
    problem: str | None = None

    @property
    def whole(self) -> bool:
        return self.broken_seq is None


def canonical(value: Mapping[str, Any]) -> str:
    """JSON with one spelling: sorted keys, no spaces, text unescaped."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link_hash(
    *,
    seq: int,
    at: str,
    actor: str,
    action: str,
    phase: str,
    intent_seq: int | None,
    subject: str | None,
    detail: str,
    previous_hash: str,
) -> str:
    """sha256 in hex over every field of a link but its own hash."""
    text = canonical(
        {
            "seq": seq,
            "at": at,
            "actor": actor,
            "action": action,
            "phase": phase,
            "intent_seq": intent_seq,
            "subject": subject,
            "detail": detail,
            "previous_hash": previous_hash,
        }
    )
    return hashlib.sha256(text.encode()).hexdigest()


def verify_links(
    links: Iterable[Link], heads: Iterable[Head], seals: Iterable[Sealed] = ()
) -> VerifyReport:
    """Walk the chain once, in the order of `seq`, and compare it with the noted heads and the
    seals, oldest first.

    Links and heads are streamed. Heads may come slightly out of order (several processes note
    them) and may be missing; one that is there must agree.
    """
    noted, sealed = _Noted(heads), _Seals(seals)
    expected, previous, entries = 1, FIRST, 0

    def broken(seq: int, problem: str) -> VerifyReport:
        return VerifyReport(
            entries, noted.compared, previous, sealed.compared, sealed.until, seq, problem
        )

    for link in links:
        if link.seq != expected:
            return broken(expected, "the entry is missing")
        if link.previous_hash != previous:
            return broken(link.seq, "the entry does not follow the one before it")
        if link.hash != _hash_of(link):
            return broken(link.seq, "the entry was changed")
        if not noted.agrees(link.seq, link.hash):
            return broken(link.seq, "the entry differs from the one noted when it was written")
        if (problem := sealed.problem_at(link.seq, link.hash)) is not None:
            return broken(link.seq, problem)
        expected, previous, entries = link.seq + 1, link.hash, entries + 1
    missing = noted.first_beyond(expected)
    if missing is not None:
        return broken(missing, "the entry was noted in the head file and is gone from the log")
    if (left := sealed.left) is not None:
        return broken(
            expected, f"the log ends here; by the seal of {left.day} it went on to entry {left.seq}"
        )
    return VerifyReport(entries, noted.compared, previous, sealed.compared, sealed.until)


def _hash_of(link: Link) -> str:
    return link_hash(
        seq=link.seq,
        at=link.at,
        actor=link.actor,
        action=link.action,
        phase=link.phase,
        intent_seq=link.intent_seq,
        subject=link.subject,
        detail=link.detail,
        previous_hash=link.previous_hash,
    )


class _Seals:
    """The seals that lie ahead, and the last that agreed."""

    def __init__(self, seals: Iterable[Sealed]) -> None:
        self._ahead = deque(seal for seal in seals if seal.seq)  # an empty log proves nothing
        self.compared = 0
        self.until: str | None = None

    @property
    def left(self) -> Sealed | None:
        return self._ahead[0] if self._ahead else None

    def problem_at(self, seq: int, found: str) -> str | None:
        while self._ahead and self._ahead[0].seq <= seq:
            seal = self._ahead.popleft()
            if seal.seq != seq or seal.hash != found:
                since = f"after the seal of {self.until}" if self.until else "from the beginning on"
                return f"the log differs from the seal of {seal.day}: it was rewritten {since}"
            self.compared, self.until = self.compared + 1, seal.day
        return None


class _Noted:
    """Reads heads just far enough ahead to compare them with the link at hand."""

    #: How far out of order the lines of several writers may be: each notes a group at a time.
    SPREAD = 4_096

    def __init__(self, heads: Iterable[Head]) -> None:
        self._heads: Iterator[Head] = iter(heads)
        self._ahead: dict[int, set[str]] = {}
        self._furthest = 0
        self.compared = 0

    def _fill(self, seq: int) -> None:
        for head in self._heads:
            self._ahead.setdefault(head.seq, set()).add(head.hash)
            self._furthest = max(self._furthest, head.seq)
            if head.seq > seq + self.SPREAD:
                return

    def agrees(self, seq: int, found: str) -> bool:
        if self._furthest <= seq + self.SPREAD:
            self._fill(seq)
        hashes = self._ahead.pop(seq, None)
        if hashes is None:
            return True
        self.compared += 1
        return hashes == {found}

    def first_beyond(self, expected: int) -> int | None:
        """The first missing link: `expected` itself where any head lies at or behind it."""
        beyond = [seq for seq in self._ahead if seq >= expected]
        beyond += [head.seq for head in self._heads if head.seq >= expected]
        return expected if beyond else None
