"""What `campus doctor` looks at: versions, data home, state database, sources, current release."""

from __future__ import annotations

import importlib.metadata
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from warehouse.audit.seals import seals_of
from warehouse.contracts import load_contracts
from warehouse.errors import CampusError
from warehouse.home import Home
from warehouse.pull import load_sources, sources_file
from warehouse.pull.drivers import INSTALL, installed_drivers
from warehouse.pull.secret import read_secret
from warehouse.release import pointer
from warehouse.release.durable import sha256_of
from warehouse.settings import Settings
from warehouse.state import open_state, schema_revision

__all__ = ["Finding", "diagnose"]

#: Versions that were tried together (docs/adr: baseline versions); others may work.
BASELINE = {
    "duckdb": "1.5",
    "dbt-core": "1.11",
    "dbt-duckdb": "1.11",
    "polars": "2.",
    "streamlit": "1.67",
    "sqlalchemy": "2.1",
}
_LEAST_FREE = 1 << 30
_SEALED_WITHIN = timedelta(days=2)


@dataclass(frozen=True)
class Finding:
    """One line: `level` is ok, warn or problem; `next_step` says what to do unless ok."""

    level: str
    subject: str
    message: str
    next_step: str = ""


def diagnose(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one after the other; a problem does not stop the rest."""
    yield from _versions()
    home = settings.paths
    try:
        home.require()
    except CampusError as error:
        yield _problem("data home", error)
        return
    yield Finding("ok", "data home", str(home.root))
    yield from _rights(home)
    yield _disk(home)
    yield _state(settings)
    yield _seals(settings)
    yield from _drivers()
    yield from _sources(home)
    yield from _release(settings)


def _problem(subject: str, error: CampusError) -> Finding:
    return Finding("problem", subject, error.message, error.next_step or "")


def _versions() -> Iterator[Finding]:
    yield Finding("ok", "python", ".".join(map(str, sys.version_info[:3])))
    for package, wanted in BASELINE.items():
        try:
            found = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            yield Finding("problem", package, "is not installed", "Run: make install")
            continue
        if found.startswith(wanted):
            yield Finding("ok", package, found)
        else:
            yield Finding(
                "warn",
                package,
                f"{found}, tried with {wanted.rstrip('.')}",
                "Install the versions of constraints.txt.",
            )


def _rights(home: Home) -> Iterator[Finding]:
    for folder in home.folders():
        if not folder.is_dir():
            yield Finding("problem", folder.name, "folder is missing", "Run: campus init")
        elif stat.S_IMODE(folder.stat().st_mode) & 0o077:
            yield Finding(
                "problem",
                folder.name,
                "others than its owner may enter this folder",
                f"Run: chmod 700 '{folder}'",
            )
    yield Finding("ok", "folders", f"{len(home.folders())} looked at")


def _disk(home: Home) -> Finding:
    free = shutil.disk_usage(home.root).free
    working = home.warehouse_file.stat().st_size if home.warehouse_file.is_file() else 0
    # A refresh writes a copy of the working file and at most as much again as released files.
    wanted = max(_LEAST_FREE, 3 * working)
    words = f"{free / (1 << 30):.1f} GiB free"
    if free < wanted:
        return Finding(
            "problem", "disk", words, f"Make room: a refresh wants {wanted / (1 << 30):.1f} GiB."
        )
    return Finding("ok", "disk", words)


def _state(settings: Settings) -> Finding:
    try:
        engine = open_state(settings)
    except CampusError as error:
        return _problem("state database", error)
    try:
        found, _wanted = schema_revision(engine)
        return Finding("ok", "state database", f"{engine.dialect.name}, schema {found}")
    finally:
        engine.dispose()


def _seals(settings: Settings) -> Finding:
    subject = "audit seals"
    if settings.audit_seal_dir is None:
        return Finding(
            "warn",
            subject,
            "no place outside the data home is configured",
            "Set audit_seal_dir (docs/operations.md, Sealing the log).",
        )
    try:
        engine = open_state(settings)
        try:
            seals = seals_of(engine, settings.paths, settings.audit_seal_dir)
        finally:
            engine.dispose()
    except CampusError as error:
        return _problem(subject, error)
    today = datetime.now(UTC).date()
    if not seals or (today - date.fromisoformat(seals[-1].date)) > _SEALED_WITHIN:
        found = f"the last is of {seals[-1].date}" if seals else "there is none yet"
        return Finding("warn", subject, found, "Run daily: campus refresh, or campus audit seal")
    return Finding("ok", subject, f"{len(seals)}, the last of {seals[-1].date}")


def _drivers() -> Iterator[Finding]:
    for package, version in installed_drivers().items():
        if version is None:
            yield Finding("warn", package, "source-database driver is not installed", INSTALL)
        else:
            yield Finding("ok", package, f"{version} (source-database driver)")


def _sources(home: Home) -> Iterator[Finding]:
    if not sources_file(home).exists():
        yield Finding("ok", "sources.toml", "no source database is declared")
        return
    try:
        sources = load_sources(home, load_contracts()).sources
    except CampusError as error:
        yield _problem("sources.toml", error)
        return
    tables = sum(len(source.tables) for source in sources)
    yield Finding("ok", "sources.toml", f"{len(sources)} source(s), {tables} table(s)")
    for source in sources:
        try:
            read_secret(source)
        except CampusError as error:
            yield _problem(f"secret of {source.id}", error)


def _release(settings: Settings) -> Iterator[Finding]:
    try:
        release = pointer.current(settings)
    except CampusError as error:
        yield _problem("release", error)
        return
    if release is None:
        yield Finding("warn", "release", "nothing has been published yet", "Run: campus refresh")
        return
    broken = False
    for audience, entry in release.manifest["files"].items():
        file = release.file(audience)
        if not file.is_file():
            what = "is missing"
        elif sha256_of(file) != entry["sha256"]:
            what = "differs from its manifest"
        elif stat.S_IMODE(file.stat().st_mode) & 0o277:
            what = "may be changed or read by others"
        else:
            continue
        broken = True
        yield Finding(
            "problem",
            f"release file {audience}",
            what,
            f"Go back with: campus rollback; or restrict it with: chmod 400 '{file}'"
            if what.startswith("may")
            else "Go back with: campus rollback; or publish anew: campus build --full, "
            "campus publish",
        )
    if not broken:
        yield Finding(
            "ok", "release", f"{release.id}, {len(release.manifest['files'])} files whole"
        )
    if pointer.read_marker(settings.paths) is not None:
        yield Finding(
            "warn", "release", "a publication was not finished", "Run again: campus refresh"
        )
