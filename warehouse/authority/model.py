"""The annexes of the regulation as plain values: who owns which system, dataset and item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

__all__ = ["Authority", "Dataset", "Item", "System"]


@dataclass(frozen=True)
class System:
    """A row of annex 1: a business system (S01–S20) and the unit that runs it."""

    id: str
    code: str
    title: str
    owner_id: str
    note: str = ""


@dataclass(frozen=True)
class Dataset:
    """A row of annex 2: a base dataset and the units named for it.

    `owner_ids` in the annex's order; several rows name more than one, which Article 10 forbids
    (`conflicts` says so).
    """

    id: str
    code: str
    title: str
    owner_ids: tuple[str, ...]
    note: str = ""

    @property
    def is_statistics(self) -> bool:
        """Rows 16–23: figures about the school, which hold no person's data."""
        return self.id.startswith("school_")


@dataclass(frozen=True)
class Item:
    """A row of annex 3 (staff) or annex 4 (students).

    `deadline` and `note` are the annex's words, "" where its cell is blank. `source_code` and
    `tables` say where the item will be held: our assignment, the annexes name only a unit.
    """

    code: str
    id: str
    title: str
    annex: int
    owner_id: str
    deadline: str
    note: str
    source_code: str
    tables: tuple[str, ...]

    @property
    def person_kind(self) -> str:
        """'staff' (annex 3) or 'student' (annex 4)."""
        return "staff" if self.annex == 3 else "student"


@dataclass(frozen=True)
class Authority:
    """All four annexes, in force from `effective_from`. `units` is id → Chinese name."""

    number: str
    title: str
    effective_from: date
    units: Mapping[str, str]
    systems: tuple[System, ...]
    datasets: tuple[Dataset, ...]
    items: tuple[Item, ...]

    def unit_title(self, unit_id: str) -> str:
        """The unit's Chinese name; `KeyError` where the annexes know no such unit."""
        return self.units[unit_id]

    def unit_id(self, text: str) -> str:
        """The id of the unit that `text` names, by id or by Chinese name; `KeyError` if none."""
        for unit_id, name in self.units.items():
            if text in (unit_id, name):
                return unit_id
        raise KeyError(text)

    def dataset(self, key: str) -> Dataset:
        """By id or by code (A2-01)."""
        for dataset in self.datasets:
            if key in (dataset.id, dataset.code):
                return dataset
        raise KeyError(key)

    def item(self, code: str) -> Item:
        for item in self.items:
            if item.code == code:
                return item
        raise KeyError(code)

    @property
    def row_codes(self) -> frozenset[str]:
        """Every row a table can feed: A2-01 … A4-25."""
        return frozenset({row.code for row in self.datasets} | {row.code for row in self.items})
