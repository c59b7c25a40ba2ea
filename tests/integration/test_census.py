"""Figures of closed periods from release to release: kept, listed where they differ, corrected.

The models that keep them run as they are in the project; what they read is a handful of rows.
"""

import json
import re
import shutil
from datetime import date, timedelta

import jinja2
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from release_fakes import AS_OF, FakeWarehouse, deliver, make_home
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from warehouse.access.figure_history import reported
from warehouse.audit import Audit
from warehouse.engine import open_release
from warehouse.errors import ReleaseError, UsageError
from warehouse.governance.figure_corrections import correct_figures
from warehouse.release import build, current, publish, refresh, rollback
from warehouse.release.census import Figure, Kept, head_of_line, keep, line_of, read_kept
from warehouse.settings import load_settings
from warehouse.state import open_state, session
from warehouse.state.models import Base

MODELS = load_settings().project_folder / "models"
MACROS = load_settings().project_folder / "macros"
CHAIN = (
    ("staging/earlier/stg_earlier__census_figure", "staging"),
    ("staging/earlier/stg_earlier__figure_correction", "staging"),
    ("intermediate/statistics/int_statistics__kept_figure", "intermediate"),
    ("intermediate/statistics/int_statistics__figure", "intermediate"),
    ("intermediate/statistics/int_statistics__newly_closed", "intermediate"),
    ("intermediate/statistics/int_statistics__pending_correction", "intermediate"),
    ("published/statistics/statistics__pending_correction", "statistics"),
    ("published/statistics/statistics__indicator_correction", "statistics"),
    ("published/statistics/statistics__indicator_value", "statistics"),
)
SCHEMA = {path.split("/")[-1]: schema for path, schema in CHAIN} | {
    "int_statistics__indicator_value": "intermediate",
    "int_disclosure__suppressed_cell": "intermediate",
    "indicator": "reference",
}


def _table(name: str) -> str:
    published = SCHEMA[name] == "statistics"
    return f"{SCHEMA[name]}.{name.split('__')[-1] if published else name}"


def _sql(path: str, as_of: str) -> str:
    """The model's SQL without dbt: references are tables, the as-of date is a literal."""
    macros = (MACROS / "statistics/differs.sql").read_text(encoding="utf-8")
    disclosure = (MACROS / "statistics/disclosure.sql").read_text(encoding="utf-8")
    macros += disclosure[disclosure.index("{% macro disclosed_figures") :]
    text = (MODELS / f"{path}.sql").read_text(encoding="utf-8")
    return (
        jinja2.Environment(autoescape=False)
        .from_string(macros + text)
        .render(
            config=lambda **_: "",
            ref=_table,
            source=lambda schema, table: f"{schema}.{table}",
            as_of_date=lambda: f"date '{as_of}'",
            beijing_date=lambda column: f"cast({column} + interval 8 hour as date)",
        )
    )


class Figures(FakeWarehouse):
    """Computes from the ledger how many students there were; 2025 is closed, 2026 runs until the
    as-of date. `extra` adds a unit, `label` names the period 2025."""

    as_of = AS_OF
    label = "2025"

    def run_models(self, file, settings, *, as_of, prepare, manifest=None):
        day = (as_of + timedelta(hours=8)).date().isoformat()
        rows = " union all ".join(
            f"select 'students' as indicator, '{period}' as period, '{level}' as level, "
            f"'{unit}' as unit, '{name}' as unit_name, {parent} as parent_unit, "
            f"{share} * sum(n)::double as numerator, null::double as denominator, "
            f"{share} * sum(n)::double as value, date '{last}' as as_of_date, "
            "1::bigint as smallest_group from landed.batch where name = 'student_status'"
            for period, last in ((self.label, "2025-09-30"), ("2026", day))
            for level, unit, name, parent, share in (
                ("school", "school", "全校", "null", 1),
                ("college", "C1", "甲", "'school'", 0.25),
                ("college", "C2", "乙", "'school'", 0.75),
            )
        )
        self.extra_sql = [
            "create schema if not exists reference; create schema if not exists intermediate;"
            "create schema if not exists staging",
            "create or replace table reference.indicator as "
            "select 'students' as id, 'plain' as class",
            f"create or replace table intermediate.int_statistics__indicator_value as {rows}",
            "create or replace table intermediate.int_disclosure__suppressed_cell as "
            "select null as audience, null as indicator, null as period, null as level, "
            "null as unit where false",
            "drop table statistics.indicator_value",
            *(
                f"create or replace table {_table(path.split('/')[-1])} as {_sql(path, day)}"
                for path, _ in CHAIN
            ),
            "create or replace table public_statistics.indicator_value as "
            "from statistics.indicator_value where level = 'school'",
        ]
        built = super().run_models(file, settings, as_of=as_of, prepare=prepare)
        sort = ("indicator", "period", "level", "unit")
        for schema in ("statistics", "public_statistics"):
            built.facts[f"{schema}__indicator_value"] = type(built.facts["personal__person"])(
                schema, "indicator_value", sort, None
            )
        return built


@pytest.fixture
def settings(tmp_path):
    made = make_home(tmp_path)
    deliver(made, 40)
    return made


@pytest.fixture
def warehouse():
    with Figures().installed() as fake:
        yield fake


def read(release, sql, audience="statistics"):
    connection = open_release(release.file(audience))
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def school(release, audience="statistics"):
    return read(
        release,
        "select period, value, release from indicator_value where level = 'school' order by 1",
        audience,
    )


def released(settings, rows, day):
    deliver(settings, rows, day=day)
    return refresh(settings).release


def correct(settings, *periods, reason="补录"):
    engine = open_state(settings)
    try:
        return correct_figures(
            Audit(engine),
            "students",
            periods or ("2025",),
            reason=reason,
            current=current(settings).id,
            actor="command:test",
        )
    finally:
        engine.dispose()


def test_a_closed_period_stays_as_first_published_and_the_difference_is_listed(settings, warehouse):
    first = refresh(settings).release
    assert school(first) == [("2025", 40, first.id), ("2026", 40, first.id)]
    assert read(first, "select * from pending_correction") == []
    second = released(settings, 4, 1)
    assert school(second) == [("2025", 40, first.id), ("2026", 44, second.id)]
    assert school(second, "public") == school(second)
    assert read(
        second,
        "select unit, difference, kept_value, computed_value, kept_release "
        "from pending_correction order by 1",
    ) == [
        ("C1", "changed", 10, 11, first.id),
        ("C2", "changed", 30, 33, first.id),
        ("school", "changed", 40, 44, first.id),
    ]
    # A third one finds what the first one kept, not what the second one computed.
    assert school(released(settings, 0, 2))[0] == ("2025", 40, first.id)


def test_a_correction_publishes_what_is_computed_and_that_is_kept(settings, warehouse):
    first = refresh(settings).release
    second = released(settings, 4, 1)
    (number,) = correct(settings)
    third = refresh(settings).release
    assert third.id != second.id
    assert school(third) == [("2025", 44, third.id), ("2026", 44, second.id)]
    assert read(third, "select * from pending_correction") == []
    said = "select correction_id, period, reason, value_before, value_after, release "
    assert read(third, said + "from indicator_correction") == [
        (number, "2025", "补录", 40, 44, third.id)
    ]
    assert refresh(settings).result == "unchanged"
    fourth = released(settings, 6, 3)
    assert school(fourth) == [("2025", 44, third.id), ("2026", 50, fourth.id)]
    assert read(fourth, said + "from indicator_correction") == [
        (number, "2025", "补录", 40, 44, third.id)
    ]
    assert [
        (row["in_release"], row["value"]) for row in reported(settings, "students", "2025")
    ] == [
        (fourth.id, 44),
        (third.id, 44),
        (second.id, 40),
        (first.id, 40),
    ]


def test_only_what_is_kept_can_be_corrected_and_only_once(settings, warehouse):
    refresh(settings)
    for periods, message in ((["2026"], "No release keeps"), (["1999"], "No rel")):
        with pytest.raises(UsageError, match=message):
            correct(settings, *periods)
    with pytest.raises(UsageError, match="reason"):
        correct(settings, reason="  ")
    correct(settings)
    with pytest.raises(UsageError, match="already waits"):
        correct(settings)


def test_a_correction_may_leave_a_period_without_figures(settings, warehouse):
    """A changed definition that names its periods otherwise."""
    refresh(settings)
    warehouse.label = "2024-2025"
    second = released(settings, 4, 1)
    assert [row[:2] for row in school(second)] == [("2024-2025", 44), ("2025", 40), ("2026", 44)]
    assert {row[0] for row in read(second, "select difference from pending_correction")} == {
        "removed"
    }
    correct(settings)
    refresh(settings)
    fourth = released(settings, 1, 2)
    assert [row[:2] for row in school(fourth)] == [("2024-2025", 44), ("2026", 45)]


def test_what_a_withdrawn_release_kept_does_not_count(settings, warehouse):
    warehouse.label = "before"
    first = refresh(settings).release
    warehouse.label = "2025"
    bad = released(settings, 4, 1)
    assert school(bad)[0][:2] == ("2025", 44)
    rollback(settings)
    assert current(settings) == first
    good = released(settings, 5, 2)
    assert [row[:2] for row in school(good)] == [("2025", 49), ("2026", 49), ("before", 40)]
    # Forward again to the one that was withdrawn: its own figures hold.
    rollback(settings, bad.id)
    again = released(settings, 7, 3)
    assert school(again)[0][:2] == ("2025", 44)


def test_a_candidate_of_another_release_is_not_published(settings, warehouse):
    refresh(settings)
    released(settings, 4, 1)
    deliver(settings, 5, day=2)
    build(settings)
    rollback(settings)
    with pytest.raises(ReleaseError, match="another release"):
        publish(settings)
    builds = warehouse.builds
    assert refresh(settings).result == "published"
    assert warehouse.builds == builds + 1


def test_full_build_and_lost_releases_give_the_same_figures(settings, warehouse):
    refresh(settings)
    second = released(settings, 4, 1)

    def contents(release):
        tables = release.manifest["files"]["statistics"]["tables"]
        return {name: table["content_hash"] for name, table in tables.items()}

    build(settings, full=True)
    third = publish(settings)
    assert contents(third) == contents(second)
    assert school(third) == school(second)
    assert second.file("statistics").stat().st_ino == third.file("statistics").stat().st_ino
    for folder in (settings.paths.releases, settings.paths.work):
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
    again = refresh(settings).release
    assert contents(again) == contents(second)
    assert [row[:2] for row in school(again)] == [("2025", 40), ("2026", 44)]


def test_unchanged_figures_are_linked_and_keep_their_release(settings, warehouse):
    first = refresh(settings).release
    deliver(settings, 500, table="meal_transaction", day=0)
    second = refresh(settings).release
    assert second.id != first.id
    assert first.file("statistics").stat().st_ino == second.file("statistics").stat().st_ino
    assert {row[2] for row in school(second)} == {first.id}
    manifest = json.loads((second.folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["before"], manifest["corrections"]) == (first.id, [])
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", school(second)[0][2])


def test_what_was_published_cannot_be_changed_in_the_state(settings, warehouse):
    refresh(settings)
    correct(settings)
    engine = open_state(settings)
    for table, change in (
        ("census_release", "SET before = 'x'"),
        ("census_figure", "SET value = 0"),
        ("figure_correction", "SET reason = 'x'"),
    ):
        for statement in (
            f"UPDATE {table} {change}",
            f"DELETE FROM {table}",
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        ):
            with pytest.raises(DatabaseError, match="append-only"), session(engine) as opened:
                opened.execute(text(statement))
    engine.dispose()


def test_on_postgresql_figures_come_back_to_the_last_bit_and_cannot_be_changed(
    tmp_path, postgresql
):
    postgresql.run("create schema kept")
    address = f"postgresql+psycopg://owner@127.0.0.1:{postgresql.port}/campus?sslmode=disable"
    address += "&options=-csearch_path%3Dkept"
    made = load_settings(tmp_path / "home", state_url=address)
    made.paths.create()
    name = "20260101T000000Z-00000001"
    figure = Figure(
        name, "i", "2025", "school", "school", "全校", None, 0.1 + 0.2, None, 1 / 3,
        date(2025, 9, 30), None,
    )  # fmt: skip
    engine = open_state(made)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
        with session(engine) as opened:
            keep(opened, name, before=None, corrections=[], figures=[figure], now=AS_OF)
        with session(engine, read_only=True) as opened:
            assert read_kept(opened, None) == Kept(name, (figure,), ())
        for statement in ("DELETE FROM census_figure", "TRUNCATE figure_correction"):
            with pytest.raises(DatabaseError, match="append-only"), session(engine) as opened:
                opened.execute(text(statement))
    finally:
        engine.dispose()
        postgresql.run("drop schema kept cascade")


@pytest.mark.parametrize(
    ("pointed", "head"),
    [("b", "b"), ("d", "c"), (None, "c"), ("A", None)],
    ids=["recorded", "not recorded", "lost", "older than all"],
)
def test_the_line_of_releases_begins_where_the_pointer_is_or_was(pointed, head):
    assert head_of_line(["a", "b", "c"], pointed) == head
    assert line_of({"a": None, "b": "a", "c": "a"}, "c") == ["a", "c"]
