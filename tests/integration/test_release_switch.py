"""Back and forth between releases, pruning, and readers that must not notice."""

import json
import threading
import time

import pytest
from release_fakes import FakeWarehouse, deliver, make_home

from warehouse.engine import open_work
from warehouse.errors import ReleaseError
from warehouse.release import (
    ReleaseReader,
    build,
    contents,
    current,
    publication,
    publish,
    refresh,
    releases,
    rollback,
)


@pytest.fixture
def settings(tmp_path):
    return make_home(tmp_path, keep_releases=2)


@pytest.fixture
def warehouse():
    with FakeWarehouse().installed() as fake:
        yield fake


def next_release(settings, rows=10):
    next_release.day = getattr(next_release, "day", 0) + 1
    deliver(settings, rows, day=next_release.day)
    return refresh(settings).release


def people(reader):
    with reader.open("personal") as (cursor, release):
        return cursor.execute("select count(*) from person").fetchone()[0], release.id


def test_rollback_and_forward_again(settings, warehouse):
    first, second = next_release(settings), next_release(settings)
    followed = []
    back = rollback(settings, after=[lambda _, release: followed.append(release.id)])
    assert back == first == current(settings)
    assert rollback(settings, second.id).id == second.id == current(settings).id
    assert followed == [first.id]
    assert [release.id for release in releases(settings)] == [second.id, first.id]


def test_daily_job_does_not_publish_again_what_was_rolled_back(settings, warehouse):
    first, _ = next_release(settings), next_release(settings)
    rollback(settings)
    report = refresh(settings)
    assert (report.result, report.release) == ("held", first)
    assert current(settings) == first
    newer = next_release(settings)
    assert current(settings) == newer


def test_rolled_back_content_can_be_published_on_purpose(settings, warehouse):
    next_release(settings)
    taken_back = next_release(settings)
    rollback(settings)
    build(settings)
    again = publish(settings)
    assert again.fingerprint == taken_back.fingerprint
    assert refresh(settings).result == "unchanged"


def test_rollback_without_an_older_release_is_explained(settings, warehouse):
    only = next_release(settings)
    with pytest.raises(ReleaseError, match="no whole release before"):
        rollback(settings)
    assert current(settings) == only


@pytest.mark.parametrize("name", ["20200101T000000Z-00000000", "../../etc", "", "current"])
def test_rollback_to_what_is_no_release_is_refused(settings, warehouse, name):
    only = next_release(settings)
    with pytest.raises(ReleaseError, match="There is no release"):
        rollback(settings, name)
    assert current(settings) == only


def test_rollback_refuses_a_damaged_release(settings, warehouse):
    first, second = next_release(settings), next_release(settings)
    first.file("personal").chmod(0o600)
    with first.file("personal").open("ab") as file:
        file.write(b"rot")
    with pytest.raises(ReleaseError, match=r"damaged: personal"):
        rollback(settings)
    assert current(settings) == second


def test_damaged_pointer_is_named_and_mended_by_a_rollback(settings, warehouse):
    first = next_release(settings)
    settings.paths.current_release.write_text("nonsense")
    with pytest.raises(ReleaseError, match="campus rollback"):
        current(settings)
    assert rollback(settings, first.id) == current(settings) == first


def test_old_releases_lose_personal_files_and_keep_figures_and_manifest(settings, warehouse):
    made = [next_release(settings) for _ in range(4)]
    kept = {release.id: set(release.audiences_kept) for release in releases(settings)}
    everything = {"public", "statistics", "personal", "authority"}
    assert kept == {
        made[0].id: {"public", "statistics"},
        made[1].id: {"public", "statistics"},
        made[2].id: everything,
        made[3].id: everything,
    }
    assert json.loads((made[0].folder / "manifest.json").read_text())["id"] == made[0].id
    with pytest.raises(ReleaseError, match="was pruned"):
        rollback(settings, made[0].id)


def test_pinned_and_current_releases_are_never_pruned(settings, warehouse):
    deliver(settings, 10)
    build(settings)
    pinned = publish(settings, pinned=True)
    second = next_release(settings)
    next_release(settings)
    rollback(settings, second.id)
    build(settings)
    for _ in range(3):
        next_release(settings)
    whole = {release.id for release in releases(settings) if release.whole}
    assert pinned.id in whole
    assert current(settings).id in whole
    assert second.id not in whole


def test_ids_rise_even_when_releases_follow_within_a_second(settings, warehouse):
    deliver(settings, 10)
    made = []
    for _ in range(3):
        build(settings)
        made.append(publish(settings).id)
    assert made == sorted(set(made))


def test_reader_on_the_old_release_finishes_while_new_ones_read_the_new(settings, warehouse):
    first = next_release(settings, 10)
    reader = ReleaseReader(settings)
    with reader.open("personal") as (cursor, release):
        cursor.execute("select display_name from person order by all")
        for _ in range(3):  # far enough for the first release to be pruned
            last = next_release(settings, 10)
        assert not first.file("personal").exists()
        assert people(reader) == (40, last.id)
        assert len(cursor.fetchall()) == 10
        assert cursor.execute("select count(*) from person").fetchone() == (10,)
        assert release == first
    assert people(reader) == (40, last.id)
    reader.close()


def test_a_demo_stops_reading_when_real_data_are_published(settings, warehouse):
    next_release(settings, 10)
    demo = ReleaseReader(settings.model_copy(update={"demo": True}))
    assert people(demo)[0] == 10
    deliver(settings, 5, day=1, system="hr")
    build(settings)
    publish(settings)
    with pytest.raises(ReleaseError, match="simulated"):
        people(demo)
    demo.close()


def test_every_concurrent_reader_sees_one_whole_release(settings, warehouse):
    """Readers read while releases are switched: a count must belong to the release it came with."""
    expected = {next_release(settings, 10).id: 10}
    reader, stop, seen, errors = ReleaseReader(settings), threading.Event(), set(), []

    def read():
        try:
            while not stop.is_set():
                with reader.open("personal") as (cursor, release):
                    one = cursor.execute("select count(*) from person").fetchone()[0]
                    time.sleep(0.002)
                    two = cursor.execute("select count(*) from person_number").fetchone()[0]
                seen.add((release.id, one, two))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for step in range(2, 7):
        release = next_release(settings, 10)
        expected[release.id] = step * 10
        time.sleep(0.1)
    stop.set()
    for thread in threads:
        thread.join(30)
    reader.close()
    assert errors == []
    assert seen <= {(release_id, count, count) for release_id, count in expected.items()}
    assert len(seen) > 2, "readers saw several releases"


def test_old_file_is_closed_when_its_last_reader_is_done(settings, warehouse):
    next_release(settings)
    reader = ReleaseReader(settings)
    with reader.open("public") as (_cursor, _):
        held = reader._opened["public"].connection
        next_release(settings)
        with reader.open("public"):
            held.execute("select 1")
        assert reader._opened["public"].connection is not held
    with pytest.raises(Exception, match=r"[Cc]losed"):
        held.execute("select 1")
    reader.close()


def test_reader_before_the_first_publication_says_what_to_do(settings):
    reader = ReleaseReader(settings)
    with pytest.raises(ReleaseError, match="campus refresh"), reader.open("public"):
        pass


def test_publication_that_fails_half_way_leaves_nothing_and_can_be_repeated(
    settings, warehouse, monkeypatch
):

    first = next_release(settings)
    deliver(settings, 5, day=99)
    export = publication.export_audience

    def full_disk(*, audience, **rest):
        if audience.name == "personal":
            raise ReleaseError("The file for personal could not be written: no space")
        return export(audience=audience, **rest)

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.release.publication.export_audience", full_disk)
        with pytest.raises(ReleaseError, match="no space"):
            refresh(settings)
    assert current(settings) == first
    assert {path.name for path in settings.paths.releases.iterdir()} == {first.id, "current"}
    builds = warehouse.builds
    assert refresh(settings).result == "published"
    assert warehouse.builds == builds, "the candidate that had passed was published"


def test_publication_hashes_again_only_what_was_not_audited(settings, warehouse, monkeypatch):
    read = []
    table_contents = contents.table_contents

    def counting(*arguments, **options):
        read.append(arguments[2])
        return table_contents(*arguments, **options)

    monkeypatch.setattr("warehouse.release.contents.table_contents", counting)
    deliver(settings, 5, day=98)
    candidate = build(settings)
    audited = len(read)
    first = publish(settings)
    assert audited > 0
    assert len(read) == audited
    deliver(settings, 5, day=99)
    candidate = build(settings)
    with open_work(candidate.file) as connection:
        connection.execute("delete from personal.person where person_key % 2 = 0")
    read.clear()
    second = publish(settings)
    assert "person" in read
    hashes = [
        release.manifest["files"]["personal"]["tables"]["person"] for release in (first, second)
    ]
    assert hashes[0] != hashes[1]
    assert "audited" not in second.manifest


def test_foreign_log_beside_the_working_file_does_not_meet_the_new_one(settings, warehouse):
    next_release(settings)
    stale = settings.paths.work / "warehouse.duckdb.wal"
    stale.write_bytes(b"left by somebody's own session")
    next_release(settings)
    assert not stale.exists()
    assert next_release(settings).manifest["files"]["personal"]["tables"]["person"]["rows"] == 30


def test_readers_cursor_can_neither_write_nor_reach_files(settings, warehouse, tmp_path):
    next_release(settings)
    reader = ReleaseReader(settings)
    for sql in ("delete from person", f"copy person to '{tmp_path}/x.csv'", "attach 'y.db'"):
        with (
            pytest.raises(Exception, match=r"read-only|disabled"),
            reader.open("personal") as (
                cursor,
                _,
            ),
        ):
            cursor.execute(sql)
    reader.close()
