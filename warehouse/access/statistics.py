"""Reads of the statistics and public files, and the receipt behind a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.access.reader import Cursor
from warehouse.errors import NotFound

__all__ = ["LEVELS", "SUPPRESSED", "read_receipt", "read_statistics", "release_note"]

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
    cursor: Cursor, *, indicators: Sequence[str] = (), levels: Sequence[str] = ()
) -> dict[str, list[dict[str, Any]]]:
    """`{"indicators", "values"}`: all, or those of the named indicators and levels. A value that
    disclosure control holds back is null and says so in its `note`.

    Raises `NotFound` for an indicator that the release does not have.
    """
    known = _rows(cursor, "select * from indicator order by id", [])
    unknown = sorted(set(indicators) - {row["id"] for row in known})
    if unknown:
        raise NotFound(
            f"The current release has {len(unknown)} of the indicators asked for not.",
            next_step="Leave `indicator` out to get all there are.",
        )
    wanted = list(indicators) or [row["id"] for row in known]
    values = _rows(
        cursor,
        "select * from indicator_value where indicator in (select unnest(?)) "
        "and level in (select unnest(?)) order by indicator, level, unit nulls first, period",
        [wanted, list(levels) or list(LEVELS)],
    )
    for row in values:
        if row.get("is_suppressed"):
            row["note"] = SUPPRESSED
    return {"indicators": [row for row in known if row["id"] in wanted], "values": values}


def read_receipt(cursor: Cursor, indicator: str, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What stands behind one indicator: definition, owners, batches, checks, SQL."""
    found = _rows(cursor, "select * from indicator where id = ?", [indicator])
    if not found:
        raise NotFound("The current release has no such indicator.")
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
