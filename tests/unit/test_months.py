"""Sums by months: spans instead of texts, and months that nothing touched are not read again."""

from dataclasses import replace

import pytest

from warehouse.engine import open_work
from warehouse.marks import Sums, add_up, content_of, mark_sources
from warehouse.months import (
    ViewOfGrowing,
    contents_by_month,
    in_months,
    kept_by_month,
    month_of,
)

VIEW = ViewOfGrowing("model.campus.v", "model.campus.pay", "pay", ("model.campus.name",), "day")


@pytest.fixture
def connection(tmp_path):
    connection = open_work(tmp_path / "warehouse.duckdb")
    yield connection
    connection.close()


def test_months_add_up_to_the_table(connection):
    connection.execute(
        "create table t as select date '2026-01-31' + cast(i as integer) as day, i "
        "from range(60) r(i) union all select null, 1"
    )
    months = contents_by_month(connection, "t", "day")
    assert {month: sums.rows for month, sums in months.items()} == {
        "": 1,
        "2026-01": 1,
        "2026-02": 28,
        "2026-03": 31,
    }
    assert add_up(months.values()) == content_of(connection, "t")
    assert add_up([]) == Sums(0, "0", "0")
    some = contents_by_month(connection, "t", "day", ["2026-02", ""])
    assert some == {month: months[month] for month in ("", "2026-02")}


@pytest.mark.parametrize("kind", ["date", "timestamp"])
@pytest.mark.parametrize(
    "months", [["2026-12"], ["2027-01", ""], ["0999-03", "2026-02"], [], ["10000-01", "2026-12"]]
)
def test_spans_are_the_months(connection, kind, months):
    connection.execute(
        f"create table t as select unnest(['2026-12-01', '2026-12-31', '2027-01-01', '2026-02-28', "
        f"'0999-03-31', '10000-01-05', null])::{kind} as day"
    )
    if kind == "timestamp":
        connection.execute("insert into t values ('2026-12-31 23:59:59.999999')")
    within = connection.execute(
        f"select {in_months('day', months)} as within, {month_of('day')} as month from t"
    ).fetchall()
    assert [bool(found) for found, _ in within] == [month in months for _, month in within]


@pytest.fixture
def pay(connection, tmp_path):
    """A table of payments and a view of it, noted as a build notes them."""
    mark_sources(connection, tmp_path, ["hub"])
    connection.execute("create table pay as select date '2026-01-05' as day, 1 as amount")
    connection.execute("insert into pay values ('2026-02-05', 2), (null, 3)")
    connection.execute("create view v as select day, amount * 2 as doubled from pay")
    connection.execute(
        "insert into built.node (node, own, content) values ('model.campus.v', 'text', 'x'), "
        "('model.campus.pay', 'text', 'one'), ('model.campus.name', 'text', 'names')"
    )
    return kept_by_month(connection, "v", VIEW)


def grow(connection, before="one"):
    """A row moves from February to March. Behind the back of the marks January gets another."""
    connection.execute("create table built.pay__taken as from pay where amount = 2")
    connection.execute("create table built.pay__grown as select date '2026-03-05' as day, 2 amount")
    connection.execute("delete from pay where amount = 2")
    connection.execute("insert into pay from built.pay__grown")
    connection.execute("insert into pay values ('2026-01-09', 9)")
    connection.execute("update built.node set content = 'two' where node = 'model.campus.pay'")
    connection.execute("insert into built.growth values ('model.campus.pay', ?, 'two')", [before])


def test_only_months_of_rows_that_went_or_came_are_read_again(connection, pay):
    assert pay == contents_by_month(connection, "v", "day")
    grow(connection)
    kept, all_read = kept_by_month(connection, "v", VIEW), contents_by_month(connection, "v", "day")
    assert list(kept) == ["", "2026-01", "2026-03"]
    assert kept == all_read | {"2026-01": pay["2026-01"]}
    assert kept != all_read
    # A build that finds the table as it is reads nothing.
    connection.execute("delete from built.growth")
    connection.execute("insert into pay values ('2026-03-09', 9)")
    assert kept_by_month(connection, "v", VIEW) == kept


@pytest.mark.parametrize(
    "changed",
    [
        "update built.node set own = 'another' where node = 'model.campus.v'",
        "update built.node set content = 'others' where node = 'model.campus.name'",
        "delete from built.node where node = 'model.campus.name'",
        "update built.growth set before = 'elsewhere'",
        "delete from built.growth",
    ],
)
def test_what_else_changed_has_all_read_again(connection, pay, changed):
    grow(connection)
    connection.execute(changed)
    assert kept_by_month(connection, "v", VIEW) == contents_by_month(connection, "v", "day")


def test_another_day_has_all_read_again(connection, pay):
    connection.execute("create or replace view v as select day, day as other_day from pay")
    other = replace(VIEW, day="other_day")
    assert kept_by_month(connection, "v", other) == contents_by_month(connection, "v", "other_day")
