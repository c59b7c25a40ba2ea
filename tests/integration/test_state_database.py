"""SQLite as state database: durability settings, append-only audit, concurrent writers."""

import multiprocessing
import stat
import sys
import time
from datetime import UTC, datetime

import pytest
from alembic import command
from source_servers import free_port
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from warehouse.errors import StateError
from warehouse.settings import load_settings
from warehouse.state import open_state, schema_revision, session
from warehouse.state.migration import HEAD_REVISION, _config, script_folder
from warehouse.state.models import AuditEntry, Delivery


@pytest.fixture
def settings(tmp_path):
    made = load_settings(tmp_path / "数据 50%?a=b & c")
    made.paths.create()
    return made


@pytest.fixture
def engine(settings):
    opened = open_state(settings)
    yield opened
    opened.dispose()


def delivery(number: int) -> Delivery:
    return Delivery(
        at=datetime(2026, 1, 1, tzinfo=UTC),
        path=f"inbox/x/y/{number}.csv",
        source="x",
        table_name="y",
        result="accepted",
        reasons={},
    )


def entry(seq: int, digest: str) -> AuditEntry:
    return AuditEntry(
        seq=seq,
        at="2026-01-01T00:00:00Z",
        actor="anonymous",
        action="test",
        phase="event",
        previous_hash="0" * 64,
        hash=digest * 64,
    )


def test_opening_again_keeps_the_data_and_the_revision(engine, settings):
    with session(engine) as opened:
        opened.add(delivery(1))
    again = open_state(settings)
    with session(again, read_only=True) as opened:
        assert opened.query(Delivery).count() == 1
    database, package = schema_revision(again)
    assert database == package is not None
    again.dispose()


def test_the_last_migration_is_the_one_alembic_goes_to():
    assert script_folder().get_current_head() == HEAD_REVISION


def test_file_lies_where_the_home_says_and_only_its_owner_reads_it(engine, settings):
    assert stat.S_IMODE(settings.paths.state_file.stat().st_mode) == 0o600
    with session(engine) as opened:
        opened.add(delivery(1))
    for beside in settings.paths.root.glob("state.db*"):
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600, beside.name


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 10_000), ("synchronous", 2)],
)
def test_every_connection_is_set_for_durability(engine, pragma, value):
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_session_rolls_back_when_the_block_fails(engine):
    with pytest.raises(RuntimeError), session(engine) as opened:
        opened.add(delivery(1))
        opened.flush()
        raise RuntimeError
    with session(engine, read_only=True) as opened:
        assert opened.query(Delivery).count() == 0


def test_read_only_session_refuses_a_change_and_the_next_writer_may_write(engine):
    with pytest.raises(OperationalError, match="readonly"), session(engine, read_only=True) as s:
        s.add(delivery(1))
    with session(engine) as opened:
        opened.add(delivery(2))


def test_reader_does_not_wait_for_a_writer(engine):
    with session(engine) as writer:
        writer.add(delivery(1))
        writer.flush()
        started = time.monotonic()
        with session(engine, read_only=True) as reader:
            assert reader.query(Delivery).count() == 0
        assert time.monotonic() - started < 5


def test_unknown_batch_of_a_delivery_is_refused(engine):
    with pytest.raises(IntegrityError), session(engine) as opened:
        row = delivery(1)
        row.batch_id = "f" * 32
        opened.add(row)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'person:2' WHERE seq = 1",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT seq, at, 'person:2', action, phase, intent_seq, "
        "subject, detail, previous_hash, hash FROM audit WHERE seq = 1",
        "INSERT OR REPLACE INTO audit SELECT 9, at, 'person:2', action, phase, intent_seq, "
        "subject, detail, previous_hash, hash FROM audit WHERE seq = 1",
    ],
    ids=["update", "delete", "replace by seq", "replace by hash"],
)
def test_audit_log_cannot_be_changed(engine, statement):
    with session(engine) as opened:
        opened.add(entry(1, "a"))
    with pytest.raises(DatabaseError, match="append-only"), session(engine) as opened:
        opened.execute(text(statement))
    with session(engine, read_only=True) as opened:
        assert [(row.seq, row.actor) for row in opened.query(AuditEntry)] == [(1, "anonymous")]


def test_reference_to_nothing_stops_a_migration_and_changes_nothing(settings):
    older = create_engine(URL.create("sqlite", database=str(settings.paths.state_file)))
    with older.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO delivery VALUES (1, '2026-01-01 00:00:00', 'p', 's', 't', NULL, "
                "'accepted', 'no such batch', 1, 0, '{}', '')"
            )
        )
    with pytest.raises(StateError, match="rows of delivery"):
        open_state(settings)
    with older.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0001"
    older.dispose()


def test_missing_home_names_the_command(tmp_path):
    with pytest.raises(StateError, match="campus init"):
        open_state(load_settings(tmp_path / "nowhere"))


def test_missing_driver_names_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    settings = load_settings(tmp_path, state_url="postgresql+psycopg://u:geheim@127.0.0.1/db")
    with pytest.raises(StateError) as caught:
        open_state(settings)
    assert "postgresql" in caught.value.next_step and "geheim" not in str(caught.value)


def test_server_that_does_not_answer_is_explained_without_its_password(tmp_path):
    url = f"postgresql+psycopg://u:geheim@127.0.0.1:{free_port()}/db"
    with pytest.raises(StateError, match="does not answer") as caught:
        open_state(load_settings(tmp_path, state_url=url))
    assert "geheim" not in str(caught.value)


def test_address_that_cannot_be_read_never_shows_its_password(tmp_path):
    settings = load_settings(tmp_path, state_url="oddbase://u:geheim@host/db")
    with pytest.raises(StateError) as caught:
        open_state(settings)
    assert "geheim" not in str(caught.value)


def _open_and_write(home, number):
    engine = open_state(load_settings(home))
    for step in range(20):
        with session(engine) as opened:
            last = opened.query(Delivery).count()
            opened.add(delivery(number * 100 + step))
            assert last >= 0
    engine.dispose()


def test_processes_that_open_and_write_at_once_all_succeed(settings):
    """The first opening races for the migration, the rest for the write lock."""
    spawn = multiprocessing.get_context("spawn")
    workers = [
        spawn.Process(target=_open_and_write, args=(settings.paths.root, n)) for n in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    engine = open_state(settings)
    with session(engine, read_only=True) as opened:
        assert opened.query(Delivery).count() == 80
    engine.dispose()


def test_file_that_cannot_be_opened_is_explained(settings):
    settings.paths.state_file.mkdir()
    with pytest.raises(StateError, match="cannot be opened") as caught:
        open_state(settings)
    assert caught.value.next_step
