"""The way of an application: pure rules over its events.

    applicant → unit head → supervising school leader → leading group → working group authorises

An individual's goes past the supervising leader; a court's or the police's begins with the leading
group. Both are ours: Article 22 says only *by the prescribed procedure*. State is never stored: it
is what the events say, and a signature counts for the very content that was submitted last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from warehouse.governance.content import Content, read_content

__all__ = ["DECISIONS", "PATHS", "STAGES", "Actor", "State", "Step", "derive", "refusal"]

#: Stage → the role that signs there. The first two are roles for the applying unit.
STAGES = {
    "unit_head": "unit_head",
    "supervising_leader": "supervising_leader",
    "leading_group": "leading_group",
    "working_group": "working_group",
}
_FOR_UNIT = frozenset({"unit_head", "supervising_leader"})

#: Kind of application → its stages in order. The last one authorises.
PATHS: dict[str, tuple[str, ...]] = {
    "unit": ("unit_head", "supervising_leader", "leading_group", "working_group"),
    "individual": ("unit_head", "leading_group", "working_group"),
    "legal_case": ("leading_group", "working_group"),
}
DECISIONS = ("approve", "return", "reject")


class Event(Protocol):
    """What `derive` reads of an event; rows of `application_event` are such."""

    seq: int
    at: datetime
    kind: str
    stage: str | None
    person_key: int
    principal_key: int | None
    content: Any
    content_sha256: str
    reason: str
    channel: str
    recorded_by: str


@dataclass(frozen=True)
class Step:
    """A signature or decision of the present round."""

    stage: str
    decision: str
    person_key: int
    principal_key: int | None
    at: datetime
    channel: str
    recorded_by: str


@dataclass(frozen=True)
class Actor:
    """Who wants to act: `roles` are (role, unit or None, principal or None) held this day, the
    principal being the person for whom it is held by delegation."""

    person_key: int
    roles: tuple[tuple[str, str | None, int | None], ...] = ()


@dataclass(frozen=True)
class State:
    """Where an application stands.

    `status`: open | returned | rejected | withdrawn | authorised. `stage` is who must act next
    while it is open, else None. `seq` is the number of the last event. `steps` are the approvals
    of the present round: a new submission begins a new one.
    """

    status: str
    stage: str | None
    seq: int
    applicant_key: int
    content: Content
    content_sha256: str
    steps: tuple[Step, ...]

    @property
    def path(self) -> tuple[str, ...]:
        return PATHS[self.content.kind]

    @property
    def is_last_stage(self) -> bool:
        return self.stage == self.path[-1]

    @property
    def is_signed_through(self) -> bool:
        """Every stage of the path was signed, in order, on the content as it is."""
        return tuple(step.stage for step in self.steps) == self.path


def derive(events: Sequence[Event]) -> State:
    """The state that the events lead to, in the order of `seq`. Raises `ValueError` for a list
    that does not begin with a submission: such a list is not an application."""
    if not events or events[0].kind != "submitted":
        raise ValueError("an application begins with its submission")
    state: State | None = None
    for event in events:
        if event.kind == "submitted":
            content = read_content(event.content)
            state = State(
                "open", PATHS[content.kind][0], event.seq, events[0].person_key, content,
                event.content_sha256, (),
            )  # fmt: skip
            continue
        assert state is not None
        state = _after(state, event)
    assert state is not None
    return state


def _after(state: State, event: Event) -> State:
    steps, stage, status = state.steps, state.stage, state.status
    if event.kind in ("approved", "authorised"):
        if event.content_sha256 != state.content_sha256:
            return replace(state, seq=event.seq)  # a signature on another form signs nothing here
        steps = (
            *steps,
            Step(
                event.stage or "",
                event.kind,
                event.person_key,
                event.principal_key,
                event.at,
                event.channel,
                event.recorded_by,
            ),
        )
        position = state.path.index(event.stage or "") + 1
        stage = state.path[position] if position < len(state.path) else None
        if stage is None:
            status = "authorised"
    else:
        status, stage = event.kind, None
    return State(
        status, stage, event.seq, state.applicant_key, state.content, state.content_sha256, steps
    )


def refusal(state: State, actor: Actor, *, recorded_by: str | None = None) -> str | None:
    """Why this person may not act at the present stage, or None with the right to do so; pure.

    Nobody signs their own application, be it as applicant, as user of the data, or through a
    delegate; each person signs once; who wrote down another's signature does not authorise. An
    auditor, whom the HR system may call head of a unit, signs nothing.
    """
    if state.stage is None:
        return "nobody is to sign at this moment"
    if any(role == "auditor" for role, _unit, _principal in actor.roles):
        return "an auditor watches and signs nothing, not even as head of a unit"
    held = _held(state, actor)
    if held is None:
        return f"this stage is for: {STAGES[state.stage]}"
    parties = {actor.person_key, *({held} if held else ())}
    if parties & {state.applicant_key, *state.content.users}:
        return "nobody signs an application of their own"
    signed = {step.person_key for step in state.steps}
    signed |= {step.principal_key for step in state.steps if step.principal_key is not None}
    if parties & signed:
        return "who has signed at an earlier stage does not sign again"
    # The operator at the server is above these rules and stands in the log by name.
    recorder = recorded_by or f"person:{actor.person_key}"
    if (
        state.is_last_stage
        and recorder.startswith("person:")
        and recorder in {step.recorded_by for step in state.steps}
    ):
        return "who recorded a signature does not authorise"
    return None


def principal_of(state: State, actor: Actor) -> int | None:
    """For whom the actor would sign at the present stage; None where for themself."""
    return _held(state, actor) or None


def _held(state: State, actor: Actor) -> int | None:
    """0 where the actor holds the stage's role themself, the principal's key where by delegation,
    None where not at all. One's own role comes first."""
    wanted = STAGES[state.stage or ""]
    unit = state.content.unit if wanted in _FOR_UNIT else None
    found = [
        principal or 0
        for role, for_unit, principal in actor.roles
        if role == wanted and (unit is None or for_unit == unit)
    ]
    return min(found, default=None)
