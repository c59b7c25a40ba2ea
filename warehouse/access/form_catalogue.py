"""What can be applied for: base datasets, their tables and columns, in words.

It says nothing about contents: no counts, no values. Tables that only their owner unit may hold,
and those that nobody is granted, are shown with the reason, so that nobody looks for them in vain.
"""

from __future__ import annotations

from typing import Any

from warehouse.access.grant_catalogue import column_of, table_contract, table_title
from warehouse.access.grant_scope import authority_columns
from warehouse.access.hub_titles import HUB_COLUMNS
from warehouse.access.reader import Reader
from warehouse.access.scope_advice import IDENTIFIERS, sensitive_in
from warehouse.authority import load_authority
from warehouse.authority.sensitive import never_granted
from warehouse.home import Home

__all__ = ["column_privacy", "column_title", "form_catalogue"]


def form_catalogue(reader: Reader, home: Home | None = None) -> list[dict[str, Any]]:
    """Datasets of annex 2 with code, title, owners and tables; each table with title, owner, level
    and columns; each column with title, description, type and privacy.

    `only_for` is the unit that alone may be granted a table, by id and name, and `never` the law
    for which nobody is; else None.
    """
    authority = load_authority(home=home)
    available = authority_columns(reader)
    with reader.open("authority") as (_cursor, release):
        reserved = release.manifest.get("only_for", {})
    found = []
    for dataset in authority.datasets:
        tables = [
            _table(table, columns, reserved.get(table), authority.units)
            for table, columns in available.items()
            if table.partition(".")[0] == dataset.id
        ]
        if tables:
            found.append(
                {
                    "id": dataset.id,
                    "code": dataset.code,
                    "title": dataset.title,
                    "owners": [authority.unit_title(owner) for owner in dataset.owner_ids],
                    "tables": tables,
                }
            )
    return found


def _table(table: str, columns: dict[str, str], only_for: str | None, units: Any) -> dict[str, Any]:
    contract = table_contract(table)
    owner = contract.owner_unit if contract else None
    return {
        "name": table,
        "title": table_title(table) or table,
        "owner": units.get(owner, owner),
        "level": contract.level if contract else None,
        "never": never_granted().get(table),
        "only_for": only_for,
        "only_for_name": units.get(only_for, only_for),
        "columns": [_column(table, name, kind) for name, kind in columns.items()],
    }


def _column(table: str, name: str, kind: str) -> dict[str, Any]:
    contract = column_of(table, name)
    title, description = HUB_COLUMNS.get(name, (name, None))
    return {
        "name": name,
        "title": contract.title if contract else title,
        "description": contract.description if contract else description,
        "type": kind,
        "privacy": column_privacy(table, name),
    }


def column_title(table: str, name: str) -> str:
    """A column's Chinese title, or its name where it has none."""
    contract = column_of(table, name)
    return contract.title if contract else HUB_COLUMNS.get(name, (name, None))[0]


def column_privacy(table: str, name: str) -> str:
    """sensitive (PIPL Article 28) | identifying | personal | none."""
    if sensitive_in({table: [name]}):
        return "sensitive"
    if name in IDENTIFIERS:
        return "identifying"
    contract = column_of(table, name)
    return contract.privacy if contract else "none"
