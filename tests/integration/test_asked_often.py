"""What is asked before every answer is asked for cheaply, and says the same as the long way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from warehouse.contracts import load_contracts
from warehouse.governance.exclusions import is_disabled
from warehouse.release.freshness import reached, statuses_in
from warehouse.release.pointer import switch
from warehouse.release.reader import ReleaseReader
from warehouse.settings import load_settings
from warehouse.state import open_state, session
from warehouse.state.models import Batch, DisabledPerson, PullMark

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    made = load_settings(tmp_path)
    made.paths.create()
    return made


@pytest.fixture
def engine(settings):
    opened = open_state(settings)
    yield opened
    opened.dispose()


def batch(table, number: int, extracted_at: datetime, received_at: datetime = NOW) -> Batch:
    return Batch(
        id=f"{table.name[:20]}-{number}",
        source=table.source,
        table_name=table.name,
        content_sha256=f"{number}" * 64,
        file_name="x.csv",
        received_at=received_at,
        extracted_at=extracted_at,
        contract_version="1.0.0",
        accepted_rows=1,
        refused_rows=0,
        reasons={},
        readings={},
        files=[],
    )


def test_the_last_batches_say_up_to_when_a_table_is_known(engine):
    """A later batch, one of the same moment received later, a pull that found the same rows, one
    that found those of an older batch."""
    later, same, again, older, never = list(load_contracts())[:5]
    day = timedelta(days=1)
    with session(engine) as opened:
        opened.add_all(
            [
                batch(later, 2, NOW - day),
                batch(later, 1, NOW - 3 * day),
                batch(same, 1, NOW - 2 * day, NOW),
                batch(same, 2, NOW - 2 * day, NOW - day),
                batch(again, 1, NOW - 9 * day),
                batch(older, 1, NOW - 9 * day),
                batch(older, 2, NOW - 8 * day),
            ]
        )
        for table, found in ((again, "1"), (older, "1")):
            opened.add(
                PullMark(
                    source=table.source,
                    table_name=table.name,
                    definition_sha256="0" * 64,
                    rows_hash="0" * 64,
                    content_sha256=found * 64,
                    rows=1,
                    extracted_at=NOW,
                )
            )
    with session(engine, read_only=True) as opened:
        short = reached(opened)
        long = {
            (one.source, one.table): one.as_of
            for one in statuses_in(opened, NOW)
            if one.as_of is not None
        }
    assert short == long
    assert short[later.source, later.name] == NOW - day
    assert short[again.source, again.name] == NOW
    assert short[older.source, older.name] == NOW - 8 * day
    assert (never.source, never.name) not in short


def test_what_a_transaction_has_not_written_yet_counts(engine):
    with session(engine) as opened:
        assert not is_disabled(opened, 7, NOW)
        opened.add(DisabledPerson(person_key=7, valid_from=NOW, reason="left", by="command:test"))
        assert is_disabled(opened, 7, NOW)
        assert not is_disabled(opened, 8, NOW)


def test_the_pointer_is_read_again_whenever_it_was_replaced(settings):
    reader = ReleaseReader(settings)
    assert reader._current_id() is None
    for number in (1, 2, 1, 3):
        wanted = f"20260901T00000{number}Z-0000000{number}"
        switch(settings.paths, wanted)
        assert [reader._current_id() for _ in range(3)] == [wanted] * 3
    settings.paths.current_release.unlink()
    assert reader._current_id() is None
