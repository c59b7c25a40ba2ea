"""A grant whose file is not what was approved is shut at the next look, whatever was done to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from access_college import ALICE, College
from grant_scene import LOANS, STATUS, built, found_scene, grant_row, rows_of
from sqlalchemy import update

from warehouse.access.grant_build import people_file
from warehouse.access.grant_files import sweep
from warehouse.access.grant_verification import reopen, verify
from warehouse.engine import open_work
from warehouse.errors import Forbidden, ReleaseError, StateError
from warehouse.governance.grants import state_of
from warehouse.governance.incidents import (
    close_incident,
    frozen_by,
    note_incident,
    open_incident,
    release_from,
)
from warehouse.governance.protection import protect
from warehouse.release.durable import sha256_of
from warehouse.state import session
from warehouse.state.models import Grant, GrantBuild, GrantEvent

COLUMNS = {STATUS: ["person_key", "college_code"], LOANS: ["person_key", "title"]}
ODD = {"students": {"college_code": ["03"]}}


@pytest.fixture
def college(tmp_path) -> College:
    college = found_scene(tmp_path)
    college.appoint(ALICE, "analyst")
    return college


@pytest.fixture
def grant(college: College) -> str:
    return college.grant(columns=COLUMNS, rows=ODD)


def look(college: College, **changes):
    return verify(
        college.settings, college.engine, college.reader, college.audit,
        actor="command:test", now=college.clock.now, **changes,
    )  # fmt: skip


def state(college: College, grant: str) -> str:
    with session(college.engine, read_only=True) as opened:
        return state_of(opened, opened.get_one(Grant, grant), college.clock.now)


def change(path, script: str) -> None:
    path.chmod(0o600)
    connection = open_work(path, threads=1)
    connection.execute(script)
    connection.close()
    path.chmod(0o400)


def disguise(college: College, grant: str) -> None:
    """Register the changed file as if it had been built so: only its content can tell."""
    path = next((college.settings.paths.grants / grant).glob("*.duckdb"))
    found = path.stat()
    with session(college.engine) as opened:
        opened.execute(
            update(GrantBuild).values(
                file_sha256=sha256_of(path), file_mark=f"{found.st_size}:{found.st_mtime_ns}"
            )
        )


def test_sound_grants_stay_open(college: College, grant: str):
    other = college.grant(columns={STATUS: ["grade_year"]}, rows={})
    verdicts = {one.grant: one for one in look(college)}
    assert {one.result for one in verdicts.values()} == {"ok"} and set(verdicts) == {grant, other}
    assert verdicts[grant].rows == {STATUS: 20, LOANS: 192}
    assert state(college, grant) == "live"


OTHER = f"select * from {STATUS} limit 1"
DRIFTS = {
    "a row more": (f"insert into {STATUS} {OTHER}", "rows, the scope says"),
    "a row less": (f"delete from {LOANS} where rowid = 0", "rows, the scope says"),
    "a changed value": (f"update {LOANS} set title = 'B0'", "are not those of the release"),
    "a column more": (f"alter table {STATUS} add column name varchar", "columns that were not"),
    "a column less": (f"alter table {STATUS} drop column college_code", "or lacks some"),
    "another type": (
        f"alter table {STATUS} alter person_key type varchar",
        "columns that were not",
    ),
    "a table more": (f"create table main.more as {OTHER}", "the table main.more"),
    "a table less": (f"drop table {LOANS}", "lacks the table"),
    "a view": (f"create view main.v as {OTHER}", "holds a view"),
    "a macro": ("create macro main.m(x) as x + 1", "holds a function"),
    "a sequence": ("create sequence main.s", "holds a sequence"),
}


@pytest.mark.parametrize("kind", DRIFTS)
def test_drift_shuts_the_grant_and_removes_its_file(college: College, grant: str, kind: str):
    script, named = DRIFTS[kind]
    other = college.grant(columns=COLUMNS, rows=ODD)
    path, others = built(college, grant), built(college, other)
    change(path, script)
    disguise(college, grant)
    with session(college.engine) as opened:  # the other's build is its own
        found = others.stat()
        opened.execute(
            update(GrantBuild)
            .where(GrantBuild.grant_id == other)
            .values(file_sha256=sha256_of(others), file_mark=f"{found.st_size}:{found.st_mtime_ns}")
        )
    results = {one.grant: one for one in look(college)}
    assert results[grant].result == "drifted" and results[other].result == "ok"
    assert named in "; ".join(results[grant].problems)
    assert state(college, grant) == "shut" and state(college, other) == "live"
    assert not path.exists() and others.exists()
    with session(college.engine, read_only=True) as opened:
        event = opened.get_one(GrantEvent, (grant, 1))
        assert event.cause == f"release:{path.stem}" and named in event.reason


def test_a_changed_bit_is_seen_at_the_next_use_already(college: College, grant: str):
    path = built(college, grant)
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x01")
    path.chmod(0o400)
    with pytest.raises(Forbidden, match="not the one that was built"):
        built(college, grant)
    header = college.sign_in("S001")
    answer = college.client.post(
        "/v1/sql", json={"grant": grant, "sql": "select 1"}, headers=header
    )
    assert answer.status_code == 403
    assert [one.result for one in look(college)] == ["drifted"]


def test_file_whose_time_alone_changed_is_read(college: College, grant: str):
    import os

    path = built(college, grant)
    os.utime(path, (1, 1))
    assert built(college, grant) == path
    with session(college.engine, read_only=True) as opened:
        assert opened.query(GrantBuild).one().file_mark.endswith(":1000000000")


@pytest.mark.parametrize("drift", ["mode", "people"])
def test_what_stands_beside_the_file_is_compared_too(college: College, grant: str, drift: str):
    path = built(college, grant)
    if drift == "mode":
        path.chmod(0o644)
    else:
        people_file(path).unlink()
    (verdict,) = look(college)
    words = {"mode": "mode", "people": "list of its people"}
    assert verdict.result == "drifted" and words[drift] in "; ".join(verdict.problems)


def test_grant_whose_registry_was_changed_is_not_live_at_all(college: College, grant: str):
    built(college, grant)
    with session(college.engine) as opened:
        opened.get_one(Grant, grant).limits = {"rows_per_day": 10**9}
    assert state(college, grant) == "unapproved" and look(college) == []
    sweep(college.settings, college.engine, college.reader, now=college.clock.now)
    assert not (college.settings.paths.grants / grant).exists()


def test_shut_grant_opens_again_after_a_clean_build_only(college: College, grant: str):
    with pytest.raises(StateError, match="live"):
        again(college, grant)
    change(built(college, grant), f"delete from {LOANS}")
    look(college)
    with pytest.raises(StateError, match="shut"):
        look(college, grant_id=grant)
    again(college, grant)
    assert state(college, grant) == "live"
    assert rows_of(built(college, grant), f"select count(*) from {LOANS}") == [(192,)]
    assert [one.result for one in look(college)] == ["ok"]


def test_grant_whose_new_file_is_no_better_stays_shut(college: College, grant: str, monkeypatch):
    import warehouse.access.grant_verification as module

    change(built(college, grant), f"delete from {LOANS}")
    look(college)
    make = module.grant_file

    def meddling(*arguments, **options):
        path, release = make(*arguments, **options)
        path.chmod(0o640)
        return path, release

    monkeypatch.setattr(module, "grant_file", meddling)
    with pytest.raises(ReleaseError, match="stays shut"):
        again(college, grant)
    assert state(college, grant) == "shut"
    assert list((college.settings.paths.grants / grant).glob("*.duckdb")) == []


def again(college: College, grant: str):
    return reopen(
        college.settings, college.engine, college.reader, college.audit, grant,
        actor="command:test", reason="looked into", now=college.clock.now,
    )  # fmt: skip


def test_publication_verifies_and_says_which_grants_were_shut(college: College):
    from warehouse.cli.after_release import steps_after

    college.clock.now = datetime.now(UTC)
    sound, grant = (college.grant(columns=COLUMNS, rows=ODD) for _ in range(2))
    built(college, sound)
    change(built(college, grant), f"delete from {LOANS}")
    with college.reader.open("authority") as (_cursor, release):
        found = release
    errors = []
    for step in steps_after("release.publish"):
        try:
            step(college.settings, found)
        except ReleaseError as error:
            errors.append(error.message)
    college.clock.now = datetime.now(UTC)
    (message,) = errors
    assert grant in message and sound not in message
    assert state(college, grant) == "shut" and state(college, sound) == "live"


def test_somebody_protected_after_the_build_is_no_drift(college: College, grant: str):
    built(college, grant)
    protect(
        college.audit, 1001, owner_unit="x", owner=4001, reason="x", actor="command:test",
        now=college.clock.now,
    )  # fmt: skip
    (verdict,) = look(college)
    assert verdict.result == "ok" and verdict.rows[STATUS] == 19


# Incidents ----------------------------------------------------------------------------------------


def test_incident_freezes_at_once_and_keeps_the_evidence(college: College, grant: str):
    other = college.grant(columns=COLUMNS, rows=ODD)
    path, header = built(college, grant), college.sign_in("S001")
    query = {"grant": grant, "sql": f"select count(*) from {STATUS}"}
    assert college.client.post("/v1/sql", json=query, headers=header).status_code == 200
    made = open_incident(
        college.audit,
        "名单外泄",
        "在共享盘上",
        [grant],
        actor="command:test",
        now=college.clock.now,
    )
    assert college.client.post("/v1/sql", json=query, headers=header).status_code == 403
    assert state(college, grant) == "frozen" and state(college, other) == "live"
    sweep(college.settings, college.engine, college.reader, now=college.clock.now)
    assert path.exists(), "evidence"
    words = {"actor": "command:test", "now": college.clock.now}
    with pytest.raises(StateError, match="still freezes"):
        close_incident(college.audit, made, text="x", **words)
    second = open_incident(college.audit, "另一件", "", [grant], **words)
    release_from(college.audit, made, grant, reason="不是它", **words)
    assert state(college, grant) == "frozen", "the second still holds it"
    release_from(college.audit, second, grant, reason="不是它", **words)
    assert state(college, grant) == "live"
    assert college.client.post("/v1/sql", json=query, headers=header).status_code == 200
    close_incident(college.audit, made, text="无", **words)
    with pytest.raises(StateError, match="closed"):
        note_incident(college.audit, made, "x", **words)


def test_incident_that_names_an_unknown_grant_leaves_nothing_behind(college: College, grant: str):
    from warehouse.errors import NotFound
    from warehouse.state.models import Incident

    words = {"actor": "command:test", "now": college.clock.now}
    with pytest.raises(NotFound):
        open_incident(college.audit, "x", "", [grant, "g-none"], **words)
    assert state(college, grant) == "live"
    with session(college.engine, read_only=True) as opened:
        assert opened.query(Incident).count() == 0
    made = open_incident(college.audit, "x", "", [], **words)
    note_incident(college.audit, made, "", grants=[grant, grant], **words)
    with session(college.engine, read_only=True) as opened:
        assert frozen_by(opened, made) == [grant]
    assert grant_row(college, grant).id == grant
    with college.engine.connect() as connection:
        logged = connection.exec_driver_sql("select action, detail from audit").all()
    assert [json.loads(d)["cause"] for a, d in logged if a == "grant.freeze"] == [
        f"incident:{made}"
    ]
