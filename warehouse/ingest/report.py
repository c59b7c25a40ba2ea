"""What an ingest tells: one result per file, and how many waiting rows have landed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from warehouse.ingest.parts import Waiting

__all__ = ["FileResult", "IngestReport", "Progress", "summarise"]

_NOT_SUMMED = ("rows_in_plain_form", "sheet", "extracted_at_default")
#: Forms in which nothing had to be read as something else, and what was refused: `reasons` has it.
_PLAIN = frozenset(
    {"as it stands", "number", "code", "true", "false", "YYYY-MM-DD", "YYYY-MM", "Beijing time"}
    | {"unreadable"}
)

#: Called with what is being done, files done so far, and files in all.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FileResult:
    """What became of one file. `path` is relative to the data home.

    `reasons` counts rows by reason; a row may count under several. A file refused whole has
    `batch` None, no accepted rows, and all its rows (0 where they could not be counted) as
    refused under the one reason. `returned` is the workbook for the owner unit, relative to the
    data home; empty where nothing went back. `readings` says what was read as what
    (docs/ingestion.md).
    """

    path: str
    source: str
    table: str
    batch: str | None
    result: str  # accepted | duplicate | refused
    accepted_rows: int = 0
    refused_rows: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    message: str = ""
    returned: str = ""
    readings: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "source": self.source,
            "table": self.table,
            "batch": self.batch,
            "result": self.result,
            "accepted_rows": self.accepted_rows,
            "refused_rows": self.refused_rows,
            "reasons": dict(self.reasons),
            "message": self.message,
            "returned": self.returned,
            "readings": dict(self.readings),
        }


@dataclass
class IngestReport:
    """The outcome of one run.

    `landed_late` counts rows that had waited in quarantine for a parent and have landed now;
    `unsettled` lists files that changed while they were read and are left for the next run;
    `failed` those that could not be judged, with the reason: they stay in the inbox. `waiting`
    are snapshots of which parts have not come; `left_alone` is what is no file to take in.
    `unreturned` are workbooks for owner units that could not be made, with the reason.
    """

    files: list[FileResult] = field(default_factory=list)
    landed_late: int = 0
    unsettled: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    unreturned: dict[str, str] = field(default_factory=dict)

    @property
    def refused_whole(self) -> bool:
        """Whether any file was refused whole, or could not be judged or returned."""
        return bool(self.failed or self.unreturned) or any(
            file.result == "refused" for file in self.files
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "files": [file.to_json() for file in self.files],
            "landed_late": self.landed_late,
            "unsettled": list(self.unsettled),
            "failed": dict(self.failed),
            "waiting": [held.to_json() for held in self.waiting],
            "left_alone": list(self.left_alone),
            "unreturned": dict(self.unreturned),
        }


def summarise(readings: Mapping[str, Any]) -> str:
    """What was read as what, in one line; empty for a file all in plain form.

    Forms are counted over all columns; `readings` itself has them by column.
    """
    parts = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in readings.items()
        if name not in _NOT_SUMMED and isinstance(value, int) and value
    ]
    forms: dict[str, int] = {}
    for counted in readings.get("forms", {}).values():
        for form, count in counted.items():
            if form not in _PLAIN:
                forms[form] = forms.get(form, 0) + count
    parts += [f"{form} {count}" for form, count in sorted(forms.items())]
    if not parts:
        return ""
    said = [readings[name] for name in ("format", "encoding", "compression") if readings.get(name)]
    return ", ".join([*map(str, said), *parts])
