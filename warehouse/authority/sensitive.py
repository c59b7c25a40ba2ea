"""Which sensitive columns (PIPL Article 28) a published table may carry, read from one list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["never_granted", "sensitive_columns", "sensitive_reasons"]

_FILE = Path(__file__).parent / "sensitive.yaml"


@lru_cache(maxsize=1)
def sensitive_columns() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Audience → table, as it is called in that audience's file → the columns it may carry."""
    return {
        audience: {table: frozenset(entry["columns"]) for table, entry in tables.items()}
        for audience, tables in _listed().items()
    }


@lru_cache(maxsize=1)
def sensitive_reasons() -> Mapping[str, str]:
    """'dataset.table' of the authority file → why it may carry its sensitive columns."""
    return {table: entry["why"] for table, entry in _listed()["authority"].items()}


@lru_cache(maxsize=1)
def never_granted() -> Mapping[str, str]:
    """'dataset.table' → the law for which no application can be granted any column of it."""
    return {
        table: entry["law"]
        for table, entry in _listed()["authority"].items()
        if entry.get("grantable") == "never"
    }


@lru_cache(maxsize=1)
def _listed() -> dict[str, dict[str, dict[str, Any]]]:
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))
