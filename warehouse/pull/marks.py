"""Watermarks and what came of each pull, in the state database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from warehouse.audit import Audit
from warehouse.pull.mark import Mark
from warehouse.pull.report import TableResult
from warehouse.state import session
from warehouse.state.models import Batch, PullMark, PullRun

__all__ = ["last_marks", "note_runs", "set_mark"]


def last_marks(engine: Engine, source: str) -> dict[str, Mark]:
    """The marks of a source's tables, by table."""
    with session(engine, read_only=True) as opened:
        held = opened.scalars(select(PullMark).where(PullMark.source == source)).all()
        return {
            row.table_name: Mark(
                row.definition_sha256,
                row.watermark,
                row.rows_hash,
                row.content_sha256,
                row.rows,
                row.extracted_at,
                _is_landed(opened, row),
            )
            for row in held
        }


def _is_landed(opened: Session, mark: PullMark) -> bool:
    latest = opened.scalars(
        select(Batch.content_sha256)
        .where(Batch.source == mark.source, Batch.table_name == mark.table_name)
        .order_by(Batch.extracted_at.desc(), Batch.received_at.desc())
        .limit(1)
    ).first()
    return latest is not None and latest == mark.content_sha256


def set_mark(engine: Engine, source: str, table: str, mark: Mark) -> None:
    """Replace the table's mark, in one transaction. Only ever called when the rows that it
    stands for lie in the inbox, synced, or have landed."""
    with session(engine) as opened:
        opened.merge(
            PullMark(
                source=source,
                table_name=table,
                definition_sha256=mark.definition,
                watermark=mark.watermark,
                rows_hash=mark.rows_hash,
                content_sha256=mark.content_sha256,
                rows=mark.rows,
                extracted_at=mark.extracted_at,
            )
        )


def note_runs(audit: Audit, actor: str, results: Iterable[TableResult]) -> None:
    """Keep what was tried and what came of it, in the registry and in the log under the name of
    `actor`. Messages hold no value and no secret."""
    with audit.transaction() as entry:
        for result in results:
            entry.record(
                actor,
                "pull.run",
                detail={
                    "source": result.source,
                    "table": result.table,
                    "mode": result.mode,
                    "result": result.result,
                    "reason": result.reason,
                    "rows": result.rows,
                },
            )
            entry.session.add(
                PullRun(
                    at=datetime.now(UTC),
                    source=result.source,
                    table_name=result.table,
                    result=result.result,
                    reason=result.reason,
                    rows=result.rows,
                    path=result.path,
                    message=result.message,
                    seconds=round(result.seconds, 3),
                )
            )
