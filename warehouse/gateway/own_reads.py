"""What all routes of my data do: the reader's own rows, read between two records in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from warehouse.access.sessions import SessionView
from warehouse.audit import audited_read
from warehouse.gateway.guard import Services

__all__ = ["own_read", "rows_read"]

_Read = TypeVar("_Read")


def own_read(
    found: Services,
    view: SessionView,
    page: str,
    read: Callable[[], _Read],
    result: Callable[[_Read], dict[str, Any]],
    **about: Any,
) -> _Read:
    """What `read` gives. The log says `page` and `about` before it and `result` after it."""
    return audited_read(
        found.audit,
        view.actor,
        "personal.read",
        read,
        subject=view.actor,
        detail={"page": page, "purpose": "own_data", **about},
        result=result,
    )


def rows_read(document: dict[str, Any]) -> dict[str, Any]:
    """What the log says of a document of tables: the release, and how many rows of each."""
    return {
        "release": document["release"]["id"],
        "rows": {name: len(table["rows"]) for name, table in document["tables"].items()},
    }
