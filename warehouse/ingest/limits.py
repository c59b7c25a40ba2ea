"""How much one file may ask of the machine before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.errors import FileRefused
from warehouse.settings import Settings

__all__ = ["Limits", "TooMuch", "limits_of", "unreadable"]


class TooMuch(Exception):
    """A limit is passed; the text says which, without any value of the file."""


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes. The ratio of unpacked to packed counts only above `ratio_from`: small files
    of repeated text pack well and harm nobody."""

    unpacked: int = 32 << 30
    ratio: int = 250
    ratio_from: int = 64 << 20
    rows: int = 1_000_000_000
    columns: int = 2_000
    field: int = 1 << 20
    free_disk: int = 1 << 30
    memory: int = 4 << 30
    seconds: int = 3_600


def limits_of(settings: Settings) -> Limits:
    return Limits(
        unpacked=settings.ingest_unpacked_bytes,
        ratio=settings.ingest_unpacked_ratio,
        rows=settings.ingest_rows,
        columns=settings.ingest_columns,
        field=settings.ingest_field_bytes,
        free_disk=settings.ingest_free_bytes,
        memory=settings.ingest_reader_memory,
        seconds=settings.ingest_reader_seconds,
    )


def unreadable(why: str, *, row_count: int | None = None) -> FileRefused:
    """The refusal of a file whose content cannot be got at."""
    return FileRefused(
        "unreadable",
        f"The file cannot be read: {why}.",
        row_count=row_count,
        next_step="Save it again as CSV (UTF-8), XLSX, Parquet or JSON Lines and deliver it anew.",
    )
