"""Which sensitive columns (PIPL Article 28) a published table may carry, read from one list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

__all__ = ["sensitive_columns"]

_FILE = Path(__file__).parent / "sensitive.yaml"


@lru_cache(maxsize=1)
def sensitive_columns() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Audience → table, as it is called in that audience's file → the columns it may carry."""
    listed = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        audience: {table: frozenset(entry["columns"]) for table, entry in tables.items()}
        for audience, tables in listed.items()
    }
