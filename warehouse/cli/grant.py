"""`campus grant …`: what a unit was granted, whether its files hold just that, whose a copy is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]

GrantId = Annotated[str, typer.Argument(metavar="ID", help="Id of the grant.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    grant = typer.Typer(no_args_is_help=True, help="List, verify, trace and revoke grants of data.")
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
        grant_id: GrantId,
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

    @grant.command("show")
    def show(context: typer.Context, grant_id: GrantId, as_json: AsJson = False) -> None:
        """Show what was approved, what became of it, and the files built and handed out.

        Example: campus grant show g20260910-1a2b3c4d
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.operator_grants import grant_record

        with open_desk(settings_of(context)) as desk:
            record = grant_record(desk, grant_id)
        if as_json:
            print_json(record)
            return
        lists = ("events", "files", "exports")
        print_rows(("", ""), ((key, record[key]) for key in record if key not in lists))
        for name in lists:
            for row in record[name]:
                typer.echo(f"{name}: " + ", ".join(f"{k} {v}" for k, v in row.items()))

    @grant.command("verify")
    def verify(
        context: typer.Context,
        grant_id: Annotated[
            str | None, typer.Argument(metavar="[ID]", help="One grant; default: all live ones.")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        """Compare each live grant's file with what was approved; shut one that drifted.

        Runs by itself after every publication. Exit code 1 when something drifted or has no file.

        Example: campus grant verify
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.grant_verification import verify as verify_grants

        with open_desk(settings_of(context)) as desk:
            verdicts = verify_grants(
                desk.settings, desk.engine, desk.reader, desk.audit,
                actor=desk.actor, grant_id=grant_id,
            )  # fmt: skip
        if as_json:
            print_json([vars(verdict) for verdict in verdicts])
        else:
            print_rows(
                ("grant", "release", "result", "found"),
                ((v.grant, v.release, v.result, "; ".join(v.problems)) for v in verdicts),
            )
        if any(verdict.result != "ok" for verdict in verdicts):
            raise typer.Exit(1)

    @grant.command("reopen")
    def reopen(
        context: typer.Context,
        grant_id: GrantId,
        reason: Annotated[str, typer.Option(help="What was found, and why it may go on.")],
    ) -> None:
        """Build the file of a shut grant anew and open the grant again if it is sound.

        Example: campus grant reopen g20260910-1a2b3c4d --reason "restored from a wrong backup"
        """
        from warehouse.access import grant_verification
        from warehouse.access.desk import open_desk

        with open_desk(settings_of(context)) as desk:
            grant_verification.reopen(
                desk.settings, desk.engine, desk.reader, desk.audit, grant_id,
                actor=desk.actor, reason=reason,
            )  # fmt: skip
        err.print("✓ built anew, verified and opened", highlight=False)

    @grant.command("trace")
    def trace(
        context: typer.Context,
        file: Annotated[
            Path, typer.Argument(exists=True, dir_okay=False, help="A copy, whole or a part.")
        ],
        as_json: AsJson = False,
    ) -> None:
        """Say whose copy a file is, by what evidence and how surely; it shows no value.

        exact: the whole file. mark: the mark of one export. pseudonyms: numbers that only this
        grant has. columns: a hint and no proof. Exit code 1 when nothing was found.

        Example: campus grant trace found-on-a-share.csv
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.operator_grants import trace_file

        with open_desk(settings_of(context)) as desk:
            found = trace_file(desk, file)
        if as_json:
            print_json(found)
        else:
            columns = ("certainty", "grant", "state", "unit", "recipient", "export", "evidence")
            print_rows(columns, ([row[name] for name in columns] for row in found["candidates"]))
        if not found["candidates"]:
            raise typer.Exit(1)
