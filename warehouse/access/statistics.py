"""Reads of the statistics and public files, and the receipt behind a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.access.reader import Cursor
from warehouse.access.statistics_reach import Reach
from warehouse.errors import Forbidden, NotFound, UsageError

__all__ = [
    "LEVELS",
    "SUPPRESSED",
    "read_receipt",
    "read_statistics",
    "read_units",
    "release_note",
]

#: Commands and the public file, whose readers no role tells apart.
_EVERYTHING = Reach(everything=True)

#: What stands in the place of a value that is held back.
SUPPRESSED = "已按保密要求隐去"
LEVELS = ("school", "college", "major", "class")


def release_note(release: Any) -> dict[str, Any]:
    """What every page says about the release it shows."""
    manifest = release.manifest
    return {
        "id": release.id,
        "as_of": manifest["as_of"],
        "published_at": manifest["published_at"],
        "failing_checks": sum(
            test["status"] in {"warn", "fail", "error"} for test in manifest.get("tests", [])
        ),
        "simulated": bool(manifest.get("simulated", False)),
    }


def read_statistics(
    cursor: Cursor,
    *,
    indicators: Sequence[str] = (),
    levels: Sequence[str] = (),
    datasets: Sequence[str] = (),
    within: str | None = None,
    reach: Reach = _EVERYTHING,
) -> dict[str, list[dict[str, Any]]]:
    """`{"indicators", "values"}`: all, or those of the named indicators, levels and rows of annex 2
    (`A2-17`). A value that disclosure control holds back is null and says so in its `note`.

    `within` is a unit as pages name it (`school`, `college:201`, `major:0101`): its figures, those
    of the units directly inside it, and of what it is a part of. `reach` leaves out what the reader
    may not see.

    Raises `NotFound` for an indicator that the release does not have, `Forbidden` for one of
    which, or a unit of which, the reader may see nothing.
    """
    known = _rows(cursor, "select * from indicator order by id", [])
    unknown = sorted(set(indicators) - {row["id"] for row in known})
    if unknown:
        raise NotFound(
            f"The current release has {len(unknown)} of the indicators asked for not.",
            next_step="Leave `indicator` out to get all there are.",
        )
    open_to_reader = _open_indicators(cursor, known, reach)
    if closed := sorted(set(indicators) - open_to_reader):
        raise _closed(len(closed))
    wanted = [
        row["id"]
        for row in known
        if row["id"] in open_to_reader
        and (not indicators or row["id"] in indicators)
        and (not datasets or row["row_code"] in datasets)
    ]
    place, placed = _place(within)
    if within is not None:
        reach.require(within, cursor)
    seen, limits = reach.condition()
    values = _rows(
        cursor,
        "select v.* from indicator_value as v join indicator as i on v.indicator = i.id "
        "where v.indicator in (select unnest(?::varchar[])) "
        f"and v.level in (select unnest(?::varchar[])) and {place} and {seen} "
        "order by v.indicator, v.level, v.unit nulls first, v.period",
        [wanted, list(levels) or list(LEVELS), *placed, *limits],
    )
    for row in values:
        if row.get("is_suppressed"):
            row["note"] = SUPPRESSED
    return {"indicators": [row for row in known if row["id"] in set(wanted)], "values": values}


def read_units(cursor: Cursor, reach: Reach = _EVERYTHING) -> list[dict[str, Any]]:
    """Colleges and majors that have figures which the reader may see: level, unit, unit_name,
    parent_unit, by level and code."""
    seen, limits = reach.condition()
    return _rows(
        cursor,
        "select distinct v.level, v.unit, v.unit_name, v.parent_unit "
        "from indicator_value as v join indicator as i on v.indicator = i.id "
        f"where v.level in ('college', 'major') and {seen} order by v.level, v.unit",
        limits,
    )


def _open_indicators(
    cursor: Cursor, known: Sequence[Mapping[str, Any]], reach: Reach
) -> frozenset[str]:
    """Indicators of which the reader may see anything: a figure, or that there is none."""
    if reach.everything or reach.datasets is None:
        return frozenset(row["id"] for row in known)
    seen, limits = reach.condition()
    held = cursor.execute(
        "select distinct v.indicator from indicator_value as v "
        f"join indicator as i on v.indicator = i.id where {seen}",
        limits,
    ).fetchall()
    answered = {row["id"] for row in known if row["row_code"] in reach.datasets}
    return frozenset({indicator for (indicator,) in held} | answered) & {row["id"] for row in known}


def _place(within: str | None) -> tuple[str, list[Any]]:
    """SQL that holds for the cells around a unit, and its parameters."""
    if within is None:
        return "true", []
    level, _, unit = within.partition(":")
    if within == "school":
        return "v.level in ('school', 'college')", []
    if level == "college" and unit:
        return (
            "(v.level = 'school' or (v.level = 'college' and v.unit = ?) "
            "or (v.level = 'major' and v.parent_unit = ?))",
            [unit, unit],
        )
    if level == "major" and unit:
        return (
            "(v.level = 'school' or (v.level = 'major' and v.unit = ?) "
            "or (v.level = 'college' and v.unit in (select m.parent_unit from indicator_value as m "
            "where m.level = 'major' and m.unit = ?)))",
            [unit, unit],
        )
    raise UsageError(
        "The request asks for a unit that cannot exist.",
        next_step="Units: school, college:CODE, major:CODE.",
    )


def _closed(count: int) -> Forbidden:
    return Forbidden(
        f"{count} of the indicators asked for are not open to you.",
        next_step="You see those of your unit, and of the school those it answers for.",
    )


def read_receipt(
    cursor: Cursor,
    indicator: str,
    manifest: Mapping[str, Any],
    *,
    reach: Reach = _EVERYTHING,
) -> dict[str, Any]:
    """What stands behind one indicator: definition, owners, batches, checks, SQL. It holds no
    figure. Raises `Forbidden` where the reader may see none of the indicator."""
    found = _rows(cursor, "select * from indicator where id = ?", [indicator])
    if not found:
        raise NotFound("The current release has no such indicator.")
    if not _open_indicators(cursor, found, reach):
        raise _closed(1)
    definition = found[0]
    tables = {str(name).rsplit(".", 1)[0].split(".")[-1] for name in definition["inputs"] or ()}
    model = definition.get("model") or ""
    checks = [
        {"name": test["name"], "status": test["status"], "description": test.get("description")}
        for test in manifest.get("tests", [])
        if test.get("model") in {model, "indicator", "indicator_value"}
        or str(test.get("model") or "").split("__")[-1] in tables
    ]
    return {
        "indicator": definition,
        "owners": definition["owners"],
        "as_of": manifest["as_of"],
        "batches": [batch for batch in manifest.get("batches", []) if batch["table"] in tables],
        "checks": {
            "passing": sum(check["status"] in {"pass", "success"} for check in checks),
            "failing": [check for check in checks if check["status"] not in {"pass", "success"}],
        },
        "sql": manifest.get("sql", {}).get(model),
    }


def _rows(cursor: Cursor, query: str, parameters: list[Any]) -> list[dict[str, Any]]:
    cursor.execute(query, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
