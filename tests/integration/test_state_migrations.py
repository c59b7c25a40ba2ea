"""Migrations on real servers of both kinds: from empty, and from every earlier schema with data."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
import state_rows
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from warehouse.errors import StateError
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state, schema_revision, session
from warehouse.state.migration import HEAD_REVISION, script_folder
from warehouse.state.models import Base

#: Columns whose content a later migration has put into others, and tests of its own look for there.
CARRIED_ELSEWHERE = {"grant": {"row_filter", "revoked_at", "revoked_reason"}}

REVISIONS = sorted(script.revision for script in script_folder().walk_revisions())


@pytest.fixture
def settings(tmp_path: Path, state_url: str | None) -> Settings:
    made = load_settings(tmp_path / "数据 home", state_url=state_url)
    made.paths.create()
    return made


def at_revision(settings: Settings, revision: str) -> Engine:
    """The state database as an older version of the package left it."""
    engine = create_engine(settings.database_url)
    config = Config()
    config.set_main_option("script_location", "warehouse.state:migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


def test_migrated_schema_is_exactly_that_of_the_models(settings: Settings):
    engine = open_state(settings)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_rows_of_an_earlier_schema_survive_the_way_to_the_newest(settings: Settings, revision: str):
    older = at_revision(settings, revision)
    with older.begin() as connection:
        before = state_rows.fill(connection)
    older.dispose()
    assert all(len(rows) == 3 for rows in before.values()) and len(before) >= 8
    engine = open_state(settings)
    assert schema_revision(engine) == (HEAD_REVISION, HEAD_REVISION)
    with session(engine, read_only=True) as opened:
        after = state_rows.read_all(opened.connection())
    assert set(before) <= set(after)
    for table, rows in before.items():
        stayed = [name for name in rows[0] if name in after[table][0]]
        assert set(rows[0]) - set(stayed) <= CARRIED_ELSEWHERE.get(table, set()), table
        for was, now in zip(rows, after[table], strict=True):
            assert {name: now[name] for name in stayed} == {name: was[name] for name in stayed}
    _assert_closed(engine)
    with engine.begin() as connection:
        added = state_rows.fill(connection, (4, 5, 6))
    assert all(len(rows) == 6 for name, rows in added.items() if name in before), added.keys()
    engine.dispose()


def test_every_table_of_the_newest_schema_takes_rows(settings: Settings):
    engine = open_state(settings)
    with engine.begin() as connection:
        rows = state_rows.fill(connection)
    assert set(rows) == set(Base.metadata.tables)
    assert all(len(found) == 3 for found in rows.values())
    _assert_closed(engine)
    engine.dispose()


def _assert_closed(engine: Engine) -> None:
    """What is append-only refuses change and removal, and keeps its rows."""
    for table in ("audit", "census_figure", "census_release", "figure_correction"):
        column = inspect(engine).get_columns(table)[0]["name"]
        with engine.connect() as connection:
            if not connection.scalar(text(f"SELECT count(*) FROM {table}")):
                continue  # no trigger for each row is asked where there is none
        statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
        if engine.dialect.name == "postgresql":
            statements.append(f"TRUNCATE {table} CASCADE")
        else:
            statements.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        for statement in statements:
            with (
                pytest.raises(DatabaseError, match="append-only"),
                engine.begin() as connection,
            ):
                connection.execute(text(statement))


def _open(home: Path, url: str | None, go: object, sink: object) -> None:
    go.wait()  # type: ignore[attr-defined]
    engine = open_state(load_settings(home, state_url=url))
    sink.put(schema_revision(engine))  # type: ignore[attr-defined]
    engine.dispose()


def test_processes_that_migrate_at_once_all_find_it_migrated(settings: Settings):
    spawn = multiprocessing.get_context("spawn")
    go, sink = spawn.Event(), spawn.Queue()
    arguments = (settings.paths.root, settings.state_url, go, sink)
    workers = [spawn.Process(target=_open, args=arguments) for _ in range(3)]
    for worker in workers:
        worker.start()
    go.set()
    found = [sink.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert found == [(HEAD_REVISION, HEAD_REVISION)] * 3


def test_interrupted_migration_leaves_the_schema_before_it(settings: Settings, monkeypatch):
    """One transaction holds all steps, on both engines."""
    from alembic.runtime.environment import EnvironmentContext

    at_revision(settings, REVISIONS[0]).dispose()
    ran = EnvironmentContext.run_migrations

    def and_die(self: EnvironmentContext, **more: object) -> None:
        ran(self, **more)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(EnvironmentContext, "run_migrations", and_die)
        with pytest.raises(KeyboardInterrupt):
            open_state(settings)
    plain = create_engine(settings.database_url)
    assert "pull_mark" not in inspect(plain).get_table_names()
    plain.dispose()
    engine = open_state(settings)
    assert schema_revision(engine)[0] == HEAD_REVISION
    engine.dispose()


def test_newer_schema_is_refused_with_the_way_out(settings: Settings):
    engine = open_state(settings)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StateError, match=r"9999.*newer") as caught:
        open_state(settings)
    assert "Install" in str(caught.value.next_step)
    plain = create_engine(settings.database_url)
    with plain.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    plain.dispose()


def test_reading_session_refuses_a_change(settings: Settings):
    engine = open_state(settings)
    with pytest.raises(DatabaseError), session(engine, read_only=True) as opened:
        opened.execute(text("UPDATE alembic_version SET version_num = '0'"))
    assert schema_revision(engine)[0] == HEAD_REVISION
    engine.dispose()
