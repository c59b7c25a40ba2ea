"""Corrections from the report to the end: each step is an event, written once (Article 21).

Whoever acts says which state they saw (`seq`). What was decided meanwhile is a `Conflict`; the same
step of the same person again (a double click) changes nothing. Nothing here edits the warehouse:
the owner unit corrects its own system and delivers.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.errors import Conflict, NotFound, UsageError
from warehouse.governance.appointments import school_day
from warehouse.governance.attachments import find_attachment
from warehouse.governance.correction import CHECKED, STEPS, Clock, State, derive, may_follow
from warehouse.governance.correction_record import (
    correction_events,
    correction_state,
    list_corrections,
)
from warehouse.governance.correction_words import seal_words
from warehouse.governance.journal import Journal, JournalEntry
from warehouse.governance.notices import notify
from warehouse.governance.roles import holders
from warehouse.home import Home
from warehouse.state.corrections import Correction, CorrectionEvent

__all__ = [
    "LONGEST",
    "Place",
    "Report",
    "add_evidence",
    "close",
    "refuse_more_evidence",
    "report",
    "take_step",
]

#: Most characters of what is right, and of a reason.
LONGEST = {"wanted": 200, "reason": 1000}
#: Most corrections of one person that are not over, and most scans with one.
_MOST_OPEN, _MOST_SCANS = 20, 5
#: Most corrections of one person in 24 hours: each may bring scans, which stay.
_MOST_A_DAY = 20
#: The furthest day that a unit may name for its delivery.
_FURTHEST = timedelta(days=120)
#: Steps that need a reason.
_REASONED = frozenset({"refused", "contested", "upheld", "overturned"})


@dataclass(frozen=True)
class Place:
    """What is said to be wrong, as a release showed it; made by `access.correction_places`."""

    kind: str
    unit: str
    item: str | None
    table: str
    source: str
    source_table: str
    column: str | None
    row_mark: str
    value_mark: str
    alike: int
    wanted_mark: str | None
    release: str


@dataclass(frozen=True)
class Report:
    """What the person writes: what is right, and why."""

    wanted: str
    reason: str

    def refuse_faults(self) -> None:
        if not self.wanted.strip():
            raise UsageError("Say what is right.")
        if not self.reason.strip():
            raise UsageError("Say why, so that the unit knows where to look.")
        for name, most in LONGEST.items():
            if len(getattr(self, name)) > most:
                raise UsageError(f"{name} is at most {most} characters long.")


def report(
    journal: Journal,
    home: Home,
    person_key: int,
    place: Place,
    words: Report,
    *,
    clock: Clock,
    reference: str,
    recorded_by: str,
    head_by_hr: int | None = None,
    now: datetime | None = None,
) -> str:
    """Report that something is wrong; returns the id. The same `reference` is the same report.

    Raises `UsageError` for faults of what was written, `Conflict` where the person has reported
    the same place already and it is not over, or has too many that are not.
    """
    now = now or datetime.now(UTC)
    words.refuse_faults()
    with journal.transaction() as entry:
        known = entry.session.scalar(select(Correction).where(Correction.reference == reference))
        if known is not None:
            if known.person_key != person_key:
                raise Conflict("The form was used already.", next_step="Open it again.")
            return known.id
        _refuse_again(entry.session, person_key, place, now)
        made_id = f"JZ{school_day(now):%Y%m%d}-{secrets.token_hex(4)}"
        said = {"wanted": words.wanted.strip(), "reason": words.reason.strip()}
        made = Correction(
            id=made_id,
            person_key=person_key,
            kind=place.kind,
            unit_code=place.unit,
            item_code=place.item,
            table_name=place.table,
            source=place.source,
            source_table=place.source_table,
            column_name=place.column,
            row_mark=place.row_mark,
            value_mark=place.value_mark,
            alike=place.alike,
            wanted_mark=place.wanted_mark,
            words=seal_words(home, made_id, 0, said),
            release=place.release,
            reference=reference,
            created_at=now,
        )
        entry.session.add(made)
        entry.session.flush()
        today = school_day(now)
        _write(
            entry, made, 1, "reported", person_key, recorded_by, now,
            due_on=clock.due("reported", today, today, None),
        )  # fmt: skip
        _tell_unit(entry.session, made, "reported", now, head_by_hr)
        return made.id


def take_step(
    journal: Journal,
    home: Home,
    correction_id: str,
    kind: str,
    person_key: int,
    *,
    seq: int,
    clock: Clock,
    recorded_by: str,
    reason: str = "",
    expected: date | None = None,
    head_by_hr: int | None = None,
    now: datetime | None = None,
) -> tuple[State, bool]:
    """A step of the unit, the person or the working group; the caller has checked who may.

    `seq` is the last event that whoever acts has seen, `expected` the day on which a unit's
    corrected data come. Returns the state and whether it was recorded now (False for a second
    click). Raises `Conflict` where something happened meanwhile or the step does not follow,
    `UsageError` for a missing reason or day.
    """
    now, reason = now or datetime.now(UTC), reason.strip()
    if kind not in STEPS or STEPS[kind][1] == "job":
        raise UsageError("There is no such step.")
    if kind in _REASONED and not reason:
        raise UsageError("Say why.")
    if len(reason) > LONGEST["reason"]:
        raise UsageError(f"A reason is at most {LONGEST['reason']} characters long.")
    today = school_day(now)
    if kind != "corrected":
        expected = None
    elif expected is None or not today <= expected <= today + _FURTHEST:
        raise UsageError("Say on which day the corrected data come: today or within 120 days.")
    with journal.transaction() as entry:
        row = _locked(entry.session, correction_id)
        events = correction_events(entry.session, correction_id)
        state, last = derive(events), events[-1]
        if (last.kind, last.person_key, last.seq) == (kind, person_key, seq + 1):
            return state, False
        if state.seq != seq:
            raise Conflict(
                "Something happened to the correction since you opened it.",
                next_step="Open it again.",
            )
        if not may_follow(state, kind):
            raise Conflict(f"The correction is {state.status}; it cannot be {kind} now.")
        began = today if kind == "overturned" else school_day(state.round_began)
        _write(
            entry, row, seq + 1, kind, person_key, recorded_by, now,
            due_on=clock.due(kind, today, began, expected),
            words=seal_words(home, row.id, seq + 1, {"reason": reason}) if reason else "",
        )  # fmt: skip
        if kind in ("contested", "withdrawn", "overturned"):
            _tell_unit(entry.session, row, kind, now, head_by_hr)
        if kind == "contested":
            group = {held.person_key for held in holders(entry.session, "working_group", None, now)}
            _notify(entry.session, group, row, "correction.contested", now)
        if STEPS[kind][1] != "person":
            _notify(entry.session, [row.person_key], row, f"correction.{kind}", now)
        return correction_state(entry.session, correction_id), True


def close(
    journal: Journal,
    correction_id: str,
    outcome: str,
    release: str,
    *,
    actor: str,
    now: datetime | None = None,
) -> bool:
    """End it because `release` shows something else in that place. False where it is over.

    `outcome`: as_asked, other, or gone (the row is no longer there).
    """
    now = now or datetime.now(UTC)
    with journal.transaction() as entry:
        row = _locked(entry.session, correction_id)
        state = correction_state(entry.session, correction_id)
        if state.status not in CHECKED:
            return False
        _write(
            entry, row, state.seq + 1, "closed", None, actor, now,
            outcome=outcome, release=release,
        )  # fmt: skip
        _notify(entry.session, [row.person_key], row, "correction.closed", now)
        return True


def add_evidence(
    journal: Journal,
    correction_id: str,
    person_key: int,
    attachment: str,
    *,
    recorded_by: str,
    now: datetime | None = None,
) -> bool:
    """Put a scan that was stored to one's own correction, as long as it is not over. False where
    it stands there already. Raises `NotFound` for another's correction."""
    now = now or datetime.now(UTC)
    with journal.transaction() as entry:
        row = _locked(entry.session, correction_id)
        if row.person_key != person_key:
            raise NotFound("You have no such correction.")
        find_attachment(entry.session, attachment)
        events = correction_events(entry.session, correction_id)
        if any(event.attachment == attachment for event in events):
            return False
        state = derive(events)
        refuse_more_evidence(state)
        _write(
            entry, row, state.seq + 1, "evidence", person_key, recorded_by, now,
            attachment=attachment,
        )  # fmt: skip
        return True


def refuse_more_evidence(state: State) -> None:
    """Raise `Conflict` where no scan is added any more; asked before one is stored, too."""
    if state.is_over:
        raise Conflict("The correction is over; nothing is added to it.")
    if state.evidence >= _MOST_SCANS:
        raise Conflict(f"A correction has {_MOST_SCANS} scans at most.")


def _refuse_again(session: Session, person_key: int, place: Place, now: datetime) -> None:
    known = list_corrections(session, person_key=person_key)
    running = [row for row, state in known if not state.is_over]
    spot = (place.kind, place.table, place.column, place.row_mark)
    for row in running:
        if (row.kind, row.table_name, row.column_name, row.row_mark) == spot:
            raise Conflict(
                "You have reported that already.", next_step=f"See {row.id} among what you sent."
            )
    if len(running) >= _MOST_OPEN:
        raise Conflict(
            f"You have {_MOST_OPEN} corrections that are not over.",
            next_step="Wait for them, or withdraw one.",
        )
    if sum(row.created_at > now - timedelta(days=1) for row, _state in known) >= _MOST_A_DAY:
        raise Conflict(
            f"You have sent {_MOST_A_DAY} corrections within a day.", next_step="Go on tomorrow."
        )


def _locked(session: Session, correction_id: str) -> Correction:
    """The row, held until the transaction ends, so that of two that act at once the second sees
    what the first has done."""
    row = session.get(Correction, correction_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("There is no such correction.", next_step="See: campus correction list")
    return row


def _write(
    entry: JournalEntry,
    row: Correction,
    seq: int,
    kind: str,
    person_key: int | None,
    recorded_by: str,
    now: datetime,
    *,
    due_on: date | None = None,
    words: str = "",
    outcome: str | None = None,
    release: str | None = None,
    attachment: str | None = None,
) -> None:
    """The event and its entry in the log, which the person finds among the uses of their data."""
    entry.session.add(
        CorrectionEvent(
            correction_id=row.id, seq=seq, at=now, kind=kind, person_key=person_key,
            due_on=due_on, words=words, outcome=outcome, release=release,
            attachment=attachment, recorded_by=recorded_by,
        )
    )  # fmt: skip
    entry.session.flush()
    about: dict[str, object] = {"correction": row.id, "table": row.table_name}
    if STEPS.get(kind, ("", ""))[1] == "unit":
        about["unit"] = row.unit_code
    if row.item_code:
        about["items"] = [row.item_code]
    if outcome and release:
        about |= {"outcome": outcome, "release": release}
    entry.record(
        recorded_by, f"correction.{kind}", subject=f"person:{row.person_key}", detail=about
    )


def _tell_unit(
    session: Session, row: Correction, kind: str, now: datetime, head_by_hr: int | None
) -> None:
    """Tell the unit's contacts and its head; the working group where it has neither."""
    people = {one.person_key for one in holders(session, "unit_officer", row.unit_code, now)}
    people |= {
        one.person_key
        for one in holders(session, "unit_head", row.unit_code, now, head_by_hr=head_by_hr)
    }
    if not people:
        people = {one.person_key for one in holders(session, "working_group", None, now)}
    _notify(session, people, row, f"correction.unit_{kind}", now)


def _notify(
    session: Session, people: set[int] | list[int], row: Correction, kind: str, now: datetime
) -> None:
    notify(session, people, kind, now, correction=row.id)
