"""`mess.json`: what was made of the delivery, and what the ingest must say of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from warehouse.home import Home
from warehouse.simulate.mess.consignment import Alteration, Consignment
from warehouse.simulate.mess.foretelling import Expected, home_path
from warehouse.simulate.mess.mending import mess_folder
from warehouse.simulate.plan import Plan

__all__ = ["write_record"]

VERSION = 1


def write_record(
    home: Home,
    plan: Plan,
    files: list[Consignment],
    expected: list[Expected],
    mended: dict[Path, Path],
) -> Path:
    """Write the record and return its path."""
    folder = mess_folder(home)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    record = {
        "version": VERSION,
        "college": {
            "students": plan.students,
            "staff": plan.staff,
            "years": plan.years,
            "seed": plan.seed,
            "as_of": plan.as_of.isoformat(),
        },
        "files": [_told(home, one, mended) for one in expected],
        "not_delivered": [_missing(home, file, mended) for file in files if not file.pieces],
        "landed_late": sum(one.landed_late for one in expected),
        "mended": sorted(home_path(path, home.root) for path in mended.values()),
    }
    path = folder / "mess.json"
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def _told(home: Home, one: Expected, mended: dict[Path, Path]) -> dict[str, Any]:
    file, piece = one.file, one.piece
    place = mended.get(file.clean)
    return {
        "path": home_path(piece.path, home.root),
        "source": file.table.source,
        "table": piece.path.parent.name,
        "forms": file.form.used(),
        "fault": file.whole,
        "fault_detail": file.detail,
        "result": one.result,
        "reason": one.reason,
        "accepted_rows": one.accepted,
        "refused_rows": one.refused,
        "waiting_rows": one.waiting,
        "landed_late": one.landed_late,
        "reasons": one.reasons,
        "quarantine": [
            _row(row, reasons, file.alterations.get(piece.order[row]))
            for row, reasons in sorted(one.quarantine.items())
        ],
        "mended": home_path(place, home.root) if place else None,
    }


def _row(row: int, reasons: tuple[str, ...], alteration: Alteration | None) -> dict[str, Any]:
    """A row without a fault of its own lacks a parent that has one, and lands when it comes."""
    if alteration is None:
        return {"row": row + 1, "reasons": list(reasons), "faults": [], "waits": True}
    return {
        "row": row + 1,
        "reasons": list(reasons),
        "faults": alteration.faults,
        "columns": sorted(alteration.changes),
        "waits": False,
    }


def _missing(home: Home, file: Consignment, mended: dict[Path, Path]) -> dict[str, Any]:
    return {
        "path": home_path(file.target, home.root),
        "source": file.table.source,
        "table": file.table.name,
        "fault": file.whole,
        "rows": file.rows,
        "mended": home_path(mended[file.clean], home.root),
    }
