"""Protected people in the rows of others: a teacher of one's course, a counsellor, a co-author.

The sources write others by name or number, alone or in a list, and a page shows what they wrote.
What names a protected person there is replaced by `HIDDEN`. Namesakes are hidden with them: no row
says which of two people of one name it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from warehouse.access.reader import Cursor

__all__ = ["HIDDEN", "Masks", "masks_of"]

HIDDEN = "（不显示）"
#: What stands between the people of a list.
_BETWEEN = re.compile(r"([、，,；;/|\s()（）]+)")


class Masks:
    """Replaces exact names and numbers, whole or within a list of people."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(word for word in words if word)

    def of(self, value: Any) -> Any:
        """A value as it may be shown; lists and mappings part by part."""
        if not self._words:
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list | tuple):
            return [self.of(part) for part in value]
        if isinstance(value, Mapping):
            return {name: self.of(part) for name, part in value.items()}
        return value

    def _text(self, value: str) -> str:
        if value in self._words:
            return HIDDEN
        parts = _BETWEEN.split(value)
        if self._words.isdisjoint(parts):
            return value
        return "".join(HIDDEN if part in self._words else part for part in parts)


def masks_of(cursor: Cursor, hidden: Iterable[int]) -> Masks:
    """The names and numbers, of any day, by which the release knows these people."""
    keys = sorted(set(hidden))
    if not keys:
        return Masks(())
    marks = ", ".join("?" for _ in keys)
    rows = cursor.execute(
        f"select display_name from person where person_key in ({marks}) "
        f"union select number from person_number where person_key in ({marks})",
        [*keys, *keys],
    ).fetchall()
    return Masks(word for (word,) in rows)
