"""Figures of an earlier release beside those of now: what changed, and why.

Pure. A cell that one of the two releases suppresses is suppressed in both: what one release shows
must give back nothing that the other holds back, and neither must their difference.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from warehouse.governance.appointments import school_day

__all__ = ["Reading", "at_day", "compare", "reasons"]

#: What an indicator's definition is, beside the SQL of its model.
_DEFINITION = ("name", "formula", "unit", "source", "class", "inputs", "model")
#: Doubles that were summed in another order.
_EXACT = 1e-9

Row = Mapping[str, Any]
#: indicator, level, unit, period
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Reading:
    """What one release says: `rows` of indicator_value, `indicators` by id, and what explains them.

    `sql` is model → SQL, `batches` those of the manifest; `corrections` and `waiting` are rows of
    indicator_correction and pending_correction.
    """

    release: str
    published_at: datetime
    as_of: datetime
    rows: Sequence[Row] = ()
    indicators: Mapping[str, Row] = field(default_factory=dict)
    sql: Mapping[str, str] = field(default_factory=dict)
    batches: Sequence[Row] = ()
    corrections: Sequence[Row] = ()
    waiting: Sequence[Row] = ()


def compare(then: Reading, now: Reading) -> list[dict[str, Any]]:
    """One entry a cell of either release: indicator, level, unit, unit_name, parent_unit, `then`
    and `now` (period, as_of_date, value, numerator, denominator, is_suppressed; null where that
    release has no such cell), `state`, `difference`, `reasons`, `waiting`.

    `state`: same; changed; suppressed; then_only; now_only. By indicator, level, unit and period.
    """
    before = {_key(row): row for row in then.rows}
    after = {_key(row): row for row in now.rows}
    waiting = {
        (row["indicator"], row["level"], str(row["unit"]), row["period"]): row
        for row in now.waiting
    }
    entries = []
    for key in sorted(before.keys() | after.keys()):
        entry = _entry(before.get(key), after.get(key))
        if entry["state"] in ("changed", "then_only", "now_only"):
            entry["reasons"] = reasons(then, now, key[0], before.get(key), after.get(key))
        if entry["state"] != "suppressed":
            entry["waiting"] = _waiting(waiting.get(key))
        entries.append(entry)
    return entries


def at_day(now: Reading, day: date) -> list[dict[str, Any]]:
    """For a day on which nothing had been published: of each unit's figures the last one that
    speaks of a day up to `day`, as known now, beside the newest. Entries as `compare` has them."""
    series: dict[tuple[str, str, str], list[Row]] = {}
    for row in now.rows:
        series.setdefault((row["indicator"], row["level"], str(row["unit"])), []).append(row)
    entries = []
    for key in sorted(series):
        rows = sorted(series[key], key=lambda row: str(row["as_of_date"]))
        earlier = [row for row in rows if str(row["as_of_date"]) <= day.isoformat()]
        entry = _entry(earlier[-1] if earlier else None, rows[-1])
        if entry["state"] in ("changed", "now_only"):
            entry["reasons"] = [{"kind": "other_day"}] if earlier else [{"kind": "no_figure_then"}]
        entries.append(entry)
    return entries


def reasons(
    then: Reading, now: Reading, indicator: str, before: Row | None, after: Row | None
) -> list[dict[str, Any]]:
    """Why a figure is another one now, most telling first. Kinds: correction (decided, with its
    reason), definition (`what` changed), running (the period was not over), late (data of a period
    that was over), not_yet (the earlier release had no such figure), unexplained. None of them
    holds a figure."""
    period = (after or before or {})["period"]
    found: list[dict[str, Any]] = [
        {"kind": "correction", "on": row["corrected_on"], "reason": row["reason"]}
        for row in now.corrections
        if (row["indicator"], row["period"]) == (indicator, period)
        and then.release < (row["release"] or now.release) <= now.release
    ]
    if changed := _definition_changes(then, now, indicator):
        found.append({"kind": "definition", "what": changed})
    if before is None:
        return found or [{"kind": "not_yet"}]
    arrived = _arrived(then, now, indicator)
    if _was_running(then, before):
        found.append({"kind": "running", "tables": arrived})
    elif arrived and after is not None and not found:
        found.append({"kind": "late", "tables": arrived})
    return found or [{"kind": "unexplained"}]


def _key(row: Row) -> Key:
    """A running count is the same figure whatever its day, as long as its year is the same."""
    period = str(row["period"])
    is_running = len(period.split("-")) == 3
    return (
        row["indicator"], row["level"], str(row["unit"]),
        f"{period[:4]}-running" if is_running else period,
    )  # fmt: skip


def _entry(before: Row | None, after: Row | None) -> dict[str, Any]:
    named = after or before or {}
    sides = (before, after)
    held = any(side is not None and side.get("is_suppressed") for side in sides)
    entry: dict[str, Any] = {
        "indicator": named["indicator"],
        "level": named["level"],
        "unit": str(named["unit"]),
        "unit_name": named.get("unit_name"),
        "parent_unit": named.get("parent_unit"),
        "then": _side(before, held),
        "now": _side(after, held),
        "state": "suppressed" if held else _state(before, after),
        "difference": None,
        "reasons": [],
        "waiting": None,
    }
    if entry["state"] in ("same", "changed"):
        values = [side["value"] for side in sides if side is not None]
        if None not in values:
            entry["difference"] = 0.0 if entry["state"] == "same" else values[1] - values[0]
    return entry


def _side(row: Row | None, held: bool) -> dict[str, Any] | None:
    if row is None:
        return None
    shown = {
        name: None if held else row.get(name) for name in ("value", "numerator", "denominator")
    }
    return {
        "period": row["period"],
        "as_of_date": row.get("as_of_date"),
        **shown,
        "is_suppressed": held,
    }


def _state(before: Row | None, after: Row | None) -> str:
    if before is None:
        return "now_only"
    if after is None:
        return "then_only"
    names = ("value", "numerator", "denominator")
    return "same" if all(_are_equal(before.get(n), after.get(n)) for n in names) else "changed"


def _are_equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=_EXACT, abs_tol=_EXACT)


def _waiting(row: Row | None) -> dict[str, Any] | None:
    """What would be published if a correction were decided; numbers of plain indicators only."""
    if row is None:
        return None
    return {"difference": row["difference"], "computed": row["computed_value"]}


def _was_running(then: Reading, before: Row) -> bool:
    """Whether the period was not over when the earlier release spoke. On its last day it still
    runs."""
    last = before.get("as_of_date")
    return last is not None and school_day(then.as_of).isoformat() <= str(last)


def _definition_changes(then: Reading, now: Reading, indicator: str) -> list[str]:
    """Names of what the definition has otherwise now; `calculation` where only its SQL differs."""
    before, after = then.indicators.get(indicator), now.indicators.get(indicator)
    if before is None or after is None:
        return []
    changed = [
        name
        for name in _DEFINITION
        if name in before and name in after and before[name] != after[name]
    ]
    model_then, model_now = before.get("model") or "", after.get("model") or ""
    calculations = [
        _without_day(reading.sql.get(model), reading.as_of)
        for reading, model in ((then, model_then), (now, model_now))
    ]
    if not changed and None not in calculations and calculations[0] != calculations[1]:
        changed.append("calculation")
    return changed


def _without_day(sql: str | None, as_of: datetime) -> str | None:
    """SQL as it is the next day too: the moment the data reach stands in it as a literal. What it
    says in comments computes nothing."""
    if sql is None:
        return None
    sql = re.sub(r"--[^\n]*", "", sql)
    for moment in (as_of, as_of + timedelta(hours=8)):
        sql = sql.replace(moment.strftime("%Y-%m-%d %H:%M:%S"), "as-of")
        sql = sql.replace(moment.strftime("%Y-%m-%d"), "as-of")
    return " ".join(sql.split())


def _arrived(then: Reading, now: Reading, indicator: str) -> list[dict[str, Any]]:
    """Tables that feed an indicator and of which batches came between two releases: source, table,
    batches, and the latest extraction. No counts of rows: one row and one figure would be a
    person's."""
    inputs = (now.indicators.get(indicator) or {}).get("inputs") or ()
    tables = {str(name).rsplit(".", 1)[0].split(".")[-1] for name in inputs}
    known = {batch["id"] for batch in then.batches}
    found: dict[tuple[str, str], list[Row]] = {}
    for batch in now.batches:
        if batch["id"] not in known and batch["table"] in tables:
            found.setdefault((batch["source"], batch["table"]), []).append(batch)
    return [
        {
            "source": source,
            "table": table,
            "batches": len(batches),
            "latest": max(str(batch["extracted_at"]) for batch in batches),
        }
        for (source, table), batches in sorted(found.items())
    ]
