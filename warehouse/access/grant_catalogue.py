"""What a grant holds, in words: tables and columns with type, title, description, code table."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from warehouse.access.grant_scope import authority_columns
from warehouse.access.hub_titles import HUB_COLUMNS, HUB_TABLES
from warehouse.access.reader import Reader
from warehouse.authority import load_authority
from warehouse.contracts import load_contracts
from warehouse.contracts.model import Column, Table
from warehouse.home import Home
from warehouse.state.models import Grant

__all__ = ["column_of", "describe_grant", "table_contract", "table_owner", "table_title"]


def describe_grant(
    grant: Grant, reader: Reader, home: Home | None = None, *, until: datetime | None = None
) -> dict[str, Any]:
    """A live grant as the SQL bench lists it; units bear the names that `home` gives them.
    `until` is the end of its term where it was extended."""
    available = authority_columns(reader)
    return {
        "id": grant.id,
        "unit": grant.unit_code,
        "unit_name": load_authority(home=home).units.get(grant.unit_code, grant.unit_code),
        "purpose": grant.purpose,
        "purpose_text": grant.purpose_text,
        "expires_at": until or grant.expires_at,
        "rows": grant.rows,
        "limits": grant.limits,
        "tables": [
            {
                "name": table,
                "title": table_title(table),
                "columns": [
                    _describe(table, name, available.get(table, {}).get(name)) for name in names
                ],
            }
            for table, names in grant.columns.items()
        ],
    }


def _describe(table: str, name: str, kind: str | None) -> dict[str, Any]:
    column = column_of(table, name)
    title, description = HUB_COLUMNS.get(name, (None, None))
    return {
        "name": name,
        "type": kind,
        "title": column.title if column else title,
        "description": column.description if column else description,
        "code_table": column.code_table if column else None,
    }


@lru_cache(maxsize=4096)
def column_of(table: str, name: str) -> Column | None:
    """The contract's column of that name for 'dataset.table': in the landed table of the same
    name, else in any."""
    contracts = list(load_contracts())
    contracts.sort(key=lambda contract: contract.name != table.partition(".")[2])
    for contract in contracts:
        if name in contract.column_names:
            return contract.column(name)
    return None


@lru_cache(maxsize=1024)
def table_contract(table: str) -> Table | None:
    """The contract of 'dataset.table' where a table of its name is delivered."""
    name = table.partition(".")[2]
    return next((contract for contract in load_contracts() if contract.name == name), None)


@lru_cache(maxsize=1024)
def table_title(table: str) -> str | None:
    """The Chinese title of 'dataset.table': the contract's, ours, else that of the dataset."""
    if contract := table_contract(table):
        return contract.title
    if ours := HUB_TABLES.get(table.partition(".")[2]):
        return ours
    dataset = table.partition(".")[0]
    for known in load_authority().datasets:
        if known.id == dataset:
            return known.title
    return None


@lru_cache(maxsize=1024)
def table_owner(table: str) -> str | None:
    """Id of the unit that answers for 'dataset.table': of the contract's table, else the first
    that annex 2 names for the dataset."""
    dataset, _, name = table.partition(".")
    for contract in load_contracts():
        if contract.name == name:
            return contract.owner_unit
    for known in load_authority().datasets:
        if known.id == dataset:
            return known.owner_ids[0]
    return None
