"""`campus init` and `campus status`: a data home, and what is in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command("init")(_init)
    app.command("status")(_status)


def _init(
    context: typer.Context,
    first_admin: Annotated[
        str | None,
        typer.Option(
            "--first-admin",
            metavar="PERSON",
            help="Staff number of whoever runs the hub: appointed to the working group as soon "
            "as a release knows the number.",
        ),
    ] = None,
) -> None:
    """Make a data home: its folders, closed to everybody else, and its state database.

    Running it again changes nothing that is there.

    Example: campus --home /srv/campus init --first-admin 1999001
    """
    from warehouse.cli.after_release import appoint_first_admin, first_admin_file
    from warehouse.release import current
    from warehouse.state import open_state

    settings = settings_of(context)
    home = settings.paths
    home.create()
    open_state(settings).dispose()
    err.print(f"Data home: {home.root}", highlight=False, soft_wrap=True)
    if first_admin is not None:
        waiting = first_admin_file(home)
        waiting.touch(mode=0o600)
        waiting.write_text(first_admin.strip() + "\n", encoding="utf-8")
        release = current(settings)
        if release is not None and appoint_first_admin(settings, release):
            err.print("The first administrator is appointed.")
        else:
            err.print("The first administrator is appointed when a release knows the number.")
    err.print("Next: put extracts into the inbox (or run: campus simulate), then: campus refresh")


def _status(
    context: typer.Context,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", help="Judge lateness at this moment (UTC); default: now."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """What is loaded, fresh, late and refused, per table; and which release is current.

    Example: campus status --as-of 2026-11-20 --json
    """
    from warehouse.authority import load_authority
    from warehouse.release import current
    from warehouse.release.freshness import table_statuses

    settings = settings_of(context)
    settings.paths.require()
    now = as_of.replace(tzinfo=as_of.tzinfo or UTC) if as_of else datetime.now(UTC)
    release = current(settings)
    tables = table_statuses(settings, now)
    if as_json:
        print_json(
            {
                "release": None
                if release is None
                else {
                    "id": release.id,
                    "published_at": release.published_at,
                    "as_of": release.as_of,
                    "failing_checks": len(release.failing_checks),
                },
                "tables": [table.to_json() for table in tables],
            }
        )
        return
    units = load_authority(home=settings.paths).units
    err.print(
        f"Release {release.id}, published {release.published_at:%Y-%m-%d %H:%M} UTC"
        if release
        else "Nothing has been published yet. Run: campus refresh",
        highlight=False,
    )
    print_rows(
        ("table", "responsible", "rows", "refused", "as of (UTC)", "state"),
        (
            (
                f"{table.source}/{table.table}",
                units.get(table.owner_unit, table.owner_unit),
                table.rows,
                table.refused_rows or None,
                table.as_of and f"{table.as_of:%Y-%m-%d %H:%M}",
                table.state + (f" ({table.refused_files} refused)" if table.refused_files else ""),
            )
            for table in tables
        ),
    )
    if any(table.refused_rows or table.refused_files for table in tables):
        err.print("Why rows and files were refused says: campus quarantine list")
