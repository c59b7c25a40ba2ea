"""Corrections as their readers may see them: the person, the owner unit, the working group.

A list names nobody. One that is opened shows whose it is to the unit, which must find the record in
its own system, and, once it was contested, to who oversees, unless the person is protected from
them; each opening is in the log under the person's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warehouse.access.colleagues import colleagues
from warehouse.access.correction_rows import Rows, plain_value, read_rows
from warehouse.access.correction_told import SILENT
from warehouse.access.grant_catalogue import table_title
from warehouse.access.name_masks import HIDDEN, masks_of
from warehouse.access.policy import Standing, may
from warehouse.access.pseudonyms import pseudonym_key, pseudonyms_of
from warehouse.access.reader import Reader
from warehouse.authority import load_authority
from warehouse.errors import Forbidden, NotFound, UsageError
from warehouse.governance.appointments import school_day
from warehouse.governance.correction import STEPS, State, derive, may_follow
from warehouse.governance.correction_record import correction_events, list_corrections
from warehouse.governance.correction_words import open_words
from warehouse.governance.protection import hidden_from, protected_people
from warehouse.home import Home
from warehouse.state.corrections import Correction, CorrectionEvent, CorrectionTold
from warehouse.state.models import Grant

__all__ = ["ACTION_OF", "SCOPES", "CorrectionDesk", "correction_of_scan"]

#: What is listed → the action it needs.
SCOPES = {"mine": "corrections.own", "unit": "corrections.handle", "group": "corrections.oversee"}
#: Who takes a step → the action it needs.
ACTION_OF = {
    "person": "corrections.report",
    "unit": "corrections.handle",
    "working_group": "corrections.decide",
}
#: What `history` has of each and of its steps.
_TAKEN_ALONG = (
    "id", "reported_at", "table", "table_title", "column_title", "kind", "unit_name", "status",
    "outcome",
)  # fmt: skip
_OF_A_STEP = ("at", "kind", "by", "due_on", "reason")
_UNIT_ROLES = frozenset({"unit_officer", "unit_head"})


@dataclass(frozen=True)
class CorrectionDesk:
    """What one person may see and do. `opened` reads the state, `standing` is who asks."""

    opened: Session
    reader: Reader
    home: Home
    standing: Standing
    now: datetime

    def listed(self, scope: str) -> list[dict[str, Any]]:
        """Mine; those of my units; or those that were contested or are late, for who oversees.
        `opens` says whether the reader may open it: one that is late is pressed for, not read."""
        if scope == "mine":
            found = list_corrections(self.opened, person_key=self.standing.person_key)
        elif scope == "unit":
            found = list_corrections(self.opened, units=sorted(self._units()))
        elif scope == "group":
            found = [
                (row, state)
                for row, state in list_corrections(self.opened)
                if self._is_overseen(state)
            ]
        else:
            raise UsageError(
                "There is no such list.", next_step=f"scope is one of: {', '.join(SCOPES)}."
            )
        return [
            {**self.line(row, state), "opens": scope != "group" or self._may_see(row, state)}
            for row, state in found
        ]

    def known(self, correction_id: str) -> Correction:
        """The row, for who may see it. Raises `NotFound` for everybody else."""
        row = self.opened.get(Correction, correction_id)
        if row is None or not self.may_see(row):
            raise NotFound("There is no such correction.")
        return row

    def may_see(self, row: Correction) -> bool:
        """The person's own; the unit's that answers; what was contested for who oversees."""
        return self._may_see(row, derive(correction_events(self.opened, row.id)))

    def _may_see(self, row: Correction, state: State) -> bool:
        if row.person_key == self.standing.person_key:
            return may(self.standing, "corrections.own")
        if row.unit_code in self._units():
            return may(self.standing, "corrections.read")
        return state.was_contested and may(self.standing, "corrections.oversee")

    def shown(self, row: Correction) -> dict[str, Any]:
        """All of one that was found with `known`."""
        events = correction_events(self.opened, row.id)
        state = derive(events)
        hidden = self._hidden(row)
        label, value = self._place_now(row, hidden)
        own = row.person_key == self.standing.person_key
        people = {} if own else colleagues(self.reader, [row.person_key], hidden=hidden)
        return {
            **self.line(row, state),
            "row": label,
            "shown": value,
            **open_words(self.home, row.id, 0, row.words),
            "person": None if own else people[row.person_key].shown,
            "events": [self._event(event) for event in events],
            "told": self._told(row) if state.status == "closed" else None,
            "may": {
                **{step: self._may_step(row, events, step) for step in STEPS},
                "evidence": own and not state.is_over,
            },
        }

    def require_step(self, row: Correction, kind: str) -> None:
        """Raise `Forbidden` unless this person may take a step of that kind, whether or not it
        follows the state: that is the state's to say."""
        actor = STEPS[kind][1]
        events = correction_events(self.opened, row.id)
        if actor == "job" or not self._is_actor(row, events, actor):
            raise Forbidden("That step is not yours to take.")

    def told_units(self) -> list[dict[str, Any]]:
        """What my units were told: values that changed under a grant of theirs. The person is named
        by the number that the grant has for them, and not at all where it has none."""
        rows = self.opened.execute(
            select(CorrectionTold, Correction, Grant)
            .join(Correction, Correction.id == CorrectionTold.correction_id)
            .join(Grant, Grant.id == CorrectionTold.grant_id)
            .where(CorrectionTold.unit_code.in_(sorted(self._units())))
            .order_by(CorrectionTold.id.desc())
        ).all()
        hidden = protected_people(self.opened, self.now)
        return [
            {
                "at": told.at,
                "grant": grant.id,
                "unit": told.unit_code,
                "table_title": _title(row),
                "column_title": self._column_title(row),
                "pseudonym": None if row.person_key in hidden else self._pseudonym(row, grant),
            }
            for told, row, grant in rows
        ]

    def history(self) -> list[dict[str, Any]]:
        """Mine with their words and steps, to be taken along; scans are not among them."""
        home, found = self.home, []
        for row, state in list_corrections(self.opened, person_key=self.standing.person_key):
            line = self.line(row, state)
            steps = [self._event(event) for event in correction_events(self.opened, row.id)]
            found.append(
                {
                    **{name: line[name] for name in _TAKEN_ALONG},
                    **open_words(home, row.id, 0, row.words),
                    "steps": [{name: step[name] for name in _OF_A_STEP} for step in steps],
                }
            )
        return found

    def _units(self) -> set[str]:
        return {held.unit for held in self.standing.roles if held.role in _UNIT_ROLES and held.unit}

    def _hidden(self, row: Correction) -> frozenset[int]:
        """Whom the reader is not shown there. The unit that answers holds the record itself."""
        hidden = hidden_from(self.opened, self.standing.person_key, self.now)
        return hidden - {row.person_key} if row.unit_code in self._units() else hidden

    def _is_overseen(self, state: State) -> bool:
        return state.was_contested or state.is_late(school_day(self.now))

    def _is_actor(self, row: Correction, events: Sequence[CorrectionEvent], actor: str) -> bool:
        """Nobody handles a correction of their own data, and neither who refused nor anybody of
        the unit that did decides."""
        mine = row.person_key == self.standing.person_key
        if not may(self.standing, ACTION_OF[actor]):
            return False
        if actor == "person" or mine:
            return actor == "person" and mine
        if actor == "unit":
            return row.unit_code in self._units()
        return row.unit_code not in self._units() and not any(
            event.kind == "refused" and event.person_key == self.standing.person_key
            for event in events
        )

    def _may_step(self, row: Correction, events: Sequence[CorrectionEvent], kind: str) -> bool:
        actor = STEPS[kind][1]
        return (
            actor != "job"
            and may_follow(derive(events), kind)
            and self._is_actor(row, events, actor)
        )

    def line_of(self, row: Correction) -> dict[str, Any]:
        """A row of a list, of one."""
        return self.line(row, derive(correction_events(self.opened, row.id)))

    def line(self, row: Correction, state: State) -> dict[str, Any]:
        """A row of a list: what it is about and where it stands, without whose it is."""
        authority = load_authority(school_day(row.created_at), self.home)
        items = {item.code: item.title for item in authority.items}
        return {
            "id": row.id,
            "kind": row.kind,
            "item": row.item_code,
            "item_name": items.get(row.item_code or ""),
            "table": row.table_name,
            "table_title": _title(row),
            "column_title": self._column_title(row),
            "unit": row.unit_code,
            "unit_name": authority.units.get(row.unit_code, row.unit_code),
            "reported_at": row.created_at,
            "status": state.status,
            "seq": state.seq,
            "since": state.since,
            "due_on": state.due_on,
            "waits_for": state.waits_for,
            "late": state.is_late(school_day(self.now)),
            "was_contested": state.was_contested,
            "outcome": state.outcome,
            "release": state.release,
            "evidence": state.evidence,
        }

    def _event(self, event: CorrectionEvent) -> dict[str, Any]:
        by = STEPS[event.kind][1] if event.kind in STEPS else "person"
        home, words = self.home, {}
        if event.words:
            words = open_words(home, event.correction_id, event.seq, event.words)
        return {
            "seq": event.seq,
            "at": event.at,
            "kind": event.kind,
            "by": by,
            "due_on": event.due_on,
            "reason": words.get("reason", ""),
            "attachment": event.attachment,
        }

    def _place_now(self, row: Correction, hidden: frozenset[int]) -> tuple[str | None, str | None]:
        """The row's words and what stands in the place now; None where it is not there."""
        if row.kind == "missing":
            return None, None
        if row.person_key in hidden:
            return HIDDEN, HIDDEN
        with self.reader.open("personal") as (cursor, release):
            rows = read_rows(
                cursor, self.home, release.manifest, row.table_name, row.source,
                row.source_table, row.person_key,
            )  # fmt: skip
            masks = masks_of(cursor, hidden)
        same = rows.of_mark(row.row_mark, row.column_name) if rows is not None else []
        if rows is None or not same:
            return None, None
        if row.column_name not in rows.types:
            return masks.of(rows.label(same[0])), None
        old = [
            one for one in same
            if rows.value_mark(one[row.column_name], row.column_name) == row.value_mark
        ]  # fmt: skip
        found = (old or same)[0]
        return masks.of(rows.label(found)), masks.of(plain_value(found[row.column_name]))

    def _column_title(self, row: Correction) -> str | None:
        if row.column_name is None:
            return None
        nothing = Rows(self.home, row.table_name, row.source, row.source_table, {}, (), ())
        return nothing.title(row.column_name)

    def _told(self, row: Correction) -> int:
        """How many units were told."""
        wanted = (
            select(func.count(CorrectionTold.unit_code.distinct()))
            .join(Grant, Grant.id == CorrectionTold.grant_id)
            .where(CorrectionTold.correction_id == row.id, Grant.purpose != SILENT)
        )
        return self.opened.scalar(wanted) or 0

    def _pseudonym(self, row: Correction, grant: Grant) -> int | None:
        if not any("person_key" in names for names in grant.columns.values()):
            return None
        key = pseudonym_key(self.home, grant.id)
        return next(iter(pseudonyms_of(key, [row.person_key])))


def correction_of_scan(opened: Session, digest: str) -> list[Correction]:
    """The corrections that a scan is evidence of."""
    ids = select(CorrectionEvent.correction_id).where(CorrectionEvent.attachment == digest)
    return list(opened.scalars(select(Correction).where(Correction.id.in_(ids))))


def _title(row: Correction) -> str:
    return table_title(f".{row.source_table}") or row.source_table
