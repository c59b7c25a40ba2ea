"""Copies what one audience may read into a file of its own, sorted for how it is read.

A table's content hash is a sum over its rows, so it does not depend on their order: two builds
with equal content have equal hashes, which is how an unchanged file is recognised. It is made of
DuckDB's own row hash and therefore compares builds of one DuckDB version only (the fingerprint
and the file's layout hold that version).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from warehouse.marks import Sums, content_hash, content_of
from warehouse.release.audience import Audience
from warehouse.release.crash import checkpoint
from warehouse.release.durable import force_file, sha256_of
from warehouse.release.fingerprint import EXPORT_FORMAT
from warehouse.release.pointer import Release
from warehouse.release.stamping import STAMP, stamped_select

__all__ = ["PublishedTable", "export_audience", "published_tables", "table_contents"]

_BEFORE = "release_before"
SORTED = Mapping[str, Sequence[str]]
#: 'schema.table' → (rows, content hash) of a working file that was read before.
CONTENTS = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class PublishedTable:
    """One table on its way out: `warehouse.<schema>.<name>` becomes `<target>.<name>`.

    `content_hash` covers columns, types and every row, not the rows' order, and of a `stamped`
    table not the column `release`, which follows from the release before.
    """

    schema: str
    target: str
    name: str
    columns: tuple[tuple[str, str], ...]
    sort: tuple[str, ...]
    rows: int
    content_hash: str
    stamped: bool = False

    @property
    def label(self) -> str:
        return self.name if self.target == "main" else f"{self.target}.{self.name}"


def published_tables(
    connection: Connection,
    audience: Audience,
    sorts: SORTED,
    known: CONTENTS | None = None,
    counted: Mapping[str, Sums] | None = None,
) -> list[PublishedTable]:
    """The tables of one audience in the attached working file (catalog `warehouse`).

    `sorts` maps 'schema.table' to the columns it is sorted by; a table about people that says
    nothing is sorted by person_key. Tables in `known` are not read again, nor those that were
    `counted` as they were made ('schema.table' → their sums, of all columns).
    """
    known, counted = known or {}, counted or {}
    wanted = ", ".join(quote_text(schema) for schema in audience.schemas)
    listed = connection.execute(
        f"""
        select table_schema, table_name, list(column_name order by ordinal_position),
               list(data_type order by ordinal_position)
        from information_schema.columns
        where table_catalog = 'warehouse' and table_schema in ({wanted})
        group by all order by all
        """
    ).fetchall()
    tables = []
    for schema, name, columns, types in listed:
        shape = tuple(zip(columns, types, strict=True))
        default = ("person_key",) if "person_key" in columns else ()
        stamped = name in audience.stamped and STAMP in columns
        label = f"{schema}.{name}"
        if label in known:
            rows, hashed = known[label]
        elif label in counted and not stamped:
            rows, hashed = counted[label].rows, content_hash(shape, counted[label])
        else:
            rows, hashed = table_contents(
                connection, schema, name, shape, leave_out=(STAMP,) if stamped else ()
            )
        tables.append(
            PublishedTable(
                schema=schema,
                target=audience.schemas[schema],
                name=name,
                columns=shape,
                sort=tuple(sorts.get(label) or default),
                rows=rows,
                content_hash=hashed,
                stamped=stamped,
            )
        )
    return tables


def table_contents(
    connection: Connection,
    schema: str,
    name: str,
    columns: Sequence[tuple[str, str]],
    *,
    leave_out: Sequence[str] = (),
) -> tuple[int, str]:
    """Row count and content hash of one table of the attached working file."""
    sums = content_of(connection, f"warehouse.{quote(schema)}.{quote(name)}", leave_out)
    return sums.rows, content_hash(columns, sums)


def export_audience(
    *,
    working_file: Path,
    target: Path,
    audience: Audience,
    sorts: SORTED,
    release_id: str,
    before: Release | None,
    memory_limit: str,
    threads: int,
    known: CONTENTS | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Write one audience's file and return its entry of the manifest.

    `known` is what the audit found of the same working file: the largest tables take as long to
    hash as to write. Where content and layout equal those of the release before (`before`), the
    old file is linked instead of written. The file is on the disk and read-only on return.
    """
    earlier = _whole_file(before, audience.name)
    spill = target.parent / f".spill-{audience.name}"
    connection = open_work(memory_limit=memory_limit, threads=threads, temp_directory=spill)
    try:
        connection.execute(f"attach {quote_text(working_file)} as warehouse (read_only)")
        tables = published_tables(connection, audience, sorts, known)
        entry: dict[str, Any] = {
            "path": target.name,
            "layout": _layout(audience, tables),
            "tables": {
                table.label: {"rows": table.rows, "content_hash": table.content_hash}
                for table in tables
            },
        }
        if not _link_unchanged(entry, target, before, earlier):
            connection.execute(f"attach {quote_text(target)} as released")
            if before is not None and earlier is not None and audience.stamped:
                connection.execute(f"attach {quote_text(earlier)} as {_BEFORE} (read_only)")
                stamps = (release_id, (_BEFORE, before.id))
            else:
                stamps = (release_id, None)
            _write(connection, audience, tables, stamps, progress)
            connection.execute("checkpoint released")
            connection.execute("detach released")
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
    force_file(target)
    return entry | {"sha256": sha256_of(target), "bytes": target.stat().st_size}


def _write(
    connection: Connection,
    audience: Audience,
    tables: Sequence[PublishedTable],
    stamps: tuple[str, tuple[str, str] | None],
    progress: Callable[[str], None] | None,
) -> None:
    for schema in sorted(set(audience.schemas.values()) - {"main"}):
        connection.execute(f"create schema released.{quote(schema)}")
    for table in tables:
        checkpoint("publish:exporting")
        order = ", ".join(f"{quote(column)} nulls first" for column in table.sort)
        selected = f"from warehouse.{quote(table.schema)}.{quote(table.name)}"
        if table.stamped:
            selected = stamped_select(
                connection,
                relation=selected.removeprefix("from "),
                table=table.name,
                columns=[name for name, _ in table.columns],
                key=table.sort,
                release_id=stamps[0],
                before=stamps[1],
            )
            selected = f"from ({selected})"
        connection.execute(
            f"create table released.{quote(table.target)}.{quote(table.name)} as {selected} "
            + (f"order by {order}" if order else "")
        )
        written = connection.execute(
            f"select count(*) from released.{quote(table.target)}.{quote(table.name)}"
        ).fetchone()
        if written != (table.rows,):
            raise ReleaseError(f"The table {table.label} lost rows on its way out.")
        if progress:
            progress(f"{audience.name}: {table.label}")


def _layout(audience: Audience, tables: Sequence[PublishedTable]) -> str:
    text = json.dumps(
        [
            EXPORT_FORMAT,
            ENGINE_VERSION,
            sorted(set(audience.schemas.values())),
            [[table.label, table.columns, table.sort] for table in tables],
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _whole_file(before: Release | None, audience: str) -> Path | None:
    """The file of the release before, if its bytes are what the manifest says: a damaged file is
    neither handed on nor read."""
    entry = before.manifest["files"].get(audience) if before is not None else None
    if before is None or entry is None:
        return None
    file = before.file(audience)
    return file if file.is_file() and sha256_of(file) == entry["sha256"] else None


def _link_unchanged(
    entry: Mapping[str, Any], target: Path, before: Release | None, earlier: Path | None
) -> bool:
    """Link the file of the release before if it holds the same."""
    if before is None or earlier is None:
        return False
    held = before.manifest["files"][target.stem]
    if any(entry[key] != held.get(key) for key in ("layout", "tables")):
        return False
    try:
        target.hardlink_to(earlier)
    except OSError:
        return False
    return True
