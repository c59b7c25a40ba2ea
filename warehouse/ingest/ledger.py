"""What has been delivered and landed: the state database is the truth, the lake its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warehouse.state.models import Batch, Delivery

__all__ = [
    "TableStatus",
    "batch_id",
    "batches",
    "files_of_batches",
    "latest",
    "previous_snapshot",
    "table_statuses",
    "waiting",
]


@dataclass(frozen=True)
class TableStatus:
    """What the ledger says of one table. `rows` counts accepted rows over all its batches;
    `as_of` is the latest extraction (UTC)."""

    source: str
    table: str
    batches: int
    rows: int
    refused_rows: int
    waiting_rows: int
    last_batch: str
    received_at: datetime
    as_of: datetime


def batch_id(source: str, table: str, content_sha256: str) -> str:
    """A batch is its content: the same file for the same table is the same batch."""
    # A folder may bear a name that is no text; only a declared one ever becomes a batch.
    named = f"{source}/{table}/{content_sha256}".encode(errors="surrogateescape")
    return hashlib.sha256(named).hexdigest()[:32]


def batches(session: Session, source: str | None = None, table: str | None = None) -> list[Batch]:
    """Batches in the order of extraction, optionally of one source or table."""
    query = select(Batch).order_by(Batch.source, Batch.table_name, Batch.extracted_at, Batch.id)
    if source is not None:
        query = query.where(Batch.source == source)
    if table is not None:
        query = query.where(Batch.table_name == table)
    return list(session.scalars(query))


def files_of_batches(session: Session) -> dict[str, list[str]]:
    """The files of every batch by its id, without what else the ledger says of it."""
    return dict(session.execute(select(Batch.id, Batch.files)).all())


def latest(session: Session, source: str, table: str) -> Batch | None:
    """The batch with the latest extraction."""
    found = batches(session, source, table)
    return found[-1] if found else None


def previous_snapshot(
    session: Session, source: str, table: str, extracted_at: datetime, before_id: str
) -> Batch | None:
    """The latest batch extracted before the one described; ties go by batch id."""
    older = [
        batch
        for batch in batches(session, source, table)
        if (batch.extracted_at, batch.id) < (extracted_at, before_id)
    ]
    return older[-1] if older else None


def waiting(session: Session) -> list[Batch]:
    """Batches with rows that wait for a parent."""
    return list(
        session.scalars(
            select(Batch)
            .where(Batch.waiting_rows > 0)
            .order_by(Batch.source, Batch.table_name, Batch.extracted_at, Batch.id)
        )
    )


def table_statuses(session: Session) -> list[TableStatus]:
    """One line per table that has a batch, in order of source and table."""
    lines = []
    query = (
        select(
            Batch.source,
            Batch.table_name,
            func.count(),
            func.sum(Batch.accepted_rows),
            func.sum(Batch.refused_rows),
            func.sum(Batch.waiting_rows),
        )
        .group_by(Batch.source, Batch.table_name)
        .order_by(Batch.source, Batch.table_name)
    )
    for source, table, count, rows, refused, held in session.execute(query):
        last = latest(session, source, table)
        assert last is not None
        lines.append(
            TableStatus(
                source,
                table,
                count,
                int(rows),
                int(refused),
                int(held),
                last.id,
                last.received_at,
                last.extracted_at,
            )
        )
    return lines


def delivered_at(session: Session, at: datetime, path: str) -> Delivery | None:
    """The delivery recorded for a path at a moment."""
    return session.scalars(
        select(Delivery).where(Delivery.at == at, Delivery.path == path)
    ).one_or_none()
