"""The term of a grant as it was signed: of its application, lengthened by signed extensions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from warehouse.governance.application import State
from warehouse.governance.signed import signed_application
from warehouse.state.models import Grant, GrantEvent

__all__ = ["begins_on", "ends_after", "term_is_signed"]

_BEIJING = ZoneInfo("Asia/Shanghai")


def begins_on(day: date) -> datetime:
    """The first moment of a day at the college."""
    return datetime.combine(day, time(), _BEIJING)


def ends_after(day: date) -> datetime:
    """The first moment after a day at the college."""
    return begins_on(day + timedelta(days=1))


def term_is_signed(
    session: Session, grant: Grant, application: State, events: Sequence[GrantEvent]
) -> bool:
    """Whether the grant begins no earlier than its application says, ends with it, and each event
    that lengthened it is an application signed through for just that."""
    content = application.content
    if content.last_day is None or grant.expires_at != ends_after(content.last_day):
        return False
    if content.first_day is not None and grant.valid_from < begins_on(content.first_day):
        return False
    return all(_is_signed(session, event) for event in events if event.kind == "extended")


def _is_signed(session: Session, event: GrantEvent) -> bool:
    word, _, application_id = (event.cause or "").partition(":")
    state = signed_application(session, application_id)
    return (
        word == "application"
        and state is not None
        and state.content.extends == event.grant_id
        and state.content.last_day is not None
        and event.until == ends_after(state.content.last_day)
    )
