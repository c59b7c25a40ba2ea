"""A college delivered day by day is the college delivered at once: in the inbox, and in the lake.

Each case lands a college, then the days that follow; over the lake the latest version of every
row of every table must be that of the last day's college, and the days before a later as-of must
be the same whichever it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from warehouse.contracts import Table, load_contracts
from warehouse.engine import Connection, open_work, quote
from warehouse.home import Home
from warehouse.ingest import ingest
from warehouse.ingest.landed import create_landed_views
from warehouse.settings import Settings, load_settings
from warehouse.simulate import Plan, college, simulate, simulate_day
from warehouse.simulate.extracts import Extracts
from warehouse.state import open_state

SIZES = {"students": 200, "staff": 30, "years": 1, "seed": 3}


def _whole(home: Home, first: date, last: date) -> None:
    """The college first seen on one day, delivered at once as of another."""
    home.create()
    plan = Plan(last, **SIZES, origin=first)
    extracts = Extracts(home, plan)
    college._write(plan, extracts, lambda *_: None)
    extracts.deliver()


def _settings(root: Path) -> Settings:
    settings = load_settings(root)
    settings.paths.create()
    return settings


def _land(settings: Settings) -> None:
    report = ingest(settings)
    assert report.files
    assert {file.result for file in report.files} == {"accepted"}
    assert sum(file.refused_rows for file in report.files) == 0


def _current(table: Table, catalog: str) -> str:
    """The latest version of every row, without what says when and how it came."""
    names = ", ".join(quote(name) for name in (*table.column_names, "source_updated_at"))
    key = ", ".join(quote(name) for name in table.key)
    return (
        f"select {names} from {catalog} qualify row_number() over (partition by {key} order by "
        f"coalesce(source_updated_at, extracted_at) desc, extracted_at desc, batch_id, batch_row) "
        f"= 1"
    )


def _views(settings: Settings) -> Connection:
    connection, engine = open_work(), open_state(settings)
    with Session(engine) as state:
        create_landed_views(connection, load_contracts(), state, settings.paths)
    engine.dispose()
    return connection


def _difference(days: Connection, once: Connection) -> list[str]:
    found = []
    for table in load_contracts():
        place = f"{quote(table.source)}.{quote(table.name)}"
        query = f"select * from ({_current(table, place)}) order by all"
        if days.execute(query).pl().equals(once.execute(query).pl()):
            continue
        found.append(table.id)
    return found


@pytest.mark.slow
def test_day_by_day_and_at_once_the_lake_holds_the_same_college(tmp_path: Path) -> None:
    """A Saturday, a Sunday, and the Monday on which the spring term begins."""
    first, days = date(2027, 2, 20), 3
    daily, once = _settings(tmp_path / "daily"), _settings(tmp_path / "once")
    simulate(daily.paths, **SIZES, as_of=first)
    _land(daily)
    before = _views(daily)
    for _ in range(days):
        simulate_day(daily.paths)
        _land(daily)
    last = first + timedelta(days=days)
    _whole(once.paths, first, last)
    _land(once)
    with before, _views(daily) as left, _views(once) as right:
        assert _difference(left, right) == []
        missed = _difference(before, right)
    names = {table.split("/")[-1] for table in missed}
    assert {"meal_transaction", "meal_account", "student_status", "staff_basic"} <= names


def test_day_by_day_and_at_once_the_inbox_holds_the_same_college(tmp_path: Path) -> None:
    """Into a freshman autumn: new students, new bills, new classes."""
    first, days = date(2026, 8, 31), 3
    daily, once = Home(tmp_path / "daily"), Home(tmp_path / "once")
    before = simulate(daily, **SIZES, as_of=first)
    size = sum(path.stat().st_size for path in before)
    for _ in range(days):
        written = simulate_day(daily)
        assert 0 < sum(path.stat().st_size for path in written) < size / 4
        assert not set(written) & set(before), "a delivery never replaces another"
    _whole(once, first, first + timedelta(days=days))
    with open_work() as connection:
        for table in load_contracts():
            place = Path(table.source, table.name)
            if not (once.inbox / place).is_dir():
                continue
            found = []
            for home in (daily, once):
                files = f"read_csv('{home.inbox / place}/*.csv', all_varchar = true)"
                columns = "select *, 0 as batch_id, 0 as batch_row"
                query = _current(table, f"({columns} from {files})")
                found.append(connection.execute(f"select * from ({query}) order by all").pl())
            assert found[0].equals(found[1]), table.id


def _rows(connection: Connection, name: str, table: Table, folder: Path) -> None:
    """Rows of the table as hashes: `row` of everything, `key` of its key."""
    kind = "-as-of-" if table.kind == "snapshot" else ""
    columns = ", ".join(quote(column) for column in (*table.column_names, "source_updated_at"))
    key = ", ".join(quote(column) for column in table.key)
    connection.execute(
        f"create or replace temp table {name} as select hash({columns}) as row, hash({key}) as key,"
        f" source_updated_at from read_csv('{folder}/{table.name}*{kind}*.csv', all_varchar = true)"
    )


@pytest.mark.slow
def test_what_lies_before_a_day_is_the_same_from_every_later_day(tmp_path: Path) -> None:
    """Over a turn of the year, a term's start, a graduation and a freshman autumn."""
    days = [date(2026, 11, 20), date(2027, 2, 24), date(2027, 9, 3)]
    homes = [Home(tmp_path / str(day)) for day in days]
    for day, home in zip(days, homes, strict=True):
        _whole(home, days[0], day)
    tables = {table.name: table for table in load_contracts()}
    with open_work() as connection:
        for day, (earlier, later) in zip(days, pairwise(homes), strict=False):
            for folder in sorted({path.parent for path in later.inbox.rglob("*.csv")}):
                table = tables[folder.name]
                _rows(connection, "was", table, earlier.inbox / folder.relative_to(later.inbox))
                _rows(connection, "now", table, folder)
                altered = connection.execute(
                    f"select count(*) from now anti join was using (row) where "
                    f"now.source_updated_at < '{day} 02:00:00'"
                ).fetchone()
                assert altered == (0,), f"{table.id}: rows of before {day} are others later"
                lost = "select count(*) from was anti join now using (key)"
                assert connection.execute(lost).fetchone() == (0,), f"{table.id}: lost since {day}"
