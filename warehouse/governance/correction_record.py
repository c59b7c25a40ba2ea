"""Corrections as the state database holds them: their events, where each stands, which are open."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warehouse.errors import NotFound
from warehouse.governance.correction import CHECKED, State, derive
from warehouse.state.corrections import Correction, CorrectionEvent

__all__ = ["correction_events", "correction_state", "list_corrections", "open_corrections"]


def correction_events(session: Session, correction_id: str) -> list[CorrectionEvent]:
    """Its events in their order; none for an unknown one."""
    return list(
        session.scalars(
            select(CorrectionEvent)
            .where(CorrectionEvent.correction_id == correction_id)
            .order_by(CorrectionEvent.seq)
        )
    )


def correction_state(session: Session, correction_id: str) -> State:
    """Where it stands now; `NotFound` for an unknown one."""
    events = correction_events(session, correction_id)
    if not events:
        raise NotFound("There is no such correction.", next_step="See: campus correction list")
    return derive(events)


def list_corrections(
    session: Session, *, person_key: int | None = None, units: list[str] | None = None
) -> list[tuple[Correction, State]]:
    """Those of a person, of some units, or all; newest first."""
    wanted = select(Correction).order_by(Correction.created_at.desc(), Correction.id)
    if person_key is not None:
        wanted = wanted.where(Correction.person_key == person_key)
    if units is not None:
        wanted = wanted.where(Correction.unit_code.in_(units))
    rows = list(session.scalars(wanted))
    events: dict[str, list[CorrectionEvent]] = {row.id: [] for row in rows}
    asked = select(CorrectionEvent).order_by(CorrectionEvent.seq)
    if person_key is not None or units is not None:
        ids = wanted.with_only_columns(Correction.id).order_by(None)
        asked = asked.where(CorrectionEvent.correction_id.in_(ids))
    for event in session.scalars(asked):
        events[event.correction_id].append(event)
    return [(row, derive(events[row.id])) for row in rows]


def open_corrections(session: Session) -> list[Correction]:
    """Those that the next publication may close, oldest first."""
    last = (
        select(CorrectionEvent.correction_id, func.max(CorrectionEvent.seq).label("seq"))
        .where(CorrectionEvent.kind != "evidence")
        .group_by(CorrectionEvent.correction_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(Correction)
            .join(last, last.c.correction_id == Correction.id)
            .join(
                CorrectionEvent,
                (CorrectionEvent.correction_id == last.c.correction_id)
                & (CorrectionEvent.seq == last.c.seq),
            )
            .where(CorrectionEvent.kind.in_(CHECKED))
            .order_by(Correction.created_at, Correction.id)
        )
    )
