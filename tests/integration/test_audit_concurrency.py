"""Many writers, in threads and in processes, on both engines: one chain, and one result each."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from approved import approved_grant
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from state_servers import empty_database

from warehouse.audit import Audit, entry, head_file
from warehouse.audit.reading import verify
from warehouse.errors import AuditUnavailable, Conflict
from warehouse.governance.appointments import appoint
from warehouse.governance.grants import grant_events, revoke_grant
from warehouse.settings import Settings, load_settings
from warehouse.state import database, open_state, session
from warehouse.state.models import Appointment, AuditEntry, Delivery

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def settings(tmp_path: Path, state_url: str | None) -> Settings:
    made = load_settings(tmp_path / "数据 home", state_url=state_url)
    made.paths.create()
    return made


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    opened = open_state(settings)
    yield opened
    opened.dispose()


def deliver(audit: Audit, name: str) -> None:
    """A change of state with its entry: both or neither."""
    with audit.transaction() as opened:
        row = Delivery(
            at=datetime.now(UTC),
            path=name,
            source="s",
            table_name="t",
            result="accepted",
            reasons={},
        )
        opened.session.add(row)
        opened.session.flush()
        opened.record("job:test", "delivery.receive", detail={"delivery": row.id})
        if random.random() < 0.2:
            raise RuntimeError  # neither the row nor its entry stays


def write(audit: Audit, seed: int, steps: int) -> None:
    for step in range(steps):
        if (seed + step) % 4 == 0:
            try:
                deliver(audit, f"{seed}-{step}")
            except RuntimeError:
                continue
        else:
            intent = audit.intent(f"person:{seed}", "personal.read", subject=f"person:{seed}")
            audit.outcome(intent, f"person:{seed}", "personal.read", subject=f"person:{seed}")


def in_threads(work: Callable[[int], Any], count: int) -> None:
    problems: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not problems, problems
    assert not any(thread.is_alive() for thread in threads)


def _process(home: Path, url: str | None, number: int, steps: int, started: Any) -> None:
    settings = load_settings(home, state_url=url)
    engine = open_state(settings)
    audit = Audit(engine, head_file(settings.paths))
    started.set()
    in_threads(lambda thread: write(audit, number * 100 + thread, steps), 6)
    engine.dispose()


def processes(settings: Settings, count: int, steps: int) -> list[Any]:
    started = [SPAWN.Event() for _ in range(count)]
    made = [
        SPAWN.Process(
            target=_process,
            args=(settings.paths.root, settings.state_url, number, steps, started[number]),
        )
        for number in range(count)
    ]
    for process in made:
        process.start()
    for event in started:
        assert event.wait(120)
    return made


def assert_one_chain(engine: Engine, settings: Settings) -> list[AuditEntry]:
    """Whole, without gap or fork; each change has its entry and each entry its change."""
    report = verify(engine, head_file(settings.paths))
    assert report.whole, report
    with session(engine, read_only=True) as opened:
        entries = list(opened.query(AuditEntry).order_by(AuditEntry.seq))
        delivered = {row.id for row in opened.query(Delivery)}
    assert [one.seq for one in entries] == list(range(1, len(entries) + 1))
    assert len({one.previous_hash for one in entries}) == len(entries)
    noted = [
        json.loads(one.detail)["delivery"] for one in entries if one.action == "delivery.receive"
    ]
    assert sorted(noted) == sorted(delivered)
    assert [one.at for one in entries] == sorted(one.at for one in entries)
    return entries


def test_threads_and_processes_write_one_chain(engine: Engine, settings: Settings):
    workers = processes(settings, 3, 12)
    for worker in workers:
        worker.join(240)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    entries = assert_one_chain(engine, settings)
    assert verify(engine, head_file(settings.paths)).heads == len(entries)
    phases = Counter(one.phase for one in entries)
    # 18 threads of 12 steps, of which every fourth is a delivery
    assert phases["intent"] == phases["outcome"] == 18 * 9
    assert 0 < phases["event"] <= 18 * 3
    closed = {one.intent_seq for one in entries if one.phase == "outcome"}
    assert closed == {one.seq for one in entries if one.phase == "intent"}


def test_killed_writer_leaves_no_half_and_stops_nobody(engine: Engine, settings: Settings):
    workers = processes(settings, 2, 400)
    time.sleep(0.7)
    os.kill(workers[0].pid, signal.SIGKILL)
    time.sleep(0.3)
    audit = Audit(engine, head_file(settings.paths))
    for _ in range(5):
        audit.event("job:test", "still.here")
    os.kill(workers[1].pid, signal.SIGKILL)
    for worker in workers:
        worker.join(60)
    audit.event("job:test", "still.here")
    entries = assert_one_chain(engine, settings)
    assert Counter(one.action for one in entries)["still.here"] == 6


def _click(home: Path, url: str | None, go: Any, sink: Any, grant: str) -> None:
    settings = load_settings(home, state_url=url)
    engine = open_state(settings)
    audit = Audit(engine, head_file(settings.paths))
    results: list[str] = []
    sink.put("ready")
    go.wait()

    def click(_number: int) -> None:
        appoint(audit, 7, "leader", actor="command:test")
        try:
            revoke_grant(audit, grant, actor="command:test", reason="因故")
            results.append("revoked")
        except Conflict:
            results.append("was revoked already")

    in_threads(click, 4)
    engine.dispose()
    sink.put(results)


def test_decisions_at_once_and_double_clicks_give_one_result(engine: Engine, settings: Settings):
    audit = Audit(engine, head_file(settings.paths))
    grant = approved_grant(audit, datetime.now(UTC), columns={"a.b": ["c"]}, users=[7])
    go, sink = SPAWN.Event(), SPAWN.Queue()
    arguments = (settings.paths.root, settings.state_url, go, sink, grant)
    workers = [SPAWN.Process(target=_click, args=arguments) for _ in range(2)]
    for worker in workers:
        worker.start()
    assert [sink.get(timeout=120) for _ in workers] == ["ready", "ready"]
    go.set()
    results = Counter(result for _ in workers for result in sink.get(timeout=120))
    for worker in workers:
        worker.join(60)
    assert results == {"revoked": 1, "was revoked already": 7}
    with session(engine, read_only=True) as opened:
        assert opened.query(Appointment).count() == 1
        assert [(one.kind, one.reason) for one in grant_events(opened, grant)] == [
            ("revoked", "因故")
        ]
    actions = Counter(one.action for one in assert_one_chain(engine, settings))
    assert actions["grant.revoke"] == 1


def test_who_waits_too_long_gives_up_and_writes_nothing(settings: Settings, monkeypatch):
    monkeypatch.setattr(entry, "_WAIT_MILLISECONDS", 300)
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 300)
    holder, waiter = open_state(settings), open_state(settings)
    audit = Audit(waiter)
    with session(holder) as held:
        entry.claim(held)
        begun = time.monotonic()
        with pytest.raises(AuditUnavailable):
            audit.event("job:test", "late")
        with pytest.raises(AuditUnavailable), audit.transaction():
            pytest.fail("it was let in")
        assert time.monotonic() - begun < 8
    audit.event("job:test", "next")
    with session(holder, read_only=True) as opened:
        assert [row.action for row in opened.query(AuditEntry)] == ["next"]
    holder.dispose()
    waiter.dispose()


def test_strict_isolation_of_the_server_forks_nothing(postgresql, tmp_path: Path):
    """A snapshot taken before the wait for the turn would show an end of the chain that is gone."""
    with empty_database(postgresql) as url:
        name = make_url(url).database
        postgresql.run(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
        settings = load_settings(tmp_path, state_url=url)
        settings.paths.create()
        engine = open_state(settings)
        writers = [Audit(engine), Audit(engine)]
        in_threads(lambda number: write(writers[number % 2], number, 20), 8)
        assert verify(engine).whole
        engine.dispose()


def test_holder_that_falls_silent_is_cut_off(postgresql, tmp_path: Path, monkeypatch):
    """A machine that lost its power in the middle must not stop the others for hours."""
    monkeypatch.setattr(entry, "_SILENT_MILLISECONDS", 300)
    with empty_database(postgresql) as url:
        engine = open_state(load_settings(tmp_path, state_url=url))
        silent = Session(engine)
        entry.claim(silent)
        Audit(engine).event("job:test", "next")
        with pytest.raises(DBAPIError):
            silent.execute(text("select 1"))
        silent.close()
        engine.dispose()
