"""What stands in the log of all that is done below the gateway, and that no value does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ingest_contracts import STAFF, UNIT, UNITS, put, run, staff_row
from release_fakes import FakeWarehouse, deliver, make_home
from sqlalchemy import Engine
from typer.testing import CliRunner

from warehouse.audit import Audit
from warehouse.audit.configuration import note_configuration
from warehouse.cli.main import build_app
from warehouse.errors import ReleaseError, TransformError
from warehouse.ingest.run import export_refusals
from warehouse.release import build
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state, session
from warehouse.state.models import AuditEntry, Delivery

MERCHANTS = "merchant_no,merchant_name,canteen,kind,opened_date,closed_date\n"


@pytest.fixture
def settings(tmp_path: Path, state_url: str | None) -> Settings:
    made = load_settings(tmp_path / "数据 home", state_url=state_url, threads=2)
    made.paths.create()
    return made


@pytest.fixture
def engine(settings: Settings):
    opened = open_state(settings)
    yield opened
    opened.dispose()


def told(engine: Engine, action: str) -> list[dict[str, Any]]:
    """Details of the entries of an action, oldest first, each with its actor."""
    with session(engine, read_only=True) as opened:
        found = opened.query(AuditEntry).where(AuditEntry.action == action)
        return [
            {"actor": entry.actor, "phase": entry.phase, **json.loads(entry.detail)}
            for entry in found.order_by(AuditEntry.seq)
        ]


def everything(engine: Engine) -> str:
    with session(engine, read_only=True) as opened:
        return " ".join(f"{e.actor} {e.subject} {e.detail}" for e in opened.query(AuditEntry))


def campus(settings: Settings, *arguments: str, code: int = 0) -> str:
    words = ["--home", str(settings.paths.root), *arguments]
    ended = CliRunner().invoke(
        build_app(), words, env={"CAMPUS_STATE_URL": settings.state_url, "CAMPUS_THREADS": "2"}
    )
    found = getattr(ended.exception, "exit_code", ended.exit_code)
    assert found == code, (ended.output, ended.exception)
    return ended.stdout


def test_every_file_that_was_looked_at_has_one_entry(settings: Settings, engine: Engine):
    put(settings, UNIT, "张三的单位.csv", UNITS)
    put(settings, STAFF, "s.csv", [*map(staff_row, range(200)), staff_row(900, sex="9")])
    run(settings, actor="job:refresh")
    put(settings, UNIT, "again.csv", UNITS)
    wrong = put(settings, STAFF, "wrong.csv", [staff_row(3)], extra=("工资",))
    stray = settings.paths.inbox / "王五" / "机密表"
    stray.mkdir(parents=True)
    (stray / "x.csv").write_text("a,b\n1,2\n")
    run(settings, actor="job:refresh")
    assert not wrong.exists()
    entries = told(engine, "delivery.receive")
    with session(engine, read_only=True) as opened:
        assert sorted(e["delivery"] for e in entries) == sorted(
            row.id for row in opened.query(Delivery)
        )
    assert {e["actor"] for e in entries} == {"job:refresh"}
    shown = sorted(
        (e["source"] or "", e["table"] or "", e["result"], e["rows"], e["refused_rows"])
        for e in entries
    )
    assert shown == [
        ("", "", "refused", 0, 0),
        ("hr", "staff", "accepted", 200, 1),
        ("hr", "staff", "refused", 0, 1),
        ("hr", "unit", "accepted", 2, 0),
        ("hr", "unit", "duplicate", 0, 0),
    ]
    for value in ("张三", "王五", "机密表", "测试者", "100001", "工资", "1980-01-01"):
        assert value not in everything(engine), value


def test_rows_that_land_later_have_an_entry_of_their_own(settings: Settings, engine: Engine):
    put(settings, STAFF, "s.csv", [staff_row(1)])
    run(settings)
    put(settings, UNIT, "u.csv", UNITS)
    run(settings)
    (late,) = told(engine, "delivery.land_waiting")
    assert (late["source"], late["table"], late["rows"]) == ("hr", "staff", 1)
    assert late["actor"].startswith("command:")


def test_ledger_and_log_fail_together(settings: Settings, engine: Engine):
    from warehouse.errors import AuditUnavailable

    path = put(settings, UNIT, "u.csv", UNITS)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit RENAME TO away")
    with pytest.raises(AuditUnavailable):
        run(settings)
    with session(engine, read_only=True) as opened:
        assert opened.query(Delivery).count() == 0
    assert path.exists()
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO audit")
    assert [file.result for file in run(settings).files] == ["accepted"]
    assert len(told(engine, "delivery.receive")) == 1


def test_export_of_refused_rows_is_noted_before_and_after(settings: Settings, engine: Engine):
    merchants = settings.paths.inbox / "student_meal_card" / "meal_merchant"
    merchants.mkdir(parents=True)
    (merchants / "m.csv").write_text(
        MERCHANTS + "".join(f"M{n},第{n}窗口,一食堂,餐饮,2020-09-01,\n" for n in range(200))
        + "M900,,一食堂,餐饮,2020-09-01,\n"
    )  # fmt: skip
    campus(settings, "ingest", "--json")
    (received,) = told(engine, "delivery.receive")
    export_refusals(settings, received["batch"], settings.paths.root.parent / "out")
    before, after = told(engine, "quarantine.export")
    assert (before["phase"], after["phase"]) == ("intent", "outcome")
    assert (before["tables"], before["copied"]) == (["student_meal_card/meal_merchant"], True)
    assert (after["result"], after["files"], after["rows"]) == ("served", 1, 1)
    assert "M900" not in everything(engine)


def test_commands_work_over_this_state_database(settings: Settings, engine: Engine):
    campus(settings, "init")
    merchants = settings.paths.inbox / "student_meal_card" / "meal_merchant"
    merchants.mkdir(parents=True)
    (merchants / "m.csv").write_text(MERCHANTS + "M1,第1窗口,一食堂,餐饮,2020-09-01,\n")
    (merchants / "wrong.csv").write_text("a,b\n1,2\n")
    first = json.loads(campus(settings, "ingest", "--json", code=1))
    assert sorted(file["result"] for file in first["files"]) == ["accepted", "refused"]
    campus(settings, "ingest", "--json")
    status = json.loads(campus(settings, "status", "--json"))
    loaded = {t["table"]: t["rows"] for t in status["tables"] if t["rows"]}
    assert loaded == {"meal_merchant": 1}
    assert len(json.loads(campus(settings, "quarantine", "list", "--json"))) == 1
    assert json.loads(campus(settings, "audit", "verify", "--json"))["whole"] is True
    found = {line["subject"]: line for line in json.loads(campus(settings, "doctor", "--json"))}
    assert engine.dialect.name in found["state database"]["message"]


def test_builds_are_noted_with_what_came_of_them(tmp_path: Path, state_url: str | None):
    settings = make_home(tmp_path, state_url=state_url)
    fake = FakeWarehouse()
    with fake.installed():
        deliver(settings, 5)
        build(settings)
        fake.extra_sql = ["drop table personal.person"]
        deliver(settings, 5, day=1)
        with pytest.raises((ReleaseError, TransformError)):
            build(settings)
    engine = open_state(settings)
    passed, refused = told(engine, "release.build")
    assert passed["actor"].startswith("command:")
    assert (passed["result"], passed["batches"]) == ("passed", 1) and passed["fingerprint"]
    assert refused["result"] == "refused"
    engine.dispose()


def changed(engine: Engine, settings: Settings, process: str = "gateway") -> list[str]:
    return note_configuration(Audit(engine), settings, process, f"job:{process}")


def test_changed_settings_are_named_and_no_value_is_kept(settings: Settings, engine: Engine):
    first = changed(engine, settings)
    assert {"sql_rows", "cookie_secret", "state_url", "sources.toml"} <= set(first)
    assert changed(engine, settings) == []
    other = settings.model_copy(update={"sql_rows": 77, "school_name": "秘密学院"})
    assert changed(engine, other) == ["school_name", "sql_rows"]
    settings.paths.sources_file.write_text("[hr]\n")
    assert changed(engine, other) == ["sources.toml"]
    assert changed(engine, other, "refresh") != [], "each process has its own line"
    entries = told(engine, "configuration.change")
    assert [entry["changed"] for entry in entries[1:3]] == [
        ["school_name", "sql_rows"],
        ["sources.toml"],
    ]
    assert "秘密学院" not in everything(engine)


def test_secret_is_noted_as_set_and_its_value_leaves_no_trace(settings: Settings, engine: Engine):
    def with_secret(value: str | None) -> Settings:
        url = f"postgresql+psycopg://campus:{value}@db.example/campus" if value else None
        return load_settings(settings.paths.root, cookie_secret=value, state_url=url)

    changed(engine, with_secret(None))
    assert changed(engine, with_secret("geheim-1")) == ["cookie_secret", "state_url"]
    assert changed(engine, with_secret("geheim-2")) == []
    assert "geheim" not in everything(engine)


def test_jobs_note_their_configuration_once(settings: Settings, engine: Engine):
    campus(settings, "ingest")
    campus(settings, "ingest")
    (noted,) = told(engine, "configuration.change")
    assert noted["actor"].startswith("command:") and "home" in noted["changed"]
