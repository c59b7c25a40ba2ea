"""`campus quarantine`: what was refused and is still open, and its workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command group to the application."""
    group = typer.Typer(no_args_is_help=True, help="What was refused and waits to be mended.")
    app.add_typer(group, name="quarantine")
    group.command("list")(_list)
    group.command("export")(_export)


def _list(
    context: typer.Context,
    unit: Annotated[
        str | None, typer.Option("--unit", help="Only this owner unit, for example hr_office.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """What is open, by owner unit. Example: campus quarantine list --unit hr_office"""
    from warehouse.ingest.run import open_refusals

    rows = [
        {
            "unit": one.unit,
            "source": one.source,
            "table": one.table,
            "id": one.id,
            "received_at": one.received_at,
            "refused_rows": one.refused_rows,
            "waiting_rows": one.waiting_rows,
            "reasons": one.reasons,
            "workbook": one.path,
        }
        for one in open_refusals(settings_of(context))
        if unit in (None, one.unit)
    ]
    if as_json:
        print_json(rows)
        return
    print_rows(
        ("unit", "table", "id", "refused", "waiting", "reasons", "workbook"),
        (
            (
                row["unit"],
                f"{row['source']}/{row['table']}",
                row["id"][:12],
                row["refused_rows"],
                row["waiting_rows"],
                ", ".join(f"{reason} {count}" for reason, count in row["reasons"].items()),
                row["workbook"],
            )
            for row in rows
        ),
    )


def _export(
    context: typer.Context,
    place: Annotated[
        str,
        typer.Argument(
            metavar="ID|UNIT", help="First 12 digits of the id in the list, or an owner unit."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Copy the workbooks into this folder.")
    ] = None,
) -> None:
    """Make the workbooks of what is open anew. Example: campus quarantine export hr_office"""
    from warehouse.ingest.run import export_refusals

    written = export_refusals(settings_of(context), place, out)
    for path in written:
        typer.echo(str(path))
    if not written:
        err.print("Nothing is open any more there.")
