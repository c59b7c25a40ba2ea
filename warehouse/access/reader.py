"""What access needs of the released files; `warehouse.release.reader.ReleaseReader` is one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

__all__ = ["Cursor", "Reader"]


class Cursor(Protocol):
    """A DuckDB cursor."""

    description: Any

    def execute(self, query: str, parameters: Any = ...) -> Any: ...

    def fetchall(self) -> list[tuple[Any, ...]]: ...


class Reader(Protocol):
    """Opens one audience's file of the current release: a cursor on it, and the release."""

    def open(self, audience: str) -> AbstractContextManager[tuple[Cursor, Any]]: ...
