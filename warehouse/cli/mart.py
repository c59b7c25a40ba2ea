"""`campus mart`: a mart as it was known on a day."""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_rows, settings_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command("mart")(_mart)


def _mart(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A mart or published table, such as dim_student.")],
    as_of: Annotated[
        datetime,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day whose knowledge counts."),
    ],
    valid_on: Annotated[
        datetime | None,
        typer.Option("--valid-on", formats=["%Y-%m-%d"], help="Only rows whose span holds a day."),
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
    out: Annotated[
        Path | None, typer.Option("--out", help="A new file, for its owner alone.")
    ] = None,
) -> None:
    """A mart rebuilt from the lake as it was known at the end of a day in Beijing.

    What was extracted later is left out. Figures come as computed from that; what was reported
    then is told by: campus indicator reported. The read is noted in the audit log. It takes as long
    as building that mart, and disturbs nobody.

    Example: campus mart dim_student --as-of 2026-03-31 --valid-on 2025-09-30 --format csv
    """
    from warehouse.access.desk import open_desk
    from warehouse.access.operator_marts import read_mart
    from warehouse.errors import UsageError

    if form == "parquet" and out is None and sys.stdout.isatty():
        raise UsageError("That format is not text.", next_step="Name a file with --out.")
    with (
        open_desk(settings_of(context)) as desk,
        tempfile.TemporaryDirectory(dir=desk.settings.paths.work) as folder,
    ):
        target = out if out is not None or form == "table" else Path(folder) / "mart"
        found = read_mart(
            desk,
            name,
            as_of.date(),
            form=form,
            target=target,
            valid_on=valid_on.date() if valid_on else None,
        )
        if form == "table":
            print_rows(found.columns, found.shown)
        elif out is None and target is not None:
            sys.stdout.flush()
            with target.open("rb") as file:
                while piece := file.read(1 << 20):
                    sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
    if form == "table" and found.rows > len(found.shown):
        err.print(f"! the first {len(found.shown)} of {found.rows} rows; all: --format csv")
    if out is not None:
        err.print(f"✓ {found.rows} row(s) written", highlight=False)
