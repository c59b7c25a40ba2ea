"""What a person is shown of their own rows, wherever these are shown: pages, months, archives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from warehouse.access.former import keep
from warehouse.access.name_masks import masks_of
from warehouse.access.persons import Person
from warehouse.access.reader import Cursor
from warehouse.governance.appointments import school_day
from warehouse.governance.protection import hidden_from
from warehouse.state import session

__all__ = ["own_rows"]


def own_rows(
    engine: Engine,
    cursor: Cursor,
    person: Person,
    tables: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> dict[str, dict[str, Any]]:
    """Tables of `personal.read_page` as their person may see them at this moment: of who has left
    the rows that are still kept, and nowhere the name of somebody who is protected from them."""
    if person.left_on is not None:
        tables = keep(tables, person.left_on, school_day(now))
    with session(engine, read_only=True) as opened:
        hidden = hidden_from(opened, person.person_key, now)
    return masks_of(cursor, hidden).of(tables)
