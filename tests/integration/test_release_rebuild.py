"""The synthetic college through the whole chain: what is published depends on the lake alone."""

from datetime import date

import pytest

from warehouse.engine import open_work, quote_text
from warehouse.release import current, refresh
from warehouse.release.audience import audiences
from warehouse.release.candidate import build_candidate, discard
from warehouse.release.contents import published_tables
from warehouse.release.lock import exclusive
from warehouse.settings import load_settings
from warehouse.simulate import simulate, simulate_day

pytestmark = pytest.mark.slow


def test_second_refresh_of_the_college_is_unchanged(college):
    before = current(college)
    report = refresh(college)
    assert (report.result, report.release) == ("unchanged", before)


def rebuilt(settings):
    """Fingerprint and content hashes by audience and table of a build from the lake alone."""
    with exclusive(settings.paths, "rebuild"):
        candidate = build_candidate(settings, full=True)
        try:
            connection = open_work(memory_limit=settings.memory_limit)
            connection.execute(f"attach {quote_text(candidate.file)} as warehouse (read_only)")
            contents = {
                (audience.name, table.label): table.content_hash
                for audience in audiences()
                for table in published_tables(connection, audience, {})
            }
            connection.close()
        finally:
            discard(settings.paths)
    return candidate.fingerprint, contents


def published(release):
    return {
        (audience, label): table["content_hash"]
        for audience, entry in release.manifest["files"].items()
        for label, table in entry["tables"].items()
    }


def test_full_rebuild_from_the_lake_gives_the_published_content(college):
    release = current(college)
    fingerprint, contents = rebuilt(college)
    told = published(release)
    assert len(told) > 30
    assert {key for key in told if told[key] != contents.get(key)} == set()
    assert contents.keys() == told.keys()
    assert fingerprint == release.fingerprint


@pytest.mark.timeout(1800)
def test_days_one_after_another_publish_what_a_rebuild_gives(tmp_path):
    settings = load_settings(tmp_path / "学院 days")
    settings.paths.create()
    simulate(settings.paths, students=200, staff=40, years=2, seed=7, as_of=date(2026, 11, 19))
    first = refresh(settings).release
    for _ in range(2):
        simulate_day(settings.paths)
        release = refresh(settings).release
    assert release.id > first.id
    fingerprint, contents = rebuilt(settings)
    told = published(release)
    assert {key for key in told if told[key] != contents.get(key)} == set()
    assert fingerprint == release.fingerprint
    # What the files hold is what the manifest says of them, whatever was kept of the day before.
    for audience in release.manifest["files"]:
        connection = open_work(release.file(audience), read_only=True)
        for label, table in release.manifest["files"][audience]["tables"].items():
            rows = connection.execute(f"select count(*) from {label}").fetchone()
            assert rows == (table["rows"],), label
        connection.close()


def test_personal_tables_of_the_college_lie_sorted_by_person(college):
    release = current(college)
    connection = open_work(release.file("personal"), read_only=True)
    try:
        tables = [
            name
            for (name,) in connection.execute(
                "select table_name from information_schema.columns "
                "where column_name = 'person_key' order by all"
            ).fetchall()
        ]
        assert "meal_transaction" in tables
        unsorted = [
            name
            for name in tables
            if connection.execute(
                f"select count(*) from (select person_key, lag(person_key) over (order by rowid) "
                f"as before from {name}) where before > person_key"
            ).fetchone()
            != (0,)
        ]
        assert unsorted == []
    finally:
        connection.close()
