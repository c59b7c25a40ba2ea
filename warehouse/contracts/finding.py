"""One thing that is wrong, or worth saying, about a contract."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """`file` and `place` (table, table.column or table rule) say where; `mend` what to do.

    A note is no fault: for example a foreign key whose table no contract declares yet.
    """

    file: str
    place: str
    what: str
    mend: str
    is_note: bool = False

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{self.file}: {place}{self.what} → {self.mend}"
