"""`campus grant …`: what a unit was granted."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    grant = typer.Typer(no_args_is_help=True, help="List and revoke grants of data.")
    app.add_typer(grant, name="grant")

    @grant.command("list")
    def listing(context: typer.Context, as_json: AsJson = False) -> None:
        """List every grant with its state.

        Example: campus grant list --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.grants import expires_at, grant_events, grants, state_of
        from warehouse.state import session

        with (
            open_desk(settings_of(context)) as desk,
            session(desk.engine, read_only=True) as opened,
        ):
            rows = [
                {
                    "id": one.id,
                    "state": state_of(opened, one, desk.now),
                    "unit": one.unit_code,
                    "purpose": one.purpose,
                    "expires_at": expires_at(one, grant_events(opened, one.id)),
                    "application": one.application_id,
                    "columns": one.columns,
                    "rows": one.rows,
                    "people": len(one.people),
                    "channels": one.channels,
                }
                for one in grants(opened)
            ]
        if as_json:
            print_json(rows)
        else:
            columns = ("id", "state", "unit", "purpose", "expires_at", "people")
            print_rows(columns, ([row[name] for name in columns] for row in rows))

    @grant.command("columns")
    def available(context: typer.Context, as_json: AsJson = False) -> None:
        """List what the current release can grant: tables, columns, types.

        Example: campus grant columns
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.grant_scope import authority_columns

        with open_desk(settings_of(context)) as desk:
            found = authority_columns(desk.reader)
        if as_json:
            print_json(found)
        else:
            rows = (
                (table, name, kind)
                for table, names in found.items()
                for name, kind in names.items()
            )
            print_rows(("table", "column", "type"), rows)

    @grant.command("revoke")
    def revoke(
        context: typer.Context,
        grant_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the grant.")],
        reason: Annotated[str, typer.Option(help="Why.")],
    ) -> None:
        """End a grant at once and delete its files.

        Example: campus grant revoke g20260910-1a2b3c4d --reason "project ended"
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.grant_files import sweep
        from warehouse.governance.grants import revoke_grant

        settings = settings_of(context)
        with open_desk(settings) as desk:
            revoke_grant(desk.audit, grant_id, actor=desk.actor, reason=reason)
            sweep(settings, desk.engine)
        err.print("✓ revoked; its files are deleted", highlight=False)
