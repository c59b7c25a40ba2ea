"""What `campus doctor` says of confined SQL: whether a query runs here, and runs confined."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from warehouse.access.confined import run_confined
from warehouse.access.query_pool import QueryPool
from warehouse.engine import open_work
from warehouse.errors import CampusError
from warehouse.release.diagnosis import Finding
from warehouse.settings import Settings

__all__ = ["check_confinement"]

_SUBJECT = "confined SQL"


def check_confinement(settings: Settings) -> Finding:
    """Run one query over a file made for it, as an analyst's runs."""
    with (
        tempfile.TemporaryDirectory(prefix="campus-doctor-") as folder,
        closing(QueryPool(settings, 0)) as pool,
    ):
        file = Path(folder) / "trial.duckdb"
        connection = open_work(file, threads=1)
        connection.execute("create table trial as select 1 as one")
        connection.close()
        try:
            run_confined(pool, file, "select one from trial", {"main.trial": ["one"]}, settings)
        except CampusError as error:
            return Finding("problem", _SUBJECT, error.message, error.next_step or "")
    return Finding("ok", _SUBJECT, f"{settings.sql_slots} at once")
