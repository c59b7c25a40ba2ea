"""What a member of staff keeps up themselves: the rows as they will stand, what is still pending,
and what they changed when (annex 3, 教职工本人).

Everything is derived: from the released personal file, the edits, the ledger. The person is an
argument that the caller took from the session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, select

from warehouse.access.reader import Cursor
from warehouse.authority import load_authority
from warehouse.contracts import load_contracts
from warehouse.contracts.model import Column, Contracts, Table
from warehouse.contracts.words import format_words, pattern_words
from warehouse.engine import quote
from warehouse.home import Home
from warehouse.ingest.advice import Adviser
from warehouse.ingest.checks import code_meanings
from warehouse.ingest.headings import fold
from warehouse.ingest.own_edits import (
    FILLED_IN,
    Edit,
    edit_sealer,
    editable_columns,
    is_one_a_person,
    open_edit,
    own_tables,
    text_of,
)
from warehouse.ingest.picklists import offered, pick_list
from warehouse.state import session
from warehouse.state.models import Batch
from warehouse.state.own_edits import OwnEdit, OwnEditRefusal, OwnExtract

__all__ = ["OwnItems", "Standing", "own_number", "read_own_items"]


@dataclass(frozen=True)
class Released:
    """A row of the release in the words of the form, and when it was said (None: unknown)."""

    texts: Mapping[str, str | None]
    told: datetime | None


@dataclass(frozen=True)
class Standing:
    """A record as it will stand: `texts` None where it ends. `state` is published, or that of its
    newest edit that the release does not show yet: pending (waits to be taken in) or landed
    (comes with the next release). `shown` are the released texts of the columns that differ."""

    record: str
    texts: Mapping[str, str | None] | None
    state: str
    shown: Mapping[str, str | None]
    told: datetime | None
    """Newest version of it that is known: an edit must lie behind it."""


@dataclass(frozen=True)
class OwnItems:
    """One person's tables: released rows, edits by time, and what became of each edit."""

    contracts: Contracts
    number: str | None
    released: Mapping[str, Mapping[str, Released]]
    edits: Sequence[Edit]
    states: Mapping[str, str]
    """Edit → refused | replaced | published | landed | pending"""
    batches: Mapping[str, str]
    """Edit → first batch that holds it."""
    refusals: Mapping[str, Mapping[str, Any]]

    def table(self, name: str) -> Table | None:
        return next((t for t in own_tables(self.contracts) if t.name == name), None)

    def standing(self, table: Table) -> list[Standing]:
        """The records of a table: the released ones with what was changed since, then new ones."""
        released = self.released.get(table.name, {})
        mine = [edit for edit in self.edits if edit.table == table.name]
        records = dict.fromkeys([*released, *(edit.record for edit in mine)])
        found = []
        for record in records:
            before = released.get(record)
            texts, state, told = before.texts if before else None, "published", None
            told = before.told if before else None
            for edit in (one for one in mine if one.record == record):
                if self.states[edit.id] not in ("refused",):
                    told = max(told, edit.at) if told else edit.at
                if self.states[edit.id] not in ("pending", "landed"):
                    continue
                state = self.states[edit.id]
                if edit.kind == "remove":
                    texts = None
                elif texts is None:
                    texts = edit.values
                else:
                    texts = {**texts, **{name: edit.values.get(name) for name in edit.before}}
            if texts is None and (before is None or state == "published"):
                continue
            shown = {
                name: before.texts.get(name) if before else None
                for name in (texts or {})
                if state != "published" and (before is None or texts[name] != before.texts[name])
            }
            found.append(Standing(record, texts, state, shown, told))
        return found

    def document(self) -> dict[str, Any]:
        """What the page shows."""
        return {
            "number": self.number,
            "tables": [self._table(table) for table in own_tables(self.contracts)],
            "history": [self._line(edit) for edit in reversed(self.edits)],
        }

    def _table(self, table: Table) -> dict[str, Any]:
        return {
            "table": table.name,
            "title": table.title,
            "one": is_one_a_person(table),
            "items": [code for code in table.feeds if code.startswith("A3-")],
            "fields": [_field(self.contracts, column) for column in editable_columns(table)],
            "rows": [
                {
                    "record": one.record,
                    "values": one.texts,
                    "state": one.state,
                    "shown": one.shown,
                }
                for one in self.standing(table)
            ],
        }

    def _line(self, edit: Edit) -> dict[str, Any]:
        table = self.table(edit.table)
        titles = {c.name: c.title for c in table.columns} if table else {}
        new = {} if edit.kind == "remove" else edit.values
        return {
            "at": edit.at,
            "table": edit.table,
            "title": table.title if table else edit.table,
            "kind": edit.kind,
            "state": self.states[edit.id],
            "batch": self.batches.get(edit.id),
            "changes": [
                {"title": titles.get(name, name), "from": was, "to": new.get(name)}
                for name, was in edit.before.items()
            ],
            "words": _refusal_words(table, self.contracts, self.refusals.get(edit.id)),
        }


def _field(contracts: Contracts, column: Column) -> dict[str, Any]:
    hint = pattern_words(column.pattern) if column.pattern else format_words(column)
    return {
        "name": column.name,
        "title": column.title,
        "type": column.type,
        "required": column.required,
        "options": pick_list(contracts, column),
        "hint": hint,
    }


def _refusal_words(
    table: Table | None, contracts: Contracts, reasons: Mapping[str, Any] | None
) -> list[str]:
    if reasons is None or table is None:
        return []
    adviser = Adviser(table, contracts, load_authority())
    words = [
        adviser.column(table.column(name), reason)
        for name, found in reasons.get("columns", {}).items()
        for reason in found
        if name in table.column_names
    ]
    return words + [adviser.rule(name) for name in reasons.get("rules", ())]


def own_number(cursor: Cursor, person_key: int, today: date) -> str | None:
    """The person's staff number today, the latest where there are several; None for nobody's
    staff, and for who has left."""
    rows = cursor.execute(
        "select number from person_number where person_key = ? and kind = 'staff' "
        "and (valid_from is null or valid_from <= ?) and (valid_to is null or valid_to > ?) "
        "order by valid_from desc nulls last, number desc limit 1",
        [person_key, today, today],
    ).fetchall()
    return rows[0][0] if rows else None


def read_own_items(
    cursor: Cursor,
    release_batches: frozenset[str],
    engine: Engine,
    home: Home,
    person_key: int,
    today: date,
) -> OwnItems:
    """The tables of this person. `release_batches` are the batches that the release was made of."""
    contracts = load_contracts()
    number = own_number(cursor, person_key, today)
    released = {
        table.name: _released(cursor, contracts, table, person_key, number)
        for table in own_tables(contracts)
    }
    with session(engine, read_only=True) as opened:
        rows = list(
            opened.scalars(
                select(OwnEdit)
                .where(OwnEdit.person_key == person_key)
                .order_by(OwnEdit.at, OwnEdit.id)
            )
        )
        ids = {row.id for row in rows}
        refusals = {
            one.edit_id: one.reasons
            for one in opened.scalars(select(OwnEditRefusal).where(OwnEditRefusal.edit_id.in_(ids)))
        }
        made: dict[str, list[str]] = {}
        tables = {row.table_name for row in rows}
        extracts = select(OwnExtract).where(OwnExtract.table_name.in_(tables))
        for extract in opened.scalars(extracts.order_by(OwnExtract.at)):
            for edit in ids.intersection(extract.edits):
                made.setdefault(edit, []).append(extract.batch_id)
        every = {batch for listed in made.values() for batch in listed}
        landed = set(opened.scalars(select(Batch.id).where(Batch.id.in_(every))))
    sealer = edit_sealer(home) if rows else None
    edits = [open_edit(sealer, row) for row in rows] if sealer else []
    states, batches = {}, {}
    for edit in edits:
        mine = [batch for batch in made.get(edit.id, ()) if batch in landed]
        if mine:
            batches[edit.id] = mine[0]
        before = released.get(edit.table, {}).get(edit.record)
        states[edit.id] = _state(edit, before, mine, release_batches, edit.id in refusals)
    return OwnItems(contracts, number, released, edits, states, batches, refusals)


def _state(
    edit: Edit,
    before: Released | None,
    landed: Sequence[str],
    release_batches: frozenset[str],
    is_refused: bool,
) -> str:
    if is_refused:
        return "refused"
    if release_batches.intersection(landed):
        return "published"
    if before is not None and before.told is not None and before.told >= edit.at:
        return "replaced"
    return "landed" if landed else "pending"


def _released(
    cursor: Cursor, contracts: Contracts, table: Table, person_key: int, number: str | None
) -> dict[str, Released]:
    """Record → its released row; of other numbers that the person had, none."""
    present = [
        row[0]
        for row in cursor.execute(
            "select column_name from duckdb_columns() where table_name = ?", [table.name]
        ).fetchall()
    ]
    if number is None or table.subject_key not in present:
        return {}
    places = {column.name: _published_name(column, present) for column in editable_columns(table)}
    told = "filled_in_at" if FILLED_IN in table.column_names else "updated_at"
    wanted = [table.key[0], told, *(name for name in places.values() if name)]
    if not set(wanted) <= set(present):
        return {}
    rows = cursor.execute(
        f"select {', '.join(map(quote, wanted))} from {quote(table.name)} "
        f"where person_key = ? and {quote(table.subject_key or '')} = ?",
        [person_key, number],
    ).fetchall()
    found = {}
    for record, moment, *values in rows:
        held = dict(zip(wanted[2:], values, strict=True))
        texts = {
            name: _form_text(contracts, table.column(name), held[place]) if place else None
            for name, place in places.items()
        }
        found[str(record)] = Released(texts, moment.replace(tzinfo=UTC) if moment else None)
    return found


def _published_name(column: Column, present: Sequence[str]) -> str | None:
    """The column's name in the release, where a truth value is called is_…"""
    return next((name for name in (column.name, f"is_{column.name}") if name in present), None)


def _form_text(contracts: Contracts, column: Column, value: Any) -> str | None:
    """A released value in the words of the form: the release has labels where a form may need
    the code."""
    meanings = code_meanings(contracts, column)
    if meanings and isinstance(value, str) and (code := meanings.get(fold(value))):
        return offered(contracts, column, code)
    return text_of(contracts, column, value)
