"""Undertakings of an appointment that is over: the next begins with a signature (Article 18)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from warehouse.governance.journal import JournalEntry
from warehouse.state.models import Undertaking

__all__ = ["end_former_undertakings"]

_REASON = "a later appointment begins with a signature of its own"


def end_former_undertakings(
    entry: JournalEntry, person_key: int, role: str, unit: str | None, *, actor: str, now: datetime
) -> None:
    """End what a person signed for an earlier appointment to the same role, in the caller's
    transaction, so that it does not open the later one."""
    former = entry.session.scalars(
        select(Undertaking).where(
            Undertaking.party == "person",
            Undertaking.person_key == person_key,
            Undertaking.role == role,
            Undertaking.unit_code == unit if unit else Undertaking.unit_code.is_(None),
            Undertaking.ended_at.is_(None),
        )
    ).all()
    for one in former:
        one.ended_at, one.end_reason = now, _REASON
        entry.record(
            actor,
            "undertaking.end",
            subject=f"person:{person_key}",
            detail={"undertaking": one.id, "role": role, "unit": unit},
        )
