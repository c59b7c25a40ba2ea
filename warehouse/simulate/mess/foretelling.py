"""What the ingest must say of a delivery, worked out from the rules of docs/ingestion.md alone.

Files are taken parents first and by name inside a table. A row's reasons are those of its own
values, of its key inside the file, and of parents that nothing landed holds. Rows that lack only
a parent wait, and land at the end of the run where the parent has come meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from warehouse.contracts.model import Contracts, Reference, Table
from warehouse.engine import Connection
from warehouse.simulate.mess.consignment import Consignment, Piece, delivered_rows, read_clean
from warehouse.simulate.mess.file_faults import WHOLE_FAULTS
from warehouse.simulate.mess.judging import REASON_ORDER, typed

__all__ = ["Expected", "Foreteller"]

#: (parent table's id, the columns by which it is referred to).
Place = tuple[str, tuple[str, ...]]

#: Between the parts of a key of several columns.
_JOINT = "\x1f"
_WHOLE = {fault.name: fault.reason for fault in WHOLE_FAULTS}


@dataclass
class Expected:
    """What the ingest says of one file. `quarantine`: row (0-based) → reasons, at the end of the
    run; `reasons` counts rows as the file is judged, before any that waited has landed."""

    file: Consignment
    piece: Piece
    result: str
    reason: str | None = None
    accepted: int = 0
    refused: int = 0
    waiting: int = 0
    landed_late: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    quarantine: dict[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class _Waiting:
    expected: Expected
    rows: pl.DataFrame  # the rows that wait: columns of keys and parents, and `_row`


class Foreteller:
    """Knows what has landed. `take` one file after the other, then `land_waiting`."""

    def __init__(self, connection: Connection, contracts: Contracts) -> None:
        self.contracts = contracts
        self._connection = connection
        self._referred = {place for table in contracts for _, place in self._links(table)}
        self._known: dict[Place, pl.Series] = {}
        self._snapshots: dict[str, list[tuple[str, pl.DataFrame]]] = {}
        self._waiting: list[_Waiting] = []

    def _links(self, table: Table) -> list[tuple[Reference, Place]]:
        return [
            (reference, (parent.id, reference.match))
            for reference in table.references
            if (parent := self.contracts.parent_table(table, reference.to))
        ]

    def in_order(self, files: Iterable[Consignment]) -> list[tuple[Consignment, Piece]]:
        """Files in the order of an ingest."""
        order = {table.id: place for place, table in enumerate(self.contracts.parents_first())}
        found = [(file, piece) for file in files for piece in file.pieces]
        last = len(order)
        return sorted(
            found,
            key=lambda item: (
                last if item[0].whole == "undeclared_folder" else order[item[0].table.id],
                str(item[1].path),
            ),
        )

    def take(self, file: Consignment, piece: Piece) -> Expected:
        if piece.copy_of is not None:
            return Expected(file, piece, "duplicate")
        reason = _WHOLE.get(file.whole or "")
        if reason in ("structure", "unreadable", "undeclared"):
            rows = len(piece.order) if reason == "structure" else 0
            return self._refused(file, piece, reason, rows)
        return self._judged(file, piece)

    def _refused(self, file: Consignment, piece: Piece, reason: str, rows: int) -> Expected:
        return Expected(file, piece, "refused", reason=reason, refused=rows, reasons={reason: rows})

    def _judged(self, file: Consignment, piece: Piece) -> Expected:
        table = file.table
        clean = read_clean(file.clean, self._columns(table))
        rows = delivered_rows(clean, file, piece.order, as_written=False)
        rows = self._with_links(table, rows.with_row_index("_row"))
        reasons = self._own_reasons(file, piece)
        for row in _twice(table, rows):
            reasons.setdefault(row, set()).add("duplicate_key")
        for row in self._crossed(file, piece, rows):
            reasons.setdefault(row, set()).add("cross_table")
        self._add_orphans(table, rows, reasons)
        waiting = {row for row, found in reasons.items() if found == {"orphan"}}
        total, refused = len(rows), len(reasons)
        counts = {
            reason: sum(reason in found for found in reasons.values()) for reason in REASON_ORDER
        }
        if total and refused - len(waiting) > table.refuse_above * total:
            return self._refused(file, piece, "too_many_refused", total)
        good = rows.filter(~pl.col("_row").is_in(list(reasons)))
        if file.is_snapshot and self._ends_too_many(file, good, rows, waiting):
            return self._refused(file, piece, "mass_deletion", total)
        expected = Expected(
            file,
            piece,
            "accepted",
            accepted=total - refused,
            refused=refused,
            waiting=len(waiting),
            reasons={reason: count for reason, count in counts.items() if count},
            quarantine={row: _ordered(found) for row, found in sorted(reasons.items())},
        )
        self._land(table, good)
        if waiting:
            held = rows.filter(pl.col("_row").is_in(list(waiting)))
            self._waiting.append(_Waiting(expected, held))
        return expected

    def _columns(self, table: Table) -> list[str]:
        """Columns that decide over keys and parents, here or for others."""
        wanted = set(table.key) | {column.name for column in table.columns if column.unique}
        for reference in table.references:
            wanted |= set(reference.columns)
            wanted |= {
                name
                for name in table.column_names
                if reference.when and re.search(rf"\b{name}\b", reference.when)
            }
        for place, match in self._referred:
            wanted |= set(match) if place == table.id else set()
        return [*(name for name in table.column_names if name in wanted), "extracted_at"]

    def _with_links(self, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the key of each parent they name (null: none) and each key by which
        others refer to them."""
        added = []
        for reference, _ in self._links(table):
            key = pl.concat_str(reference.columns, separator=_JOINT)
            if reference.when:
                self._connection.register("rows", rows.to_arrow())
                names = [name for name in rows.columns if name in table.column_names]
                answer = self._connection.execute(
                    f"SELECT _row FROM (SELECT _row, {typed(table, names)} FROM rows) "
                    f"WHERE {reference.when}"
                ).fetchall()
                self._connection.unregister("rows")
                binding = pl.col("_row").is_in([row for (row,) in answer])
                key = pl.when(binding).then(key)
            added.append(key.alias(_link(reference)))
        added += [
            pl.concat_str(match, separator=_JOINT).alias(_own(match))
            for place, match in sorted(self._referred)
            if place == table.id
        ]
        return rows.with_columns(added)

    def _crossed(self, file: Consignment, piece: Piece, rows: pl.DataFrame) -> list[int]:
        """Altered rows whose parent is there and disagrees."""
        found = []
        for row, origin in enumerate(piece.order):
            alteration = file.alterations.get(origin)
            for reference, place in self._links(file.table) if alteration else ():
                if alteration and reference.name in alteration.crossed:
                    key = rows[_link(reference)][row]
                    if key in self._known_keys(place) or place[0] == file.table.id:
                        found.append(row)
        return found

    def _own_reasons(self, file: Consignment, piece: Piece) -> dict[int, set[str]]:
        if not file.alterations:
            return {}
        return {
            place: set(alteration.reasons)
            for place, row in enumerate(piece.order)
            if (alteration := file.alterations.get(row)) and alteration.reasons
        }

    def _known_keys(self, place: Place) -> pl.Series:
        return self._known.get(place, pl.Series([], dtype=pl.String))

    def _add_orphans(self, table: Table, rows: pl.DataFrame, reasons: dict[int, set[str]]) -> None:
        """Add `orphan`; a parent in the same file counts unless it is refused or waits itself."""
        before = -1
        while before != len(reasons):
            before = len(reasons)
            for reference, place in self._links(table):
                known = self._known_keys(place)
                if place[0] == table.id:
                    own = rows.filter(~pl.col("_row").is_in(list(reasons)))[_own(place[1])]
                    known = pl.concat([known, own]).drop_nulls().unique()
                child = pl.col(_link(reference))
                orphans = rows.filter(child.is_not_null() & ~child.is_in(known.implode()))["_row"]
                for row in orphans.to_list():
                    reasons.setdefault(row, set()).add("orphan")

    def _ends_too_many(
        self, file: Consignment, good: pl.DataFrame, rows: pl.DataFrame, waiting: set[int]
    ) -> bool:
        table = file.table
        keys = list(table.key)
        if not keys or rows.is_empty():
            return False
        moment = str(rows["extracted_at"].max())
        landed = self._snapshots.setdefault(table.id, [])
        older = [state for at, state in sorted(landed, key=lambda one: one[0]) if at < moment]
        if older:
            there = rows.filter(pl.col("_row").is_in(list(waiting)))
            kept = pl.concat([good.select(keys), there.select(keys)])
            ended = older[-1].unique().join(kept, on=keys, how="anti")
            if len(ended) > table.end_above * len(older[-1].unique()):
                return True
        landed.append((moment, good.select(keys)))
        return False

    def _land(self, table: Table, rows: pl.DataFrame) -> None:
        for place in self._referred:
            if place[0] == table.id:
                keys = [self._known_keys(place), rows[_own(place[1])]]
                self._known[place] = pl.concat(keys).drop_nulls().unique()

    def land_waiting(self) -> None:
        """Land every row whose parents have all come, again and again while something lands."""
        order = {table.id: place for place, table in enumerate(self.contracts.parents_first())}
        self._waiting.sort(key=lambda held: order[held.expected.file.table.id])
        landed = True
        while landed:
            landed = sum(self._land_some(held) for held in self._waiting) > 0

    def _land_some(self, held: _Waiting) -> bool:
        table = held.expected.file.table
        ready, before = held.rows, -1
        while before != len(ready):
            before = len(ready)
            for reference, place in self._links(table):
                known = self._known_keys(place)
                if place[0] == table.id:
                    known = pl.concat([known, ready[_own(place[1])]]).drop_nulls().unique()
                child = pl.col(_link(reference))
                ready = ready.filter(child.is_null() | child.is_in(known.implode()))
        file, piece = held.expected.file, held.expected.piece
        ready_rows = ready["_row"].to_list()
        if crossed := [row for row in ready_rows if _disagrees(file, piece, row)]:
            # The parent has come and says otherwise: the row stays, for another reason.
            ready = ready.filter(~pl.col("_row").is_in(crossed))
            held.rows = held.rows.filter(~pl.col("_row").is_in(crossed))
            for row in crossed:
                held.expected.quarantine[row] = ("cross_table",)
        if ready.is_empty():
            return False
        self._land(table, ready)
        landed = set(ready["_row"].to_list())
        held.rows = held.rows.filter(~pl.col("_row").is_in(list(landed)))
        held.expected.landed_late += len(landed)
        for row in landed:
            del held.expected.quarantine[row]
        return True


def _twice(table: Table, rows: pl.DataFrame) -> set[int]:
    """Rows whose key, or a value that must be unique, stands twice in the file."""
    sets = [list(table.key)] if table.key else []
    sets += [
        [column.name]
        for column in table.columns
        if column.unique and (column.name,) != tuple(table.key)
    ]
    found: set[int] = set()
    for names in sets:
        whole = rows.filter(pl.all_horizontal(pl.col(names).is_not_null()))
        double = whole.filter(pl.struct(names).is_duplicated())
        found |= set(double["_row"].to_list())
    return found


def _link(reference: Reference) -> str:
    return f"_of:{reference.name}"


def _own(match: tuple[str, ...]) -> str:
    return f"_as:{_JOINT.join(match)}"


def _disagrees(file: Consignment, piece: Piece, row: int) -> bool:
    alteration = file.alterations.get(piece.order[row])
    return alteration is not None and bool(alteration.crossed)


def _ordered(reasons: set[str]) -> tuple[str, ...]:
    return tuple(reason for reason in REASON_ORDER if reason in reasons)


def home_path(path: Path, root: Path) -> str:
    """A path as the ingest reports it: from the data home on."""
    return path.relative_to(root).as_posix()
