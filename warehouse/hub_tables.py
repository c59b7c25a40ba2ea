"""What the hub itself gives to the models, as tables of the working file.

The key of the hashes, and the annexes in force as of the data: seeds cannot hold these, since a
college changes them without touching the project.
"""

from __future__ import annotations

from datetime import datetime

from warehouse.authority import Authority, load_authority
from warehouse.engine import Connection
from warehouse.home import Home
from warehouse.identity_key import create_identity_key

__all__ = ["create_hub_tables"]

_TABLES = {
    "base_dataset": "dataset_id varchar, code varchar, name varchar, owner_order integer, "
    "owner_id varchar, owner varchar",
    "item": "code varchar, item_id varchar, name varchar, annex integer, person_kind varchar, "
    "owner_id varchar, owner varchar, deadline varchar, note varchar, source_code varchar",
    "unit": "unit_id varchar, unit_name varchar",
}


def create_hub_tables(connection: Connection, home: Home, as_of: datetime) -> None:
    """Make the schema `hub`, the source of dbt that no system delivers. `as_of` is the build's."""
    create_identity_key(connection, home)
    authority = load_authority(as_of, home)
    rows = {
        "base_dataset": _base_datasets(authority),
        "item": _items(authority),
        "unit": list(authority.units.items()),
    }
    for table, columns in _TABLES.items():
        connection.execute(f"create or replace table hub.{table} ({columns})")
        holes = ", ".join("?" * (columns.count(",") + 1))
        connection.executemany(f"insert into hub.{table} values ({holes})", rows[table])


def _base_datasets(authority: Authority) -> list[tuple[object, ...]]:
    return [
        (dataset.id, dataset.code, dataset.title, order, owner, authority.unit_title(owner))
        for dataset in authority.datasets
        for order, owner in enumerate(dataset.owner_ids, 1)
    ]


def _items(authority: Authority) -> list[tuple[object, ...]]:
    return [
        (
            item.code,
            item.id,
            item.title,
            item.annex,
            item.person_kind,
            item.owner_id,
            authority.unit_title(item.owner_id),
            item.deadline,
            item.note,
            item.source_code,
        )
        for item in authority.items
    ]
