"""What earlier releases told and this build must take into account.

A cell that was suppressed once stays suppressed while its period is published: shown later, it
would let whoever kept the earlier release subtract it there. Each release carries on what the one
before it suppressed, so the newest is enough; a withdrawn one counts: somebody may have read it.
"""

from __future__ import annotations

from pathlib import Path

from warehouse.engine import Connection, EngineError, quote_text
from warehouse.release.pointer import releases
from warehouse.settings import Settings

__all__ = ["create_suppressed_cells"]

_AUDIENCES = ("public", "statistics")
_TABLE = "earlier.suppressed_cell"


def create_suppressed_cells(connection: Connection, settings: Settings) -> None:
    """Make `earlier.suppressed_cell` in the working file: audience, indicator, period, level, unit.

    Its rows are the suppressed cells of the newest readable release of the home; none without a
    release, and from a release that withheld whole breakdowns instead.
    """
    connection.execute("create schema if not exists earlier")
    connection.execute(
        f"create or replace table {_TABLE} (audience varchar not null, indicator varchar not null, "
        "period varchar not null, level varchar not null, unit varchar not null)"
    )
    for audience in _AUDIENCES:
        for release in releases(settings):
            # A damaged file is passed over; the release before it knew nearly as much.
            if _read(connection, audience, release.file(audience)):
                break


def _read(connection: Connection, audience: str, file: Path) -> bool:
    """Whether the file could be read."""
    try:
        connection.execute(f"attach {quote_text(file)} as earlier_release (read_only)")
    except EngineError:
        return False
    try:
        marked = connection.execute(
            "select count(*) from duckdb_columns() where database_name = 'earlier_release' "
            "and table_name = 'indicator_value' and column_name = 'is_suppressed'"
        ).fetchone()
        if marked == (1,):
            connection.execute(
                f"insert into {_TABLE} select ?, indicator, period, level, unit "
                "from earlier_release.main.indicator_value where is_suppressed",
                [audience],
            )
    except EngineError:
        return False
    finally:
        connection.execute("detach earlier_release")
    return True
