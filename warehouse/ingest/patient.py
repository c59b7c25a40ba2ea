"""Reads rows that the quick pass did not vouch for: every tolerated form, every reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warehouse.contracts.model import Column, Contracts, Table
from warehouse.engine import Connection, quote, quote_text
from warehouse.ingest import forms
from warehouse.ingest.checks import (
    code_meanings,
    column_faults,
    delivered_column,
    is_required,
    mask,
    old_meanings,
    row_faults,
)

__all__ = ["Patient", "judged_rows", "read_patiently"]

_UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Patient:
    """`relation` has batch_row, the typed columns, mask and raw. `forms` counts, by column, the
    forms in which values stood; `never_readable` the columns with no readable value among them."""

    relation: str
    forms: dict[str, dict[str, int]]
    never_readable: dict[str, int]


def read_patiently(
    connection: Connection,
    rows: str,
    columns: tuple[str, ...],
    table: Table,
    contracts: Contracts,
    target: Path,
) -> Patient:
    """Judge `rows` (SQL: batch_row, ragged, raw VARCHAR[] in the order of `columns`).

    Writes `target` (Parquet). A value that cannot be read is null and counts as `type` (`code`
    where a code table fixes the values); it takes no part in the other checks.
    """
    described = [delivered_column(table, name) for name in columns]
    judged = judged_rows(connection, rows, columns, table, contracts)
    connection.execute(
        f"COPY ({judged}) TO {quote_text(target)} (FORMAT parquet, COMPRESSION snappy)"
    )
    relation = f"read_parquet({quote_text(target)})"
    found = connection.execute(
        "SELECT "
        + ", ".join(f"histogram(form{position})" for position in range(len(columns)))
        + f" FROM {relation}"
    ).fetchone()
    histograms = {name: dict(counts) for name, counts in zip(columns, found, strict=True) if counts}
    never = {
        column.name: histograms[column.name][_UNREADABLE]
        for column in described
        if set(histograms.get(column.name, ())) == {_UNREADABLE}
        and code_meanings(contracts, column) is None
    }
    return Patient(relation, histograms, never)


def judged_rows(
    connection: Connection,
    rows: str,
    columns: tuple[str, ...],
    table: Table,
    contracts: Contracts,
) -> str:
    """SQL of `rows` read and judged: batch_row, the typed columns, mask, raw, and form0, form1 …
    with the form in which each value stood. Lays down temporary tables of code meanings."""
    described = [delivered_column(table, name) for name in columns]
    texts, values, formed, joins = [], [], [], []
    for position, column in enumerate(described):
        text = f"t{position}"
        texts.append(f"{forms.tidy(column, f'raw[{position + 1}]')} AS {text}")
        form, value, join = _read(connection, contracts, column, position)
        values.append(f"{value} AS {quote(column.name)}")
        formed.append(form)
        joins.append(join)
    typed = (
        f"SELECT rows.*, {', '.join(values)}, {', '.join(formed)} FROM "
        f"(SELECT batch_row, ragged, raw, {', '.join(texts)} FROM ({rows})) AS rows "
        + " ".join(filter(None, joins))
    )
    names = ", ".join(map(quote, columns))
    form_names = ", ".join(f"form{position}" for position in range(len(columns)))
    return (
        f"SELECT batch_row, {names}, {mask(_faults(described, table, contracts))} AS mask, "
        f"raw, {form_names} FROM ({typed})"
    )


def _read(
    connection: Connection, contracts: Contracts, column: Column, position: int
) -> tuple[str, str, str]:
    """SQL for form, value and the join they need."""
    text, original = f"t{position}", f"raw[{position + 1}]"
    meanings = code_meanings(contracts, column)
    join = ""
    if meanings is None:
        read = forms.reading(column, text, original)
        form, value = read.form, read.value
    else:
        name = f"meaning{position}"
        pairs = ", ".join(
            f"({quote_text(text)}, {quote_text(code)}, {old})"
            for found, old in ((meanings, "false"), (old_meanings(contracts, column), "true"))
            for text, code in found.items()
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS FROM (VALUES {pairs}) AS m (text, value, old)"
        )
        join = f"LEFT JOIN {name} ON {name}.text = {text}"
        value = f"{name}.value"
        form = (
            f"CASE WHEN {name}.old THEN 'no longer in force' "
            f"WHEN {value} = {text} THEN 'code' ELSE 'label' END"
        )
        if column.sql_type != "VARCHAR":
            value = f"try_cast({value} AS {column.sql_type})"
    return (
        f"CASE WHEN {text} IS NULL THEN NULL WHEN ({value}) IS NULL THEN '{_UNREADABLE}' "
        f"ELSE {form} END AS form{position}",
        value,
        join,
    )


def _faults(columns: list[Column], table: Table, contracts: Contracts) -> list[tuple[str, str]]:
    faults = [("type", "ragged")]
    for position, column in enumerate(columns):
        value = quote(column.name)
        wrong = "type" if code_meanings(contracts, column) is None else "code"
        faults.append((wrong, f"t{position} IS NOT NULL AND {value} IS NULL"))
        if is_required(table, column):
            faults.append(("required", f"t{position} IS NULL"))
        faults += column_faults(column, value)
    return faults + row_faults(table)
