"""Rows of each person: counted once, not where it takes long, never those of mental health."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from warehouse.access import holders
from warehouse.access.care import CARE_TABLES
from warehouse.access.holders import Holders
from warehouse.engine import Connection, open_work

ANN, BEN, NOBODY = 11, -7, 12


@pytest.fixture
def connection() -> Connection:
    opened = open_work(threads=1)
    opened.execute(
        "create table loan as select unnest([?, ?, ?, null]) as person_key", [ANN, BEN, ANN]
    )
    opened.execute("create table honor(person_key bigint)")
    opened.execute(f"create table {CARE_TABLES[0]} as select {ANN} as person_key")
    return opened


SIZES = {"loan": 4, "honor": 0, CARE_TABLES[0]: 1}


def test_everybodys_rows_are_counted(connection: Connection) -> None:
    counted = Holders(SIZES)
    assert counted.rows(connection, "loan", ANN) == 2
    assert counted.rows(connection, "loan", BEN) == 1
    assert counted.rows(connection, "loan", NOBODY) == 0
    assert counted.rows(connection, "loan", 2**40) == 0
    assert counted.rows(connection, "honor", ANN) == 0


def test_nobody_is_counted_where_mental_health_is_told(connection: Connection) -> None:
    assert Holders(SIZES).rows(connection, CARE_TABLES[0], ANN) is None


def test_a_large_table_and_one_of_unknown_size_are_not_counted(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holders, "MOST_ROWS", 3)
    assert Holders(SIZES).rows(connection, "loan", ANN) is None
    assert Holders({}).rows(connection, "loan", ANN) is None


def test_a_table_is_counted_once_by_however_many_ask_at_once(connection: Connection) -> None:
    asked = []

    class Noted:
        def execute(self, query: str) -> Connection:
            asked.append(query)
            return connection.cursor().execute(query)

    counted = Holders(SIZES)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: counted.rows(Noted(), "loan", ANN), range(64)))
    assert (set(found), len(asked)) == ({2}, 1)
