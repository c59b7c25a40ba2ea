"""What a reader hands to the checks: a relation of text columns, however the file was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from warehouse.contracts.model import Table
from warehouse.errors import FileRefused
from warehouse.ingest.headings import HeadingMap, map_headings

__all__ = ["Delivered", "choose_heading", "require_headings", "without_empty"]


@dataclass(frozen=True)
class Delivered:
    """`relation` is SQL that yields VARCHAR columns c0, c1, … in the order of `columns`.

    `columns` are names of the contract or technical columns. `numbered` says that the relation
    also brings `batch_row` and `ragged` (the record had too few or too many fields); otherwise
    its order is that of the file. `readings` says how the file was understood. `is_small`: a look
    at its habits would take longer than reading it patiently.
    """

    relation: str
    columns: tuple[str, ...]
    numbered: bool
    readings: dict[str, Any] = field(default_factory=dict)
    is_small: bool = False


def require_headings(headings: list[str], table: Table, row_count: int | None) -> HeadingMap:
    """The map of headings, or `FileRefused` (structure) that names the columns (Article 7)."""
    found = map_headings(headings, table)
    if found.fits:
        return found
    raise FileRefused(
        "structure",
        f"{table.id}: the columns are not those of the contract – {found.describe_problem()}.",
        row_count=row_count,
        next_step="Deliver the contract's columns, or apply for a change of structure (Article 7).",
    )


def choose_heading(records: Sequence[Sequence[str]], table: Table) -> int:
    """Place of the record that is the heading: the first whose columns are the contract's, or
    else the first of those in which most are. Above it stand titles."""
    maps = []
    for place, record in enumerate(records):
        found = map_headings(without_empty(record), table)
        if found.fits:
            return place
        maps.append(found)
    best = max(range(len(maps)), key=lambda place: (maps[place].matched, -place))
    # A title or a row of data may hold one word that is also a heading.
    return best if maps[best].matched > 1 or len(table.columns) == 1 else 0


def without_empty(record: Sequence[str]) -> list[str]:
    """The record without empty cells at its end."""
    cells = list(record)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
