"""`campus init`, `status`, `build`, `publish`, `rollback`, `releases`, `refresh`, `doctor`."""

import importlib
import json
import stat
import sys
from datetime import datetime

import pytest
from release_fakes import AS_OF, FakeWarehouse, deliver, make_home

from warehouse.release import current
from warehouse.state import open_state, session
from warehouse.state.models import Appointment, AuditEntry

# The package hands on a function of the same name, which hides the module.
program = importlib.import_module("warehouse.cli.main")


@pytest.fixture
def fake():
    warehouse = FakeWarehouse()
    # One member of staff whose number is known.
    warehouse.extra_sql = [
        "create or replace table personal.person_number as select person_key, 'staff' as kind, "
        "'1999001' as number, date '1999-09-01' as valid_from, null::date as valid_to "
        "from personal.person where display_name = '人7'"
    ]
    with warehouse.installed():
        yield warehouse


@pytest.fixture
def settings(tmp_path):
    return make_home(tmp_path)


@pytest.fixture
def campus(settings, monkeypatch, capsys):
    """Run `campus …` as a shell would; gives exit code, stdout, stderr."""
    monkeypatch.setattr(program, "COMMAND_MODULES", ("home", "release", "doctor"))
    monkeypatch.setenv("CAMPUS_DBT_PROJECT", str(settings.dbt_project))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["campus", "--home", str(settings.paths.root), *arguments])
        with pytest.raises(SystemExit) as ended:
            program.main()
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return run


def state_rows(settings, model):
    engine = open_state(settings)
    with session(engine, read_only=True) as opened:
        rows = opened.query(model).all()
    engine.dispose()
    return rows


def test_init_makes_a_closed_home_and_may_be_repeated(tmp_path, campus, settings):
    for _ in range(2):
        code, out, _err = campus("init")
        assert (code, out) == (0, "")
    for folder in (settings.paths.root, *settings.paths.folders()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    assert settings.paths.state_file.is_file()


def test_first_admin_is_appointed_when_a_release_knows_the_number(campus, settings, fake):
    assert campus("init", "--first-admin", "1999001")[0] == 0
    assert state_rows(settings, Appointment) == []
    deliver(settings, 40)
    assert campus("refresh")[0] == 0
    (appointment,) = state_rows(settings, Appointment)
    assert appointment.role == "working_group"
    deliver(settings, 2, day=1)
    assert campus("refresh")[0] == 0
    assert len(state_rows(settings, Appointment)) == 1
    assert not any("1999001" in entry.detail for entry in state_rows(settings, AuditEntry))


def test_first_admin_after_a_release_is_appointed_at_once(campus, settings, fake):
    deliver(settings, 40)
    assert campus("refresh")[0] == 0
    assert campus("init", "--first-admin", "1999001")[0] == 0
    assert [row.role for row in state_rows(settings, Appointment)] == ["working_group"]


def test_number_that_no_release_knows_keeps_waiting(campus, settings, fake):
    deliver(settings, 40)
    campus("init", "--first-admin", "2000404")
    assert campus("refresh")[0] == 0
    assert state_rows(settings, Appointment) == []
    assert (settings.paths.root / "first-admin").is_file()


def test_refresh_twice_says_that_nothing_is_new(campus, settings, fake):
    deliver(settings, 40)
    code, out, _ = campus("refresh", "--json")
    document = json.loads(out)
    assert (code, document["result"], document["files"]) == (0, "published", [])
    assert document["release"]["id"] == current(settings).id
    code, _, err = campus("refresh")
    assert code == 0
    assert "Nothing new" in err


def test_releases_lists_files_with_hashes_and_marks_the_current_one(campus, settings, fake):
    assert json.loads(campus("releases", "--json")[1]) == []
    deliver(settings, 40)
    campus("refresh")
    deliver(settings, 2, day=1)
    campus("refresh")
    assert campus("rollback")[0] == 0
    newer, older = json.loads(campus("releases", "--json")[1])
    assert (newer["current"], older["current"]) == (False, True)
    assert set(older["files"]) == {"public", "statistics", "personal", "authority"}
    for entry in older["files"].values():
        assert set(entry) == {"path", "sha256", "bytes"}
    assert datetime.fromisoformat(newer["published_at"]) > datetime.fromisoformat(
        older["published_at"]
    )
    assert campus("releases")[1].count("\n") == 3


def test_build_publishes_nothing_and_publish_needs_a_candidate(campus, settings, fake):
    deliver(settings, 40)
    code, _, err = campus("publish")
    assert code == 1
    assert "campus build" in err
    assert campus("build")[0] == 0
    assert current(settings) is None
    code, out, _ = campus("publish", "--pin", "--json")
    assert code == 0
    assert json.loads(out)["id"] == current(settings).id
    assert current(settings).pinned


def test_publication_and_rollback_stand_in_the_audit_log(campus, settings, fake):
    deliver(settings, 40)
    campus("refresh")
    campus("refresh")
    deliver(settings, 2, day=1)
    campus("refresh")
    campus("rollback")
    told = [
        (entry.action, entry.actor[:8])
        for entry in state_rows(settings, AuditEntry)
        if entry.action.startswith("release.")
    ]
    assert told == [
        ("release.build", "job:refr"),
        ("release.publish", "job:refr"),
        ("release.build", "job:refr"),
        ("release.publish", "job:refr"),
        ("release.rollback", "command:"),
    ]


def test_publication_is_noted_once_though_what_follows_it_is_tried_twice(
    campus, settings, fake, monkeypatch
):
    deliver(settings, 40)
    with monkeypatch.context() as patched:
        patched.setattr(
            "warehouse.access.grant_files.rebuild", lambda *_args, **_rest: ["G1: no such column"]
        )
        code, _, err = campus("refresh")
    assert code == 1
    assert "G1: no such column" in " ".join(err.split())
    assert campus("refresh")[0] == 0
    actions = [entry.action for entry in state_rows(settings, AuditEntry)]
    assert actions.count("release.publish") == 1


def test_failing_check_ends_with_one_and_tells_whom_to_ask(campus, settings, fake):
    deliver(settings, 40)
    fake.nodes[0].status = "fail"
    try:
        code, out, err = campus("refresh")
    finally:
        fake.nodes[0].status = "success"
    assert (code, out) == (1, "")
    assert "person_is_unique" in err
    assert "人事处" in err
    assert current(settings) is None


def test_status_tells_rows_refused_and_lateness_per_table(campus, settings, fake):
    deliver(settings, 40)
    deliver(settings, 7, table="meal_transaction")
    deliver(settings, 5, table="meal_transaction", day=1)
    campus("refresh")
    code, out, _ = campus("status", "--json", "--as-of", "2026-11-23")
    document = json.loads(out)
    assert code == 0
    assert document["release"]["id"] == current(settings).id
    tables = {entry["table"]: entry for entry in document["tables"]}
    assert len(tables) >= 19
    assert tables["meal_transaction"]["rows"] == 12
    assert tables["meal_transaction"]["state"] == "fresh"
    assert tables["student_status"]["rows"] == 40
    assert tables["student_status"]["state"] == "late"
    assert datetime.fromisoformat(tables["student_status"]["as_of"]) == AS_OF
    assert tables["room"] == tables["room"] | {
        "rows": 0,
        "refused_rows": 0,
        "last_batch": None,
        "as_of": None,
        "state": "never",
    }


def test_status_before_any_publication_is_a_document_too(campus):
    code, out, _ = campus("status", "--json")
    document = json.loads(out)
    assert (code, document["release"]) == (0, None)
    assert {entry["state"] for entry in document["tables"]} == {"never"}


def test_commands_outside_a_home_name_the_way_in(campus, settings, monkeypatch, tmp_path):
    for command in ("status", "refresh", "build", "releases"):
        monkeypatch.setattr(sys, "argv", ["campus", "--home", str(tmp_path / "no"), command])
        with pytest.raises(SystemExit) as ended:
            program.main()
        assert ended.value.code == 1


def test_doctor_finds_what_is_wrong_and_says_what_to_do(campus, settings, fake):
    deliver(settings, 40)
    campus("refresh")
    assert campus("doctor")[0] == 0
    file = current(settings).file("personal")
    file.chmod(0o644)
    settings.paths.lake.chmod(0o755)
    code, out, _ = campus("doctor", "--json")
    assert code == 1
    problems = {
        finding["subject"]: finding for finding in json.loads(out) if finding["level"] == "problem"
    }
    assert set(problems) == {"lake", "release file personal"}
    assert all(finding["next_step"] for finding in problems.values())
    with file.open("ab") as damaged:
        damaged.write(b"rot")
    found = json.loads(campus("doctor", "--json")[1])
    assert any(finding["message"] == "differs from its manifest" for finding in found)


def test_doctor_goes_on_after_a_broken_pointer(campus, settings, fake):
    settings.paths.current_release.write_text("nonsense")
    code, out, _ = campus("doctor", "--json")
    assert code == 1
    assert any(
        finding["subject"] == "release" and "campus rollback" in finding["next_step"]
        for finding in json.loads(out)
    )
