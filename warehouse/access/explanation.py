"""All that stands behind one indicator, and behind its figures for a unit or a period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warehouse.access.reader import Reader
from warehouse.access.signing import Signing
from warehouse.access.statistics import SUPPRESSED, read_receipt, read_statistics
from warehouse.errors import UsageError

__all__ = ["explain", "shown_value"]


def explain(
    reader: Reader,
    signing: Signing,
    indicator: str,
    *,
    unit: str | None = None,
    period: str | None = None,
) -> dict[str, Any]:
    """The receipt of the indicator with `release`, `inputs`, `values` and `sign_offs`.

    `unit` is the code or name of a unit, or school (the default); `period` one of the
    indicator's. What disclosure control left out of the file is not here either: such a value is
    null and marked. Raises `NotFound` for an unknown indicator, `UsageError` for a unit or period
    that it has no figure of.
    """
    with reader.open("statistics") as (cursor, release):
        receipt = read_receipt(cursor, indicator, release.manifest)
        values = read_statistics(cursor, indicators=[indicator])["values"]
    chosen = _choose(values, unit or "school", period)
    sheets = signing.described([receipt["indicator"]["row_code"]])
    periods = {row["period"] for row in chosen}
    return {
        **receipt,
        "release": release.id,
        "inputs": receipt["indicator"]["inputs"],
        "values": chosen,
        "sign_offs": [sheet for sheet in sheets if sheet["period"] in periods],
    }


def _choose(values: list[dict[str, Any]], unit: str, period: str | None) -> list[dict[str, Any]]:
    found = [row for row in values if unit in (row["unit"], row["unit_name"])]
    if not found:
        raise UsageError(
            "The indicator has no figure for that unit.",
            next_step=f"It has: {_some(row['unit'] for row in values)}.",
        )
    if period is None:
        return found
    dated = [row for row in found if row["period"] == period]
    if not dated:
        raise UsageError(
            f"The indicator has no figure for that unit and {period}.",
            next_step=f"It has: {_some(row['period'] for row in found)}.",
        )
    return dated


def _some(texts: Any, most: int = 30) -> str:
    known = list(dict.fromkeys(texts))
    return ", ".join(known[:most]) + (f" and {len(known) - most} more" if known[most:] else "")


def shown_value(row: Mapping[str, Any]) -> Any:
    """A figure as text for a terminal; says so where it is kept back."""
    return SUPPRESSED if row.get("is_suppressed") else row["value"]
