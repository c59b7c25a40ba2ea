"""One file on its way to the inbox, and all that the mess makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from warehouse.contracts.model import TECHNICAL_COLUMNS, Table
from warehouse.simulate.mess.forms import Form

__all__ = ["Alteration", "Consignment", "Piece", "column_types", "delivered_rows", "read_clean"]


@dataclass
class Alteration:
    """What is wrong with one row. `changes` maps a column to the text that is written and the
    value that a reader gets from it, None where it gets none although something stands there.
    `copied`: the row stands there twice. `reasons` are those that the row's own values give,
    `crossed` the references whose parent, once there, it disagrees with; keys and whether a
    parent is there are judged with the whole delivery."""

    row: int
    faults: list[str] = field(default_factory=list)
    changes: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    copied: bool = False
    reasons: frozenset[str] = frozenset()
    crossed: frozenset[str] = frozenset()
    ragged: bool = False


@dataclass
class Piece:
    """A file in the inbox: `order` is the clean row (0-based) that each of its rows comes from.
    `copy_of` is the piece whose bytes it has. A snapshot in parts is one piece: `path` is its
    first file, `others` are the further ones."""

    path: Path
    order: list[int]
    copy_of: Path | None = None
    others: tuple[Path, ...] = ()


@dataclass
class Consignment:
    """`clean` is the file that the simulator wrote, `target` its place in the inbox. `rows`
    counts its data rows. `whole` names the fault that the file has as a whole, `detail` what it
    concerns. Without `pieces` nothing of it is delivered at first."""

    clean: Path
    target: Path
    table: Table
    rows: int
    size: int
    form: Form = field(default_factory=Form)
    whole: str | None = None
    detail: dict[str, object] = field(default_factory=dict)
    alterations: dict[int, Alteration] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def is_snapshot(self) -> bool:
        return self.table.kind == "snapshot"

    @property
    def is_census(self) -> bool:
        return "-census-" in self.clean.name

    def alter(self, row: int) -> Alteration:
        return self.alterations.setdefault(row, Alteration(row))


def read_clean(path: Path, columns: list[str] | None = None) -> pl.DataFrame:
    """The simulator's file as text: every value in its plain form, null where it is empty."""
    return pl.read_csv(path, columns=columns, infer_schema=False)


def column_types(table: Table) -> dict[str, str]:
    """Column → type in the contract's terms, the technical ones included."""
    kinds = {"VARCHAR": "string", "TIMESTAMP": "timestamp", "BOOLEAN": "bool"}
    technical = {name: kinds[kind] for name, kind in TECHNICAL_COLUMNS.items()}
    return technical | {column.name: column.type for column in table.columns}


def delivered_rows(
    frame: pl.DataFrame, consignment: Consignment, order: list[int], *, as_written: bool
) -> pl.DataFrame:
    """The rows of the clean `frame` in this order: as written, or as a reader should get them."""
    side = 0 if as_written else 1
    touched: dict[str, dict[int, str | None]] = {}
    for row, alteration in consignment.alterations.items():
        for column, change in alteration.changes.items():
            if column in frame.columns:
                touched.setdefault(column, {})[row] = change[side]
    changed = []
    for column, values in touched.items():
        texts = frame[column].to_list()
        for row, value in values.items():
            texts[row] = value
        changed.append(pl.Series(column, texts, dtype=pl.String))
    frame = frame.with_columns(changed)
    if order == list(range(len(frame))):
        return frame
    return frame[pl.Series(order, dtype=pl.UInt32)]
