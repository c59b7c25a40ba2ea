"""The slice has the same rows on DuckDB and on Spark, built from the same lake files."""

from __future__ import annotations

import pytest
from comparison import compare
from conftest import Built
from models_slice import DIMENSIONS, FACTS, FAMILIES, PUBLISHED

from warehouse.engine import Connection, quote_text

_ASKED_FOR = (
    *(f"marts.{model}" for model in (*DIMENSIONS, *FACTS)),
    *(f"intermediate.{model}" for model in FAMILIES),
    *(model.replace("__", ".") for model in PUBLISHED),
)


@pytest.fixture(scope="module")
def connection(built: Built) -> Connection:
    return built.connection


def _assert_same_rows(built: Built, table: str) -> None:
    difference = compare(built.connection, built.on_duckdb(table), built.on_spark(table))
    assert not difference.found, difference
    assert difference.rows > 0, f"{table} is empty, so nothing was compared"


@pytest.mark.parametrize("table", _ASKED_FOR)
def test_both_engines_give_the_same_rows(built: Built, table: str) -> None:
    _assert_same_rows(built, table)


def test_what_the_slice_is_made_of_is_the_same_too(built: Built) -> None:
    behind = set(built.tables) - set(_ASKED_FOR)
    assert len(behind) > 10
    for table in sorted(behind):
        _assert_same_rows(built, table)


def test_the_slice_holds_ratios_and_counts_at_every_level(connection: Connection) -> None:
    families = " union all ".join(f"from intermediate.{model}" for model in FAMILIES)
    indicators, divided, levels = connection.execute(
        "select count(distinct indicator), count(distinct indicator) filter (denominator > 0), "
        f"list(distinct level order by level) from ({families})"
    ).fetchone() or (0, 0, [])
    assert (indicators, divided) == (24, 19)
    assert levels == ["class", "college", "major", "school"]


def test_versions_of_several_deliveries_were_there_to_choose_from(connection: Connection) -> None:
    for landed in ("student_affairs.student_status", "library_management.library_loan"):
        (batches,) = connection.execute(
            f"select count(distinct batch_id) from {landed}"
        ).fetchone() or (0,)
        assert batches > 1, landed


@pytest.mark.parametrize(
    ("change", "missing", "surplus"),
    [
        ("select * replace (if({first}, value + 1e-9, value) as value) from {rows}", 1, 1),
        ("select * replace (if({first}, null, parent_unit) as parent_unit) from {rows}", 1, 1),
        ("select * from {rows} where not ({first})", 1, 0),
        ("select * from {rows} union all select * from {rows} where {first}", 0, 1),
    ],
    ids=["a changed number", "a value that is gone", "a lost row", "a doubled row"],
)
def test_the_comparison_finds(built: Built, change: str, missing: int, surplus: int) -> None:
    table = "intermediate.int_statistics__study_results"
    rows = built.on_spark(table)
    indicator, period, unit = built.connection.execute(
        f"select indicator, period, unit from {rows} where level = 'college' and value is not null "
        "order by all limit 1"
    ).fetchone() or ("", "", "")
    first = " and ".join(
        f"{name} = {quote_text(value)}"
        for name, value in (
            ("indicator", indicator),
            ("period", period),
            ("level", "college"),
            ("unit", unit),
        )
    )
    changed = f"({change.format(rows=rows, first=first)})"
    difference = compare(built.connection, built.on_duckdb(table), changed)
    assert (difference.missing, difference.surplus) == (missing, surplus)
    assert difference.found and not difference.types


@pytest.mark.parametrize(
    ("change", "types"),
    [
        ("replace (cast(smallest_group as integer) as smallest_group)", 2),
        ("exclude (smallest_group)", 1),
    ],
    ids=["another type", "a lost column"],
)
def test_the_comparison_finds_columns_with(built: Built, change: str, types: int) -> None:
    table = "intermediate.int_statistics__study_results"
    changed = f"(select * {change} from {built.on_spark(table)})"
    difference = compare(built.connection, built.on_duckdb(table), changed)
    assert len(difference.types) == types and difference.found
