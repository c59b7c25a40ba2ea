"""What earlier releases told and this build must take into account.

A cell that was suppressed once stays suppressed while its period is published: shown later, it
would let whoever kept the earlier release subtract it there. Each release carries on what the one
before it suppressed, so the newest is enough; a withdrawn one counts: somebody may have read it.
"""

from __future__ import annotations

from pathlib import Path

from warehouse.earlier import fill
from warehouse.engine import Connection, EngineError, open_release
from warehouse.errors import ReleaseError
from warehouse.release.pointer import releases
from warehouse.settings import Settings

__all__ = ["create_suppressed_cells"]

_AUDIENCES = ("public", "statistics")


def create_suppressed_cells(connection: Connection, settings: Settings) -> None:
    """Make `earlier.suppressed_cell` in the working file.

    Its rows are the suppressed cells of the newest readable release of the home; none without a
    release, and from a release that withheld whole breakdowns instead.
    """
    cells: list[tuple[str, ...]] = []
    for audience in _AUDIENCES:
        for release in releases(settings):
            found = _suppressed_in(release.file(audience))
            # A damaged file is passed over; the release before it knew nearly as much.
            if found is not None:
                cells += [(audience, *cell) for cell in found]
                break
    fill(connection, "suppressed_cell", cells)


def _suppressed_in(file: Path) -> list[tuple[str, ...]] | None:
    """Indicator, period, level and unit of each suppressed cell; None for a file that cannot be
    read."""
    try:
        with open_release(file) as connection:
            marked = connection.execute(
                "select count(*) from duckdb_columns() "
                "where table_name = 'indicator_value' and column_name = 'is_suppressed'"
            ).fetchone()
            if marked != (1,):
                return []
            return connection.execute(
                "select indicator, period, level, unit from indicator_value where is_suppressed"
            ).fetchall()
    except (EngineError, ReleaseError):
        return None
