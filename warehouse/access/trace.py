"""Whose copy a file is (Article 23): evidence from the strongest to the weakest, never a value.

| certainty | what matched | what it survives |
|---|---|---|
| exact | sha256 of the whole file | nothing: the file as it left |
| mark | the label, or the way in which cells are written | cutting out, sorting, a damaged rest |
| pseudonyms | numbers that only this grant has for its people | saving anew in a spreadsheet |
| columns | the grant's columns hold all of the file's | anything; a hint and no proof |
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.access.export_marks import BITS, mark_of, row_bits
from warehouse.access.exports import export_secret
from warehouse.access.pseudonyms import pseudonym_key, pseudonyms_of
from warehouse.access.trace_reading import MarkedRow, Piece, number_shape, read_piece
from warehouse.home import Home
from warehouse.state.models import Export, Grant

__all__ = ["CERTAINTIES", "Candidate", "trace"]

CERTAINTIES = ("exact", "mark", "pseudonyms", "columns")
#: A hidden mark counts where chance would give as good a match in one of a thousand million files.
_CHANCE = 1e-9
#: So many rows are tried first; an export of which fewer of their cells agree is not looked into,
#: which of ten thousand exports leaves a few hundred.
_FIRST_LOOK, _WORTH_A_LOOK = 64, 0.6
#: Pseudonyms that must match where the file has as many.
_FEWEST_NUMBERS = 2


@dataclass(frozen=True)
class Candidate:
    """A grant that the file may come from. `export` and `person_key` are known where the copy
    itself is; `evidence` says what matched, in counts."""

    grant: str
    certainty: str
    evidence: str
    export: Export | None = None

    @property
    def person_key(self) -> int | None:
        return self.export.person_key if self.export is not None else None


def trace(session: Session, home: Home, content: bytes, people: Sequence[int]) -> list[Candidate]:
    """The candidates for a file, the surest first; those of a weaker kind only where a stronger
    found none. `people` is everybody whose pseudonyms are tried."""
    digest = hashlib.sha256(content).hexdigest()
    exact = session.scalars(select(Export).where(Export.content_sha256 == digest)).all()
    if exact:
        return [Candidate(e.grant_id, "exact", "the whole file, to the bit", e) for e in exact]
    piece = read_piece(content)
    exports = list(session.scalars(select(Export).order_by(Export.at.desc())))
    grants = list(session.scalars(select(Grant).order_by(Grant.created_at.desc())))
    return (
        _by_label(piece, exports, export_secret(home))
        or _by_writing(piece, exports)
        or _by_pseudonyms(piece, grants, home, people)
        or _by_columns(piece, grants, exports)
    )


def _by_label(piece: Piece, exports: Sequence[Export], secret: bytes) -> list[Candidate]:
    """A label counts only with a mark that is its export's: anybody can write another's id."""
    known = {export.id: export for export in exports}
    return [
        Candidate(known[name].grant_id, "mark", "the label in the file", known[name])
        for name, mark in piece.labels
        if name in known and hmac.compare_digest(mark, mark_of(secret, name))
    ]


def _by_writing(piece: Piece, exports: Sequence[Export]) -> list[Candidate]:
    rows = list({row.cells: row for row in piece.rows if row.written}.values())
    # Rows from all over the piece: it may have been put together from several copies.
    some, found = rows[:: max(1, len(rows) // _FIRST_LOOK)], []
    for export in exports:
        if export.format not in ("csv", "jsonl"):
            continue
        cells, agreeing = _agreement(some, export.mark)
        if agreeing < _WORTH_A_LOOK * cells:
            continue
        cells, agreeing = _agreement(rows, export.mark)
        if len(exports) * _tail(cells, agreeing) < _CHANCE:
            evidence = f"{agreeing} of {cells} cells are written as in this export"
            found.append((agreeing / cells, Candidate(export.grant_id, "mark", evidence, export)))
    found.sort(key=lambda one: -one[0])
    return [candidate for _, candidate in found]


def _agreement(rows: Sequence[MarkedRow], mark: str) -> tuple[int, int]:
    """(cells that can bear a bit, those that bear the bit of this export)."""
    cells = agreeing = 0
    for row in rows:
        bits = row_bits(mark, row.cells)
        for place, written in row.written.items():
            if place < BITS:
                cells += 1
                agreeing += bool(bits >> place & 1) == written
    return cells, agreeing


def _tail(cells: int, agreeing: int) -> float:
    """At most so probable is it that so many cells or more agree by chance (Chernoff's bound)."""
    if 2 * agreeing <= cells:
        return 1.0
    share = agreeing / cells
    surprise = math.log(2) + share * math.log(share)
    if share < 1:
        surprise += (1 - share) * math.log(1 - share)
    return math.exp(-cells * surprise)


def _by_pseudonyms(
    piece: Piece, grants: Sequence[Grant], home: Home, people: Sequence[int]
) -> list[Candidate]:
    if not piece.numbers:
        return []
    found = []
    for grant in grants:
        if not any("person_key" in names for names in grant.columns.values()):
            continue
        shapes = {
            number_shape(number) for number in pseudonyms_of(pseudonym_key(home, grant.id), people)
        }
        hits = len(piece.numbers & shapes)
        if hits >= min(_FEWEST_NUMBERS, len(piece.numbers)):
            evidence = f"{hits} of {len(piece.numbers)} long numbers are pseudonyms of this grant"
            found.append((hits, Candidate(grant.id, "pseudonyms", evidence)))
    found.sort(key=lambda one: -one[0])
    return [candidate for _, candidate in found]


def _by_columns(
    piece: Piece, grants: Sequence[Grant], exports: Sequence[Export]
) -> list[Candidate]:
    if not piece.names:
        return []
    names, found = set(piece.names), []
    for grant in grants:
        if not names <= {name for columns in grant.columns.values() for name in columns}:
            continue
        as_long = sum(e.grant_id == grant.id and e.rows == piece.row_count for e in exports)
        evidence = f"has all {len(names)} columns; {as_long} of its exports have as many rows"
        found.append((as_long, Candidate(grant.id, "columns", evidence)))
    found.sort(key=lambda one: -one[0])
    return [candidate for _, candidate in found]
