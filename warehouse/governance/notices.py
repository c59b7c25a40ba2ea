"""Notices: whom a step concerns, written with the step itself and mailed afterwards.

A notice holds ids and stages only; its words are made when it is sent (`access.mail`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.governance.application import STAGES, State
from warehouse.governance.appointments import school_day
from warehouse.governance.roles import holders
from warehouse.state.models import Notice

__all__ = ["noticed_today", "notify", "notify_stage", "stage_holders"]


def notify(session: Session, people: Iterable[int], kind: str, at: datetime, **about: Any) -> None:
    """Queue one notice a person."""
    for person_key in sorted(set(people)):
        session.add(Notice(at=at, person_key=person_key, kind=kind, about=about))
    session.flush()


def noticed_today(session: Session, kind: str, at: datetime, **about: str) -> set[int]:
    """person_key of each who got a notice of this kind about this on the college's day of `at`."""
    recent = select(Notice).where(Notice.kind == kind, Notice.at > at - timedelta(days=2))
    return {
        notice.person_key
        for notice in session.scalars(recent)
        if about.items() <= notice.about.items() and school_day(notice.at) == school_day(at)
    }


def notify_stage(
    session: Session, application_id: str, state: State, at: datetime, heads: Mapping[str, int]
) -> None:
    """Tell those who may act at the present stage, deputies included."""
    notify(
        session,
        stage_holders(session, state, at, heads),
        "application.waiting",
        at,
        application=application_id,
        stage=state.stage,
    )


def stage_holders(
    session: Session, state: State, at: datetime, heads: Mapping[str, int]
) -> list[int]:
    """person_key of each who holds the role of the present stage; none where none is to act."""
    if state.stage is None:
        return []
    role, unit = STAGES[state.stage], state.content.unit
    for_unit = state.stage in ("unit_head", "supervising_leader")
    found = holders(session, role, unit if for_unit else None, at, head_by_hr=heads.get(unit))
    return sorted({one.person_key for one in found})
