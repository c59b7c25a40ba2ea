"""An application as the registry holds it: its events, and whether they sign it through."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.governance.application import State, derive
from warehouse.state.models import ApplicationEvent

__all__ = ["events_of", "signed_application"]


def events_of(session: Session, application_id: str) -> list[ApplicationEvent]:
    """Its events in their order; none for an unknown one."""
    return list(
        session.scalars(
            select(ApplicationEvent)
            .where(ApplicationEvent.application_id == application_id)
            .order_by(ApplicationEvent.seq)
        )
    )


def signed_application(session: Session, application_id: str) -> State | None:
    """The application, where it is authorised with every signature of its path on the very content
    it holds; None otherwise."""
    events = events_of(session, application_id)
    if not events:
        return None
    state = derive(events)
    through = state.status == "authorised" and state.is_signed_through
    return state if through and state.content_sha256 == state.content.sha256 else None
