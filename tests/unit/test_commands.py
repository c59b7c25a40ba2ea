"""Every command explains itself, and the fixed names of the design exist."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import click
import pytest
import typer
from typer.testing import CliRunner

from warehouse.cli.main import build_app
from warehouse.errors import CampusError, UsageError

ROOT = typer.main.get_command(build_app())


def commands(
    group: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    for name, command in getattr(group, "commands", {}).items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


LEAVES = dict(commands(ROOT))


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_has_a_help_text_with_an_example(name: str) -> None:
    text = LEAVES[name].help or ""
    assert text.strip(), f"campus {name} has no help text"
    assert "Example:" in text, f"campus {name} shows no example"
    assert f"campus {name}" in text.split("Example:", 1)[1], f"campus {name}: example of another"


@pytest.mark.parametrize("name", LEAVES)
def test_every_option_says_what_it_is(name: str) -> None:
    for parameter in LEAVES[name].params:
        if parameter.name != "help":
            assert getattr(parameter, "help", None), f"campus {name}: {parameter.name}"


@pytest.mark.parametrize(
    "name",
    [
        "init",
        "simulate",
        "ingest",
        "build",
        "publish",
        "rollback",
        "releases",
        "refresh",
        "status",
        "serve",
        "sql",
        "doctor",
        "contract lint",
        "authority list",
        "authority conflicts",
        "audit verify",
        "indicator list",
        "indicator values",
        "indicator reported",
        "indicator correct",
        "mart",
    ],
)
def test_the_commands_that_people_rely_on_exist(name: str) -> None:
    assert name in LEAVES


def test_an_error_is_printed_as_it_is_whatever_brackets_it_holds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise CampusError("no [/column] in a[b].csv", next_step="see [red]")

    entry = importlib.import_module("warehouse.cli.main")
    monkeypatch.setattr(entry, "build_app", lambda: fail)
    with pytest.raises(SystemExit):
        entry.main()
    said = capsys.readouterr().err
    assert "no [/column] in a[b].csv" in said
    assert "see [red]" in said


def test_a_unit_nobody_knows_is_not_taken_for_one_without_refusals() -> None:
    result = CliRunner().invoke(build_app(), ["quarantine", "list", "--unit", "无此单位"])
    assert isinstance(result.exception, UsageError)
