"""Late deliveries as a reader of the statistics needs them: who is late, and which figures rest on
what is missing.

Late is what `campus status` calls late: older than the contract's cadence and its grace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from warehouse.authority import load_authority
from warehouse.contracts import load_contracts
from warehouse.release.freshness import grace, reached, state_of

__all__ = ["judged_at", "late_deliveries"]

#: An older release shows what was late as of its data: else everything would be.
_OLD = timedelta(days=31)


def judged_at(as_of: str, now: datetime) -> datetime:
    """The moment that lateness counts from: now, or the release's, where that is long ago or to
    come."""
    released = datetime.fromisoformat(as_of)
    return now if timedelta(0) <= now - released <= _OLD else released


def late_deliveries(
    opened: Session, indicators: Iterable[Mapping[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """The tables that are late and on which one of the indicators rests, the latest first: source,
    table, title, owner (its name), days by which it is late, due (ISO day) and the ids of the
    indicators. A table of which nothing ever came is none of them: no figure waits for it."""
    resting: dict[str, list[str]] = {}
    for indicator in indicators:
        for table in {str(name).rsplit(".", 1)[0] for name in indicator["inputs"] or ()}:
            resting.setdefault(table.split(".")[-1], []).append(indicator["id"])
    units = load_authority().units
    as_of = reached(opened)
    found = []
    for table in load_contracts():
        last, allowed = as_of.get((table.source, table.name)), grace(table.cadence)
        if last is None or allowed is None or table.name not in resting:
            continue
        if state_of(table.cadence, last, now) != "late":
            continue
        due = last + allowed
        found.append(
            {
                "source": table.source,
                "table": table.name,
                "title": table.title,
                "owner": units.get(table.owner_unit, table.owner_unit),
                "days": max(1, (now - due).days),
                "due": due.date().isoformat(),
                "indicators": sorted(resting[table.name]),
            }
        )
    return sorted(found, key=lambda one: (-one["days"], -len(one["indicators"]), one["table"]))
