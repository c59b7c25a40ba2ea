"""The sheets that owner units sign: per dataset and period one hash over all its figures.

They stand in the manifest, so that whether a unit has signed is known without opening the figures
themselves: the public page must read no other file than its own.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from warehouse.engine import Connection, open_release

__all__ = ["FigureSheet", "sheets_in", "sheets_of", "written_sheets"]

#: Dataset (row of annex 2), period, the last day that one of its figures speaks of, sha256.
FigureSheet = tuple[str, str, date | None, str]

#: A sheet in one line per figure, sorted; what it hashes to is what a unit puts its name to.
#: A word on figures is a word on their meaning too, so definitions belong to it.
_SHEETS = """
select i.row_code, v.period, max(v.as_of_date),
       sha256(string_agg(
           concat_ws('|', v.indicator, i.formula, i.unit, v.level, v.unit,
                     coalesce(cast(v.numerator as varchar), ''),
                     coalesce(cast(v.denominator as varchar), ''),
                     coalesce(cast(v.value as varchar), '')),
           chr(10) order by v.indicator, v.level, v.unit))
from indicator_value as v join indicator as i on v.indicator = i.id
group by i.row_code, v.period
order by i.row_code, v.period desc
"""
_NEEDED = {
    "indicator": {"id", "row_code", "formula", "unit"},
    "indicator_value": {"indicator", "period", "as_of_date", "level", "unit", "numerator"}
    | {"denominator", "value"},
}


def sheets_in(cursor: Any) -> list[FigureSheet]:
    """The sheets of an open statistics file, newest period first."""
    return cursor.execute(_SHEETS).fetchall()


def written_sheets(statistics: Path) -> list[dict[str, Any]]:
    """The sheets of a statistics file as its manifest holds them; none of a file without the
    columns that make a figure."""
    connection = open_release(statistics)
    try:
        if not _holds_figures(connection):
            return []
        return [
            {
                "dataset": dataset,
                "period": period,
                "until": until.isoformat() if until else None,
                "content": content,
            }
            for dataset, period, until, content in sheets_in(connection)
        ]
    finally:
        connection.close()


def sheets_of(manifest: Any) -> list[FigureSheet] | None:
    """The sheets that a manifest holds; None of a release made before manifests held them."""
    if "sheets" not in manifest:
        return None
    return [
        (
            one["dataset"],
            one["period"],
            date.fromisoformat(one["until"]) if one["until"] else None,
            one["content"],
        )
        for one in manifest["sheets"]
    ]


def _holds_figures(connection: Connection) -> bool:
    held: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns()"
    ).fetchall():
        held.setdefault(table, set()).add(column)
    return all(columns <= held.get(table, set()) for table, columns in _NEEDED.items())
