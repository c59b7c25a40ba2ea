"""Reminders: an application that nobody has acted on for days reminds those it waits for."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from warehouse.access.desk import Desk
from warehouse.access.unit_heads import heads_by_unit
from warehouse.governance.applications import application_state, events_of, list_applications
from warehouse.governance.appointments import school_day
from warehouse.governance.notices import notify, stage_holders
from warehouse.state import session
from warehouse.state.models import Application, Notice

__all__ = ["KIND", "remind"]

KIND = "application.reminder"


def remind(desk: Desk) -> int:
    """Queue a reminder for each open application whose last step is `reminder_days` or longer ago,
    to everybody who may act on it; at most one a day each. Returns how many were queued."""
    now, heads = desk.now, heads_by_unit(desk.reader)
    before = now - timedelta(days=desk.settings.reminder_days)
    with session(desk.engine, read_only=True) as opened:
        late = [
            row.id
            for row, state in list_applications(opened)
            if state.stage is not None and events_of(opened, row.id)[-1].at <= before
        ]
    return sum(_remind_of(desk, application_id, heads) for application_id in late)


def _remind_of(desk: Desk, application_id: str, heads: dict[str, int]) -> int:
    now, today = desk.now, school_day(desk.now)
    with session(desk.engine) as opened:
        # Held, so that two who remind at once do not both find that nobody was reminded today.
        opened.get(Application, application_id, with_for_update=True)
        state = application_state(opened, application_id)
        reminded = {
            notice.person_key
            for notice in opened.scalars(
                select(Notice).where(Notice.kind == KIND, Notice.at > now - timedelta(days=2))
            )
            if notice.about.get("application") == application_id and school_day(notice.at) == today
        }
        people = set(stage_holders(opened, state, now, heads)) - reminded
        notify(opened, people, KIND, now, application=application_id, stage=state.stage)
    return len(people)
