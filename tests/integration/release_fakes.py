"""A college small enough to publish in a tenth of a second: ledger rows stand for deliveries and
plain SQL for dbt, so that these tests are about releases alone.

Run as a program it does one refresh in the data home of its first argument, and dies where
`CAMPUS_CRASH_AT` says.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from sqlalchemy import select

from warehouse.engine import open_work
from warehouse.release.audience import audiences
from warehouse.release.models import BuiltModels, ModelFact
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state, session
from warehouse.state.models import Batch

AS_OF = datetime(2026, 11, 20, 8, tzinfo=UTC)

GOOD_CHECK = SimpleNamespace(
    name="person_is_unique",
    kind="test",
    status="success",
    severity="error",
    failures=0,
    message="",
    description="One row per person.",
    attached_model="personal__person",
)


@dataclass
class FakeWarehouse:
    """Stands in for dbt and ingestion. `meals` is what only changes the personal file; `gone` are
    tables that no model makes any more."""

    nodes: list = field(default_factory=lambda: [GOOD_CHECK])
    extra_sql: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    builds: int = 0
    ingests: int = 0
    on_ingest: object = None

    def run_models(self, file, settings, *, as_of, prepare, manifest=None) -> BuiltModels:
        self.builds += 1
        connection = open_work(file)
        prepare(connection)
        for statement in (*_MODELS, *self.extra_sql):
            connection.execute(statement)
        schemas = {schema for audience in audiences() for schema in audience.schemas}
        facts = {
            f"{schema}__{table}": ModelFact(schema, table, (), None)
            for schema, table in connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
            if schema in schemas and table not in self.gone
        }
        connection.close()
        facts |= {
            "personal__person": ModelFact("personal", "person", ("person_key",), "人事处"),
            "personal__meal_transaction": ModelFact(
                "personal",
                "meal_transaction",
                ("person_key", "traded_at"),
                "后勤服务中心",
                day="traded_at",
            ),
        }
        return BuiltModels(self.nodes, {"personal__person": "select 1", "stg_x": "select 2"}, facts)

    def ingest(self, settings, source=None, table=None, progress=None, *, actor):
        self.ingests += 1
        if self.on_ingest:
            self.on_ingest(settings)
        return SimpleNamespace(files=[], landed_late=0, to_json=lambda: {"files": []})

    @contextmanager
    def installed(self):
        with (
            mock.patch("warehouse.release.candidate.read_project"),
            mock.patch("warehouse.release.candidate.run_models", self.run_models),
            mock.patch("warehouse.release.candidate.create_landed_views", _landed_views),
            mock.patch("warehouse.ingest.ingest", self.ingest),
        ):
            yield self


def _landed_views(connection, contracts, state_session, home) -> None:
    rows = [
        (batch.id, batch.table_name, batch.accepted_rows)
        for batch in state_session.scalars(select(Batch).order_by(Batch.id))
    ]
    connection.execute("create schema if not exists landed")
    connection.execute("create or replace table landed.batch(id varchar, name varchar, n bigint)")
    for row in rows:
        connection.execute("insert into landed.batch values (?, ?, ?)", row)


_MODELS = (
    "create schema if not exists statistics; create schema if not exists public_statistics;"
    "create schema if not exists personal; create schema if not exists student_academic_data",
    "create or replace table statistics.indicator as select 'students_enrolled' as id",
    "create or replace table statistics.indicator_value as select 'students_enrolled' as indicator,"
    " coalesce(sum(n), 0)::double as value from landed.batch where name = 'student_status'",
    "create or replace table public_statistics.indicator as from statistics.indicator",
    "create or replace table public_statistics.indicator_value as from statistics.indicator_value",
    "create or replace table personal.person as select (hash(id, i) >> 4)::bigint as person_key,"
    " '人' || i as display_name from landed.batch, range(n) t(i) where name = 'student_status'",
    "create or replace table personal.person_number as select person_key, 'student' as kind"
    " from personal.person",
    "create or replace table personal.item as select 'A4-20' as code",
    "create or replace table personal.meal_transaction as select (hash(id, i % 97) >> 4)::bigint as"
    " person_key, timestamp '2026-01-01' + interval (i) minute as traded_at, (i % 30 / 2.0)::"
    "decimal(10, 2) as amount from landed.batch, range(n) t(i) where name = 'meal_transaction'",
    "create or replace table student_academic_data.course_grade as select person_key,"
    " '01' as college_code from personal.person",
)


def make_home(folder: Path, **overrides) -> Settings:
    """A data home with a dbt project of its own, so that nobody's edit changes a fingerprint."""
    project = folder / "project"
    project.mkdir(exist_ok=True)
    settings = load_settings(
        folder / "学院 数据", threads=2, **({"dbt_project": project} | overrides)
    )
    settings.paths.create()
    return settings


def deliver(
    settings: Settings,
    rows: int,
    *,
    table: str = "student_status",
    day: int = 0,
    system: str = "simulator",
) -> None:
    """Write one batch into the ledger."""
    engine = open_state(settings)
    with session(engine) as opened:
        number = len(opened.scalars(select(Batch)).all())
        digest = hashlib.sha256(f"{table} {number}".encode()).hexdigest()
        opened.add(
            Batch(
                id=digest[:32],
                source="student_affairs" if table == "student_status" else "student_meal_card",
                table_name=table,
                content_sha256=digest,
                file_name="extract.csv",
                received_at=AS_OF + timedelta(days=day, hours=1),
                extracted_at=AS_OF + timedelta(days=day),
                source_system=system,
                contract_version="1.0.0",
                accepted_rows=rows,
                refused_rows=0,
                reasons={},
                readings={},
                files=[f"lake/{digest[:32]}/part-0.parquet"],
            )
        )
    engine.dispose()


if __name__ == "__main__":
    from warehouse.release import refresh

    with FakeWarehouse().installed():
        print(refresh(load_settings(sys.argv[1])).result)
