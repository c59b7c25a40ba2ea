"""What a pull did, per table."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from warehouse.errors import PullError

__all__ = ["PullReport", "TableResult"]


@dataclass
class TableResult:
    """One table of one source.

    `result` is pulled (a file lies in the inbox), unchanged (the rows are those that the last
    pull brought and ingest landed, or there is none), planned (--dry-run) or failed. `path` is
    relative to the data home. `since` is where an incremental pull began: the last watermark
    less the overlap, null for everything; `watermark` is where it ended. `reason` of a failure as
    in `PullError`. `notes` are facts worth knowing that stopped nothing.
    """

    source: str
    table: str
    result: str
    mode: str
    rows: int | None = None
    path: str | None = None
    since: str | None = None
    watermark: str | None = None
    extracted_at: str | None = None
    reason: str | None = None
    message: str = ""
    next_step: str = ""
    attempts: int = 1
    seconds: float = 0.0
    statement: str | None = None
    notes: list[str] = field(default_factory=list)

    @classmethod
    def failed(
        cls, source: str, table: str, mode: str, error: PullError, seconds: float
    ) -> TableResult:
        return cls(
            source,
            table,
            "failed",
            mode,
            reason=error.reason,
            message=error.message,
            next_step=error.next_step or "",
            seconds=seconds,
        )


@dataclass
class PullReport:
    """`problem` says why nothing at all could be pulled (sources.toml is wrong), else empty."""

    tables: list[TableResult] = field(default_factory=list)
    problem: str = ""

    @property
    def failed(self) -> list[TableResult]:
        return [result for result in self.tables if result.result == "failed"]

    @property
    def is_whole(self) -> bool:
        return not self.problem and not self.failed

    def to_json(self) -> dict[str, Any]:
        return {"tables": [asdict(result) for result in self.tables], "problem": self.problem}
