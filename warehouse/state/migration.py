"""Brings the state database to the schema of this package, once, whoever comes first.

The environment lies inside the package (`migrations/`), so an installed copy migrates as a
checkout does. One transaction holds the whole migration: a killed one leaves nothing behind.
Alembic takes as long to import as the rest of a short command, so only who migrates imports it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from warehouse.errors import StateError

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

__all__ = ["HEAD_REVISION", "MIGRATING", "current_revision", "migrate", "script_folder"]

#: The revision this package wants. The files in `migrations/versions` begin with their revision.
HEAD_REVISION = max(
    path.name.partition("_")[0]
    for path in (Path(__file__).parent / "migrations" / "versions").glob("[0-9]*.py")
)
#: Execution option of a connection that migrates.
MIGRATING = "campus_migrating"

# Any number will do, as long as every version of this package uses the same.
_POSTGRES_LOCK = 2019_0092


def _config() -> Config:
    # `package:folder` instead of a path: a path's '%' would be read as interpolation.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "warehouse.state:migrations")
    config.set_main_option("path_separator", "os")
    return config


def script_folder() -> ScriptDirectory:
    """The package's migrations, as Alembic sees them."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())


def current_revision(connection: Connection) -> str | None:
    """The revision a database has; None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("select version_num from alembic_version"))


def migrate(engine: Engine) -> None:
    """Upgrade to the head revision; do nothing where it is there already.

    Raises `StateError` when the database was written by a newer version, or when rows of it refer
    to rows that are not there.
    """
    reading = engine.execution_options(campus_read_only=True)
    with reading.connect() as connection:
        if current_revision(connection) == HEAD_REVISION:
            return
    with engine.execution_options(**{MIGRATING: True}).begin() as connection:
        # SQLite's write lock is held from here on; PostgreSQL is asked for one by name.
        if connection.dialect.name == "postgresql":
            connection.execute(
                text("select pg_advisory_xact_lock(:number)"), {"number": _POSTGRES_LOCK}
            )
        found = current_revision(connection)
        if found == HEAD_REVISION:
            return
        from alembic import command

        _refuse_newer(found)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _refuse_broken(connection)


def _refuse_broken(connection: Connection) -> None:
    """PostgreSQL checks references at each statement; SQLite is asked here."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise StateError(
            f"The state database is damaged: rows of {tables} refer to rows that are not there.",
            next_step="Nothing was changed. Restore it from a backup.",
        )


def _refuse_newer(found: str | None) -> None:
    known = {script.revision for script in script_folder().walk_revisions()}
    if found is not None and found not in known:
        raise StateError(
            f"The state database has schema {found}, newer than this version of campus knows.",
            next_step="Install the version of campus that wrote it, or a later one.",
        )
