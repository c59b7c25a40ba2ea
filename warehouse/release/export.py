"""Copies what one audience may read into a file of its own, sorted for how it is read.

What is equal to the release before is not written again: a file, a table or a month of one
(`renewal`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from warehouse.engine import (
    ENGINE_VERSION,
    Connection,
    EngineError,
    describe_error,
    open_work,
    quote,
    quote_text,
)
from warehouse.errors import ReleaseError
from warehouse.months import in_months
from warehouse.release.audience import Audience
from warehouse.release.contents import CONTENTS, SORTED, PublishedTable, published_tables
from warehouse.release.crash import checkpoint
from warehouse.release.durable import clone
from warehouse.release.fingerprint import EXPORT_FORMAT
from warehouse.release.pointer import Release
from warehouse.release.renewal import Renewal, renewals, worth_copying
from warehouse.release.stamping import stamped_select

__all__ = ["export_audience"]

_BEFORE = "release_before"


def export_audience(
    *,
    working_file: Path,
    target: Path,
    audience: Audience,
    sorts: SORTED,
    release_id: str,
    before: Release | None,
    earlier: Path | None,
    memory_limit: str,
    threads: int,
    known: CONTENTS | None = None,
    days: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Write one audience's file and return its entry of the manifest, but for hash and size.

    `earlier` is the file of the release before (`before`) if it is there and whole. `known` is what
    the audit found of the same working file: the largest tables take as long to hash as to write.
    Where content and layout equal those of the release before, the old file is linked; where enough
    of it is the same, it is copied and only the rest is written (`renewal`). The file is closed and
    read-only on return; it may not be on the disk yet.
    """
    spill = target.parent / f".spill-{audience.name}"
    connection = open_work(memory_limit=memory_limit, threads=threads, temp_directory=spill)
    try:
        connection.execute(f"attach {quote_text(working_file)} as warehouse (read_only)")
        tables = published_tables(connection, audience, sorts, known, days=days)
        entry: dict[str, Any] = {
            "path": target.name,
            "layout": _layout(audience),
            "tables": {table.label: _entry_of(table) for table in tables},
        }
        held = _held(before, earlier, target, entry)
        renewed = renewals(entry["tables"], held)
        if not _link_unchanged(renewed, held, target, earlier):
            if before is not None and earlier is not None and audience.stamped:
                connection.execute(f"attach {quote_text(earlier)} as {_BEFORE} (read_only)")
                stamps = (release_id, (_BEFORE, before.id))
            else:
                stamps = (release_id, None)
            copied = earlier is not None and held and worth_copying(renewed, entry["tables"])
            if copied and earlier is not None:
                clone(earlier, target)
            else:
                renewed = renewals(entry["tables"], {})
            connection.execute(f"attach {quote_text(target)} as released")
            _make_room(connection, audience, renewed, held if copied else {})
            _write(connection, tables, renewed, stamps, progress)
            connection.execute("checkpoint released")
            connection.execute("detach released")
        for label, renewal in renewed.items():
            if renewal.tail:
                entry["tables"][label]["tail"] = list(renewal.tail)
    except EngineError as error:
        raise ReleaseError(
            f"The file for {audience.name} could not be written: {describe_error(error)}",
            next_step="Check free disk space with: campus doctor; then run the command again.",
        ) from None
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)
    if target.with_name(target.name + ".wal").exists():
        raise ReleaseError(f"The file for {audience.name} was not closed cleanly.")
    target.chmod(0o400)
    return entry


def _make_room(
    connection: Connection,
    audience: Audience,
    renewed: Mapping[str, Renewal],
    held: Mapping[str, Any],
) -> None:
    """Schemas for what is to be written; out of a copy goes what does not stay, so that its blocks
    can be used again."""
    for schema in sorted(set(audience.schemas.values()) - {"main"}):
        connection.execute(f"create schema if not exists released.{quote(schema)}")
    for label in held:
        if label not in renewed or renewed[label].whole:
            connection.execute(f"drop table {_released(label)}")
    if held:
        connection.execute("checkpoint released")


def _write(
    connection: Connection,
    tables: Sequence[PublishedTable],
    renewed: Mapping[str, Renewal],
    stamps: tuple[str, tuple[str, str] | None],
    progress: Callable[[str], None] | None,
) -> None:
    for table in tables:
        checkpoint("publish:exporting")
        renewal, target = renewed[table.label], _released(table.label)
        order = ", ".join(f"{quote(column)} nulls first" for column in table.sort)
        ordered = f"order by {order}" if order else ""
        selected = f"from warehouse.{quote(table.schema)}.{quote(table.name)}"
        if renewal.months:
            assert table.day is not None
            within = f"where {in_months(table.day, renewal.months)}"
            connection.execute(f"delete from {target} {within}")
            connection.execute(f"insert into {target} {selected} {within} {ordered}")
        elif renewal.whole:
            if table.stamped:
                stamped = stamped_select(
                    connection,
                    relation=selected.removeprefix("from "),
                    table=table.name,
                    columns=[name for name, _ in table.columns],
                    key=table.sort,
                    release_id=stamps[0],
                    before=stamps[1],
                )
                selected = f"from ({stamped})"
            connection.execute(f"create table {target} as {selected} {ordered}")
        written = connection.execute(f"select count(*) from {target}").fetchone()
        if written != (table.rows,):
            raise ReleaseError(f"The table {table.label} lost rows on its way out.")
        if progress:
            progress(f"{table.label}")


def _released(label: str) -> str:
    """The table of that label in the file that is written."""
    schema, _, name = label.rpartition(".")
    return f"released.{quote(schema or 'main')}.{quote(name)}"


def _entry_of(table: PublishedTable) -> dict[str, Any]:
    """What the manifest says of a table. Whoever compares contents looks at `content_hash` alone;
    the rest says how the file may be renewed."""
    shape = json.dumps([list(column) for column in table.columns], ensure_ascii=False)
    entry: dict[str, Any] = {
        "rows": table.rows,
        "content_hash": table.content_hash,
        "shape": hashlib.sha256(shape.encode()).hexdigest()[:16],
        "sort": list(table.sort),
    }
    if table.months:
        entry["months"] = dict(table.months)
    return entry


def _layout(audience: Audience) -> str:
    text = json.dumps([EXPORT_FORMAT, ENGINE_VERSION, sorted(set(audience.schemas.values()))])
    return hashlib.sha256(text.encode()).hexdigest()


def _held(
    before: Release | None, earlier: Path | None, target: Path, entry: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The tables of the file before, if it can be handed on."""
    if before is None or earlier is None:
        return {}
    held = before.manifest["files"][target.stem]
    return held["tables"] if held.get("layout") == entry["layout"] else {}


def _link_unchanged(
    renewed: Mapping[str, Renewal], held: Mapping[str, Any], target: Path, earlier: Path | None
) -> bool:
    """Link the file of the release before if it holds the same."""
    if earlier is None or renewed.keys() != held.keys():
        return False
    if any(renewal.whole or renewal.months for renewal in renewed.values()):
        return False
    try:
        target.hardlink_to(earlier)
    except OSError:
        return False
    return True
