"""Which items of mine a use was of: from tables and columns to the words of annexes 3 and 4.

A granted column is the items that the contract says it holds; one that names none is those of its
table that no column holds by itself. What feeds no item is called by its table's title: the words
of a page are never a table's or a column's name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from warehouse.access.grant_catalogue import table_contract, table_title
from warehouse.authority import load_authority
from warehouse.contracts.model import Table

__all__ = ["items_of", "items_of_mart", "named_items"]

_KINDS = {"A3": "staff", "A4": "student"}
#: What the models of the working file begin with.
_PREFIXES = ("dim_", "fct_", "brg_")
#: Marts whose name is not that of a delivered table.
_MARTS = {
    "dim_student": "student_status",
    "dim_staff": "staff_basic",
    "dim_person": "staff_basic",
}


def items_of(columns: Mapping[str, Iterable[str]], kinds: Collection[str]) -> list[dict[str, Any]]:
    """`{"code", "name"}` of each item that these columns ('dataset.table' → columns) hold for a
    person of these kinds, in the annexes' order, then tables of no item with `code` null."""
    asked = tuple((table, tuple(names)) for table, names in sorted(columns.items()))
    return [{"code": code, "name": name} for code, name in _items(asked, frozenset(kinds))]


@lru_cache(maxsize=4096)
def _items(
    columns: tuple[tuple[str, tuple[str, ...]], ...], kinds: frozenset[str]
) -> tuple[tuple[str | None, str], ...]:
    codes: set[str] = set()
    titles: dict[str, None] = {}
    for table, names in columns:
        found = {code for code in _codes(table, names) if _KINDS[code[:2]] in kinds}
        codes |= found
        if not found:
            titles[table_title(table) or ""] = None
    listed = [(item.code, item.title) for item in load_authority().items if item.code in codes]
    return (*listed, *((None, title) for title in titles if title))


def named_items(codes: Iterable[Any]) -> tuple[tuple[str | None, str], ...]:
    """(code, name) of items that an entry of the log names by code; what is none is left out."""
    wanted = set(map(str, codes))
    if not wanted:
        return ()
    return tuple((item.code, item.title) for item in load_authority().items if item.code in wanted)


def items_of_mart(mart: str, kinds: Collection[str]) -> list[dict[str, Any]]:
    """The same for a mart of the working file; empty where no delivered table bears its name."""
    name = _MARTS.get(mart, mart)
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    contract = table_contract(f".{name}")
    return items_of({f".{name}": contract.column_names}, kinds) if contract else []


@lru_cache(maxsize=4096)
def _codes(table: str, names: tuple[str, ...]) -> frozenset[str]:
    contract = table_contract(table)
    if contract is None:
        return frozenset()
    fed = {feed.partition(":")[0] for feed in contract.feeds}
    by_column = {column.name: set(column.items) for column in contract.columns if column.items}
    rest = fed - set().union(*by_column.values())
    found: set[str] = set()
    for name in names:
        found |= by_column.get(name, set() if name in _keys(contract) else rest)
    return frozenset(code for code in found if code[:2] in _KINDS)


def _keys(contract: Table) -> frozenset[str]:
    """Columns that say whose a row is, not what it says."""
    return frozenset({"person_key", contract.subject_key or ""})
