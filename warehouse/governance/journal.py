"""What governance needs of the audit log: a change and its entry become true together.

`warehouse.audit.Audit` is one; a rule that is tried without a database can be given another.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy.orm import Session

from warehouse.audit.concern import Concern

__all__ = ["Journal", "JournalEntry"]


class JournalEntry(Protocol):
    """An open transaction with the log."""

    session: Session

    def record(
        self,
        actor: str,
        action: str,
        *,
        subject: str | None = None,
        detail: Mapping[str, Any] | None = None,
        concern: Concern | None = None,
    ) -> int: ...


class Journal(Protocol):
    """Opens such transactions."""

    def transaction(self) -> AbstractContextManager[JournalEntry]: ...
