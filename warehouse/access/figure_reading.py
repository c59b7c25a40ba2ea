"""Reads from a release's statistics what a comparison needs: figures, and what explains them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.access.comparison import Reading
from warehouse.access.reader import Cursor
from warehouse.access.statistics import LEVELS
from warehouse.errors import UsageError
from warehouse.release import Release

__all__ = ["ALL_CELLS", "Selection", "Visible", "read_figures", "read_place"]

#: SQL over indicator_value `v` and indicator `i` that holds for the cells a reader may see, and its
#: parameters.
Visible = tuple[str, Sequence[Any]]
ALL_CELLS: Visible = ("true", ())
_BELOW = {"school": "college", "college": "major", "major": "class"}


@dataclass(frozen=True)
class Selection:
    """Which figures are wanted: of one unit, or with `parts` also those of the units directly
    inside it; of all indicators, of one, or of one row of annex 2 (`dataset`); of all periods, or
    of one."""

    level: str = "school"
    unit: str = "school"
    parts: bool = False
    indicator: str | None = None
    dataset: str | None = None
    period: str | None = None


def read_place(key: str | None) -> tuple[str, str]:
    """Level and code of a unit as pages name it: `school`, `college:201`, `major:0101`."""
    level, _, unit = (key or "school").partition(":")
    if level == "school" and not unit:
        return level, "school"
    if level in LEVELS[1:] and unit:
        return level, unit
    raise UsageError(
        "The request asks for a unit that cannot exist.",
        next_step="Units: school, college:CODE, major:CODE, class:CODE.",
    )


def read_figures(
    cursor: Cursor, release: Release, wanted: Selection, visible: Visible = ALL_CELLS
) -> Reading:
    """The selected figures of a release. What its file has not (releases grow tables) is empty."""
    conditions, parameters = _conditions(wanted)
    seen, limits = visible
    rows = _rows(
        cursor,
        "select v.* from indicator_value as v join indicator as i on v.indicator = i.id "
        f"where {' and '.join(conditions)} and {seen} order by v.indicator, v.level, v.unit",
        [*parameters, *limits],
    )
    indicators = {row["indicator"] for row in rows}
    definitions = _rows(cursor, "select * from indicator order by id", [])
    manifest = release.manifest
    return Reading(
        release.id,
        release.published_at,
        release.as_of,
        rows,
        {row["id"]: row for row in definitions},
        manifest.get("sql", {}),
        manifest.get("batches", ()),
        _explaining(cursor, "indicator_correction", indicators),
        _explaining(cursor, "pending_correction", indicators),
    )


def _conditions(wanted: Selection) -> tuple[list[str], list[Any]]:
    conditions, parameters = ["(v.level = ? and v.unit = ?)"], [wanted.level, wanted.unit]
    below = _BELOW.get(wanted.level)
    if wanted.parts and below:
        inside = "v.level = ?" + ("" if wanted.level == "school" else " and v.parent_unit = ?")
        conditions = [f"({conditions[0]} or ({inside}))"]
        parameters += [below] if wanted.level == "school" else [below, wanted.unit]
    for column, value in (
        ("v.indicator", wanted.indicator),
        ("i.row_code", wanted.dataset),
        ("v.period", wanted.period),
    ):
        if value is not None:
            conditions.append(f"{column} = ?")
            parameters.append(value)
    return conditions, parameters


def _explaining(cursor: Cursor, table: str, indicators: set[str]) -> list[dict[str, Any]]:
    known = cursor.execute(
        "select count(*) from duckdb_tables() where table_name = ?", [table]
    ).fetchall()
    if known != [(1,)]:
        return []
    return _rows(
        cursor,
        f"select * from {table} where indicator in (select unnest(?::varchar[]))",
        [sorted(indicators)],
    )


def _rows(cursor: Cursor, query: str, parameters: list[Any]) -> list[dict[str, Any]]:
    cursor.execute(query, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
