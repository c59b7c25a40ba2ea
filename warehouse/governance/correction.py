"""The way of a correction: pure rules over its events.

    reported → acknowledged → corrected in the unit's system → closed by a later release
                    └→ refused → contested → upheld | overturned → corrected → …

Nobody closes one by hand: it ends when a later release shows something else in that place, with a
refusal that its owner lets stand or that the working group upholds, or when its owner withdraws it.
State is never stored: it is what the events say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

__all__ = ["CHECKED", "KINDS", "STEPS", "Clock", "State", "derive", "may_follow"]

#: Step → the statuses it may follow, and who takes it.
STEPS: dict[str, tuple[frozenset[str], str]] = {
    "acknowledged": (frozenset({"reported"}), "unit"),
    "corrected": (frozenset({"reported", "acknowledged", "overturned"}), "unit"),
    "refused": (frozenset({"reported", "acknowledged"}), "unit"),
    "contested": (frozenset({"refused"}), "person"),
    "upheld": (frozenset({"contested"}), "working_group"),
    "overturned": (frozenset({"contested"}), "working_group"),
    "withdrawn": (
        frozenset({"reported", "acknowledged", "corrected", "contested", "overturned"}),
        "person",
    ),
    "closed": (
        frozenset({"reported", "acknowledged", "corrected", "contested", "overturned"}),
        "job",
    ),
}
#: `evidence` adds a scan and changes nothing else.
KINDS = ("reported", "evidence", *STEPS)
#: Statuses in which each publication is looked at for another value.
CHECKED = STEPS["closed"][0]
#: Status → who is to act. A refusal waits for nobody: its owner may contest it, once.
_WAITS = {
    "reported": "unit",
    "acknowledged": "unit",
    "corrected": "unit",
    "overturned": "unit",
    "contested": "working_group",
}


class Event(Protocol):
    """What `derive` reads of an event; rows of `correction_event` are such."""

    seq: int
    at: datetime
    kind: str
    person_key: int | None
    due_on: date | None
    outcome: str | None
    release: str | None


@dataclass(frozen=True)
class State:
    """Where a correction stands.

    `status` is the kind of the last event that was a step. `due_on` is the last day for the next
    one; None where nobody is to act. `round_began` is when the unit got it (again).
    `outcome` and `release` are of a closing.
    """

    status: str
    seq: int
    since: datetime
    due_on: date | None
    round_began: datetime
    was_contested: bool = False
    outcome: str | None = None
    release: str | None = None
    evidence: int = 0

    @property
    def waits_for(self) -> str | None:
        """unit, working_group, or None where it has ended or only its owner may go on."""
        return _WAITS.get(self.status)

    @property
    def is_over(self) -> bool:
        return self.status in ("closed", "upheld", "withdrawn")

    def is_late(self, today: date) -> bool:
        """Whether whoever is to act has let the day pass."""
        return self.waits_for is not None and self.due_on is not None and today > self.due_on


@dataclass(frozen=True)
class Clock:
    """How many calendar days each may take. Ours: the regulation names no term."""

    acknowledge_days: int
    decide_days: int

    def due(self, kind: str, today: date, round_began: date, expected: date | None) -> date | None:
        """The last day for the step after one of this kind. `expected` is when the unit says that
        its corrected data come."""
        if kind == "reported":
            return today + timedelta(days=self.acknowledge_days)
        if kind == "acknowledged":
            # The unit's time runs from the report: reading late gives no more of it.
            return round_began + timedelta(days=self.decide_days)
        if kind in ("contested", "overturned"):
            return today + timedelta(days=self.decide_days)
        return expected if kind == "corrected" else None


def derive(events: Sequence[Event]) -> State:
    """The state that the events lead to, in the order of `seq`. Raises `ValueError` for a list that
    does not begin with a report, or whose steps do not follow each other."""
    if not events or events[0].kind != "reported":
        raise ValueError("a correction begins with its report")
    first = events[0]
    state = State("reported", first.seq, first.at, first.due_on, first.at)
    for event in events[1:]:
        state = _after(state, event)
    return state


def may_follow(state: State, kind: str) -> bool:
    """Whether a step of this kind may be taken now. Contesting once is a rule of its own: after a
    decision of the working group there is no second refusal to contest."""
    if kind == "contested" and state.was_contested:
        return False
    return state.status in STEPS[kind][0]


def _after(state: State, event: Event) -> State:
    if event.kind == "evidence":
        return replace(state, seq=event.seq, evidence=state.evidence + 1)
    if event.kind not in STEPS or not may_follow(state, event.kind):
        raise ValueError(f"{event.kind} cannot follow {state.status}")
    return replace(
        state,
        status=event.kind,
        seq=event.seq,
        since=event.at,
        due_on=event.due_on,
        round_began=event.at if event.kind == "overturned" else state.round_began,
        was_contested=state.was_contested or event.kind == "contested",
        outcome=event.outcome,
        release=event.release,
    )
