"""The daily job: what it publishes, when it publishes nothing, and what it refuses."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from release_fakes import AS_OF, GOOD_CHECK, FakeWarehouse, deliver, make_home

from warehouse.engine import open_release, open_work
from warehouse.errors import ReleaseError, TransformError
from warehouse.release import build, current, publish, refresh, releases
from warehouse.release.crash import RELEASE_CHECKPOINTS
from warehouse.release.lock import exclusive

FILES = {"public", "statistics", "personal", "authority"}


@pytest.fixture
def settings(tmp_path):
    made = make_home(tmp_path)
    deliver(made, 40)
    deliver(made, 500, table="meal_transaction")
    return made


@pytest.fixture
def warehouse():
    with FakeWarehouse().installed() as fake:
        yield fake


def rows(release, audience, sql):
    connection = open_release(release.file(audience))
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def tree(folder: Path):
    """Every path with its inode, time and size: equal trees mean that nothing was touched."""
    return {
        str(path): (s.st_ino, s.st_mtime_ns, s.st_size)
        for path in sorted(folder.rglob("*"))
        if (s := path.stat()) and path.is_file()
    }


def contents(release):
    return {
        audience: {name: table["content_hash"] for name, table in entry["tables"].items()}
        for audience, entry in release.manifest["files"].items()
    }


def check(**changes):
    return SimpleNamespace(**{**vars(GOOD_CHECK), **changes})


def test_first_refresh_publishes_one_file_per_audience(settings, warehouse):
    report = refresh(settings)
    assert report.result == "published"
    assert report.release == current(settings)
    assert {path.stem for path in report.release.folder.glob("*.duckdb")} == FILES
    assert rows(report.release, "personal", "select count(*) from person") == [(40,)]
    assert rows(report.release, "public", "select value from indicator_value") == [(40.0,)]
    assert report.release.folder.name == report.release.id
    assert settings.paths.current_release.read_text().strip() == report.release.id


def test_each_file_holds_its_audience_and_nothing_else(settings, warehouse):
    release = refresh(settings).release
    listing = "select table_schema, table_name from information_schema.tables order by all"
    assert rows(release, "statistics", listing) == [
        ("main", "indicator"),
        ("main", "indicator_value"),
    ]
    assert rows(release, "authority", listing) == [("student_academic_data", "course_grade")]
    assert {name for _, name in rows(release, "personal", listing)} == {
        "person",
        "person_number",
        "item",
        "meal_transaction",
    }


def test_authority_file_has_the_schemas_of_all_base_datasets(settings, warehouse):
    release = refresh(settings).release
    found = rows(
        release,
        "authority",
        "select distinct schema_name from information_schema.schemata "
        "where catalog_name = 'authority' and schema_name not in "
        "('main', 'information_schema', 'pg_catalog')",
    )
    assert len(found) == 23


def test_personal_tables_are_stored_in_their_sort_order(settings, warehouse):
    deliver(settings, 300_000, table="meal_transaction")
    release = refresh(settings).release
    assert rows(
        release,
        "personal",
        "select count(*) from (select person_key, traded_at, lag(person_key) over w as k, "
        "lag(traded_at) over w as t from meal_transaction window w as (order by rowid)) "
        "where k is not null and (k, t) > (person_key, traded_at)",
    ) == [(0,)]


def test_manifest_says_what_stands_behind_the_release(settings, warehouse):
    warehouse.nodes = [GOOD_CHECK, check(name="late", status="warn", severity="warn", failures=3)]
    release = refresh(settings).release
    manifest = json.loads((release.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["as_of"] == AS_OF.isoformat()
    assert manifest["simulated"] is True
    assert sorted(batch["table"] for batch in manifest["batches"]) == [
        "meal_transaction",
        "student_status",
    ]
    assert manifest["contracts"]["student_affairs"]
    assert manifest["tests"][1] == {
        "name": "late",
        "model": "personal__person",
        "status": "warn",
        "severity": "warn",
        "failures": 3,
        "description": "One row per person.",
    }
    assert manifest["sql"] == {"personal__person": "select 1"}
    assert manifest["files"]["personal"]["tables"]["person"]["rows"] == 40
    assert [test["name"] for test in release.failing_checks] == ["late"]


def test_one_batch_that_was_not_simulated_makes_the_release_real(settings, warehouse):
    from warehouse.state import open_state, session
    from warehouse.state.models import Batch

    engine = open_state(settings)
    with session(engine) as opened:
        opened.query(Batch).first().source_system = "hr"
    engine.dispose()
    assert refresh(settings).release.manifest["simulated"] is False


def test_only_the_owner_may_read_and_nobody_may_write_a_release(settings, warehouse):
    release = refresh(settings).release
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in release.folder.iterdir()}
    assert set(modes.values()) == {0o400}, modes
    assert stat.S_IMODE(release.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(settings.paths.warehouse_file.stat().st_mode) == 0o600


def test_second_refresh_changes_nothing_and_says_so(settings, warehouse):
    first = refresh(settings)
    before = tree(settings.paths.releases) | tree(settings.paths.work / "warehouse.duckdb")
    second = refresh(settings)
    assert (second.result, second.release) == ("unchanged", first.release)
    assert tree(settings.paths.releases) | tree(settings.paths.work / "warehouse.duckdb") == before
    assert (warehouse.builds, warehouse.ingests) == (1, 2)


def test_new_delivery_makes_a_new_release(settings, warehouse):
    first = refresh(settings).release
    deliver(settings, 2, day=1)
    second = refresh(settings).release
    assert second.id > first.id
    assert [release.id for release in releases(settings)] == [second.id, first.id]
    assert rows(second, "personal", "select count(*) from person") == [(42,)]


def test_stricter_disclosure_makes_a_new_release(settings, warehouse, tmp_path):
    refresh(settings)
    stricter = make_home(tmp_path, public_minimum_cell=20)
    assert refresh(stricter).result == "published"


def test_changed_model_makes_a_new_release(settings, warehouse):
    refresh(settings)
    models = settings.dbt_project / "models"
    models.mkdir()
    (models / "person.sql").write_text("select 1")
    assert refresh(settings).result == "published"
    assert refresh(settings).result == "unchanged"


def test_unchanged_audience_is_linked_and_a_changed_one_written_anew(settings, warehouse):
    first = refresh(settings).release
    deliver(settings, 100, table="meal_transaction", day=1)
    second = refresh(settings).release
    same = {
        audience
        for audience in FILES
        if first.file(audience).stat().st_ino == second.file(audience).stat().st_ino
    }
    assert same == FILES - {"personal"}
    assert first.file("public").stat().st_nlink == 2


def test_only_the_months_that_differ_are_written_anew(settings, warehouse):
    deliver(settings, 300_000, table="meal_transaction")
    first = refresh(settings).release
    deliver(settings, 1000, table="meal_transaction", day=1)
    warehouse.extra_sql = [
        "delete from personal.meal_transaction where traded_at::date = '2026-01-02'",
        "update personal.meal_transaction set amount = 99 where traded_at = '2026-01-03'",
    ]
    second = refresh(settings).release
    entry = second.manifest["files"]["personal"]["tables"]["meal_transaction"]
    assert entry["tail"] == ["2026-01"]
    assert first.file("personal").stat().st_ino != second.file("personal").stat().st_ino
    sums = "select count(*), sum(hash(whole_row)::hugeint) from meal_transaction as whole_row"
    held = open_work(settings.paths.warehouse_file, read_only=True)
    made = held.execute(sums.replace("from meal", "from personal.meal")).fetchall()
    held.close()
    assert rows(second, "personal", sums) == made
    build(settings, full=True)
    third = publish(settings)
    assert contents(second) == contents(third)
    assert rows(third, "personal", sums) == made


def test_a_table_of_which_much_differs_is_sorted_throughout_again(settings, warehouse):
    deliver(settings, 300_000, table="meal_transaction")
    refresh(settings)
    deliver(settings, 1, table="meal_transaction", day=1)
    warehouse.extra_sql = ["update personal.meal_transaction set amount = amount + 1"]
    release = refresh(settings).release
    assert "tail" not in release.manifest["files"]["personal"]["tables"]["meal_transaction"]
    assert rows(
        release,
        "personal",
        "select count(*) from (select person_key, lag(person_key) over (order by rowid) as k "
        "from meal_transaction) where k > person_key",
    ) == [(0,)]


def test_damaged_file_is_not_handed_on_by_linking(settings, warehouse):
    first = refresh(settings).release
    first.file("public").chmod(0o600)
    with first.file("public").open("r+b") as file:
        file.seek(8192)
        file.write(b"rot")
    deliver(settings, 100, table="meal_transaction", day=1)
    second = refresh(settings).release
    assert first.file("public").stat().st_ino != second.file("public").stat().st_ino
    assert rows(second, "public", "select value from indicator_value") == [(40.0,)]


@pytest.mark.parametrize("status", ["fail", "error"])
def test_failing_check_of_severity_error_never_publishes(settings, warehouse, status):
    first = refresh(settings).release
    deliver(settings, 2, day=1)
    warehouse.nodes = [GOOD_CHECK, check(name="sums_agree", status=status, failures=7)]
    with pytest.raises(ReleaseError) as caught:
        refresh(settings)
    for word in ("sums_agree", "personal__person", "7 row(s)", "人事处", "One row per person"):
        assert word in caught.value.message
    assert current(settings) == first
    assert not (settings.paths.work / "candidate").exists()
    with pytest.raises(ReleaseError, match="No candidate"):
        publish(settings)
    warehouse.nodes = [GOOD_CHECK]
    assert refresh(settings).result == "published"


def test_project_that_cannot_be_read_leaves_the_release_and_no_candidate(
    settings, warehouse, monkeypatch
):
    first = refresh(settings).release
    deliver(settings, 2, day=1)

    def unreadable(*_, **__):
        raise TransformError("dbt could not run: no such model")

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.release.candidate.read_project", unreadable)
        with pytest.raises(TransformError):
            refresh(settings)
    assert current(settings) == first
    assert not (settings.paths.work / "candidate").exists()
    assert refresh(settings).result == "published"


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("delete from personal.person", "personal.person is empty"),
        ("drop table personal.item", "personal.item is missing"),
        ("delete from public_statistics.indicator_value", "public.indicator_value is empty"),
        (
            "alter table public_statistics.indicator add column person_key bigint",
            "person_key, which names people",
        ),
    ],
)
def test_candidate_that_cannot_be_right_never_publishes(settings, warehouse, sql, problem):
    first = refresh(settings).release
    deliver(settings, 2, day=1)
    warehouse.extra_sql = [sql]
    with pytest.raises(ReleaseError, match=problem):
        refresh(settings)
    assert current(settings) == first


def test_table_whose_model_is_gone_leaves_the_next_release(settings, warehouse):
    warehouse.extra_sql = ["create table personal.old_model as select 1 as person_key"]
    assert "old_model" in contents(refresh(settings).release)["personal"]
    warehouse.extra_sql, warehouse.gone = [], {"old_model"}
    deliver(settings, 2, day=1)
    assert "old_model" not in contents(refresh(settings).release)["personal"]


def test_full_build_from_the_lake_gives_the_same_content(settings, warehouse):
    deliver(settings, 3, day=1)
    refresh(settings)
    deliver(settings, 4, day=2)
    grown = refresh(settings).release
    build(settings, full=True)
    rebuilt = publish(settings)
    assert rebuilt.id != grown.id
    assert contents(rebuilt) == contents(grown)


def test_content_hash_sees_one_changed_value_but_not_the_order(settings, warehouse):
    first = refresh(settings).release
    warehouse.extra_sql = [
        "create or replace table personal.person as from personal.person order by display_name desc"
    ]
    build(settings)
    shuffled = publish(settings)
    assert contents(shuffled) == contents(first)
    warehouse.extra_sql = ["update personal.person set display_name = 'x' where display_name='人7'"]
    build(settings)
    changed = contents(publish(settings))
    assert changed["personal"]["person"] != contents(first)["personal"]["person"]
    changed["personal"].pop("person")
    before = contents(first)
    before["personal"].pop("person")
    assert changed == before


def test_empty_ledger_is_explained(tmp_path, warehouse):
    with pytest.raises(ReleaseError, match="Nothing has been landed") as caught:
        refresh(make_home(tmp_path))
    assert "campus refresh" in caught.value.next_step


def test_second_job_is_turned_away_with_the_reason(settings, warehouse):
    busy = pytest.raises(ReleaseError, match=rf"campus refresh, process {os.getpid()}")
    with exclusive(settings.paths, "campus refresh"), busy:
        refresh(settings)
    assert refresh(settings).result == "published"


def test_what_follows_a_publication_is_tried_again_until_it_succeeds(settings, warehouse):
    calls = []

    def grants(_settings, release):
        calls.append(release.id)
        if len(calls) == 1:
            raise OSError("disk full")

    with pytest.raises(ReleaseError, match="what follows"):
        refresh(settings, after=[grants])
    assert current(settings) is not None
    assert refresh(settings, after=[grants]).result == "unchanged"
    assert refresh(settings, after=[grants]).result == "unchanged"
    assert calls == [current(settings).id] * 2


def killed_refresh(settings, crash_at):
    program = Path(__file__).with_name("release_fakes.py")
    return subprocess.run(
        [sys.executable, str(program), str(settings.paths.root)],
        env={
            **os.environ,
            "CAMPUS_CRASH_AT": crash_at,
            "CAMPUS_KEEP_RELEASES": "2",
            "CAMPUS_DBT_PROJECT": str(settings.dbt_project),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("crash_at", RELEASE_CHECKPOINTS)
def test_killed_job_leaves_a_valid_release_and_the_next_one_finishes(tmp_path, warehouse, crash_at):
    settings = make_home(tmp_path, keep_releases=2)
    deliver(settings, 40)
    older = refresh(settings).release
    deliver(settings, 1, day=1)
    before = refresh(settings).release
    deliver(settings, 2, day=2)

    killed = killed_refresh(settings, crash_at)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    left = current(settings)
    for audience in FILES:
        open_release(left.file(audience)).close()
    assert left.id >= before.id
    listed = [release.id for release in releases(settings)]
    assert listed[0] == left.id, "an unfinished release is not listed"

    refresh(settings)
    now = current(settings)
    assert now.id > before.id
    assert rows(now, "personal", "select count(*) from person") == [(43,)]
    assert [release.id for release in releases(settings)] == [now.id, before.id, older.id]
    left_over = {path.name for path in settings.paths.releases.iterdir()}
    assert left_over == {now.id, before.id, older.id, "current"}
    assert not (settings.paths.work / "candidate").exists()
    assert not older.file("personal").exists() and older.file("public").exists()
    assert refresh(settings).result == "unchanged"
