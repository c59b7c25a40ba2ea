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
        str | None,
        typer.Option("--unit", help="Only this owner unit, for example 人事处 or hr_office."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """What is open, by owner unit. Example: campus quarantine list --unit 人事处"""
    from warehouse.authority import load_authority
    from warehouse.ingest.run import open_refusals

    unit = _unit_id(context, unit)
    rows = [
        {
            "unit": one.unit,
            "source": one.source,
            "table": one.table,
            "id": one.id,
            "received_at": one.received_at,
            "refused_rows": one.refused_rows,
            "open_rows": one.open_rows,
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
    if not rows:
        err.print("Nothing is open.")
        return
    units = load_authority(home=settings_of(context).paths).units
    print_rows(
        ("unit", "table", "id", "refused", "open", "waiting", "reasons"),
        (
            (
                units[row["unit"]],
                f"{row['source']}/{row['table']}",
                row["id"][:12],
                row["refused_rows"],
                row["open_rows"],
                row["waiting_rows"],
                ", ".join(f"{reason} {count}" for reason, count in row["reasons"].items()),
            )
            for row in rows
        ),
    )
    err.print(
        "Their workbooks lie in the outbox of the data home. Copy them with: "
        "campus quarantine export ID|UNIT --out DIR",
        highlight=False,
        markup=False,
    )


def _export(
    context: typer.Context,
    place: Annotated[
        str,
        typer.Argument(
            metavar="ID|UNIT", help="An id of the list (12 digits or more), or an owner unit."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Copy the workbooks into this folder.")
    ] = None,
) -> None:
    """Make the workbooks of what is open anew. Example: campus quarantine export 人事处"""
    from warehouse.authority import load_authority
    from warehouse.ingest.run import export_refusals

    named = load_authority(home=settings_of(context).paths).units
    unit = _unit_id(context, place) if place in (*named, *named.values()) else place
    written = export_refusals(settings_of(context), unit, out)
    for path in written:
        typer.echo(str(path))
    if not written:
        err.print("Nothing is open any more there.")


def _unit_id(context: typer.Context, unit: str | None) -> str | None:
    """The id of a unit that is named by id or in Chinese."""
    from warehouse.authority import load_authority
    from warehouse.errors import UsageError

    if unit is None:
        return None
    try:
        return load_authority(home=settings_of(context).paths).unit_id(unit)
    except KeyError:
        raise UsageError(
            f"The annexes know no unit {unit}.",
            next_step="See the units with: campus contract list",
        ) from None
