"""The order of a person's rows: what `order by` says, without asking the engine for it."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest
import yaml

from warehouse.access.personal import CARE, PAGES, in_order, row_order

PERSONAL = Path(__file__).parents[2] / "dbt_project" / "models" / "published" / "personal"
ORDERS = sorted({t.order for page in (*PAGES.values(), CARE) for t in page if t.order})


@pytest.mark.parametrize(
    "order", ["a", "a desc", "a desc, b", "a nulls first, b desc", "a desc nulls first, b", "b, a"]
)
def test_rows_stand_as_the_engine_would_put_them(order: str) -> None:
    draw = random.Random(order)
    values = [None, "甲", "乙", "a", "A", "", "𠮷", "é"]
    rows = [(draw.choice(values), draw.choice([None, 1, 2, 3]), n) for n in range(200)]
    with duckdb.connect(":memory:") as connection:
        connection.execute("create table t(a varchar, b integer, n integer)")
        connection.executemany("insert into t values (?, ?, ?)", rows)
        expected = connection.execute(f"select * from t order by {order}, n").fetchall()
    assert in_order(rows, ["a", "b", "n"], row_order(order)) == expected


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_of_a_page_is_of_columns(order: str) -> None:
    assert row_order(order)


def test_every_table_of_a_page_has_the_columns_it_is_ordered_by() -> None:
    wrong = {}
    for table in (t for page in (*PAGES.values(), CARE) for t in page if t.order):
        text = (PERSONAL / f"personal__{table.name}.yml").read_text(encoding="utf-8")
        columns = {column["name"] for column in yaml.safe_load(text)["models"][0]["columns"]}
        wanted = {column for column, _, _ in row_order(table.order)}
        if not wanted <= columns:
            wrong[table.name] = wanted - columns
    assert wrong == {}


@pytest.mark.parametrize("order", ["a + 1", "a collate nocase", "lower(a)", "a asc nulls last"])
def test_what_is_no_plain_order_is_refused(order: str) -> None:
    with pytest.raises(ValueError, match="not an order"):
        row_order(order)
