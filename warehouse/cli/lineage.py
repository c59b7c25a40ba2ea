"""`campus lineage`: the models, their lineage and checks as pages to look through."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.shell import err, settings_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Models, their lineage and checks as pages.")
    app.add_typer(group, name="lineage")
    group.command("build")(_build)
    group.command("serve")(_serve)


def _build(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; default: lineage.html at home.")
    ] = None,
) -> None:
    """Write dbt's documentation of every model as one page that needs nothing else.

    It names tables, columns, owners, checks, SQL and the pages that read them; no row is in it.

    Example: campus lineage build --out lineage.html
    """
    from warehouse.lineage import build_pages

    err.print(f"✓ {build_pages(settings_of(context), out)}", highlight=False)


def _serve(
    context: typer.Context,
    port: Annotated[int, typer.Option("--port", help="On this machine only.")] = 8502,
) -> None:
    """Serve that page on this machine until interrupted; built first where it is missing.

    Example: campus lineage serve --port 8502
    """
    from warehouse.lineage import serve_pages

    with serve_pages(settings_of(context), port) as address:
        err.print(f"Lineage: {address} (Ctrl-C ends it)", highlight=False)
        address.wait()
