"""Reads the annexes from the package's data files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.authority.model import Authority, Dataset, Item, System

__all__ = ["load_authority"]

_FOLDER = Path(__file__).parent


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def load_authority() -> Authority:
    """The annexes now in force (校政字〔2019〕92号): 20 systems, 23 base datasets, 65 items."""
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
