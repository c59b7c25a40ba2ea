"""A grant's own file: only the granted columns and rows of one release, physically nothing else.

DuckDB has no rights within a file, so what the file holds is the boundary. It is built at the first
use in a release, and only when something that it depends on has changed; else the file of the
release before gets a second name. Beside it lies `<release>.people.parquet`: whose rows it holds.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from warehouse.access.grant_build import build_file, is_untouched, people_file
from warehouse.access.reader import Reader
from warehouse.errors import Forbidden, ReleaseError, UsageError
from warehouse.governance.grants import grants, state_of
from warehouse.governance.protection import protected_people, protection_hash
from warehouse.home import Home
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.models import Grant, GrantBuild

__all__ = ["grant_file", "grant_folder", "rebuild", "sweep"]

_LOCK = "build.lock"


def grant_file(
    settings: Settings,
    engine: Engine,
    reader: Reader,
    grant: Grant,
    *,
    now: datetime | None = None,
    anew: bool = False,
) -> tuple[Path, Any]:
    """(file, release) of a live grant for the current release, built where it is not there yet or
    where somebody has been protected since.

    The caller has checked that the grant is live. Raises `Forbidden` where the file is not the one
    that was built, `ReleaseError` where the release no longer has what the grant names. `anew`
    builds in any case.
    """
    now = now or datetime.now(UTC)
    with reader.open("authority") as (_cursor, release):
        path = grant_folder(settings.paths, grant.id) / f"{release.id}.duckdb"
        if not anew and _stands(engine, path, grant, release.id, now):
            return path, release
        with _turn(path.parent):
            if anew or not _stands(engine, path, grant, release.id, now):
                build_file(settings, engine, release, grant, path, now)
        return path, release


def grant_folder(home: Home, grant_id: str) -> Path:
    """Where the files of a grant lie."""
    if not grant_id.replace("-", "").isalnum():
        raise UsageError("That is not the id of a grant.")
    return home.grants / grant_id


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
            grant_file(settings, engine, reader, grant, now=now)
        except ReleaseError as error:
            problems.append(f"{grant.id}: {error.message}")
        except Forbidden:
            continue  # not the file that was built: verification shuts the grant
    sweep(settings, engine, reader, now=now)
    return problems


def sweep(
    settings: Settings, engine: Engine, reader: Reader | None = None, *, now: datetime | None = None
) -> int:
    """Remove files of grants that are not live, of former releases (where `reader` tells which
    release is current), and what a killed build left. Returns how many were removed.

    What a frozen or a shut grant has is evidence: nobody reads it, and it stays.
    """
    now = now or datetime.now(UTC)
    # Folders first: a grant is registered before it has one, so none is taken for a dead one's.
    home = settings.paths.grants
    folders = sorted(home.iterdir()) if home.is_dir() else []
    with session(engine, read_only=True) as opened:
        states = {grant.id: state_of(opened, grant, now) for grant in grants(opened)}
    keep: set[str] | None = None
    if reader is not None:
        with reader.open("authority") as (_cursor, release):
            file = Path(f"{release.id}.duckdb")
            keep = {file.name, people_file(file).name, _LOCK}
    removed = 0
    for folder in folders:
        state = states.get(folder.name)
        if state in ("frozen", "shut"):
            continue
        if state not in ("live", "not_yet"):
            removed += sum(file.suffix == ".duckdb" for file in folder.glob("*"))
            shutil.rmtree(folder, ignore_errors=True)
            continue
        for file in list(folder.iterdir()):
            if keep is not None and file.name not in keep and not _in_use(file, now):
                file.unlink(missing_ok=True)
                removed += file.suffix != ".parquet"
    return removed


def _in_use(file: Path, now: datetime) -> bool:
    """A build or a query of the last hour may still hold it under another name."""
    if file.suffix in (".duckdb", ".parquet"):
        return False
    with suppress(FileNotFoundError):
        return now.timestamp() - file.stat().st_mtime < 3600
    return False


def _stands(engine: Engine, path: Path, grant: Grant, release: str, now: datetime) -> bool:
    """Whether the file is there, as it was built, and nobody was protected since."""
    with session(engine, read_only=True) as opened:
        build = opened.get(GrantBuild, (grant.id, release))
        protected = protection_hash(protected_people(opened, now))
    # Without its row a file is what a killed build left, or somebody else's.
    if build is None or build.protected_sha256 != protected or build.people_version is None:
        return False
    if not path.is_file():
        return False
    if not is_untouched(engine, build, path):
        raise Forbidden(
            f"The file of the grant {grant.id} is not the one that was built, so it is not read.",
            next_step="The working group looks into it with: campus grant verify",
        )
    return True


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One build of a grant at a time; the kernel frees the lock of a killed one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / _LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
