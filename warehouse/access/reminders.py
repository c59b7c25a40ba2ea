"""Reminders: an application that nobody has acted on for days reminds those it waits for."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from warehouse.access.correction_reminders import remind_late
from warehouse.access.desk import Desk
from warehouse.access.unit_heads import heads_by_unit
from warehouse.governance.applications import application_state
from warehouse.governance.notices import noticed_today, notify, stage_holders
from warehouse.state import session
from warehouse.state.models import Application, ApplicationEvent

__all__ = ["KIND", "remind"]

KIND = "application.reminder"

_LAST = (
    select(ApplicationEvent.application_id, func.max(ApplicationEvent.seq).label("seq"))
    .group_by(ApplicationEvent.application_id)
    .subquery()
)
#: Applications whose last step leaves them with somebody who is to sign.
_WAITING = (
    select(ApplicationEvent.application_id)
    .join(
        _LAST,
        (_LAST.c.application_id == ApplicationEvent.application_id)
        & (_LAST.c.seq == ApplicationEvent.seq),
    )
    .where(ApplicationEvent.kind.in_(("submitted", "approved")))
    .order_by(ApplicationEvent.application_id)
)


def remind(desk: Desk) -> int:
    """Queue a reminder for each open application whose last step is `reminder_days` or longer ago,
    to everybody who may act on it, and one for each late correction; at most one a day each.
    Returns how many were queued."""
    now, heads = desk.now, heads_by_unit(desk.reader)
    before = now - timedelta(days=desk.settings.reminder_days)
    with session(desk.engine, read_only=True) as opened:
        late = opened.scalars(_WAITING.where(ApplicationEvent.at <= before)).all()
    return remind_late(desk) + sum(
        _remind_of(desk, application_id, heads) for application_id in late
    )


def _remind_of(desk: Desk, application_id: str, heads: dict[str, int]) -> int:
    now = desk.now
    with session(desk.engine) as opened:
        # Held, so that two who remind at once do not both find that nobody was reminded today.
        opened.get(Application, application_id, with_for_update=True)
        state = application_state(opened, application_id)
        reminded = noticed_today(opened, KIND, now, application=application_id)
        people = set(stage_holders(opened, state, now, heads)) - reminded
        notify(opened, people, KIND, now, application=application_id, stage=state.stage)
    return len(people)
