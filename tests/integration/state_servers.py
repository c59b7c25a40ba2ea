"""State databases for tests: a SQLite file in the data home, or a database of a real server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from source_servers import Server
from sqlalchemy import Engine, create_engine, text

from warehouse.settings import load_settings
from warehouse.state import open_state

#: Test modules of the gateway and of governance that run on both engines, each test once on each.
ON_BOTH = {
    "test_audit_view",
    "test_gateway_audit",
    "test_gateway_sessions",
    "test_grants",
    "test_signing",
    "test_uses",
}

_TEMPLATE = "campus_template"
_numbers = itertools.count(1)


def address(server: Server, database: str) -> str:
    return f"postgresql+psycopg://owner@127.0.0.1:{server.port}/{database}?sslmode=disable"


@contextmanager
def empty_database(server: Server, template: str | None = None) -> Iterator[str]:
    """A new database of the server, gone afterwards; its address."""
    name = f"state_{next(_numbers)}"
    copied = f" TEMPLATE {template}" if template else ""
    with _owner(server) as owner:
        owner.execute(f"CREATE DATABASE {name}{copied}")
    try:
        yield address(server, name)
    finally:
        with _owner(server) as owner:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def migrated_database(server: Server) -> Iterator[str]:
    """The same at the newest schema, copied, because migrating takes longer than most tests."""
    with _owner(server) as owner:
        known = owner.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [_TEMPLATE]
        ).fetchone()
        if not known:
            owner.execute(f"CREATE DATABASE {_TEMPLATE}")
    if not known:
        settings = load_settings("/nowhere", state_url=address(server, _TEMPLATE))
        open_state(settings).dispose()
    with empty_database(server, _TEMPLATE) as url:
        yield url


@contextmanager
def _owner(server: Server):  # type: ignore[no-untyped-def]
    connection = server.connect()
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def without_triggers(engine: Engine, *statements: str) -> None:
    """Run what somebody can do who has the database itself in hand: its triggers go first."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            wanted = "select name from sqlite_master where type = 'trigger'"
            for (name,) in connection.execute(text(wanted)).all():
                connection.execute(text(f"drop trigger {name}"))
            for statement in statements:
                connection.execute(text(statement))
    else:
        owner = create_engine(engine.url)
        with owner.begin() as connection:
            connection.execute(text("set local session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement))
        owner.dispose()
