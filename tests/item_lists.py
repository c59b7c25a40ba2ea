"""The lists of dbt_project/macros/items, read without dbt."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

__all__ = ["item_holders", "personal_sources", "student_sources"]

_MACROS = Path(__file__).parents[1] / "dbt_project" / "macros" / "items"


@cache
def item_holders() -> tuple[dict[str, Any], ...]:
    """Per item of annexes 3 and 4 the personal tables and columns that hold it:
    `{"item", "due", "tables": [{"table", "columns"}]}`."""
    return (*_list("staff", "staff_item_holders"), *_list("student", "student_item_holders"))


@cache
def personal_sources() -> tuple[dict[str, Any], ...]:
    """Per personal table its landed table: `{"table", "source", "landed"}`, `items`, `datasets`."""
    return (*_list("staff", "staff_sources"), *student_sources())


@cache
def student_sources() -> tuple[dict[str, Any], ...]:
    """Those of `personal_sources` that come with a student's study and life."""
    return tuple(_list("student", "student_sources"))


def _list(file: str, macro: str) -> list[dict[str, Any]]:
    found: list[list[dict[str, Any]]] = []
    text = (_MACROS / f"{file}.sql").read_text(encoding="utf-8")
    environment = Environment()  # renders SQL, no page: nothing to escape
    environment.globals["return"] = found.append
    getattr(environment.from_string(text).module, macro)()
    return found[0]
