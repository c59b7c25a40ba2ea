"""What a person can say is wrong: items, rows and columns of one table, and the unit that answers.

The unit is the one owner of the item in the registry of the day of the report (annexes 3 and 4); of
what feeds no item it is the unit that delivers the table.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from warehouse.access.correction_rows import (
    Rows,
    count_value,
    plain_value,
    read_rows,
    wanted_value,
)
from warehouse.access.grant_catalogue import table_title
from warehouse.access.own_rows import own_rows
from warehouse.access.persons import Person
from warehouse.access.reader import Cursor
from warehouse.authority import load_authority
from warehouse.authority.sensitive import never_granted
from warehouse.errors import NotFound, UsageError
from warehouse.governance.appointments import school_day
from warehouse.governance.corrections import Place
from warehouse.home import Home

__all__ = ["choices", "place_of"]

#: Owners in the annexes that are no unit.
_COLLEGES, _SELF = "colleges", "staff_self"
#: Columns about the delivery, not about the person.
_NOT_THEIRS = frozenset({"updated_at", "seq"})
_KINDS = ("value", "row", "missing")
#: Rows that a form offers at most, the latest; of card transactions there are more in some years.
_MOST_ROWS = 5_000
#: Beside the columns of a row: what a form names it by.
_KEY = "key of the row"


def choices(
    cursor: Cursor,
    home: Home,
    release: Any,
    table: str,
    person: Person,
    hidden: Collection[int],
    now: datetime,
) -> dict[str, Any]:
    """`{"table", "title", "items", "columns", "rows"}` for the form of one box.

    Items are `{"code", "name", "unit", "unit_name", "self"}` (`code` null where none feeds it,
    `self` where the person keeps it up); columns `{"name", "title", "items"}`; rows `{"key",
    "label", "values"}`, a text for each column. Raises `NotFound` for what is no table with rows
    of this person.
    """
    about = _about(cursor, table)
    rows = _rows(cursor, home, release, about, person)
    shown = _shown(cursor, rows, about, person, hidden, now)
    items = _items(cursor, home, about, person, now)
    columns = _columns(rows, cursor, items)
    return {
        "table": table,
        "title": table_title(f".{about['source_table']}") or about["source_name"],
        "items": items,
        "columns": [
            {"name": name, "title": rows.title(name), "items": codes}
            for name, codes in columns.items()
        ],
        "rows": [
            {
                "key": key,
                "label": rows.label(row),
                "values": {name: plain_value(row[name]) for name in columns},
            }
            for key, row in shown
        ],
        "release": release.id,
    }


def place_of(
    cursor: Cursor,
    home: Home,
    release: Any,
    person: Person,
    hidden: Collection[int],
    now: datetime,
    *,
    kind: str,
    table: str,
    item: str,
    row: str,
    column: str,
    wanted: str,
) -> Place:
    """The place that a form names, checked against what the release shows of this person.

    `row` is the key of a row, empty for a missing one; `column` is empty unless `kind` is value.
    Raises `UsageError` for what was not on offer, `NotFound` where the table shows nothing of them.
    """
    if kind not in _KINDS:
        raise UsageError(f"kind is one of: {', '.join(_KINDS)}.")
    about = _about(cursor, table)
    rows = _rows(cursor, home, release, about, person)
    items = _items(cursor, home, about, person, now)
    chosen = [one for one in items if (one["code"] or "") == item]
    if not chosen:
        raise UsageError("That item is not held in this table.", next_step="Open the form again.")
    if chosen[0]["self"]:
        raise UsageError(
            "That item is yours to keep up; nobody else corrects it.",
            next_step="Change it under 基本信息.",
        )
    if kind == "value" and item not in _columns(rows, cursor, items).get(column, ()):
        raise UsageError("That column is not of this item.", next_step="Open the form again.")
    offered = {key for key, _row in _shown(cursor, rows, about, person, hidden, now)}
    found = [one for one in rows.rows if rows.whole_mark(one) == row and row in offered]
    if kind != "missing" and not found:
        raise UsageError("That row is not there any more.", next_step="Open the form again.")
    wrong = column if kind == "value" else None
    unit = chosen[0]["unit"]
    if unit is None:
        raise UsageError("The registry names no unit for it.", next_step="Tell the working group.")
    place = {
        "kind": kind, "unit": unit, "item": item or None, "table": table,
        "source": about["source_id"], "source_table": about["source_table"], "column": wrong,
        "release": release.id,
    }  # fmt: skip
    if kind == "missing":
        return Place(**place, row_mark="", value_mark="", alike=len(rows.rows), wanted_mark=None)
    mark = rows.row_mark(found[0], wrong)
    same = rows.of_mark(mark, wrong)
    if wrong is None:
        return Place(**place, row_mark=mark, value_mark="", alike=len(same), wanted_mark=None)
    value_mark = rows.value_mark(found[0][wrong], wrong)
    right = wanted_value(wanted, rows.types[wrong])
    wanted_mark = None if right is None else rows.value_mark(right, wrong)
    if wanted_mark == value_mark:
        raise UsageError(
            "That is what is shown already.", next_step="Say what should stand there instead."
        )
    return Place(
        **place,
        row_mark=mark,
        value_mark=value_mark,
        alike=count_value(rows, same, value_mark, wrong),
        wanted_mark=wanted_mark,
    )


def _about(cursor: Cursor, table: str) -> Mapping[str, Any]:
    """The table's line in `table_item`. Mental-health data are opened by hand and nowhere else, so
    no form reads them along the way."""
    there = cursor.execute(
        "select 1 from duckdb_tables() where table_name = 'table_item'"
    ).fetchone()
    if there is not None:
        cursor.execute("select * from table_item where table_name = ?", [table])
    row = cursor.fetchone() if there is not None else None
    if row is None:
        raise NotFound("There is no such table among your data.")
    about = dict(zip([column[0] for column in cursor.description], row, strict=True))
    if any(name.partition(".")[2] == about["source_table"] for name in never_granted()):
        raise UsageError(
            "Mental-health records are corrected with the counsellor.",
            next_step="Speak to the counselling centre; the entry is theirs alone.",
        )
    return about


def _rows(
    cursor: Cursor, home: Home, release: Any, about: Mapping[str, Any], person: Person
) -> Rows:
    rows = read_rows(
        cursor, home, release.manifest, about["table_name"], about["source_id"],
        about["source_table"], person.person_key,
    )  # fmt: skip
    if rows is None or not rows.rows:
        raise NotFound("There is no such table among your data.")
    return rows


def _shown(
    cursor: Cursor,
    rows: Rows,
    about: Mapping[str, Any],
    person: Person,
    hidden: Collection[int],
    now: datetime,
) -> list[tuple[str, Mapping[str, Any]]]:
    """Key and row as the person sees it on a page, newest first. Raises `NotFound` where they see
    none of them: what is kept no longer of who has left is not shown here either."""
    ordered = sorted(rows.rows, key=rows.order, reverse=True)[:_MOST_ROWS]
    table = {
        "rows": [{**row, _KEY: rows.whole_mark(row)} for row in ordered],
        "total": len(ordered),
        "provenance": about,
    }
    shown = own_rows(cursor, person, {rows.table: table}, now, hidden)
    if rows.table not in shown:
        raise NotFound("There is no such table among your data.")
    return [(row[_KEY], row) for row in shown[rows.table]["rows"]]


def _items(
    cursor: Cursor, home: Home, about: Mapping[str, Any], person: Person, now: datetime
) -> list[dict[str, Any]]:
    authority = load_authority(school_day(now), home)
    kinds = {3: "staff", 4: "student"}
    codes = set(about["item_codes"] or ())
    found: list[tuple[str | None, str | None, str]] = [
        (item.code, item.title, item.owner_id)
        for item in authority.items
        if item.code in codes and kinds[item.annex] in person.annex_kinds
    ] or [(None, None, about["owner_id"])]
    listed = []
    for code, name, owner in found:
        unit = _college(cursor, person.person_key) if owner == _COLLEGES else owner
        listed.append(
            {
                "code": code,
                "name": name,
                "unit": None if owner == _SELF else unit,
                "unit_name": authority.units.get(owner, owner),
                "self": owner == _SELF,
            }
        )
    return listed


def _columns(rows: Rows, cursor: Cursor, items: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Columns that can be wrong → the items they hold: those that were delivered or are named by an
    item. What the hub works out from them follows by itself. Of columns without an item of their
    own every item of the table is possible."""
    codes = [one["code"] or "" for one in items]
    named: dict[str, list[str]] = {}
    held = cursor.execute(
        "select code, holders from item where code in (select unnest(?)) order by code", [codes]
    ).fetchall()
    for code, holders in held:
        for holder in json.loads(holders) if isinstance(holders, str) else holders or ():
            if holder["table"] == rows.table:
                for name in holder["columns"]:
                    named.setdefault(name, []).append(code)
    delivered = set(rows.contract.column_names) if rows.contract is not None else set(rows.types)
    # What a row is known by comes last: it is the rarest to be wrong.
    ordered = sorted(rows.types, key=lambda name: name in rows.identity)
    return {
        name: named.get(name, codes)
        for name in ordered
        if name not in _NOT_THEIRS and (name in named or name in delivered)
    }


def _college(cursor: Cursor, person_key: int) -> str | None:
    """The code of the person's own college: of staff first, who answer to it."""
    for table in ("staff", "student"):
        there = cursor.execute(
            "select 1 from duckdb_columns() where table_name = ? and column_name = 'college_code'",
            [table],
        ).fetchone()
        if there is None:
            continue
        row = cursor.execute(
            f"select college_code from {table} where person_key = ? "
            "and college_code is not null limit 1",
            [person_key],
        ).fetchone()
        if row is not None:
            return str(row[0])
    return None
