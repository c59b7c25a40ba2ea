"""What the tables and columns of the personal file are called and mean: for who takes them along.

Titles are the contracts'; what the hub made itself, and every meaning, is described beside the
models (`models/published/personal/*.yml`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from warehouse.access.hub_titles import HUB_COLUMNS, HUB_TABLES
from warehouse.contracts import load_contracts
from warehouse.contracts.model import Column, Table

__all__ = ["TableWords", "personal_fields"]

_BLOCK = re.compile(r"{%-?\s*docs\s+(\w+)\s*-?%}(.*?){%-?\s*enddocs\s*-?%}", re.DOTALL)
_NAMED = re.compile(r"{{\s*doc\('(\w+)'\)\s*}}")
#: A description that is no longer than this is a name.
_SHORT = 12


@dataclass(frozen=True)
class TableWords:
    """`columns` is name → (title, meaning); a meaning may be empty."""

    title: str
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@lru_cache(maxsize=2)
def personal_fields(project: Path) -> Mapping[str, TableWords]:
    """Table of the personal file → its words, for every table that a model describes."""
    blocks = {
        name: " ".join(text.split())
        for path in sorted((project / "models").rglob("*.md"))
        for name, text in _BLOCK.findall(path.read_text(encoding="utf-8"))
    }
    contracts = {table.name: table for table in load_contracts()}
    found = {}
    for path in sorted((project / "models" / "published" / "personal").glob("*.yml")):
        described = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for model in described.get("models", ()):
            name = model["name"].removeprefix("personal__")
            contract = contracts.get(name)
            columns = {
                column["name"]: _words(column, contract, blocks)
                for column in model.get("columns", ())
                if column["name"] != "person_key"
            }
            found[name] = TableWords(_title(name, model, contract), columns)
    return found


def _title(name: str, model: Mapping[str, str], contract: Table | None) -> str:
    if contract is not None:
        return contract.title
    first = " ".join(str(model.get("description") or "").split()).partition("。")[0]
    return HUB_TABLES.get(name) or first or name


def _words(
    column: Mapping[str, str], contract: Table | None, blocks: Mapping[str, str]
) -> tuple[str, str]:
    name = column["name"]
    meaning = _NAMED.sub(lambda match: blocks.get(match[1], ""), str(column.get("description", "")))
    meaning = " ".join(meaning.split())
    delivered = _contract_column(name, contract)
    if delivered is not None:
        return delivered.title, meaning if meaning != delivered.title else ""
    if name in HUB_COLUMNS:
        title = HUB_COLUMNS[name][0]
        return title, meaning if meaning != title else ""
    if 0 < len(meaning) <= _SHORT:
        return meaning, ""
    return re.split(r"[，。（；：=]", meaning)[0].strip()[:_SHORT] or name, meaning


def _contract_column(name: str, contract: Table | None) -> Column | None:
    """The contract's column: published truth values are called is_…"""
    names = (name, name.removeprefix("is_"))
    held = contract.columns if contract is not None else ()
    return next((column for column in held if column.name in names), None)
