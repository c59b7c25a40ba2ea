"""Which cells of a refused row are at fault, found again from the quarantine's text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from warehouse.contracts.model import Contracts, Table
from warehouse.engine import Connection, quote, quote_text
from warehouse.ingest.checks import (
    code_meanings,
    column_faults,
    delivered_column,
    holds,
    is_required,
)
from warehouse.ingest.parents import LandedKeys
from warehouse.ingest.patient import read_patiently
from warehouse.ingest.references import child_key, flag_cross_table

__all__ = ["FaultyRow", "cell_marks", "faulty_rows", "rule_marks", "split_mark"]

_ROWS = 2000


@dataclasses.dataclass(frozen=True)
class FaultyRow:
    """One refused row. `texts` are its cells in the order of the columns asked for.

    `cells` are (column, reason); `rules` names of rules it breaks; `orphans` names of references
    whose parent has not come; `twins` the row numbers that share a key, by the key's columns.
    """

    number: int
    reasons: tuple[str, ...]
    texts: tuple[str | None, ...]
    cells: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    orphans: tuple[str, ...]
    twins: tuple[tuple[tuple[str, ...], list[int]], ...]


def faulty_rows(
    connection: Connection,
    held: str,
    columns: tuple[str, ...],
    table: Table,
    contracts: Contracts,
    keys: LandedKeys,
    work: Path,
) -> Iterator[FaultyRow]:
    """The rows of `held` (SQL: batch_row, reasons, text by column) in order, a few at a time."""
    work.mkdir(mode=0o700, exist_ok=True)
    texts = ", ".join(map(quote, columns))
    patient = read_patiently(
        connection,
        f"SELECT batch_row, false AS ragged, [{texts}] AS raw FROM ({held})",
        columns,
        table,
        contracts,
        work / "returned.parquet",
    )
    marks = [*cell_marks(columns, table, contracts), *rule_marks(table)]
    for reference in table.references:
        if (known := keys(table, reference)) is not None:
            key = child_key(reference)
            missing = f"{key} IS NOT NULL AND {key} NOT IN (SELECT key FROM {known})"
            marks.append((f"o:{reference.name}", missing))
    _mark_cross_table(connection, table, contracts, keys, patient.relation)
    listed = ", ".join(f"CASE WHEN {when} THEN {quote_text(mark)} END" for mark, when in marks)
    twins = _unique_sets(table)
    windows = "".join(f", {_twins(names)} AS twins{n}" for n, names in enumerate(twins))
    query = (
        f"SELECT p.batch_row, h.reasons, p.raw, "
        f"list_filter([{listed}], lambda x: x IS NOT NULL) AS marks, c.marks AS crossed"
        f"{windows} FROM {patient.relation} AS p JOIN (SELECT batch_row, reasons FROM ({held})) "
        "AS h USING (batch_row) LEFT JOIN crossed_by AS c USING (batch_row) ORDER BY p.batch_row"
    )
    cursor = connection.cursor()
    try:
        # A cursor of its own does not see temporary tables, so the rows are laid down first.
        target = work / "faults.parquet"
        connection.execute(f"COPY ({query}) TO {quote_text(target)} (FORMAT parquet)")
        cursor.execute(f"FROM read_parquet({quote_text(target)}) ORDER BY batch_row")
        while rows := cursor.fetchmany(_ROWS):
            for number, reasons, raw, marked, crossed, *others in rows:
                found = [*marked, *(crossed or ())]
                yield FaultyRow(
                    number,
                    tuple(reasons),
                    tuple(raw),
                    tuple(split_mark(mark) for mark in found if mark.startswith("c:")),
                    tuple(mark[2:] for mark in found if mark.startswith("r:")),
                    tuple(mark[2:] for mark in found if mark.startswith("o:")),
                    tuple(
                        (names, [one for one in same if one != number])
                        for names, same in zip(twins, others, strict=True)
                        if "duplicate_key" in reasons and same and len(same) > 1
                    ),
                )
    finally:
        cursor.close()


def split_mark(mark: str) -> tuple[str, str]:
    """Column and reason of a mark of `cell_marks`."""
    _, column, reason = mark.split(":")
    return column, reason


def cell_marks(
    columns: tuple[str, ...], table: Table, contracts: Contracts
) -> Iterator[tuple[str, str]]:
    """(mark, SQL true for a fault) of each cell of judged rows; a mark names column and reason."""
    for position, name in enumerate(columns):
        column = delivered_column(table, name)
        wrong = "type" if code_meanings(contracts, column) is None else "code"
        yield f"c:{name}:{wrong}", f"form{position} = 'unreadable'"
        if is_required(table, column):
            yield f"c:{name}:required", f"form{position} IS NULL"
        for reason, fault in column_faults(column, quote(name)):
            yield f"c:{name}:{reason}", f"coalesce({fault}, false)"


def rule_marks(table: Table) -> Iterator[tuple[str, str]]:
    """The same for the rules that a row answers alone; a mark names the rule."""
    for rule in table.row_rules:
        yield f"r:{rule.id}", f"NOT {holds(rule.expression)}"


def _unique_sets(table: Table) -> list[tuple[str, ...]]:
    sets = [table.key] if table.key else []
    return sets + [
        (column.name,) for column in table.columns if column.unique and (column.name,) != table.key
    ]


def _twins(names: tuple[str, ...]) -> str:
    """Row numbers under the same key; null where the key is not whole."""
    listed = ", ".join(map(quote, names))
    whole = " AND ".join(f"{quote(name)} IS NOT NULL" for name in names)
    return (
        f"CASE WHEN {whole} AND list_contains(h.reasons, 'duplicate_key') THEN "
        f"list(p.batch_row) OVER (PARTITION BY list_contains(h.reasons, 'duplicate_key'), {listed} "
        "ORDER BY p.batch_row ROWS BETWEEN 12 PRECEDING AND 12 FOLLOWING) END"
    )


def _mark_cross_table(
    connection: Connection, table: Table, contracts: Contracts, keys: LandedKeys, relation: str
) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE crossed_rows (batch_row BIGINT, mark VARCHAR)")
    every = f"SELECT * FROM {relation}"
    nothing = f"{every} WHERE false"
    for rule in table.parent_rules:
        connection.execute("CREATE OR REPLACE TEMP TABLE crossed (batch_row BIGINT, mask INTEGER)")
        alone = dataclasses.replace(table, rules=(rule,))
        flag_cross_table(connection, alone, contracts, keys, every, nothing, "crossed")
        connection.execute(
            f"INSERT INTO crossed_rows SELECT DISTINCT batch_row, {quote_text(f'r:{rule.id}')} "
            "FROM crossed"
        )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE crossed_by AS "
        "SELECT batch_row, list(mark ORDER BY mark) AS marks FROM crossed_rows GROUP BY batch_row"
    )
