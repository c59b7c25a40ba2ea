"""Every command explains itself, and the fixed names of the design exist."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
import typer

from warehouse.cli.main import build_app

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
    ],
)
def test_the_commands_that_people_rely_on_exist(name: str) -> None:
    assert name in LEAVES
