"""The daily job pulls first; a source that fails stops nothing, but is told and counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from release_fakes import FakeWarehouse, deliver, make_home
from typer.testing import CliRunner

from warehouse.cli.main import build_app
from warehouse.pull import PullReport, TableResult
from warehouse.release import current, refresh
from warehouse.release.freshness import table_statuses
from warehouse.state import open_state, session
from warehouse.state.models import Batch, PullMark

DOWN = """
[sources.student_affairs]
dialect = "postgresql"
host = "127.0.0.1"
port = 1
database = "d"
user = "u"
password_file = "secrets/reader"
attempts = 1
[sources.student_affairs.tables.student_status]
from = "s"
"""


@pytest.fixture
def settings(tmp_path):
    made = make_home(tmp_path)
    deliver(made, 40)
    deliver(made, 500, table="meal_transaction")
    secret = made.paths.secrets / "reader"
    secret.write_text("geheim")
    secret.chmod(0o600)
    return made


@pytest.fixture
def warehouse():
    with FakeWarehouse().installed() as fake:
        yield fake


def declare(settings, text):
    (settings.paths.root / "sources.toml").write_text(text, encoding="utf-8")


def test_failed_pull_is_told_at_once_and_the_rest_is_published(settings, warehouse):
    declare(settings, DOWN)
    told = []
    report = refresh(settings, after_pull=told.append)
    assert report.result == "published" and current(settings) == report.release
    assert [result.reason for result in report.pull.failed] == ["unreachable"]
    assert told == [report.pull]
    assert warehouse.ingests == 1


def test_wrong_sources_file_does_not_stop_the_job_either(settings, warehouse):
    declare(settings, "[sources.nobody]\n")
    report = refresh(settings)
    assert report.result == "published"
    assert not report.pull.is_whole and "sources.nobody" in report.pull.problem
    assert json.loads(json.dumps(report.to_json(), default=str))["pull"]["problem"]


def test_without_sources_nothing_is_pulled(settings, warehouse):
    assert refresh(settings).pull is None


def test_what_is_pulled_lies_in_the_inbox_before_ingest_looks(settings, warehouse, monkeypatch):
    declare(settings, DOWN)
    order = []
    monkeypatch.setattr(
        "warehouse.pull.pull",
        lambda settings, actor: (
            order.append("pull") or PullReport([TableResult("s", "t", "pulled", "full")])
        ),
    )
    warehouse.on_ingest = lambda settings: order.append("ingest")
    assert refresh(settings).pull.is_whole
    assert order == ["pull", "ingest"]


def test_command_ends_with_1_when_a_source_failed(settings, warehouse, monkeypatch):
    monkeypatch.setenv("CAMPUS_DBT_PROJECT", str(settings.dbt_project))
    declare(settings, DOWN)
    arguments = ["--home", str(settings.paths.root), "refresh", "--json"]
    result = CliRunner().invoke(build_app(), arguments)
    assert result.exit_code == 1, result.output
    document = json.loads(result.stdout)
    assert document["result"] == "published"
    assert document["pull"]["tables"][0]["result"] == "failed"
    assert "not pulled: student_affairs" in result.stderr
    (settings.paths.root / "sources.toml").unlink()
    assert CliRunner().invoke(build_app(), arguments).exit_code == 0


def test_table_that_was_seen_unchanged_is_as_of_then(settings):
    seen = datetime(2026, 11, 24, 20, tzinfo=UTC)
    engine = open_state(settings)
    with session(engine) as opened:
        batch = opened.query(Batch).filter_by(table_name="student_status").one()
        for content, moment in ((batch.content_sha256, seen), ("other", seen)):
            opened.merge(
                PullMark(
                    source=batch.source,
                    table_name="student_status" if content != "other" else "student_status_change",
                    definition_sha256="d",
                    rows_hash="r",
                    content_sha256=content,
                    rows=40,
                    extracted_at=moment,
                )
            )
    engine.dispose()
    now = datetime(2026, 11, 25, tzinfo=UTC)
    found = {status.table: status for status in table_statuses(settings, now)}
    assert (found["student_status"].as_of, found["student_status"].state) == (seen, "fresh")
    assert found["meal_transaction"].state == "late", "a table that nobody pulled"
    assert found["student_status_change"].state == "never", "a mark alone is no delivery"
