"""`campus simulate` as somebody at a terminal meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from warehouse.cli import simulate
from warehouse.errors import SimulationError

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
    assert "--delta" not in result.stdout
    assert "--mess" not in result.stdout
