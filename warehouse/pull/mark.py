"""How far a table was pulled, as a plain value: what the pulling process is told and tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Mark"]


@dataclass(frozen=True)
class Mark:
    """Fields as in the table `pull_mark`. `is_landed`: the file that it stands for is the table's
    latest batch, neither refused nor overtaken by another delivery."""

    definition: str
    watermark: str | None
    rows_hash: str
    content_sha256: str
    rows: int
    extracted_at: datetime
    is_landed: bool = False
