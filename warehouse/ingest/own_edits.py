"""What staff said themselves of their own items (annex 3, 教职工本人), as rows of a contract.

Pure rules over texts, as a file would hold them: which tables these are, which of their columns a
person fills in, and what becomes of a delivered row with the edits that are newer than it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from warehouse.contracts.model import Column, Contracts, Table
from warehouse.home import Home
from warehouse.ingest.picklists import offered
from warehouse.sealed_text import Sealer
from warehouse.state.own_edits import OwnEdit

__all__ = [
    "FILLED_IN",
    "STAFF_SELF",
    "Edit",
    "Merged",
    "by_record",
    "edit_sealer",
    "editable_columns",
    "is_one_a_person",
    "merge",
    "open_edit",
    "own_tables",
    "sealed_edit",
    "text_of",
    "told_at",
]

#: The unit of the annexes that stands for each member of staff.
STAFF_SELF = "staff_self"
#: A column of this name says when the person filled the row in.
FILLED_IN = "updated_at"

Texts = Mapping[str, str | None]


@dataclass(frozen=True)
class Edit:
    """`values` is the whole row as it was saved, `before` what the changed columns held then; both
    in the words of the form. `kind` is set or remove."""

    id: str
    at: datetime
    person_key: int
    number: str
    table: str
    record: str
    kind: str
    values: Texts
    before: Texts
    simulated: bool = False


@dataclass(frozen=True)
class Merged:
    """A row with its edits: `texts` None where there is no row (any more); `counted` are the edits
    that are newer than what was delivered, oldest first."""

    texts: Texts | None
    counted: tuple[Edit, ...]


def own_tables(contracts: Contracts) -> list[Table]:
    """The tables that each member of staff answers for, in the order of the contracts."""
    return [
        table
        for table in contracts
        if table.owner_unit == STAFF_SELF and table.subject_key and len(table.key) == 1
    ]


def is_one_a_person(table: Table) -> bool:
    """Whether a person has one row there, and not a list of records."""
    return table.key == (table.subject_key,)


def editable_columns(table: Table) -> tuple[Column, ...]:
    """What a person fills in: all but the key, whose row it is, and when it was filled in."""
    kept = {*table.key, table.subject_key, FILLED_IN}
    return tuple(column for column in table.columns if column.name not in kept)


def merge(base: Texts | None, told: datetime | None, edits: Sequence[Edit]) -> Merged:
    """The row that holds: `base` as it was delivered (None: not there), overlaid by the edits
    newer than `told`, when that was said (None: older than any edit). `edits` stand by time.

    A changed column of an edit goes over the delivered one, the others stay what was delivered;
    where nothing was delivered, the edit's whole row counts.
    """
    counted = tuple(edit for edit in edits if told is None or edit.at > told)
    row = base
    for edit in counted:
        if edit.kind == "remove":
            row = None
        elif row is None:
            row = edit.values
        else:
            row = {**row, **{name: edit.values.get(name) for name in edit.before}}
    return Merged(row, counted)


def told_at(table: Table, row: Mapping[str, Any]) -> datetime | None:
    """When a delivered row was said (naive UTC in, naive out). Where the table has a column for it,
    that column; a row that leaves it empty cannot claim to be newer than an edit."""
    if FILLED_IN in table.column_names:
        return row[FILLED_IN] or row["source_updated_at"]
    return row["source_updated_at"] or row["extracted_at"]


def text_of(contracts: Contracts, column: Column, value: Any) -> str | None:
    """A typed value in the words of a form: 是 or 否, the label of a code, a day as 2026-11-29.
    Moments (naive UTC) bear their zone."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return offered(contracts, column, str(value))


def edit_sealer(home: Home) -> Sealer:
    return Sealer(
        home, "own-edits", loss="what staff said before cannot be read or delivered any more"
    )


def _about(row: OwnEdit) -> str:
    told = (row.id, row.person_key, row.number, row.table_name, row.record, row.kind)
    return "/".join([*map(str, told), row.at.isoformat()])


def sealed_edit(sealer: Sealer, edit: Edit) -> OwnEdit:
    """The edit as a row of the state database."""
    row = OwnEdit(
        id=edit.id,
        at=edit.at,
        person_key=edit.person_key,
        number=edit.number,
        table_name=edit.table,
        record=edit.record,
        kind=edit.kind,
        simulated=edit.simulated,
    )
    said = {"values": dict(edit.values), "before": dict(edit.before)}
    row.sealed = sealer.seal(json.dumps(said, ensure_ascii=False), _about(row))
    return row


def open_edit(sealer: Sealer, row: OwnEdit) -> Edit:
    """The edit that a row holds. `StateError` where it does not open."""
    said = json.loads(sealer.open(row.sealed, _about(row)))
    return Edit(
        row.id,
        row.at,
        row.person_key,
        row.number,
        row.table_name,
        row.record,
        row.kind,
        said["values"],
        said["before"],
        row.simulated,
    )


def by_record(edits: Iterable[Edit]) -> dict[str, list[Edit]]:
    """Record → its edits by time."""
    found: dict[str, list[Edit]] = {}
    for edit in sorted(edits, key=lambda one: (one.at, one.id)):
        found.setdefault(edit.record, []).append(edit)
    return found
