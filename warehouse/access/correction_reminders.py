"""Corrections past their day: the unit and the working group are told, once a day."""

from __future__ import annotations

from warehouse.access.desk import Desk
from warehouse.access.unit_heads import heads_by_unit
from warehouse.governance.appointments import school_day
from warehouse.governance.correction_record import correction_state, open_corrections
from warehouse.governance.notices import noticed_today, notify
from warehouse.governance.roles import holders
from warehouse.state import session
from warehouse.state.corrections import Correction

__all__ = ["KIND", "remind_late"]

KIND = "correction.late"


def remind_late(desk: Desk) -> int:
    """Queue a notice to everybody who answers for a late correction; at most one a day each for
    one of them. Returns how many were queued."""
    today = school_day(desk.now)
    with session(desk.engine, read_only=True) as opened:
        late = [
            row.id
            for row in open_corrections(opened)
            if correction_state(opened, row.id).is_late(today)
        ]
    return sum(_remind(desk, correction_id) for correction_id in late)


def _remind(desk: Desk, correction_id: str) -> int:
    now = desk.now
    with session(desk.engine) as opened:
        # Held, so that two who remind at once do not both find that nobody was reminded today.
        row = opened.get(Correction, correction_id, with_for_update=True)
        assert row is not None
        people = {one.person_key for one in holders(opened, "working_group", None, now)}
        if correction_state(opened, row.id).waits_for == "unit":
            head = heads_by_unit(desk.reader).get(row.unit_code)
            found = holders(opened, "unit_officer", row.unit_code, now)
            found += holders(opened, "unit_head", row.unit_code, now, head_by_hr=head)
            people |= {one.person_key for one in found}
        people -= noticed_today(opened, KIND, now, correction=row.id)
        notify(opened, people, KIND, now, correction=row.id)
    return len(people)
