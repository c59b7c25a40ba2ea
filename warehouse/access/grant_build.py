"""Builds the file of one grant from one release, or finds that an earlier one holds the same.

The pieces are written under other names and get their own when they are whole and on the disk; the
build is registered last, so that a file without a row counts for nothing.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from warehouse.access.grant_scope import relation, reserved_tables, scope_problems
from warehouse.access.granted_rows import GrantedRows, available_in
from warehouse.access.minors import asks_for_minors, minors_sql, release_day
from warehouse.access.people_sets import note_people, set_of_grant
from warehouse.access.pseudonyms import key_id, pseudonym_key
from warehouse.audit import Audit, head_file, job, of_sets
from warehouse.engine import ENGINE_VERSION, Connection, open_work, quote, quote_text
from warehouse.errors import ReleaseError
from warehouse.governance.protection import protected_people, protection_hash
from warehouse.release.durable import force_file, force_folder, sha256_of
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.models import Grant, GrantBuild

__all__ = ["build_file", "granted_rows", "is_untouched", "people_file", "people_in"]

#: Raised when the way of building changes what a file holds.
_BUILDER = 1


def build_file(
    settings: Settings, engine: Engine, release: Any, grant: Grant, path: Path, now: datetime
) -> None:
    """Write or link the file `path` and its list of people, and register the build: with it stands
    in the log that the unit got data of these people, in one transaction.

    Raises `ReleaseError` where the release no longer has what the grant names. The caller sees to
    it that a grant is built once at a time.
    """
    began = time.monotonic()
    with session(engine, read_only=True) as opened:
        protected = protected_people(opened, now)
        with_minors = asks_for_minors(opened, grant)
        builds = list(opened.scalars(select(GrantBuild).where(GrantBuild.grant_id == grant.id)))
    building = path.with_name(f"{path.stem}.{secrets.token_hex(4)}.building")
    listing = building.with_suffix(".listing")
    connection = open_work(building, memory_limit=settings.memory_limit, threads=settings.threads)
    try:
        connection.execute(
            f"attach {quote_text(release.file('authority'))} as authority (read_only)"
        )
        found = granted_rows(
            settings, connection, release, grant, protected, with_minors=with_minors
        )
        inputs = _inputs(found, connection, release, grant)
        earlier = _same(engine, builds, inputs, path)
        if earlier is None:
            rows = _write(connection, found, listing)
            connection.execute("detach authority")
            connection.close()
            digest = _settle(building, listing, path)
        else:
            connection.close()
            rows, digest = earlier.rows, earlier.file_sha256
            _link(path.with_name(f"{earlier.release}.duckdb"), path)
        people = people_in(people_file(path))
        journal = Audit(engine, head_file(settings.paths), clock=lambda: now)
        with journal.transaction() as entry:
            version = note_people(entry.session, set_of_grant(grant.id), release.id, people, now)
            entry.record(
                job("grant.build"),
                "grant.build",
                subject=set_of_grant(grant.id),
                detail={"grant": grant.id, "release": release.id, "unit": grant.unit_code},
                concern=of_sets([version]),
            )
            entry.session.merge(
                GrantBuild(
                    grant_id=grant.id,
                    release=release.id,
                    inputs_sha256=inputs,
                    protected_sha256=protection_hash(protected),
                    file_sha256=digest,
                    file_mark=_mark(path),
                    rows=dict(rows),
                    people=len(people),
                    people_version=version,
                    built_at=now,
                    seconds=round(time.monotonic() - began, 3),
                )
            )
    finally:
        with suppress(Exception):
            connection.close()
        for left in (building, listing, building.with_name(building.name + ".wal")):
            left.unlink(missing_ok=True)


def granted_rows(
    settings: Settings,
    connection: Connection,
    release: Any,
    grant: Grant,
    protected: frozenset[int],
    *,
    with_minors: bool,
) -> GrantedRows:
    """What the grant names, over the attached release, without who is protected and, unless the
    application asks for them, who is under eighteen. Raises `ReleaseError` where the release does
    not have it, or may not give it."""
    available = available_in(connection)
    problems = scope_problems(available, grant.columns, grant.rows)
    problems += reserved_tables(release.manifest, grant.columns, grant.unit_code)
    if problems:
        raise ReleaseError(
            f"The current release cannot give all that the grant {grant.id} names: "
            f"{'; '.join(problems)}.",
            next_step="Revoke it and have the unit apply anew; what there is: campus grant columns",
        )
    key = pseudonym_key(settings.paths, grant.id)
    left_out = set(protected)
    query = minors_sql(available, release_day(release), catalog="authority")
    if query is not None and not with_minors:
        left_out |= {key for key, _ in connection.execute(query).fetchall()}
    return GrantedRows(grant.columns, grant.rows, available, frozenset(left_out), key)


def people_file(file: Path) -> Path:
    """The list of people that lies beside a grant's file."""
    return file.with_suffix(".people.parquet")


def is_untouched(engine: Engine, build: GrantBuild, path: Path) -> bool:
    """Whether a file is, to the bit, the one that was built. It is hashed again only when its size
    or its time has changed; a time alone (a copy from a backup) is noted."""
    mark = _mark(path)
    if mark == build.file_mark:
        return True
    if sha256_of(path) != build.file_sha256:
        return False
    with session(engine) as opened:
        row = opened.get(GrantBuild, (build.grant_id, build.release))
        if row is not None:
            row.file_mark = mark
    return True


def _inputs(found: GrantedRows, connection: Connection, release: Any, grant: Grant) -> str:
    """Equal inputs, equal file: what was approved, the granted tables' content, who is in the
    scope, who is protected, the pseudonyms' key, and the way of building."""
    authority = release.manifest["files"]["authority"]
    tables = authority.get("tables", {})
    parts = {
        "builder": [_BUILDER, ENGINE_VERSION],
        "approved": [grant.content_sha256, grant.columns, grant.rows],
        "tables": {
            table: tables[table]["content_hash"] if table in tables else authority["sha256"]
            for table in found.columns
        },
        "scope": found.scope_mark(connection),
        "protected": protection_hash(found.protected),
        "key": key_id(found.key),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _same(engine: Engine, builds: list[GrantBuild], inputs: str, path: Path) -> GrantBuild | None:
    """A build of another release from the same inputs whose files still stand."""
    for build in builds:
        file = path.with_name(f"{build.release}.duckdb")
        if (
            build.inputs_sha256 == inputs
            and file != path
            and file.is_file()
            and people_file(file).is_file()
            and is_untouched(engine, build, file)
        ):
            return build
    return None


def people_in(listing: Path) -> list[int]:
    """The keys in a list of people, in order."""
    connection = open_work(threads=1)
    try:
        rows = connection.execute(
            f"select person_key from read_parquet({quote_text(listing)}) order by person_key"
        ).fetchall()
    finally:
        connection.close()
    return [key for (key,) in rows]


def _write(connection: Connection, found: GrantedRows, people_to: Path) -> dict[str, int]:
    found.find_people(connection)
    rows = {}
    for table in found.columns:
        connection.execute(f"create schema if not exists {quote(table.partition('.')[0])}")
        made = connection.execute(
            f"create table {relation(table)} as {found.select(table)}"
        ).fetchone()
        rows[table] = made[0] if made else 0
    connection.execute(f"copy ({found.people_keys()}) to {quote_text(people_to)} (format parquet)")
    return rows


def _settle(building: Path, listing: Path, path: Path) -> str:
    """Give a finished build its names; returns the sha256 of the file."""
    for file in (building, listing):
        file.chmod(0o400)
        force_file(file)
    digest = sha256_of(building)
    listing.replace(people_file(path))
    building.replace(path)
    force_folder(path.parent)
    return digest


def _link(earlier: Path, path: Path) -> None:
    """A second name for an unchanged build; a file that had the name is replaced."""
    for source, target in ((people_file(earlier), people_file(path)), (earlier, path)):
        beside = target.with_name(f"{target.stem}.{secrets.token_hex(4)}.linking")
        beside.hardlink_to(source)
        beside.replace(target)
        beside.unlink(missing_ok=True)  # two names of one file: a rename then does nothing
    force_folder(path.parent)


def _mark(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size}:{found.st_mtime_ns}"
