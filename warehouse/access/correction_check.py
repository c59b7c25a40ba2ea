"""After each publication: which corrections does the new release carry out?

Only a release later than the one the person saw counts: going back to an earlier one closes
nothing. A value that is gone from its place closes the correction, whether what the person asked
for or something else stands there now; a missing row does so only once the unit has said that it
delivered it, since other rows come every day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from warehouse.access.correction_rows import Rows, count_value, read_rows
from warehouse.access.correction_told import tell_receivers
from warehouse.access.reader import Cursor, Reader
from warehouse.audit import audited_read
from warehouse.errors import ReleaseError, StateError
from warehouse.governance.correction_record import correction_state, open_corrections
from warehouse.governance.correction_words import open_words
from warehouse.governance.corrections import close
from warehouse.home import Home
from warehouse.release.pointer import Release, releases
from warehouse.release.reader import PastReader
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.corrections import Correction

__all__ = ["Closed", "check_corrections", "outcome_of"]

ACTOR = "job:correction.check"


@dataclass(frozen=True)
class Closed:
    """A correction that a release has carried out, and how many grants were told."""

    correction: str
    outcome: str
    told: int


def check_corrections(
    journal: Any, settings: Settings, engine: Engine, reader: Reader, release: Any, now: datetime
) -> list[Closed]:
    """Close what the current release has carried out, and tell who had the old values."""
    with session(engine, read_only=True) as opened:
        waiting = [
            (row, correction_state(opened, row.id).status)
            for row in open_corrections(opened)
            if row.release < release.id
        ]
    found = []
    for row, status in waiting:
        # Somebody's data are read, so the log holds it before and after, as for every other read.
        outcome = audited_read(
            journal,
            ACTOR,
            "correction.check",
            lambda row=row, status=status: _judged(settings, reader, row, status),
            subject=f"person:{row.person_key}",
            detail={"correction": row.id, "release": release.id, "purpose": "correction"},
            result=lambda outcome: {"outcome": outcome or "unchanged"},
        )
        if outcome is None:
            continue
        since = _first_shown(settings, row)
        # First told, then closed: one that was killed between is taken up again, and nobody is
        # told twice.
        told = tell_receivers(journal, reader, row, since, release.id, actor=ACTOR, now=now)
        if close(journal, row.id, outcome, release.id, actor=ACTOR, now=now):
            found.append(Closed(row.id, outcome, told))
    return found


def outcome_of(row: Correction, status: str, rows: Rows | None) -> str | None:
    """as_asked, other, gone, added, or None where the release shows what was reported; pure."""
    if rows is None:
        return None  # a release without that table says nothing of it
    if row.kind == "missing":
        return "added" if status == "corrected" and len(rows.rows) > row.alike else None
    same = rows.of_mark(row.row_mark, row.column_name)
    if row.kind == "row":
        return "as_asked" if len(same) < row.alike else None
    column = row.column_name or ""
    if column not in rows.types:
        return None
    if not same:
        return "gone"
    if count_value(rows, same, row.value_mark, column) >= row.alike:
        return None
    wanted = row.wanted_mark
    return "as_asked" if wanted and count_value(rows, same, wanted, column) else "other"


def _judged(settings: Settings, reader: Reader, row: Correction, status: str) -> str | None:
    try:
        open_words(settings.paths, row.id, 0, row.words)
    except StateError:
        # The home's secrets are others than those of the report (a backup without them): by marks
        # made with these every value would look like another.
        return None
    with reader.open("personal") as (cursor, release):
        rows = _rows(cursor, settings.paths, release.manifest, row)
        return outcome_of(row, status, rows)


def _rows(cursor: Cursor, home: Home, manifest: Mapping[str, Any], row: Correction) -> Rows | None:
    return read_rows(
        cursor, home, manifest, row.table_name, row.source, row.source_table, row.person_key
    )


def _first_shown(settings: Settings, row: Correction) -> str:
    """The release in which the old value was shown first, as far back as releases are kept; empty
    where the oldest of them shows it already: nobody knows since when."""
    first = row.release
    for past in sorted(releases(settings), key=lambda one: one.id, reverse=True):
        if past.id >= row.release:
            continue
        if "personal" not in past.audiences_kept or not _shows(settings, past, row):
            return first if "personal" in past.audiences_kept else ""
        first = past.id
    return ""


def _shows(settings: Settings, release: Release, row: Correction) -> bool:
    try:
        with PastReader(settings, release.id).open("personal") as (cursor, past):
            rows = _rows(cursor, settings.paths, past.manifest, row)
    except ReleaseError:  # pruned meanwhile
        return False
    return rows is not None and outcome_of(row, "", rows) is None
