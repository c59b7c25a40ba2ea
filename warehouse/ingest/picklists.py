"""What a pick list offers for a column: texts that ingestion takes, one for each value."""

from __future__ import annotations

from warehouse.contracts.model import Column, Contracts
from warehouse.ingest.checks import code_meanings
from warehouse.ingest.headings import fold

__all__ = ["offered", "pick_list"]


def pick_list(contracts: Contracts, column: Column) -> list[str] | None:
    """The label where it stands for one code alone, else the code; None where nothing fixes the
    column's values."""
    if column.type == "bool":
        return ["是", "否"]
    if column.allowed:
        return list(column.allowed)
    codes = contracts.code_tables.get(column.code_table or "")
    if not codes:
        return None
    meanings = code_meanings(contracts, column) or {}
    return [
        str(label) if meanings.get(fold(str(label))) == str(code) else str(code)
        for code, label in codes.items()
    ]


def offered(contracts: Contracts, column: Column, value: str) -> str:
    """The text that the pick list offers for a code or a value."""
    codes = contracts.code_tables.get(column.code_table or "")
    if codes and value in codes:
        return (pick_list(contracts, column) or [])[list(codes).index(value)]
    return value
