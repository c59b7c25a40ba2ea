"""`campus doctor`: checks the installation and the data home, and says what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.cli.shell import print_json, print_rows, settings_of

__all__ = ["register"]

_MARKS = {"ok": "✓", "warn": "!", "problem": "✗"}


def register(app: typer.Typer) -> None:
    app.command("doctor")(_doctor)


def _doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check versions, folders, disk, state database, the files of the current release, and
    whether queries are confined.

    Ends with exit code 1 if anything is wrong.

    Example: campus doctor
    """
    from warehouse.access.confinement_check import check_confinement
    from warehouse.access.paper_desk import printing_finding
    from warehouse.release.diagnosis import diagnose

    settings = settings_of(context)
    findings = [*diagnose(settings), check_confinement(settings), printing_finding()]
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        print_rows(
            ("", "what", "found", "what to do"),
            (
                (
                    _MARKS[finding.level],
                    finding.subject,
                    finding.message,
                    finding.next_step or None,
                )
                for finding in findings
            ),
        )
    if any(finding.level == "problem" for finding in findings):
        raise typer.Exit(1)
