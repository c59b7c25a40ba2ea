"""What is loaded, and what is late: a table's promise to be delivered against the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from warehouse.contracts import load_contracts
from warehouse.contracts.model import Table
from warehouse.settings import Settings
from warehouse.state import open_state, session
from warehouse.state.models import Batch, Delivery, PullMark

__all__ = ["TableStatus", "grace", "reached", "state_of", "statuses_in", "table_statuses"]

_DAY = timedelta(days=1)

#: How long after its extraction a delivery still counts as fresh: the period and as much again
#: for short ones, the period and a month for long ones.
_GRACE = {
    "daily": 2 * _DAY,
    "weekly": 14 * _DAY,
    "monthly": 45 * _DAY,
    "term": 215 * _DAY,
    "yearly": 396 * _DAY,
}


@dataclass(frozen=True)
class TableStatus:
    """One contract table. `rows` counts accepted rows: of a snapshot those of its latest batch,
    of a history or event table those of all batches (versions of one key count each)."""

    source: str
    table: str
    owner_unit: str
    rows: int
    refused_rows: int
    last_batch: str | None
    as_of: datetime | None
    state: str
    refused_files: int
    cadence: str
    reasons: dict[str, int] = field(default_factory=dict)
    "Rows in quarantine by reason code; one row may count under several."

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))


def grace(cadence: str) -> timedelta | None:
    """How old a table's data may be before it is late; None when nothing is promised.

    Cadences are those of the contracts (daily, weekly, monthly, term, yearly, on_change); what is
    delivered on change promises no date that a ledger could check.
    """
    return _GRACE.get(cadence)


def state_of(cadence: str, extracted_at: datetime | None, now: datetime) -> str:
    """fresh, late, or never (nothing was ever delivered)."""
    if extracted_at is None:
        return "never"
    allowed = grace(cadence)
    return "late" if allowed is not None and now - extracted_at > allowed else "fresh"


def table_statuses(settings: Settings, now: datetime) -> list[TableStatus]:
    """The status of every table of every contract, judged at `now`, in contract order."""
    engine = open_state(settings)
    try:
        with session(engine, read_only=True) as opened:
            return statuses_in(opened, now)
    finally:
        engine.dispose()


def statuses_in(opened: Session, now: datetime) -> list[TableStatus]:
    """The same from a ledger that is open already."""
    batches: dict[tuple[str, str], list[Batch]] = defaultdict(list)
    for batch in opened.scalars(
        select(Batch).order_by(Batch.extracted_at, Batch.received_at, Batch.id)
    ):
        batches[batch.source, batch.table_name].append(batch)
    refused: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for source, name, at in opened.execute(
        select(Delivery.source, Delivery.table_name, Delivery.at).where(
            Delivery.result == "refused"
        )
    ):
        refused[source, name].append(at)
    seen = {
        (mark.source, mark.table_name, mark.content_sha256): mark.extracted_at
        for mark in opened.scalars(select(PullMark))
    }
    return [
        _status(
            table,
            batches[table.source, table.name],
            refused[table.source, table.name],
            seen,
            now,
        )
        for table in load_contracts()
    ]


def reached(opened: Session) -> dict[tuple[str, str], datetime]:
    """(source, table) → the moment up to which its rows are known (UTC), of all that ever came: the
    same as each status's `as_of`, read from the last batches alone."""
    turn = func.row_number().over(
        partition_by=(Batch.source, Batch.table_name),
        order_by=(Batch.extracted_at.desc(), Batch.received_at.desc(), Batch.id.desc()),
    )
    last = select(
        Batch.source, Batch.table_name, Batch.extracted_at, Batch.content_sha256, turn.label("turn")
    ).subquery()
    confirmed = opened.execute(
        select(last.c.source, last.c.table_name, last.c.extracted_at, PullMark.extracted_at)
        .outerjoin(
            PullMark,
            and_(
                PullMark.source == last.c.source,
                PullMark.table_name == last.c.table_name,
                PullMark.content_sha256 == last.c.content_sha256,
            ),
        )
        .where(last.c.turn == 1)
    )
    return {(source, name): max(at, again or at) for source, name, at, again in confirmed}


def _status(
    table: Table,
    batches: list[Batch],
    refused_at: list[datetime],
    seen: dict[tuple[str, str, str], datetime],
    now: datetime,
) -> TableStatus:
    last = batches[-1] if batches else None
    as_of = last.extracted_at if last else None
    if last is not None:
        # A later pull that found the same rows delivers no file, but the rows are as of then.
        confirmed = seen.get((table.source, table.name, last.content_sha256), last.extracted_at)
        as_of = max(last.extracted_at, confirmed)
    counted = batches[-1:] if table.kind == "snapshot" else batches
    return TableStatus(
        source=table.source,
        table=table.name,
        owner_unit=table.owner_unit,
        rows=sum(batch.accepted_rows for batch in counted),
        refused_rows=sum(batch.refused_rows for batch in counted),
        last_batch=last.id if last else None,
        as_of=as_of,
        state=state_of(table.cadence, as_of, now),
        refused_files=sum(1 for at in refused_at if last is None or at > last.received_at),
        cadence=table.cadence,
        reasons=dict(sum((Counter(batch.reasons) for batch in counted), Counter())),
    )
