"""Figures over time: the series as it stands, and what each release said of one period.

`statistics` of every release is kept for good, so what was reported then is read, never computed.
"""

from __future__ import annotations

from typing import Any

from warehouse.access.reader import Cursor
from warehouse.access.statistics import read_statistics
from warehouse.engine import EngineError, open_release
from warehouse.errors import NotFound, ReleaseError
from warehouse.release import releases
from warehouse.settings import Settings

__all__ = ["reported", "series"]


def series(
    cursor: Cursor, indicator: str, *, unit: str | None = None, level: str | None = None
) -> list[dict[str, Any]]:
    """The indicator's figures of the current release, by level, unit and period.

    `unit` is a code or a name. Without `unit` and `level` the school's. Raises `NotFound` for an
    unknown indicator.
    """
    levels = [level] if level else ([] if unit else ["school"])
    values = read_statistics(cursor, indicators=[indicator], levels=levels)["values"]
    return [row for row in values if unit is None or unit in (row["unit"], row["unit_name"])]


def reported(
    settings: Settings, indicator: str, period: str, *, unit: str = "school"
) -> list[dict[str, Any]]:
    """What each kept release said, newest first: its id, published_at, as_of (UTC) and the figure's
    columns. A release that had no such figure is not listed.

    Raises `NotFound` where no release ever had one.
    """
    found: list[dict[str, Any]] = []
    read: dict[str, list[dict[str, Any]]] = {}
    for release in releases(settings):
        entry = release.manifest["files"].get("statistics")
        file = release.file("statistics")
        if entry is None or not file.is_file():
            continue
        if entry["sha256"] not in read:  # a linked file is one file
            connection = open_release(file)
            try:
                read[entry["sha256"]] = _figures(connection, indicator, period, unit)
            except EngineError:
                raise ReleaseError(
                    f"The statistics of release {release.id} cannot be read.",
                    next_step="Compare the files with their hashes by: campus doctor",
                ) from None
            finally:
                connection.close()
        head = {
            "in_release": release.id,
            "published_at": release.published_at,
            "as_of": release.as_of,
        }
        found += [head | figure for figure in read[entry["sha256"]]]
    if not found:
        raise NotFound(
            "No kept release has a figure of that indicator, period and unit.",
            next_step="See the periods with: campus indicator values INDICATOR",
        )
    return found


def _figures(cursor: Cursor, indicator: str, period: str, unit: str) -> list[dict[str, Any]]:
    cursor.execute(
        "select * from indicator_value where indicator = ? and period = ? "
        "and (unit = ? or unit_name = ?) order by level, unit",
        [indicator, period, unit, unit],
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
