"""Opens the state database (SQLite in the data home, or PostgreSQL) at this package's schema.

On SQLite every connection waits ten seconds for a lock, keeps foreign keys, writes through to
the disk before it says *committed*, and a transaction that may write takes the write lock at its
start (`BEGIN IMMEDIATE`): two writers then wait for each other instead of failing half-way.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    Engine,
    Select,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from warehouse.errors import StateError
from warehouse.settings import Settings
from warehouse.state.migration import HEAD_REVISION, MIGRATING, current_revision, migrate

__all__ = ["looked_up", "open_state", "schema_revision", "session"]

BUSY_MILLISECONDS = 10_000
_READ_ONLY = "campus_read_only"


def open_state(settings: Settings) -> Engine:
    """An engine on the state database, migrated to this package's schema.

    Creates the SQLite file (mode 0600) where there is none. Raises `StateError` when the
    database cannot be reached or was written by a newer version of this package.
    """
    url = _address(settings)
    server: dict[str, Any] = {}
    if url.get_backend_name() != "sqlite":
        # Whatever the server's default is: who has waited for a lock must see what was committed
        # meanwhile.
        server = {"pool_pre_ping": True, "isolation_level": "READ COMMITTED"}
    try:
        engine = create_engine(url, **server)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StateError(
            f"The state database cannot be opened: {type(error).__name__}.",
            next_step="Mend state_url (CAMPUS_STATE_URL), or install the driver with the extra "
            "'postgresql' of this package: pip install -c constraints.txt '.[postgresql]'",
        ) from None
    if url.get_backend_name() == "sqlite":
        _prepare_sqlite(engine, url)
    try:
        migrate(engine)
    except (OperationalError, sqlite3.OperationalError) as error:
        engine.dispose()
        raise StateError(
            f"The state database does not answer ({_shown(url)}): {_first_line(error)}",
            next_step="Check that it runs, that its folder may be written and the disk has room.",
        ) from None
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def session(engine: Engine, *, read_only: bool = False) -> Iterator[Session]:
    """A session that commits when the block ends well and rolls back when it does not.

    Objects stay readable after the block. `read_only` takes no write lock, so that it never
    waits for a writer; it sees one state of the database throughout, and a change inside it fails.
    """
    bind = _reading(engine) if read_only else engine
    with Session(bind, expire_on_commit=False) as opened, opened.begin():
        yield opened


def looked_up(opened: Session, statement: Select[Any], **values: Any) -> CursorResult[Any]:
    """Rows of a statement over tables, in a session's transaction and with what it has not written
    yet. For what is asked before every answer: objects of a session take longer than the rows."""
    opened.flush()
    return opened.connection().execute(statement, values)


def schema_revision(engine: Engine) -> tuple[str | None, str]:
    """Revision the database has, and the one this package wants."""
    with _reading(engine).connect() as connection:
        return current_revision(connection), HEAD_REVISION


def _reading(engine: Engine) -> Engine:
    options: dict[str, Any] = {_READ_ONLY: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return engine.execution_options(**options)


def _address(settings: Settings) -> URL:
    if settings.state_url is None:
        # Not parsed from text: a data home's path may hold '?' or '%'.
        return URL.create("sqlite", database=str(settings.paths.state_file))
    try:
        return make_url(settings.state_url)
    except ArgumentError:
        raise StateError(
            "state_url is not a database address.",
            next_step="Use for example postgresql+psycopg://campus@localhost/campus.",
        ) from None


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__


def _prepare_sqlite(engine: Engine, url: URL) -> None:
    in_file = url.database not in (None, "", ":memory:")
    if in_file:
        path = Path(str(url.database))
        if not path.parent.is_dir():
            raise StateError(
                f"The folder of the state database is missing: {path.parent}.",
                next_step="Make the data home with: campus init",
            )
        try:
            # SQLite gives its journal files the mode of the database.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StateError(
                f"The state database {path} cannot be opened: {error.strerror}.",
                next_step="Give the user that runs this command the right to write it.",
            ) from None

    @event.listens_for(engine, "connect")
    def configure(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # `begin` below says how a transaction starts
        raw.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA recursive_triggers = ON")
        if in_file:
            _write_ahead(raw)
        raw.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        reading = options.get(_READ_ONLY, False)
        # A migration makes tables anew, and the old one cannot be dropped while others refer to
        # it; `migrate` checks the references before it commits.
        loose = options.get(MIGRATING, False)
        connection.exec_driver_sql(f"PRAGMA foreign_keys = {'OFF' if loose else 'ON'}")
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _write_ahead(raw: Any) -> None:
    """Switch the file to write-ahead logging, once.

    SQLite does not wait for the busy timeout here when another process opens the file at the
    same moment, so this does.
    """
    for attempt in range(100):
        try:
            if raw.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal":
                return
        except sqlite3.OperationalError:
            if attempt == 99:
                raise
        time.sleep(0.1)
