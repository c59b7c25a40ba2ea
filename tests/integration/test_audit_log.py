"""The log in a real database: whole under load, and every damage is found and named."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine

from warehouse.audit import Audit, audited_read, head_file
from warehouse.audit.reading import entries_about, verify
from warehouse.errors import AuditUnavailable
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings(tmp_path / "学院 data")
    settings.paths.create()
    return settings


@pytest.fixture
def engine(settings: Settings):
    engine = open_state(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def audit(engine: Engine, settings: Settings) -> Audit:
    audit = Audit(engine, head_file(settings.paths))
    for number in range(10):
        audit.event("person:1", "session.open", subject="person:1", detail={"n": number})
    return audit


def tamper(engine: Engine, *statements: str) -> None:
    """What somebody with the database file in hand can do: the triggers go first."""
    with engine.begin() as connection:
        names = connection.exec_driver_sql(
            "select name from sqlite_master where type = 'trigger'"
        ).all()
        for (name,) in names:
            connection.exec_driver_sql(f"drop trigger {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_log_is_whole(audit: Audit, engine: Engine, settings: Settings):
    report = verify(engine, head_file(settings.paths))
    assert report.whole and (report.entries, report.heads) == (10, 10)


@pytest.mark.parametrize(
    ("statements", "seq"),
    [
        (["update audit set detail = '{}' where seq = 4"], 4),
        (["update audit set actor = 'person:2' where seq = 1"], 1),
        (["delete from audit where seq = 6"], 6),
        (["delete from audit where seq = 1"], 1),
        (["delete from audit where seq > 7"], 8),
        (["delete from audit"], 1),
        (
            [
                "update audit set seq = 100 where seq = 3",
                "update audit set seq = 3 where seq = 5",
                "update audit set seq = 5 where seq = 100",
            ],
            3,
        ),
        (
            [
                "insert into audit (seq, at, actor, action, phase, detail, previous_hash, hash) "
                "values (0, 'x', 'a', 'b', 'event', '{}', 'p', 'h')"
            ],
            1,
        ),
    ],
    ids=["changed", "first changed", "removed", "first removed", "tail", "all", "moved", "added"],
)
def test_damage_is_found_and_named(audit, engine, settings, statements, seq):
    tamper(engine, *statements)
    assert verify(engine, head_file(settings.paths)).broken_seq == seq


def test_database_refuses_change_and_removal(audit: Audit, engine: Engine):
    for statement in ("update audit set actor = 'x'", "delete from audit"):
        with pytest.raises(Exception, match="append"), engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_writers_at_once_make_one_chain(engine: Engine, settings: Settings):
    heads = head_file(settings.paths)
    writers = [Audit(engine, heads), Audit(open_state(settings), heads)]

    def write(number: int) -> None:
        for _ in range(10):
            writers[number % 2].event(f"person:{number}", "session.open")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = verify(engine, heads)
    assert report.whole and (report.entries, report.heads) == (60, 60)
    writers[1].engine.dispose()


def test_change_and_entry_are_one(audit: Audit, engine: Engine):
    with pytest.raises(RuntimeError), audit.transaction() as entry:
        entry.record("person:1", "role.appoint")
        raise RuntimeError
    assert verify(engine).entries == 10


def test_failed_read_is_noted_without_its_message(audit: Audit, engine: Engine):
    def read():
        raise ValueError("410105199003077777")

    with pytest.raises(ValueError):
        audited_read(audit, "person:1", "personal.read", read, subject="person:1")
    entry, outcome = entries_about(engine, "person:1", limit=1)[0]
    assert entry.phase == "intent"
    assert json.loads(outcome.detail) == {"result": "failed", "error": "ValueError"}


def test_nothing_is_read_when_the_intent_cannot_be_written(audit: Audit, engine: Engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("drop table audit")
    with pytest.raises(AuditUnavailable):
        audited_read(audit, "person:1", "personal.read", lambda: pytest.fail("it was read"))


def test_head_line_torn_by_a_crash_breaks_nothing(audit, engine, settings: Settings):
    head = head_file(settings.paths)
    lines = head.read_text().splitlines(keepends=True)
    head.write_text("".join(lines[:5]) + lines[5][:20] + "\n" + "".join(lines[6:]))
    report = verify(engine, head)
    assert report.whole and report.heads == 9


def test_head_file_is_its_owners_alone(audit: Audit, settings: Settings):
    assert head_file(settings.paths).stat().st_mode & 0o777 == 0o600


def test_verify_streams_a_long_log(engine: Engine, settings: Settings):
    audit = Audit(engine, head_file(settings.paths))
    with audit.transaction() as entry:
        for _ in range(4500):
            entry.record("job:test", "x")
    report = verify(engine, head_file(settings.paths))
    assert report.whole and report.entries == 4500
    tamper(engine, "update audit set detail = '{\"a\":1}' where seq = 4200")
    assert verify(engine).broken_seq == 4200
