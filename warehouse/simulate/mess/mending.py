"""What the units send once they have read what was refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl

from warehouse.errors import SimulationError
from warehouse.home import Home
from warehouse.simulate.mess.consignment import Consignment, read_clean
from warehouse.simulate.mess.foretelling import Expected

__all__ = ["deliver_mended", "mess_folder", "write_mended"]


def mess_folder(home: Home) -> Path:
    """Where `mess.json` and the mended files of a data home lie."""
    return home.root / "mess"


def write_mended(
    home: Home, files: list[Consignment], expected: list[Expected]
) -> dict[Path, Path]:
    """Write the mended files under `mess/mended`; return clean file → mended file.

    A file that was refused or did not come is sent whole. Of a snapshot with a bad row the whole
    is sent, for a snapshot is a whole state; of other tables only the rows to be mended. Rows
    that lack nothing but a parent are not sent again: they land when the parent comes. The rows
    bear the moment of extraction of the clean ones, so that history comes out the same.
    """
    root = mess_folder(home) / "mended"
    shutil.rmtree(root, ignore_errors=True)
    mended = {}
    for file in files:
        told = [one for one in expected if one.file is file]
        whole = not told or any(one.result == "refused" for one in told)
        rows = _rows_to_mend(file, told)
        if not whole and not rows:
            continue
        place = root / file.table.source / file.table.name / f"{file.clean.stem}-mended.csv"
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if whole or file.is_snapshot:
            shutil.copyfile(file.clean, place)
        else:
            frame = read_clean(file.clean)[pl.Series(rows, dtype=pl.UInt32)]
            frame.write_csv(place)
        place.chmod(0o600)
        mended[file.clean] = place
    return mended


def _rows_to_mend(file: Consignment, told: list[Expected]) -> list[int]:
    """Clean rows that did not get through by a fault of their own."""
    rows = {
        one.piece.order[row]
        for one in told
        for row in one.quarantine
        if one.piece.order[row] in file.alterations
    }
    if file.whole == "broken_off":
        rows |= set(range(int(str(file.detail["last_row"])), file.rows))
    return sorted(rows)


def deliver_mended(home: Home) -> list[Path]:
    """Move the mended files into the inbox and return where they are now.

    Raises `SimulationError` when there are none: no mess was made here, or they were delivered.
    """
    root = mess_folder(home) / "mended"
    found = sorted(root.rglob("*.csv"))
    if not found:
        raise SimulationError(
            f"No mended files lie under {root}.",
            next_step="Make a mess first: campus simulate --mess, then campus ingest.",
        )
    delivered = []
    for path in found:
        target = home.inbox / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(target)
        delivered.append(target)
    shutil.rmtree(root)
    return delivered
