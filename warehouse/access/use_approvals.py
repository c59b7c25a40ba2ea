"""What was approved for a use: as much of an application as those may know whose data it opens.

They see the unit, the purpose, the items and the term; never the applicant's papers, the names of
its users, or the columns and conditions. Of a legal case the words of the purpose stay with those
who handle it, and where its letter forbids to tell, its uses are told the day after it allows it
(PIPL Articles 18 and 35).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.access.use_items import items_of
from warehouse.authority import load_authority
from warehouse.governance.applications import application_state
from warehouse.governance.appointments import school_day
from warehouse.governance.grants import expires_at
from warehouse.home import Home
from warehouse.state.models import Grant, GrantEvent

__all__ = ["Approval", "Approvals"]

_LEGAL = "legal_case"


@dataclass(frozen=True)
class Approval:
    """A grant as its uses need it. `silent_until` is the last day on which they are not told; what
    was done after that day is told at once."""

    grant: str
    application: str | None
    unit: str
    purpose: str
    silent_until: date | None = None

    def silence_of(self, day: date) -> date | None:
        """Until when a use of that day was not told; None where it was told at once."""
        is_silent = self.silent_until is not None and day <= self.silent_until
        return self.silent_until if is_silent else None

    def is_told(self, today: date) -> bool:
        return self.silent_until is None or today > self.silent_until


class Approvals:
    """The grants whose files held a person, read in one session."""

    def __init__(self, opened: Session, kinds: Collection[str], home: Home | None = None) -> None:
        self._opened, self._kinds, self._home = opened, frozenset(kinds), home
        self._known: dict[str, Approval] = {}

    def of(self, grants: Collection[str]) -> dict[str, Approval]:
        """By id of the grant; one that is not there is left out."""
        if unknown := set(grants) - self._known.keys():
            rows = self._opened.execute(
                select(Grant.id, Grant.application_id, Grant.unit_code, Grant.purpose).where(
                    Grant.id.in_(unknown)
                )
            )
            for grant, application, unit, purpose in rows:
                silent = self._silent_until(grant, application) if purpose == _LEGAL else None
                self._known[grant] = Approval(grant, application, unit, purpose, silent)
        return {grant: self._known[grant] for grant in grants if grant in self._known}

    def unit_name(self, unit: str) -> str:
        return self._units.get(unit, unit)

    def describe(self, grants: Collection[str]) -> dict[str, dict[str, Any]]:
        """Grant → `{"application", "unit", "unit_name", "purpose", "purpose_text", "items",
        "begins", "ends", "vendor"}`: the days are the school's, `ends` the last one."""
        wanted = set(grants)
        events: dict[str, list[GrantEvent]] = {}
        for event in self._opened.scalars(
            select(GrantEvent)
            .where(GrantEvent.grant_id.in_(wanted), GrantEvent.kind == "extended")
            .order_by(GrantEvent.seq)
        ):
            events.setdefault(event.grant_id, []).append(event)
        rows = self._opened.scalars(select(Grant).where(Grant.id.in_(wanted)))
        return {grant.id: self._described(grant, events.get(grant.id, [])) for grant in rows}

    def _described(self, grant: Grant, extensions: list[GrantEvent]) -> dict[str, Any]:
        ends = expires_at(grant, extensions) - timedelta(seconds=1)  # midnight is the next day's
        return {
            "application": grant.application_id,
            "unit": grant.unit_code,
            "unit_name": self.unit_name(grant.unit_code),
            "purpose": grant.purpose,
            "purpose_text": None if grant.purpose == _LEGAL else grant.purpose_text,
            "items": items_of(grant.columns, self._kinds),
            "begins": school_day(grant.valid_from),
            "ends": school_day(ends),
            "vendor": grant.vendor,
        }

    def _silent_until(self, grant: str, application: str | None) -> date | None:
        """The last of the days that the letter, or one that extended its term, names."""
        causes = self._opened.scalars(
            select(GrantEvent.cause).where(
                GrantEvent.grant_id == grant, GrantEvent.kind == "extended"
            )
        )
        letters = [application, *(cause.partition(":")[2] for cause in causes if cause)]
        days = []
        for letter in filter(None, letters):
            legal = application_state(self._opened, letter).content.legal
            if legal is not None and legal.keep_silent_until is not None:
                days.append(legal.keep_silent_until)
        return max(days, default=None)

    @cached_property
    def _units(self) -> dict[str, str]:
        return dict(load_authority(home=self._home).units)
