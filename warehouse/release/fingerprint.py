"""What a release is made from, and one hash over it: equal fingerprint, equal content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import warehouse
from warehouse.authority import load_authority
from warehouse.contracts.model import Contracts
from warehouse.engine import ENGINE_VERSION
from warehouse.errors import ReleaseError
from warehouse.identity_key import key_mark
from warehouse.settings import Settings
from warehouse.state.models import Batch, FigureCorrection

__all__ = ["EXPORT_FORMAT", "Inputs", "gather_inputs", "project_hash"]

#: Raised when the way of exporting changes what a released file holds.
EXPORT_FORMAT = 3

_PROJECT_FOLDERS = ("models", "macros", "seeds", "tests", "snapshots", "analyses")
_PROJECT_FILES = ("dbt_project.yml", "packages.yml")


@dataclass(frozen=True)
class Inputs:
    """Everything a release depends on.

    `batches` are the ledger's rows as the manifest shows them; `contracts` maps a source to the
    version of its contract; `as_of` is the latest extraction of the ledger.
    """

    fingerprint: str
    as_of: datetime
    simulated: bool
    batches: tuple[dict[str, Any], ...]
    contracts: dict[str, str]


def gather_inputs(session: Session, settings: Settings, contracts: Contracts) -> Inputs:
    """Read the ledger and hash it with contracts, models, package, disclosure settings and the
    decided corrections of figures.

    Raises `ReleaseError` when the ledger is empty. `session` should be the one the candidate is
    built with, so that both see the same ledger.
    """
    ledger = session.scalars(select(Batch).order_by(Batch.id)).all()
    if not ledger:
        raise ReleaseError(
            "Nothing has been landed yet, so there is nothing to publish.",
            next_step="Put extracts into the inbox (or run: campus simulate), then: campus refresh",
        )
    as_of = max(batch.extracted_at for batch in ledger)
    versions = {source.id: _version(source.tables) for source in contracts.sources}
    parts = {
        "batches": [
            [batch.id, batch.extracted_at.isoformat(), batch.contract_version, batch.files]
            for batch in ledger
        ],
        "contracts": _digest(repr(contracts)),
        "project": project_hash(settings.project_folder),
        "package": warehouse.__version__,
        "engine": ENGINE_VERSION,
        "format": EXPORT_FORMAT,
        "disclosure": [
            settings.public_minimum_cell,
            settings.statistics_minimum_cell,
            settings.class_minimum_cell,
        ],
        "school": settings.school_name,
        "identity_key": key_mark(settings.paths),
        "authority": _digest(repr(load_authority(as_of, settings.paths))),
        # Kept figures are not: they are what the release before published.
        "corrections": list(
            session.scalars(select(FigureCorrection.id).order_by(FigureCorrection.id))
        ),
    }
    return Inputs(
        fingerprint=_digest(json.dumps(parts, sort_keys=True, ensure_ascii=False)),
        as_of=as_of,
        simulated=all(batch.source_system == "simulator" for batch in ledger),
        batches=tuple(
            {
                "id": batch.id,
                "source": batch.source,
                "table": batch.table_name,
                "extracted_at": batch.extracted_at.isoformat(),
                "accepted_rows": batch.accepted_rows,
                "refused_rows": batch.refused_rows,
                "contract_version": batch.contract_version,
            }
            for batch in ledger
        ),
        contracts=versions,
    )


def project_hash(folder: Path) -> str:
    """Hash of what dbt reads: models, macros, seeds, tests and the project file."""
    files = [folder / name for name in _PROJECT_FILES]
    for name in _PROJECT_FOLDERS:
        files += (folder / name).rglob("*")
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        if file.name.startswith("."):
            continue
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _version(tables: tuple) -> str:
    return ", ".join(sorted({table.version for table in tables}))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
