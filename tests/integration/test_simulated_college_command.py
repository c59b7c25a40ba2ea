"""`campus simulate` as somebody at a terminal meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from warehouse.cli import simulate
from warehouse.errors import SimulationError, UsageError

ARGUMENTS = ["--students", "200", "--staff", "30", "--years", "1", "--as-of", "2026-09-20"]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("CAMPUS_HOME", str(tmp_path / "数据 home"))
    app = typer.Typer()
    app.callback()(lambda: None)
    simulate.register(app)
    return app


def test_the_command_fills_the_inbox_and_keeps_stdout_for_data(
    app: typer.Typer, tmp_path: Path
) -> None:
    result = CliRunner().invoke(app, ["simulate", *ARGUMENTS])
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    files = sorted(path.name for path in (tmp_path / "数据 home" / "inbox").rglob("*.csv"))
    assert "student_status-as-of-20260920.csv" in files
    assert f"{len(files)} files" in result.stderr


def test_an_impossible_college_ends_in_an_error_that_names_the_bound(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["simulate", "--students", "3"])
    assert isinstance(result.exception, SimulationError)
    assert "students must lie between 200" in result.exception.message


def test_the_help_shows_an_example_and_no_option_that_is_not_there(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["simulate", "--help"], env={"COLUMNS": "200"})
    assert "campus simulate --students" in result.stdout
    assert "campus simulate --delta" in result.stdout


def test_a_day_follows_with_the_sizes_of_the_first_and_no_other_day_does(
    app: typer.Typer, tmp_path: Path
) -> None:
    run = CliRunner().invoke
    nothing = run(app, ["simulate", "--delta"])
    assert isinstance(nothing.exception, SimulationError)
    assert "no simulated college" in nothing.exception.message
    assert run(app, ["simulate", *ARGUMENTS]).exit_code == 0
    inbox = tmp_path / "数据 home" / "inbox"
    before = set(inbox.rglob("*.csv"))
    other = run(app, ["simulate", "--delta", "--students", "300"])
    assert isinstance(other.exception, UsageError)
    for day in ("2026-09-20", "2026-09-22"):
        wrong = run(app, ["simulate", "--delta", "--as-of", day])
        assert isinstance(wrong.exception, SimulationError)
        assert f"{day} does not follow" in wrong.exception.message
        assert "2026-09-21" in (wrong.exception.next_step or "")
    assert set(inbox.rglob("*.csv")) == before
    result = run(app, ["simulate", "--delta"])
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    added = sorted(path.name for path in set(inbox.rglob("*.csv")) - before)
    assert "meal_transaction-2026-delta-20260921.csv" in added
    assert "meal_account-as-of-20260921.csv" in added
    assert not any(name.startswith(("building", "course-", "major")) for name in added)
    assert f"{len(added)} files" in result.stderr


def test_a_note_that_says_nothing_is_named(app: typer.Typer, tmp_path: Path) -> None:
    home = tmp_path / "数据 home"
    home.mkdir()
    for text in ("{", "[]", '{"edition": 0}', '{"edition": 1}'):
        (home / "simulation.json").write_text(text, encoding="utf-8")
        result = CliRunner().invoke(app, ["simulate", "--delta"])
        assert isinstance(result.exception, SimulationError), text
        assert result.exception.next_step
