"""Brings the state database to the schema of this package, once, whoever comes first.

The environment lies inside the package (`migrations/`), so an installed copy migrates as a
checkout does. One transaction holds the whole migration: a killed one leaves nothing behind.
"""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from warehouse.errors import StateError

__all__ = ["current_revision", "head_revision", "migrate"]

# Any number will do, as long as every version of this package uses the same.
_POSTGRES_LOCK = 2019_0092


def _config() -> Config:
    # `package:folder` instead of a path: a path's '%' would be read as interpolation.
    config = Config()
    config.set_main_option("script_location", "warehouse.state:migrations")
    config.set_main_option("path_separator", "os")
    return config


@cache
def head_revision() -> str:
    """The revision this package wants."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise StateError(
            "The package holds no migrations.", next_step="Install it again: it is incomplete."
        )
    return head


def current_revision(connection: Connection) -> str | None:
    """The revision a database has; None where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine) -> None:
    """Upgrade to the head revision; do nothing where it is there already.

    Raises `StateError` when the database was written by a newer version.
    """
    reading = engine.execution_options(campus_read_only=True)
    with reading.connect() as connection:
        if current_revision(connection) == head_revision():
            return
    with engine.begin() as connection:
        # SQLite's write lock is held from here on; PostgreSQL is asked for one by name.
        if connection.dialect.name == "postgresql":
            connection.execute(
                text("select pg_advisory_xact_lock(:number)"), {"number": _POSTGRES_LOCK}
            )
        found = current_revision(connection)
        if found == head_revision():
            return
        _refuse_newer(found)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _refuse_newer(found: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise StateError(
            f"The state database has schema {found}, newer than this version of campus knows.",
            next_step="Install the version of campus that wrote it, or a later one.",
        )
