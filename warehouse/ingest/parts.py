"""A snapshot that comes in several files: held until all have come, then judged as one.

A part alone would look like a snapshot that lost most of its rows. For events and histories a
part is simply a file: it adds or replaces by key.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.contracts.model import Contracts, Table
from warehouse.engine import Connection, quote_text
from warehouse.ingest.delivered import Delivered
from warehouse.ingest.inbox import InboxFile, shown

__all__ = ["Waiting", "content_of", "gather_parts", "join_parts", "keep_part", "part_of"]

_MOST = 999
_ENDINGS = re.compile(r"(\.(csv|xlsx|parquet|jsonl|gz|zst))+$", re.IGNORECASE)
_PART = re.compile(
    r"[\s._-]*(?:"
    r"part[\s_-]*(?P<a>\d{1,3})[\s_-]*of[\s_-]*(?P<b>\d{1,3})"
    r"|(?<=[\s._-])(?P<c>\d{1,3})[\s_-]*of[\s_-]*(?P<d>\d{1,3})"
    r"|\(?第(?P<e>\d{1,3})(?:份|部分),?、?\s*共(?P<f>\d{1,3})(?:份|部分)\)?"
    r")$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Waiting:
    """A snapshot of which parts are missing. `missing` are their numbers, `twice` those that two
    files bear; `late` says that the newest part came longer ago than a part may take."""

    source: str
    table: str
    paths: tuple[str, ...]
    parts: int
    missing: tuple[int, ...]
    twice: tuple[int, ...]
    since: datetime
    late: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "table": self.table,
            "paths": list(self.paths),
            "parts": self.parts,
            "missing": list(self.missing),
            "twice": list(self.twice),
            "since": self.since.isoformat(),
            "late": self.late,
        }


def part_of(name: str) -> tuple[str, int, int] | None:
    """(name of the whole, number of the part, parts in all), or None: the file is a whole."""
    stem = unicodedata.normalize("NFKC", _ENDINGS.sub("", name))
    found = _PART.search(stem)
    if found is None:
        return None
    number, parts = (int(text) for text in found.groups() if text is not None)
    if not (2 <= parts <= _MOST and 1 <= number <= parts):
        return None
    return stem[: found.start()].casefold(), number, parts


def gather_parts(
    files: Sequence[InboxFile], contracts: Contracts, root: Path, late_hours: float
) -> tuple[list[tuple[InboxFile, ...]], list[Waiting]]:
    """Files in their order, the parts of a complete snapshot together at the place of its first;
    and the snapshots that are still held."""
    snapshots = {table.id for table in contracts if table.kind == "snapshot"}
    sets: dict[tuple[str, str, int], list[tuple[int, InboxFile]]] = {}
    order: list[tuple[str, str, int] | InboxFile] = []
    for file in files:
        place = f"{file.source}/{file.table}"
        part = part_of(file.path.name) if file.declared and place in snapshots else None
        if part is None:
            order.append(file)
            continue
        key = (place, part[0], part[2])
        if key not in sets:
            order.append(key)
        sets.setdefault(key, []).append((part[1], file))
    groups: list[tuple[InboxFile, ...]] = []
    waiting = []
    for item in order:
        if isinstance(item, InboxFile):
            groups.append((item,))
            continue
        found = sorted(sets[item], key=lambda part: (part[0], part[1].path.name))
        numbers = [number for number, _ in found]
        if numbers == list(range(1, item[2] + 1)):
            groups.append(tuple(file for _, file in found))
        elif (held := _held(item[2], found, root, late_hours)) is not None:
            waiting.append(held)
    return groups, waiting


def _held(
    parts: int, found: list[tuple[int, InboxFile]], root: Path, late_hours: float
) -> Waiting | None:
    numbers = [number for number, _ in found]
    try:
        newest = max(file.path.lstat().st_mtime for _, file in found)
    except FileNotFoundError:
        return None
    since = datetime.fromtimestamp(newest, UTC)
    first = found[0][1]
    return Waiting(
        first.source,
        first.table,
        tuple(shown(str(file.path.relative_to(root))) for _, file in found),
        parts,
        tuple(number for number in range(1, parts + 1) if number not in numbers),
        tuple(sorted({number for number in numbers if numbers.count(number) > 1})),
        since,
        (datetime.now(UTC) - since).total_seconds() > late_hours * 3600,
    )


def content_of(fingerprints: Sequence[str]) -> str:
    """What a batch is named by: the file's sha256, for parts the sha256 over all of theirs."""
    if len(fingerprints) == 1:
        return fingerprints[0]
    return hashlib.sha256("\n".join(["parts", *fingerprints]).encode()).hexdigest()


def keep_part(connection: Connection, delivered: Delivered, target: Path) -> dict[str, Any]:
    """Write a part's text as Parquet, in the order of the contract; what `join_parts` needs."""
    number = "batch_row, ragged" if delivered.numbered else "NULL AS batch_row, false AS ragged"
    texts = ", ".join(f"c{place}" for place in range(len(delivered.columns)))
    connection.execute(
        f"COPY (SELECT {texts}, {number} FROM {delivered.relation}) TO {quote_text(target)} "
        "(FORMAT parquet, COMPRESSION lz4_raw)"
    )
    (rows,) = connection.execute(
        f"SELECT count(*) FROM read_parquet({quote_text(target)})"
    ).fetchone()
    return {
        "path": target,
        "columns": delivered.columns,
        "rows": rows,
        "readings": delivered.readings,
    }


def join_parts(parts: Sequence[dict[str, Any]], table: Table) -> Delivered:
    """One relation over all parts, rows numbered through. A technical column that some parts lack
    is null there."""
    given = {name for part in parts for name in part["columns"]}
    extra = [name for name in parts[0]["columns"] if name not in table.column_names]
    extra += [name for name in sorted(given) if name not in (*table.column_names, *extra)]
    columns = (*table.column_names, *extra)
    selects, before = [], 0
    for part in parts:
        place = {name: position for position, name in enumerate(part["columns"])}
        texts = ", ".join(
            f"{f'c{place[name]}' if name in place else 'NULL::VARCHAR'} AS c{position}"
            for position, name in enumerate(columns)
        )
        selects.append(
            f"SELECT {texts}, coalesce(batch_row, file_row_number + 1) + {before} AS batch_row, "
            f"ragged FROM read_parquet({quote_text(part['path'])}, file_row_number = true)"
        )
        before += part["rows"]
    readings = {"parts": [part["readings"] for part in parts]}
    return Delivered(f"({' UNION ALL '.join(selects)})", columns, numbered=True, readings=readings)
