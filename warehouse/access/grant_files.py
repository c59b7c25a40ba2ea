"""A grant's own file: only the granted columns and rows of one release, physically nothing else.

DuckDB has no rights within a file, so what the file holds is the boundary. A grant's columns and
row filter are checked against the authority file when it is made and again at every build.
"""

from __future__ import annotations

import difflib
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from warehouse.access.reader import Reader
from warehouse.engine import open_work, quote, quote_text
from warehouse.errors import ReleaseError, UsageError
from warehouse.governance.grants import grants, state_of
from warehouse.home import Home
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.models import Grant

__all__ = ["authority_columns", "check_scope", "grant_file", "rebuild", "row_counts", "sweep"]

Scope = Mapping[str, Sequence[str]]

PERSON_KEY = "person_key"
KEY_FILE = "pseudonym.key"


def authority_columns(reader: Reader) -> dict[str, dict[str, str]]:
    """'dataset.table' → column → type, of everything the current release can grant."""
    with reader.open("authority") as (cursor, _release):
        rows = cursor.execute(
            "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
            "where not internal order by schema_name, table_name, column_index"
        ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def scope_problems(
    available: Mapping[str, Mapping[str, str]], columns: Scope, row_filter: Scope
) -> list[str]:
    """Every reason why this scope cannot be granted; pure. Empty when it can."""
    problems = []
    for table, names in columns.items():
        if table not in available:
            near = difflib.get_close_matches(table, available, 1)
            problems.append(
                f"there is no table {table}"
                + (f" (did you mean {near[0]}?)" if near else "")
                + f"; tables: {', '.join(sorted(available)) or 'none'}"
            )
            continue
        has = available[table]
        if unknown := [name for name in names if name not in has]:
            problems.append(
                f"{table} has no column {', '.join(unknown)}; its columns: {', '.join(has)}"
            )
        if len(set(names)) != len(names):
            problems.append(f"{table} names a column twice")
        problems += [
            f"{table} has no column {column}, so its rows cannot be limited by it"
            for column in row_filter
            if column not in has
        ]
    problems += [f"{column} is limited to no value" for column, v in row_filter.items() if not v]
    return problems


def reserved_tables(manifest: Mapping[str, Any], columns: Scope, unit: str) -> list[str]:
    """One line per table of the scope that only its owner unit may be granted; pure."""
    only_for = manifest.get("only_for", {})
    return [
        f"{table} is for its owner unit alone, {only_for[table]}"
        for table in columns
        if only_for.get(table, unit) != unit
    ]


def check_scope(reader: Reader, columns: Scope, rows: Mapping[str, Scope], *, unit: str) -> None:
    """Raise `UsageError` that names every fault of the scope and what there is instead."""
    problems = scope_problems(authority_columns(reader), columns, rows["columns"])
    with reader.open("authority") as (_cursor, release):
        problems += reserved_tables(release.manifest, columns, unit)
    if problems:
        raise UsageError("This cannot be granted: " + "; ".join(problems) + ".")


def grant_file(settings: Settings, reader: Reader, grant: Grant) -> tuple[Path, Any]:
    """(file, release) of a live grant for the current release, built where it is not there yet.

    The caller has checked that the grant is live.
    """
    with reader.open("authority") as (_cursor, release):
        path = _folder(settings.paths, grant.id) / f"{release.id}.duckdb"
        if not path.is_file():
            _build(settings, release, grant, path)
        return path, release


def row_counts(path: Path) -> dict[str, int]:
    """'dataset.table' → rows of a grant's file."""
    connection = open_work(path, read_only=True, threads=1)
    try:
        return dict(
            connection.execute(
                "select schema_name || '.' || table_name, estimated_size from duckdb_tables()"
            ).fetchall()
        )
    finally:
        connection.close()


def rebuild(
    settings: Settings, engine: Engine, reader: Reader, *, now: datetime | None = None
) -> list[str]:
    """After a publication: build the file of every live grant, remove those of dead grants and
    of former releases. Returns one line per grant that could not be built."""
    now = now or datetime.now(UTC)
    with session(engine, read_only=True) as opened:
        live = [grant for grant in grants(opened) if state_of(opened, grant, now) == "live"]
    problems = []
    for grant in live:
        try:
            grant_file(settings, reader, grant)
        except ReleaseError as error:
            problems.append(f"{grant.id}: {error.message}")
    sweep(settings, engine, reader, now=now)
    return problems


def sweep(
    settings: Settings, engine: Engine, reader: Reader | None = None, *, now: datetime | None = None
) -> int:
    """Remove files of grants that are not live, of former releases (where `reader` tells which
    release is current), and what a killed build left. Returns how many were removed."""
    now = now or datetime.now(UTC)
    # Folders first: a grant is registered before it has one, so none is taken for a dead one's.
    home = settings.paths.grants
    folders = sorted(home.iterdir()) if home.is_dir() else []
    with session(engine, read_only=True) as opened:
        kept = {"live", "not_yet"}
        live = {grant.id for grant in grants(opened) if state_of(opened, grant, now) in kept}
    keep = None
    if reader is not None:
        with reader.open("authority") as (_cursor, release):
            keep = f"{release.id}.duckdb"
    removed = 0
    for folder in folders:
        if folder.name not in live:
            removed += sum(file.suffix == ".duckdb" for file in folder.glob("*"))
            shutil.rmtree(folder, ignore_errors=True)
            continue
        for file in list(folder.iterdir()):
            if keep is not None and file.name not in (keep, KEY_FILE) and not _in_use(file, now):
                file.unlink(missing_ok=True)
                removed += 1
    return removed


def _in_use(file: Path, now: datetime) -> bool:
    """A build or a query of the last hour may still hold it under another name."""
    if file.suffix == ".duckdb":
        return False
    with suppress(FileNotFoundError):
        return now.timestamp() - file.stat().st_mtime < 3600
    return False


def _folder(home: Home, grant_id: str) -> Path:
    if not grant_id.replace("-", "").isalnum():
        raise UsageError("That is not the id of a grant.")
    return home.grants / grant_id


def _build(settings: Settings, release: Any, grant: Grant, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    building = path.with_name(f"{path.stem}.{secrets.token_hex(4)}.building")
    connection = open_work(building, memory_limit=settings.memory_limit, threads=settings.threads)
    try:
        connection.execute(
            f"attach {quote_text(release.file('authority'))} as authority (read_only)"
        )
        _refuse_missing(connection, grant)
        if problems := reserved_tables(release.manifest, grant.columns, grant.unit_code):
            raise ReleaseError(
                f"The grant {grant.id} names what it may not hold: {'; '.join(problems)}.",
                next_step="Revoke it and make a new one without.",
            )
        key = _pseudonym_key(path.parent)
        for table, names in grant.columns.items():
            schema, _, name = table.partition(".")
            connection.execute(f"create schema if not exists {quote(schema)}")
            target = f"{quote(schema)}.{quote(name)}"
            connection.execute(
                f"create table {target} as select {_granted(names, key)} "
                f"from authority.{target} where {_row_condition(grant.rows['columns'])}"
            )
        connection.execute("detach authority")
        connection.close()
        building.chmod(0o400)
        _sync(building)
        building.rename(path)
    except BaseException:
        with suppress(Exception):
            connection.close()
        building.unlink(missing_ok=True)
        building.with_name(building.name + ".wal").unlink(missing_ok=True)
        raise


def _refuse_missing(connection: Any, grant: Grant) -> None:
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = 'authority'"
    ).fetchall()
    available: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        available.setdefault(table, {})[column] = kind
    if scope_problems(available, grant.columns, grant.rows["columns"]):
        raise ReleaseError(
            f"The current release no longer has all that the grant {grant.id} names.",
            next_step="Revoke it and make a new one; what there is: campus grant columns",
        )


def _granted(names: Sequence[str], key: str) -> str:
    """The select list. `person_key` is the same number in every table of the college, so a grant
    gets a pseudonym in its place: one number a person within the grant, another in the next."""
    return ", ".join(
        f"cast('0x' || substr(sha256({quote_text(key)} || cast(person_key as varchar)), 1, 15) "
        "as bigint) as person_key"
        if name == PERSON_KEY
        else quote(name)
        for name in names
    )


def _pseudonym_key(folder: Path) -> str:
    """The grant's own secret, made once, gone with the grant."""
    path = folder / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key := secrets.token_hex(32))
    return key


def _row_condition(row_filter: Scope) -> str:
    return (
        " and ".join(
            f"cast({quote(column)} as varchar) in ({', '.join(map(quote_text, values))})"
            for column, values in row_filter.items()
        )
        or "true"
    )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
