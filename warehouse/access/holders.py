"""How many rows each person has in the tables of a release: a page asks those that have any.

For the engine, a statement that finds nothing costs nearly as much as one that finds a few rows,
and half of a page's tables hold nothing of the person who asks. Counts are read once a release,
when a table is first asked; they are of the release alone, and hold no value of any row. Those of
mental health are counted for nobody.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from warehouse.access.care import CARE_TABLES
from warehouse.access.reader import Cursor
from warehouse.engine import quote

__all__ = ["Holders"]

#: A larger table is asked in any case: counting it would keep its first reader waiting, and in the
#: tables that large hardly anybody has nothing.
MOST_ROWS = 5_000_000


@dataclass(frozen=True)
class _Counts:
    """Keys in order, and the rows of each: twelve bytes a person."""

    people: array[int]
    rows: array[int]

    def of(self, person_key: int) -> int:
        place = bisect_left(self.people, person_key)
        is_there = place < len(self.people) and self.people[place] == person_key
        return self.rows[place] if is_there else 0


class Holders:
    """Of one release. `sizes` is table → its rows; threads may share it."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._sizes = {table: n for table, n in sizes.items() if table not in CARE_TABLES}
        self._counts: dict[str, _Counts] = {}
        self._turn = threading.Lock()

    def rows(self, cursor: Cursor, table: str, person_key: int) -> int | None:
        """How many rows of the table are this person's; None where nobody counted."""
        if self._sizes.get(table, MOST_ROWS + 1) > MOST_ROWS:
            return None
        counts = self._counts.get(table)
        if counts is None:
            with self._turn:  # whoever comes meanwhile waits for the one count
                counts = self._counts.get(table) or _count(cursor, table)
                self._counts[table] = counts
        return counts.of(person_key)


def _count(cursor: Cursor, table: str) -> _Counts:
    rows = cursor.execute(
        f"select person_key, count(*) from {quote(table)} "
        "where person_key is not null group by person_key order by person_key"
    ).fetchall()
    return _Counts(array("q", (key for key, _ in rows)), array("I", (count for _, count in rows)))
