"""What a unit's officer hands in on a page: tables of items that annex 3 gives an edit window.

The file goes into the inbox and is judged there like any other; here is only decided whose it is
to bring, and whether the window is open.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from warehouse.audit import Audit
from warehouse.authority import Authority
from warehouse.authority.model import Item
from warehouse.authority.windows import Window, read_window
from warehouse.contracts.model import Contracts, Table
from warehouse.errors import Forbidden, NotFound, UsageError
from warehouse.governance.appointments import school_day
from warehouse.home import Home
from warehouse.ingest.own_edits import STAFF_SELF
from warehouse.state import session
from warehouse.state.models import Delivery

__all__ = ["MOST_BYTES", "HandInTable", "hand_in", "hand_in_tables", "last_deliveries"]

MOST_BYTES = 20 << 20
_LATEST = 10
_ZIP = b"PK\x03\x04"
#: Files that a page has brought begin like this.
_PREFIX = "page-"


@dataclass(frozen=True)
class HandInTable:
    """A table with the items it holds that have a window, and their windows."""

    table: Table
    items: tuple[Item, ...]
    windows: tuple[Window, ...]

    def opens_on(self, day: date) -> date | None:
        """The day from which all its items may be changed; None where they may now."""
        opening = [window.opens_on(day) for window in self.windows]
        return max((found for found in opening if found is not None), default=None)

    def last_day(self, day: date) -> date | None:
        closing = [window.last_day(day) for window in self.windows]
        return min((found for found in closing if found is not None), default=None)


def hand_in_tables(
    authority: Authority, contracts: Contracts, units: Collection[str]
) -> list[HandInTable]:
    """The tables that these units hand in by page, in the order of the annex. `authority` is that
    of the day. What each member of staff keeps up is not among them."""
    found: dict[str, HandInTable] = {}
    for item in authority.items:
        window = read_window(item.note)
        if window is None or item.owner_id == STAFF_SELF or item.owner_id not in units:
            continue
        for table, _columns in contracts.holders(item.code):
            held = found.get(table.id, HandInTable(table, (), ()))
            found[table.id] = HandInTable(table, (*held.items, item), (*held.windows, window))
    return list(found.values())


def hand_in(
    audit: Audit,
    home: Home,
    tables: Sequence[HandInTable],
    source: str,
    name: str,
    content: bytes,
    *,
    actor: str,
    now: datetime,
) -> str:
    """Put the file into the inbox under a name of ours; returns it.

    Raises `NotFound` for a table that is not among `tables`, `Forbidden` outside its window,
    `UsageError` for a file that is empty or too large.
    """
    one = next((t for t in tables if (t.table.source, t.table.name) == (source, name)), None)
    if one is None:
        raise NotFound("Your unit hands in no such table here.")
    if (opens := one.opens_on(school_day(now))) is not None:
        raise Forbidden(
            f"{one.table.title}: {opens.month}月{opens.day}日开放修改.",
            next_step=f"Hand it in from {opens.isoformat()} on.",
        )
    if not content or len(content) > MOST_BYTES:
        raise UsageError(f"The file is empty, or larger than {MOST_BYTES >> 20} MB.")
    ending = "xlsx" if content.startswith(_ZIP) else "csv"
    digest = hashlib.sha256(content).hexdigest()
    folder = home.inbox / source / name
    place = folder / f"{_PREFIX}{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.{ending}"
    # The log first: a file in the inbox is one that somebody is known to have brought.
    audit.event(
        actor,
        "delivery.hand_in",
        detail={"source": source, "table": name, "bytes": len(content), "content": digest},
    )
    _write(place, content)
    return place.name


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place.with_name(f".{place.name}.part")
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.rename(place)


def last_deliveries(engine: Engine, home: Home, table: Table) -> dict[str, Any]:
    """What became of a table's latest files, newest first, and how many from this page wait."""
    wanted = (
        select(Delivery)
        .where(Delivery.source == table.source, Delivery.table_name == table.name)
        .order_by(Delivery.at.desc(), Delivery.id.desc())
        .limit(_LATEST)
    )
    with session(engine, read_only=True) as opened:
        rows = [
            {
                "at": row.at,
                "result": row.result,
                "accepted_rows": row.accepted_rows,
                "refused_rows": row.refused_rows,
                "reasons": sorted(row.reasons),
            }
            for row in opened.scalars(wanted)
        ]
    folder = home.inbox / table.source / table.name
    waiting = len(list(folder.glob(f"{_PREFIX}*"))) if folder.is_dir() else 0
    return {"latest": rows, "waiting": waiting}
