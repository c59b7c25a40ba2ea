"""Puts the command groups together and turns errors into exit codes.

A command module defines `register(app)`. It imports what it needs inside its commands, so that
`campus --help` stays quick however heavy dbt and polars are.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from warehouse import __version__
from warehouse.cli.shell import err
from warehouse.errors import CampusError

__all__ = ["COMMAND_MODULES", "build_app", "main"]

COMMAND_MODULES = (
    "home",
    "simulate",
    "ingest",
    "quarantine",
    "pull",
    "release",
    "serve",
    "contract",
    "authority",
    "indicator",
    "ministry",
    "lineage",
    "mart",
    "people",
    "application",
    "undertaking",
    "correction",
    "notice",
    "briefing",
    "grant",
    "incident",
    "returns",
    "sql",
    "audit",
    "doctor",
)


def build_app() -> typer.Typer:
    """The Typer application with every command group registered."""
    app = typer.Typer(
        name="campus",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="A college's analytics warehouse and personal data center.",
    )

    @app.callback()
    def root(
        context: typer.Context,
        home: Annotated[
            Path | None,
            typer.Option("--home", help="Data home; default: CAMPUS_HOME, then ./data."),
        ] = None,
        version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    ) -> None:
        context.ensure_object(dict)
        context.obj["home"] = home
        if version:
            typer.echo(__version__)
            raise typer.Exit

    for name in COMMAND_MODULES:
        importlib.import_module(f"warehouse.cli.{name}").register(app)
    return app


def main() -> None:
    """Entry point: exit code 0 success, 1 data or policy failure, 2 usage."""
    try:
        build_app()(standalone_mode=True)
    except CampusError as error:
        # A message may quote a database or a file name, so nothing in it is markup.
        err.print(f"[bold red]✗[/] {escape(error.message)}", highlight=False)
        if error.next_step:
            err.print(f"  → {error.next_step}", highlight=False, markup=False)
        sys.exit(error.exit_code)
