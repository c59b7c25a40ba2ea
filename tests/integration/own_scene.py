"""Staff who change what is theirs, over the real contract of their form: edits, files, the lake."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ingest_contracts import put

from warehouse.audit import Audit, head_file
from warehouse.contracts import Column, Contracts, Source, Table, load_contracts
from warehouse.engine import open_work
from warehouse.ingest import create_landed_views, ingest
from warehouse.ingest.own_edits import Edit, edit_sealer, editable_columns, sealed_edit
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state, session

__all__ = [
    "CONTACT", "CONTRACTS", "FAMILY", "HONOR", "POST", "contact", "current", "deliver", "found",
    "run", "say",
]  # fmt: skip

_REAL = load_contracts()
FORM = next(source for source in _REAL.sources if source.id == "form_staff_self_service")
STAFF = Table(
    "hr_management", "staff_basic", "教职工", "一人一行", ("staff_no",), "snapshot", "hr_office",
    "L3", columns=(Column("staff_no", "string", "职工号", required=True, unique=True),),
)  # fmt: skip
CONTRACTS = Contracts(
    (Source("hr_management", "S01", "人事", "hr_office", (STAFF,)), FORM),
    _REAL.code_tables,
    _REAL.old_codes,
)
CONTACT, FAMILY, POST, HONOR = FORM.tables
#: When the first delivery of the form was made.
DAY = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
PEOPLE = [f"{100000 + place}" for place in range(20)]


def contact(number: str, told: datetime | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "staff_no": number,
        "office_phone": "0371-00000000",
        "mobile_phone": f"154{number}00",
        "email": f"{number}@staff.example.edu",
        "current_address": "例示区学苑路1号",
        "updated_at": (told or DAY - timedelta(days=90)).isoformat(),
    } | changes


def deliver(settings: Settings, table: Table, rows: list[dict[str, Any]], at: datetime) -> Path:
    """Somebody else's file, made at that moment."""
    path = put(settings, table, f"{at:%Y%m%dT%H%M%S}.csv", rows)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def found(folder: Path) -> Settings:
    """A home in which the form was delivered once, for all of `PEOPLE`."""
    settings = load_settings(folder / "数据 home", threads=2)
    settings.paths.create()
    deliver(settings, STAFF, [{"staff_no": number} for number in PEOPLE], DAY)
    deliver(settings, CONTACT, [contact(number) for number in PEOPLE], DAY)
    run(settings)
    return settings


def run(settings: Settings, contracts: Contracts = CONTRACTS):
    return ingest(settings, contracts=contracts, actor="job:refresh")


def say(
    settings: Settings,
    table: Table,
    record: str,
    at: datetime,
    *,
    number: str | None = None,
    kind: str = "set",
    whole: dict[str, str | None] | None = None,
    **changed: str | None,
) -> Edit:
    """An edit as the gateway saves one: `changed` fields, over a row that is otherwise `whole`."""
    number = number or record
    names = [column.name for column in editable_columns(table)]
    values = {name: {**(whole or {}), **changed}.get(name) for name in names}
    edit = Edit(
        uuid5(NAMESPACE_URL, f"{table.name}/{record}/{at}").hex, at, int(number), number,
        table.name, record, kind, values, dict.fromkeys(changed or whole or {}),
    )  # fmt: skip
    engine = open_state(settings)
    with Audit(engine, head_file(settings.paths)).transaction() as entry:
        entry.session.add(sealed_edit(edit_sealer(settings.paths), edit))
    engine.dispose()
    return edit


def current(settings: Settings, table: Table) -> dict[str, dict[str, Any]]:
    """What the models take for current (docs/models.md), by key."""
    key = table.key[0]
    engine = open_state(settings)
    with open_work() as connection, session(engine, read_only=True) as opened:
        create_landed_views(connection, CONTRACTS, opened, settings.paths)
        place = f'"{table.source}"."{table.name}"'
        if table.kind == "snapshot":
            query = (
                f"with moments as (select batch_id, max(extracted_at) as moment from {place} "
                f"group by 1) select landed.* from {place} as landed join moments using (batch_id) "
                "where moments.moment = (select max(moment) from moments) and not is_deleted "
                f"qualify row_number() over (partition by {key} order by batch_id desc) = 1"
            )
        else:
            query = (
                f"select * from (select * from {place} qualify row_number() over "
                f"(partition by {key} order by coalesce(source_updated_at, extracted_at) desc, "
                "extracted_at desc) = 1) where not is_deleted"
            )
        rows = connection.execute(query).fetchall()
        names = [column[0] for column in connection.description]
    engine.dispose()
    listed = [dict(zip(names, row, strict=True)) for row in rows]
    return {row[key]: row for row in listed}
