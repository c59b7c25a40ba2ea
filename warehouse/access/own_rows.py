"""What a person is shown of their own rows, wherever these are shown: pages, months, archives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from warehouse.access.former import keep
from warehouse.access.name_masks import masks_of
from warehouse.access.persons import Person
from warehouse.access.reader import Cursor
from warehouse.governance.appointments import school_day

__all__ = ["own_rows"]


def own_rows(
    cursor: Cursor,
    person: Person,
    tables: Mapping[str, Mapping[str, Any]],
    now: datetime,
    hidden: Collection[int],
) -> dict[str, dict[str, Any]]:
    """Tables of `personal.read_page` as their person may see them at this moment: of who has left
    the rows that are still kept, and nowhere the name of somebody of `hidden`
    (`governance.protection.hidden_from` for this person, at this moment)."""
    if person.left_on is not None:
        tables = keep(tables, person.left_on, school_day(now))
    return masks_of(cursor, hidden).of(tables)
