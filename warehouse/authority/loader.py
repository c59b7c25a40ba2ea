"""Reads the annexes and their changes: what is in force on a day."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from warehouse.authority.changes import Change, apply_changes, read_changes
from warehouse.authority.model import Authority, Dataset, Item, System
from warehouse.home import Home

__all__ = ["authority_changes", "issued_authority", "load_authority"]

_BEIJING = ZoneInfo("Asia/Shanghai")

_FOLDER = Path(__file__).parent


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))


def load_authority(on: date | datetime | None = None, home: Home | None = None) -> Authority:
    """The annexes in force on a day at the college (None: today; a time is UTC where it says no
    zone), with the changes of the data home where one is given.

    What a build makes depends on the day of its data, so it passes `on`. Raises `AuthorityError`
    where a file of changes is wrong.
    """
    changes = authority_changes(home)
    issued = issued_authority()
    return apply_changes(issued, changes, _day(on)) if changes else issued


def authority_changes(home: Home | None = None) -> tuple[Change, ...]:
    """Every change written down, in force or to come."""
    if home is None or not home.authority_file.is_file():
        return _package_changes()
    return read_changes([_FOLDER / "changes.yaml", home.authority_file])


@lru_cache(maxsize=1)
def _package_changes() -> tuple[Change, ...]:
    return read_changes([_FOLDER / "changes.yaml"])


def _day(on: date | datetime | None) -> date:
    if on is None:
        return datetime.now(_BEIJING).date()
    if isinstance(on, datetime):
        moment = on if on.tzinfo else on.replace(tzinfo=ZoneInfo("UTC"))
        return moment.astimezone(_BEIJING).date()
    return on


@lru_cache(maxsize=1)
def issued_authority() -> Authority:
    """The annexes as issued (校政字〔2019〕92号): 20 systems, 23 base datasets, 65 items."""
    annexes = _read("annexes.yaml")
    sources = _read("item_sources.yaml")["items"]
    document = annexes["document"]
    return Authority(
        number=document["number"],
        title=document["title"],
        effective_from=document["effective_from"],
        units={unit["id"]: unit["zh"] for unit in annexes["units"]},
        systems=tuple(
            System(row["id"], row["code"], row["system"], row["owner_id"], row["note"])
            for row in annexes["annex_1"]["rows"]
        ),
        datasets=tuple(
            Dataset(row["id"], row["code"], row["data"], tuple(row["owner_ids"]), row["note"])
            for row in annexes["annex_2"]["rows"]
        ),
        items=tuple(
            Item(
                code=row["code"],
                id=row["id"],
                title=row["item"],
                annex=annex,
                owner_id=row["department_id"],
                deadline=row["deadline"],
                note=row["note"],
                source_code=sources[row["code"]]["source"],
                tables=tuple(sources[row["code"]]["tables"]),
            )
            for annex in (3, 4)
            for row in annexes[f"annex_{annex}"]["rows"]
        ),
    )
