"""A member of staff changes an item of theirs: checked as ingestion checks it, then an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from warehouse.access.own_items import OwnItems
from warehouse.audit import Audit, person
from warehouse.authority import load_authority
from warehouse.contracts.model import Contracts, Table
from warehouse.engine import open_work
from warehouse.errors import Conflict, Forbidden, NotFound, UsageError
from warehouse.home import Home
from warehouse.ingest.advice import Adviser
from warehouse.ingest.own_edits import (
    Edit,
    edit_sealer,
    editable_columns,
    is_one_a_person,
    sealed_edit,
)
from warehouse.ingest.row_check import RowVerdict, check_rows
from warehouse.state.own_edits import OwnEdit

__all__ = ["LONGEST", "Wish", "save_edit"]

#: The longest text of a field: an address fits, a novel does not.
LONGEST = 300
#: What somebody may say in a day: more is a program.
MOST_A_DAY = 200


@dataclass(frozen=True)
class Wish:
    """What the form says. `record` is empty for a new one, and for a table with one row a person.
    `values` are all its fields as texts, None or blank where empty; `seen` the ones it showed
    when it was opened."""

    table: str
    record: str
    kind: str
    values: Mapping[str, str | None]
    seen: Mapping[str, str | None]


def save_edit(
    audit: Audit,
    home: Home,
    items: OwnItems,
    wish: Wish,
    *,
    person_key: int,
    simulated: bool,
    now: datetime,
) -> dict[str, Any]:
    """`{"accepted": true, "edit": id}`, or `{"accepted": false, "fields": {column: [words]},
    "rules": [words]}` where the contract's checks do not pass. Values stand in no log.

    Raises `Forbidden` for who is no member of staff today, `NotFound` for a record that is not
    theirs, `Conflict` where another window changed the same field meanwhile, `UsageError` for a
    form that is not this one's or changes nothing.
    """
    if items.number is None:
        raise Forbidden(
            "Only who is a member of staff today keeps these items up.",
            next_step="Whoever has left writes to the personnel office.",
        )
    table = items.table(wish.table)
    if table is None or wish.kind not in ("set", "remove"):
        raise NotFound("There is no such table to keep up.")
    standing = {one.record: one for one in items.standing(table)}
    record = items.number if is_one_a_person(table) else wish.record
    held = standing.get(record)
    before = dict(held.texts) if held and held.texts else None
    if before is None and record and not is_one_a_person(table):
        raise NotFound("There is no such record of yours.")
    if wish.kind == "remove":
        if before is None or is_one_a_person(table):
            raise UsageError("Only a record that is there can be taken out.")
        values: dict[str, str | None] = dict(before)
        changed = {name: was for name, was in before.items() if was is not None}
    else:
        values = _merged_form(table, wish, before or {})
        changed = {
            name: (before or {}).get(name)
            for name, text in values.items()
            if text != (before or {}).get(name)
        }
        verdict = _judged(items.contracts, table, items.number, record or "new", values)
        if changed and not verdict.is_good:
            return {"accepted": False, **_words(items.contracts, table, verdict)}
    if not changed:
        raise UsageError("Nothing was changed.")
    if not record and any(one.texts == values for one in standing.values()):
        raise UsageError("The same record is there already.")
    told = held.told if held else None
    with audit.transaction() as entry:
        # What another window has saved since `items` was read stands in the way of nothing, but
        # this edit must lie behind it.
        mine = select(OwnEdit.at).where(OwnEdit.person_key == person_key)
        last = list(entry.session.scalars(mine.order_by(OwnEdit.at.desc()).limit(MOST_A_DAY)))
        if len(last) == MOST_A_DAY and last[-1] > now - timedelta(days=1):
            raise UsageError("So many changes in a day are not taken.")
        edit = Edit(
            id=uuid4().hex,
            at=_behind(now, [told, *last[:1]]),
            person_key=person_key,
            number=items.number,
            table=table.name,
            record=record or f"B{uuid4().hex[:12]}",
            kind=wish.kind,
            values=values,
            before=changed,
            simulated=simulated,
        )
        entry.session.add(sealed_edit(edit_sealer(home), edit))
        entry.session.flush()
        entry.record(
            person(person_key),
            "own.edit",
            subject=person(person_key),
            detail={
                "edit": edit.id,
                "table": table.name,
                "kind": wish.kind,
                "columns": sorted(changed),
                "purpose": "own_data",
            },
        )
    return {"accepted": True, "edit": edit.id}


def _merged_form(table: Table, wish: Wish, held: Mapping[str, str | None]) -> dict[str, str | None]:
    """What the form changed, over what stands now: a field that it only carried along keeps what
    another window has saved meanwhile. `Conflict` where both changed the same field."""
    said, seen = _texts(table, wish.values), _texts(table, wish.seen)
    changed = [name for name, text in said.items() if text != seen[name]]
    if stale := [name for name in changed if held.get(name) not in (seen[name], said[name])]:
        raise Conflict(
            f"Changed meanwhile in another window: {', '.join(sorted(stale))}.",
            next_step="Look at what stands there now, then change it again.",
        )
    return {name: said[name] if name in changed else held.get(name) for name in said}


def _behind(now: datetime, moments: Sequence[datetime | None]) -> datetime:
    """Now, or just behind what is known already: a clock that went back, a row dated ahead."""
    latest = max((moment for moment in moments if moment is not None), default=None)
    return now if latest is None or now > latest else latest + timedelta(microseconds=1)


def _texts(table: Table, values: Mapping[str, Any]) -> dict[str, str | None]:
    """Every field of the form as one line of text, None where it is blank."""
    names = [column.name for column in editable_columns(table)]
    if set(values) != set(names):
        raise UsageError(f"The form has exactly these fields: {', '.join(names)}.")
    found: dict[str, str | None] = {}
    for name in names:
        value = values[name]
        if value is not None and not isinstance(value, str):
            raise UsageError(f"{name} must be a text or null.")
        text = " ".join((value or "").split())
        if len(text) > LONGEST:
            raise UsageError(f"{name} is longer than {LONGEST} characters.")
        found[name] = text or None
    return found


def _judged(
    contracts: Contracts, table: Table, number: str, record: str, values: Mapping[str, str | None]
) -> RowVerdict:
    connection = open_work(threads=1, memory_limit="128MB")
    try:
        row = {**values, table.key[0]: record, str(table.subject_key): number}
        return check_rows(connection, [row], table, contracts)[0]
    finally:
        connection.close()


def _words(contracts: Contracts, table: Table, verdict: RowVerdict) -> dict[str, Any]:
    """What is wrong, beside the field it is about, in the words that owner units are told."""
    adviser = Adviser(table, contracts, load_authority())
    mine = [column.name for column in editable_columns(table)]
    fields: dict[str, list[str]] = {}
    general: list[str] = []
    for name, reason in verdict.cells:
        words = adviser.column(table.column(name), reason)
        (fields.setdefault(name, []) if name in mine else general).append(words)
    for rule in verdict.rules:
        named = [name for name in adviser.rule_columns(rule) if name in mine]
        for name in named[-1:]:
            fields.setdefault(name, []).append(adviser.rule(rule))
        if not named:
            general.append(adviser.rule(rule))
    return {"fields": fields, "rules": general}
