"""One small college, landed once; the slice built from it by DuckDB and by Spark."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from models_slice import SELECTION
from spark_build import build_on_spark
from spark_lake import copy_tables, lay_out_landed, open_spark

from warehouse.contracts import load_contracts
from warehouse.engine import Connection, open_work, quote, quote_text
from warehouse.ingest import create_landed_views, ingest, ledger
from warehouse.settings import Settings, load_settings
from warehouse.simulate import simulate, simulate_day
from warehouse.state import open_state, session
from warehouse.state.models import Batch
from warehouse.transform import BuildResult, build_models

AS_OF = date(2026, 11, 20)

#: What no model makes: the landed views, what the hub and earlier releases give, the seeds.
_GIVEN = ("hub", "earlier", "reference")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test waits for two builds, one of them on Spark."""
    for item in items:
        item.add_marker(pytest.mark.timeout(3600))


@dataclass(frozen=True)
class Built:
    """What both engines made of one lake. `connection` reads DuckDB's file, Spark's files lie in
    `warehouse`; `tables` are 'schema.table' of all models that are stored."""

    connection: Connection
    warehouse: Path
    tables: tuple[str, ...]

    def on_duckdb(self, table: str) -> str:
        schema, _, name = table.partition(".")
        return f"{quote(schema)}.{quote(name)}"

    def on_spark(self, table: str) -> str:
        """The rows that Spark wrote, as SQL that may stand behind `from` in DuckDB."""
        schema, _, name = table.partition(".")
        return f"read_parquet({quote_text(self.warehouse / f'{schema}.db' / name / '*.parquet')})"


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """300 students and 40 staff over two years, and what the next day brought."""
    settings = load_settings(tmp_path_factory.mktemp("parity") / "学院 data")
    settings.paths.create()
    with _timed("simulate and ingest"):
        simulate(settings.paths, students=300, staff=40, years=2, seed=7, as_of=AS_OF)
        ingest(settings)
        simulate_day(settings.paths)
        report = ingest(settings)
    assert {file.result for file in report.files} == {"accepted"}
    return settings


@pytest.fixture(scope="session")
def built(landed: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    folder = tmp_path_factory.mktemp("engines")
    file = folder / "warehouse.duckdb"
    with session(open_state(landed), read_only=True) as opened:
        batches = ledger.batches(opened)
        as_of = max(batch.extracted_at for batch in batches)
        with _timed("build on DuckDB"):
            result = build_models(
                file,
                landed,
                as_of=as_of,
                prepare=lambda connection: create_landed_views(
                    connection, load_contracts(), opened, landed.paths
                ),
                select=SELECTION,
                checks=False,
            )
    assert [node.name for node in result.nodes if node.status != "success"] == []
    connection = open_work(file, read_only=True)
    try:
        _build_on_spark(landed, as_of, batches, result, connection, folder)
        yield Built(connection, folder / "spark", _stored(connection))
    finally:
        connection.close()


def _build_on_spark(
    settings: Settings,
    as_of: datetime,
    batches: list[Batch],
    result: BuildResult,
    connection: Connection,
    folder: Path,
) -> None:
    """The same slice from the same files, below `folder`/spark."""
    files: dict[tuple[str, str], list[Path]] = {}
    for batch in batches:
        files.setdefault((batch.source, batch.table_name), []).extend(
            settings.paths.root / file for file in batch.files
        )
    read = _sources(result)
    tables = [table for table in load_contracts() if (table.source, table.name) in read]
    with _timed("start Spark"):
        spark = open_spark(folder / "spark")
    try:
        with _timed("lay out the lake for Spark"):
            lay_out_landed(spark, tables, files)
            copy_tables(spark, connection, _GIVEN, folder)
        with _timed("build on Spark"):
            ran = build_on_spark(settings, as_of=as_of, select=SELECTION, folder=folder / "dbt")
    finally:
        spark.stop()
    assert [outcome for outcome in ran if outcome[1] != "success"] == []


def _sources(result: BuildResult) -> set[tuple[str, str]]:
    """(source, table) of what the models that ran read."""
    ran = {node.name for node in result.nodes}
    return {
        (source, table)
        for node in result.manifest["nodes"].values()
        if node["name"] in ran
        for kind, _, source, table in (
            key.split(".") for key in node["depends_on"] if key.count(".") == 3
        )
        if kind == "source"
    }


def _stored(connection: Connection) -> tuple[str, ...]:
    rows = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_type = 'BASE TABLE' and table_schema not in (?, ?, ?) order by 1",
        list(_GIVEN),
    ).fetchall()
    return tuple(name for (name,) in rows)


@contextmanager
def _timed(step: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    print(f"parity: {step}: {time.monotonic() - started:.0f} s", file=sys.__stderr__, flush=True)
