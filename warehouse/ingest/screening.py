"""Checks a delivered file row by row, in one pass over the text.

The pass writes a stage: every row typed, and beside it `raw`, the row's text, where anything
about it is not surely in order. Only those rows are read again, patiently (`patient`). Keys and
parents are judged afterwards, on the few columns they need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warehouse.contracts.model import Contracts, Table
from warehouse.engine import Connection, quote, quote_text
from warehouse.ingest import forms
from warehouse.ingest.checks import (
    DUPLICATE_KEY,
    ORPHAN,
    REASONS,
    bit,
    column_faults,
    delivered_column,
    holds,
    is_required,
)
from warehouse.ingest.crash import checkpoint
from warehouse.ingest.delivered import Delivered
from warehouse.ingest.habits import Habit, count_forms, find_habits, is_clean, typed_value
from warehouse.ingest.parents import LandedKeys
from warehouse.ingest.patient import read_patiently
from warehouse.ingest.references import child_key, flag_cross_table, own_key

__all__ = ["Screened", "screen"]

#: Keys looked at in one go: what keeps the memory of the uniqueness check bounded.
_KEYS_PER_RANGE = 12_000_000
#: A dictionary pays off for few values; trying one for keys costs more than writing them.
_STAGE_OPTIONS = (
    "FORMAT parquet, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 2000, WRITE_BLOOM_FILTER false"
)
#: Behind a join the setting preserve_insertion_order alone does not keep the order, and a row's
#: number would be another row's. Asked for only where there is one, since it doubles the work.
_IN_ORDER = ", PRESERVE_ORDER true"


@dataclass
class Screened:
    """What the checks found. `good` is SQL of the rows that may land: delivered columns, typed,
    and batch_row. `refused` names a DuckDB table (batch_row, mask, raw), or None. `stage` is a file
    that may be the lake's as it stands, since every row lands and nothing is to be filled in."""

    total: int
    columns: tuple[str, ...]
    good: str
    refused: str | None
    refused_rows: int = 0
    waiting_rows: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    readings: dict[str, Any] = field(default_factory=dict)
    retyped: tuple[str, ...] = ()
    stage: Path | None = None


def stage_query(
    delivered: Delivered,
    table: Table,
    contracts: Contracts,
    habits: Mapping[str, Habit],
    absent: Mapping[str, str],
) -> str:
    """SQL of the single pass: typed columns and `raw`, null for a row that is surely good; and what
    the lake holds besides: the `absent` technical columns, and batch_row, null where the row's
    number is its place."""
    columns = [delivered_column(table, name) for name in delivered.columns]
    conditions = []
    for position, column in enumerate(columns):
        text, value = f"c{position}", quote(column.name)
        habit = habits.get(column.name)
        parts = [habit.when if habit else is_clean(contracts, column, text, value)]
        if habit:
            parts.append(f"{value} IS NOT NULL")
        parts += [f"NOT ({fault})" for _, fault in column_faults(column, value)]
        empty = "false" if is_required(table, column) else "true"
        judged = " AND ".join(f"({part})" for part in parts)
        conditions.append(
            f"CASE WHEN {text} IS NULL THEN {empty} ELSE coalesce({judged}, false) END"
        )
    conditions += [holds(rule.expression) for rule in table.row_rules]
    inner, extra = "", ", NULL::BIGINT AS batch_row"
    if delivered.numbered:
        conditions.append("NOT ragged")
        inner = extra = ", batch_row, ragged"
    extra = "".join(f", {default} AS {quote(name)}" for name, default in absent.items()) + extra
    texts = [f"c{position}" for position in range(len(columns))]
    typed = ", ".join(
        f"{typed_value(column, text, habits.get(column.name))} AS {quote(column.name)}"
        for column, text in zip(columns, texts, strict=True)
    )
    names = ", ".join(quote(column.name) for column in columns)
    return (
        f"SELECT {names}{extra}, CASE WHEN {' AND '.join(conditions)} THEN NULL "
        f"ELSE [{', '.join(texts)}] END AS raw "
        f"FROM (SELECT {', '.join(texts)}, {typed}{inner} FROM {delivered.relation})"
    )


def screen(
    connection: Connection,
    delivered: Delivered,
    table: Table,
    contracts: Contracts,
    parent_keys: LandedKeys,
    work: Path,
    defaults: Mapping[str, str] | None = None,
) -> Screened:
    """Judge every row. `defaults`: SQL of the technical columns where the file says nothing; None
    where nothing is to land.

    Raises `EngineError` where the delivered relation cannot be read.
    """
    habits: dict[str, Habit] = {}
    if not delivered.is_small:
        sample = f"SELECT * FROM {delivered.relation}"
        habits = find_habits(connection, sample, delivered.columns, table, contracts, work)
    stage = work / "stage.parquet"
    absent, fillable = _technical(delivered.columns, defaults or {})
    query = stage_query(delivered, table, contracts, habits, absent)
    (total,) = connection.execute(
        f"COPY ({query}) TO {quote_text(stage)} ({_STAGE_OPTIONS}{_order(connection, query)})"
    ).fetchone()
    checkpoint("staged")
    number = "" if delivered.numbered else ", file_row_number = true"
    batch_row = "batch_row" if delivered.numbered else "file_row_number + 1 AS batch_row"
    scan = f"read_parquet({quote_text(stage)}{number})"
    counts = ", ".join(f"count({quote(name)})" for name in ("raw", *fillable))
    suspects, *given = connection.execute(f"SELECT {counts} FROM {scan}").fetchone()
    names = ", ".join(map(quote, delivered.columns))
    parts = [
        f"SELECT {names}, {batch_row} FROM {scan}" + (" WHERE raw IS NULL" if suspects else "")
    ]
    readings: dict[str, Any] = {**delivered.readings, "rows_in_plain_form": total - suspects}
    retyped: tuple[str, ...] = ()
    judged = None
    if suspects:
        ragged = "ragged" if delivered.numbered else "false AS ragged"
        found = read_patiently(
            connection,
            f"SELECT {batch_row}, {ragged}, raw FROM {scan} WHERE raw IS NOT NULL",
            delivered.columns,
            table,
            contracts,
            work / "patient.parquet",
        )
        judged = found.relation
        retyped = _retyped(connection, found.never_readable, parts[0])
        readings["forms"] = found.forms
        parts.append(f"SELECT {names}, batch_row FROM {judged}")
    if habits:
        usual = count_forms(connection, habits, parts[0])
        readings["forms"] = _added(usual, readings.get("forms", {}))
    everything = " UNION ALL ".join(parts)

    connection.execute("CREATE OR REPLACE TEMP TABLE flagged (batch_row BIGINT, mask INTEGER)")
    _flag_duplicates(connection, table, everything, total)
    good_parts = [parts[0]]
    if judged:
        good_parts.append(f"SELECT {names}, batch_row FROM {judged} WHERE mask = 0")
    good = " UNION ALL ".join(good_parts)
    unflagged = f"SELECT * FROM ({good}) WHERE batch_row NOT IN (SELECT batch_row FROM flagged)"
    flag_cross_table(connection, table, contracts, parent_keys, everything, unflagged, "flagged")
    _flag_orphans(connection, table, everything, unflagged, parent_keys)

    (flags,) = connection.execute("SELECT count(*) FROM flagged").fetchone()
    screened = Screened(
        total,
        delivered.columns,
        unflagged if flags else good,
        None,
        readings=readings,
        retyped=retyped,
    )
    if defaults and not (flags or judged or delivered.numbered) and set(given) <= {total}:
        screened.stage = stage
    if flags or judged:
        _collect_refused(connection, screened, table, parts[0], judged, flags > 0)
    return screened


def _technical(
    columns: tuple[str, ...], defaults: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Defaults of the technical columns that a file does not bring, and the names of those that it
    brings and that are filled where they are null."""
    absent = {name: default for name, default in defaults.items() if name not in columns}
    fillable = [
        name
        for name, default in defaults.items()
        if name in columns and not default.startswith("NULL")
    ]
    return absent, fillable


def _added(*counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Counts by column and form, summed."""
    total: dict[str, dict[str, int]] = {}
    for found in counts:
        for name, by_form in found.items():
            for form, count in by_form.items():
                place = total.setdefault(name, {})
                place[form] = place.get(form, 0) + count
    return total


def _order(connection: Connection, query: str) -> str:
    """The option that keeps the order, where the plan holds a join: for a long code table, or
    where a contract's rule says IN over five values or more."""
    if query not in _orders:
        if len(_orders) > 500:
            _orders.clear()
        plan = connection.execute(f"EXPLAIN {query}").fetchall()
        _orders[query] = _IN_ORDER if any("JOIN" in text for _, text in plan) else ""
    return _orders[query]


#: By the query, which is the same for all files of a table that bear its columns in one order.
_orders: dict[str, str] = {}


def _retyped(connection: Connection, candidates: dict[str, int], clean: str) -> tuple[str, ...]:
    """Columns in which many values stand and not one can be read as the contract's type."""
    return tuple(
        name
        for name, count in candidates.items()
        if count >= 10
        and connection.execute(f"SELECT count({quote(name)}) FROM ({clean})").fetchone() == (0,)
    )


def _unique_sets(table: Table) -> list[tuple[str, ...]]:
    sets = [table.key] if table.key else []
    sets += [
        (column.name,) for column in table.columns if column.unique and (column.name,) != table.key
    ]
    return sets


def _flag_duplicates(connection: Connection, table: Table, everything: str, total: int) -> None:
    """Flag every row of a key that stands twice in the file.

    Keys are compared by hash, range by range, sorted outside of DuckDB, which needs four times the
    time to group them; only those whose hash comes twice are compared themselves.
    """
    ranges = max(1, -(-total // _KEYS_PER_RANGE))
    for columns in _unique_sets(table):
        keys = ", ".join(map(quote, columns))
        whole = " AND ".join(f"{quote(name)} IS NOT NULL" for name in columns)
        for number in range(ranges):
            part = f"AND h % {ranges} = {number}" if ranges > 1 else ""
            hashes = connection.execute(
                f"SELECT h FROM (SELECT hash({keys}) AS h FROM ({everything}) WHERE {whole}) "
                f"WHERE true {part}"
            ).fetchnumpy()["h"]
            hashes.sort()
            twice = hashes[1:][hashes[1:] == hashes[:-1]]
            if not len(twice):
                continue
            connection.register("twice", {"h": twice})
            connection.execute(
                f"INSERT INTO flagged SELECT batch_row, {DUPLICATE_KEY} FROM "
                f"(SELECT batch_row, count(*) OVER (PARTITION BY {keys}) AS times "
                f"FROM ({everything}) WHERE {whole} AND hash({keys}) IN (SELECT h FROM twice)) "
                "WHERE times > 1"
            )
            connection.unregister("twice")


def _flag_orphans(
    connection: Connection,
    table: Table,
    everything: str,
    unflagged: str,
    parent_keys: LandedKeys,
) -> None:
    """Flag every row that names a parent nobody ever delivered.

    A parent may stand in the same file, unless it is refused or has to wait itself: then its
    children wait with it, so that nothing lands that refers to nothing.
    """
    referring = [
        (reference, keys)
        for reference in table.references
        if (keys := parent_keys(table, reference)) is not None
    ]
    own_references = any(own_key(table, reference) for reference, _ in referring)
    while True:
        before = _flagged_rows(connection) if own_references else 0
        for reference, keys in referring:
            name = child_key(reference)
            known = f"SELECT key FROM {keys}"
            if own := own_key(table, reference):
                known += f" UNION ALL SELECT {own} FROM ({unflagged}) WHERE {own} IS NOT NULL"
            (missing,) = connection.execute(
                "CREATE OR REPLACE TEMP TABLE missing AS SELECT v AS key FROM "
                f"(SELECT DISTINCT {name} AS v FROM ({everything})) "
                f"WHERE v IS NOT NULL AND v NOT IN ({known})"
            ).fetchone()
            if missing:
                connection.execute(
                    f"INSERT INTO flagged SELECT batch_row, {ORPHAN} FROM ({everything}) "
                    f"WHERE {name} IN (SELECT key FROM missing)"
                )
        if not own_references or before == _flagged_rows(connection):
            break


def _flagged_rows(connection: Connection) -> int:
    return connection.execute("SELECT count(DISTINCT batch_row) FROM flagged").fetchone()[0]


def _collect_refused(
    connection: Connection,
    screened: Screened,
    table: Table,
    clean: str,
    judged: str | None,
    flags: bool,
) -> None:
    texts = ", ".join(
        forms.to_text(delivered_column(table, name), quote(name)) for name in screened.columns
    )
    parts = []
    if flags:
        parts.append(
            f"SELECT batch_row, f.mask AS mask, [{texts}] AS raw "
            f"FROM ({clean}) JOIN f USING (batch_row)"
        )
    if judged:
        parts.append(
            "SELECT batch_row, j.mask | coalesce(f.mask, 0) AS mask, raw "
            f"FROM {judged} AS j LEFT JOIN f USING (batch_row) "
            "WHERE j.mask | coalesce(f.mask, 0) > 0"
        )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE refused AS WITH f AS "
        "(SELECT batch_row, bit_or(mask) AS mask FROM flagged GROUP BY batch_row) "
        + " UNION ALL ".join(parts)
    )
    counts = ", ".join(f"count(*) FILTER (mask & {bit(reason)} > 0)" for reason in REASONS)
    refused, waiting, *by_reason = connection.execute(
        f"SELECT count(*), count(*) FILTER (mask = {ORPHAN}), {counts} FROM refused"
    ).fetchone()
    screened.refused = "refused" if refused else None
    screened.refused_rows = refused
    screened.waiting_rows = waiting
    screened.reasons = {
        reason: count for reason, count in zip(REASONS, by_reason, strict=True) if count
    }
