"""The synthetic college through the whole chain: what is published depends on the lake alone."""

import pytest

from warehouse.engine import open_work, quote_text
from warehouse.release import current, refresh
from warehouse.release.audience import audiences
from warehouse.release.candidate import build_candidate, discard
from warehouse.release.contents import published_tables
from warehouse.release.lock import exclusive

pytestmark = pytest.mark.slow


def test_second_refresh_of_the_college_is_unchanged(college):
    before = current(college)
    report = refresh(college)
    assert (report.result, report.release) == ("unchanged", before)


def test_full_rebuild_from_the_lake_gives_the_published_content(college):
    release = current(college)
    with exclusive(college.paths, "rebuild"):
        candidate = build_candidate(college, full=True)
        try:
            connection = open_work(memory_limit=college.memory_limit)
            connection.execute(f"attach {quote_text(candidate.file)} as warehouse (read_only)")
            rebuilt = {
                (audience.name, table.label): table.content_hash
                for audience in audiences()
                for table in published_tables(connection, audience, {})
            }
            connection.close()
        finally:
            discard(college.paths)
    published = {
        (audience, label): table["content_hash"]
        for audience, entry in release.manifest["files"].items()
        for label, table in entry["tables"].items()
    }
    assert len(published) > 30
    assert {key for key in published if published[key] != rebuilt.get(key)} == set()
    assert rebuilt.keys() == published.keys()
    assert candidate.fingerprint == release.fingerprint


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
