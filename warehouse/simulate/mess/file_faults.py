"""Faults of whole files: which file has which, and what becomes of its bytes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from warehouse.contracts.model import Column, Contracts, Table
from warehouse.simulate.mess.consignment import Consignment, Piece, read_clean
from warehouse.simulate.mess.forms import Form
from warehouse.simulate.mess.judging import has_code
from warehouse.simulate.mess.row_faults import UNKNOWN_WORDS

__all__ = [
    "WHOLE_FAULTS",
    "WholeFault",
    "break_off",
    "choose_whole_faults",
    "damaged",
    "fix_form",
    "pieces_of",
    "reshaped",
    "split",
]

#: A file of so many rows shows its fault, and what depends on it stays small.
_ENOUGH, _MANY = 12, 60_000


@dataclass(frozen=True)
class WholeFault:
    """`reason` is why the ingest refuses the file; None where it does not. `possible` says where
    the fault can be."""

    name: str
    reason: str | None
    possible: Callable[[Consignment, Contracts], bool]


def _leaf_or_census(file: Consignment, contracts: Contracts) -> bool:
    """A file whose loss touches few others: nothing refers to its table, or a later snapshot
    shows its keys again."""
    if file.is_snapshot:
        return file.is_census and not _is_first_census(file)
    return not _is_parent(file.table, contracts)


def _is_first_census(file: Consignment) -> bool:
    censuses = sorted(file.clean.parent.glob(f"{file.table.name}-census-*.csv"))
    return not censuses or censuses[0] == file.clean


def _is_parent(table: Table, contracts: Contracts) -> bool:
    return any(
        (parent := contracts.parent_table(other, reference.to)) and parent.id == table.id
        for other in contracts
        for reference in other.references
    )


def _leaf(file: Consignment, contracts: Contracts) -> bool:
    return not file.is_snapshot and _leaf_or_census(file, contracts)


def _parent_events(file: Consignment, contracts: Contracts) -> bool:
    return not file.is_snapshot and _is_parent(file.table, contracts)


def _lasting_snapshot(file: Consignment, contracts: Contracts) -> bool:
    return file.is_census and not _is_first_census(file) and file.table.end_above < 0.45


def _has_plain_column(file: Consignment, contracts: Contracts) -> bool:
    return _leaf_or_census(file, contracts) and bool(retypable(file.table, contracts))


def _has_codes(file: Consignment, contracts: Contracts) -> bool:
    return _leaf_or_census(file, contracts) and bool(_coded(file.table, contracts))


WHOLE_FAULTS = (
    WholeFault("lost_half", "mass_deletion", _lasting_snapshot),
    WholeFault("renamed_column", "structure", _leaf_or_census),
    WholeFault("missing_column", "structure", _leaf_or_census),
    WholeFault("retyped_column", "structure", _has_plain_column),
    WholeFault("truncated", "unreadable", _leaf_or_census),
    WholeFault("corrupt_archive", "unreadable", _leaf_or_census),
    WholeFault("corrupt_workbook", "unreadable", _leaf_or_census),
    WholeFault("empty", "unreadable", _leaf_or_census),
    WholeFault("too_many_bad", "too_many_refused", _has_codes),
    WholeFault("undeclared_folder", "undeclared", _leaf),
    WholeFault("late", None, _parent_events),
    WholeFault("broken_off", None, _leaf),
    WholeFault("delivered_twice", None, _leaf_or_census),
)


def choose_whole_faults(
    files: list[Consignment], contracts: Contracts, rng: np.random.Generator
) -> None:
    """Give each fault to one file where it can be, to tables that have none yet first."""
    had: dict[str, int] = {}
    for fault in WHOLE_FAULTS:
        possible = [
            file
            for file in files
            if file.whole is None
            and _ENOUGH <= file.rows <= _MANY
            and not (file.is_snapshot and had.get(file.table.id))
            and fault.possible(file, contracts)
        ]
        if not possible:
            continue
        least = min(had.get(file.table.id, 0) for file in possible)
        possible = [file for file in possible if had.get(file.table.id, 0) == least]
        if fault.name == "late":  # whatever refers to it waits: the smaller the better
            possible = [min(possible, key=lambda file: (file.rows, str(file.target)))]
        file = possible[int(rng.integers(len(possible)))]
        file.whole = fault.name
        had[file.table.id] = had.get(file.table.id, 0) + 1
        _prepare(file, contracts, rng)


def retypable(table: Table, contracts: Contracts) -> list[Column]:
    return [
        column
        for column in table.columns
        if (column.type == "int" or column.type.startswith("decimal"))
        and column.required
        and column.name not in table.key
        and not has_code(contracts, column)
    ]


def _coded(table: Table, contracts: Contracts) -> list[Column]:
    return [
        column
        for column in table.columns
        if has_code(contracts, column) and column.required and column.name not in table.key
    ]


def _prepare(file: Consignment, contracts: Contracts, rng: np.random.Generator) -> None:
    def pick(columns: list[Column]) -> str:
        return columns[int(rng.integers(len(columns)))].name

    plain = [column for column in file.table.columns if column.name not in file.table.key]
    if file.whole in ("renamed_column", "missing_column"):
        file.detail["column"] = pick(plain)
    elif file.whole == "retyped_column":
        file.detail["column"] = pick(retypable(file.table, contracts))
    elif file.whole == "too_many_bad":
        name = pick(_coded(file.table, contracts))
        file.detail["column"] = name
        bad = int(file.rows * min(0.9, file.table.refuse_above * 1.5)) + 2
        for row in sorted(rng.permutation(file.rows)[:bad].tolist()):
            alteration = file.alter(row)
            alteration.faults.append("unknown_code")
            alteration.changes[name] = (UNKNOWN_WORDS[0], None)
    elif file.whole == "broken_off":
        file.detail["last_row"] = max(1, file.rows - 1 - int(rng.integers(1, 9)))


def fix_form(file: Consignment, form: Form) -> Form:
    """The form that the fault needs."""
    if file.whole in ("truncated", "corrupt_archive"):
        return replace(Form(), compression="gz" if file.whole == "truncated" else "zst")
    if file.whole == "corrupt_workbook":
        return replace(Form(), container="xlsx")
    if file.whole in ("broken_off", "empty"):
        return Form()
    if file.whole == "delivered_twice":
        return replace(form, parts=1)
    if file.whole in ("lost_half", "late", None):
        return form
    return replace(form, container="csv", parts=1)


def pieces_of(file: Consignment) -> list[Piece]:
    """The files that are delivered of it, in the inbox."""
    folder = file.target.parent
    rows = list(range(file.rows))
    if file.whole == "late":
        return []
    if file.whole == "lost_half":
        rows = rows[: file.rows * 2 // 5]
    if file.whole == "broken_off":
        rows = rows[: int(str(file.detail["last_row"])) + 1]
    if file.whole == "undeclared_folder":
        folder = folder.with_name(f"{folder.name}_bak")
    stem = file.clean.stem
    if file.form.parts > 1:
        parts = file.form.parts
        paths = [
            folder / f"{stem}-part{number}of{parts}{file.form.suffix}"
            for number in range(1, parts + 1)
        ]
        if file.is_snapshot:
            return [Piece(paths[0], rows, others=tuple(paths[1:]))]
        return [Piece(path, part) for path, part in zip(paths, split(rows, parts), strict=True)]
    whole = Piece(folder / f"{stem}{file.form.suffix}", rows)
    if file.whole == "delivered_twice":
        again = folder / f"{stem} (1){file.form.suffix}"
        first, second = sorted([whole.path, again], key=str)
        return [Piece(first, rows), Piece(second, rows, copy_of=first)]
    return [whole]


def split(rows: list[int], parts: int) -> list[list[int]]:
    """Rows in so many runs of nearly equal length."""
    bounds = [len(rows) * number // parts for number in range(parts + 1)]
    return [rows[start:end] for start, end in itertools.pairwise(bounds)]


def reshaped(frame: pl.DataFrame, file: Consignment) -> tuple[pl.DataFrame, dict[str, str]]:
    """The rows as the fault leaves them, and headings that it changes."""
    name = str(file.detail.get("column", ""))
    if file.whole == "renamed_column":
        return frame, {name: f"{name}_new"}
    if file.whole == "missing_column":
        return frame.drop(name), {}
    if file.whole == "retyped_column":
        return frame.with_columns(("约" + pl.col(name)).alias(name)), {}
    return frame, {}


def break_off(file: Consignment) -> None:
    """Let the last row of a file that breaks off end behind its third field."""
    if file.whole != "broken_off":
        return
    alteration = file.alter(int(str(file.detail["last_row"])))
    alteration.faults.append("broken_off")
    alteration.ragged = True
    names = read_clean(file.clean).columns
    alteration.changes = dict.fromkeys(names[3:], (None, None))


def damaged(content: bytes, file: Consignment) -> bytes:
    """The bytes as they arrive."""
    if file.whole == "empty":
        return b""
    if file.whole == "truncated":
        return content[: len(content) * 3 // 5]
    if file.whole in ("corrupt_archive", "corrupt_workbook"):
        middle = len(content) // 2
        length = 200 if file.whole == "corrupt_archive" else len(content) // 2
        broken = bytes(byte ^ 0x5A for byte in content[middle : middle + length])
        return content[:middle] + broken + content[middle + length :]
    if file.whole == "broken_off":
        # The last record is the one whose fields are empty from the fourth on.
        kept, last = content.rstrip(b"\n").rsplit(b"\n", 1)
        return kept + b"\n" + last.rstrip(b",")
    return content
