"""A few rows judged as ingestion judges a file, before they become one: for forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.contracts.model import Contracts, Table
from warehouse.engine import Connection, quote, quote_text
from warehouse.ingest.cell_faults import cell_marks, rule_marks, split_mark
from warehouse.ingest.parents import LandedKeys
from warehouse.ingest.patient import judged_rows
from warehouse.ingest.references import child_key

__all__ = ["RowVerdict", "check_rows"]


@dataclass(frozen=True)
class RowVerdict:
    """`values` are the typed values that would land, in the contract's names; `cells` the faults
    of single fields (column, reason); `rules` names of rules that the row breaks; `orphans` names
    of references whose parent has not come."""

    values: Mapping[str, Any]
    cells: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    orphans: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not (self.cells or self.rules or self.orphans)


def check_rows(
    connection: Connection,
    rows: Sequence[Mapping[str, str | None]],
    table: Table,
    contracts: Contracts,
    keys: LandedKeys | None = None,
) -> list[RowVerdict]:
    """One verdict a row, in order. Rows are texts by column, as a file would hold them; a column
    that is left out is empty. Parents are looked for only where `keys` are given. Neither keys
    that stand twice nor rules over two tables are judged.

    The connection is in memory: nothing of the rows touches the disk.
    """
    columns = table.column_names
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE form_rows (batch_row BIGINT, ragged BOOLEAN, raw VARCHAR[])"
    )
    connection.execute(
        "INSERT INTO form_rows SELECT unnest(?::BIGINT[]), false, unnest(?::VARCHAR[][])",
        [list(range(1, len(rows) + 1)), [[row.get(n) or None for n in columns] for row in rows]],
    )
    judged = judged_rows(connection, "SELECT * FROM form_rows", columns, table, contracts)
    marks = [*cell_marks(columns, table, contracts), *rule_marks(table)]
    for reference in table.references if keys is not None else ():
        if (known := keys(table, reference)) is not None:
            key = child_key(reference)
            missing = f"{key} IS NOT NULL AND {key} NOT IN (SELECT key FROM {known})"
            marks.append((f"o:{reference.name}", missing))
    listed = ", ".join(f"CASE WHEN {when} THEN {quote_text(mark)} END" for mark, when in marks)
    found = connection.execute(
        f"SELECT {', '.join(map(quote, columns))}, "
        f"list_filter([{listed}], lambda x: x IS NOT NULL) FROM ({judged}) ORDER BY batch_row"
    ).fetchall()
    connection.execute("DROP TABLE form_rows")
    return [_verdict(columns, values, told) for *values, told in found]


def _verdict(columns: Sequence[str], values: Sequence[Any], marks: Sequence[str]) -> RowVerdict:
    return RowVerdict(
        dict(zip(columns, values, strict=True)),
        tuple(split_mark(mark) for mark in marks if mark.startswith("c:")),
        tuple(mark[2:] for mark in marks if mark.startswith("r:")),
        tuple(mark[2:] for mark in marks if mark.startswith("o:")),
    )
