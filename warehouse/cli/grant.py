"""`campus grant …`: what a unit was granted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    grant = typer.Typer(no_args_is_help=True, help="Make, list and revoke grants of data.")
    app.add_typer(grant, name="grant")

    @grant.command("create")
    def create(
        context: typer.Context,
        unit: Annotated[str, typer.Option(help="Consumer unit: its id or Chinese name.")],
        purpose: Annotated[str, typer.Option(help="teaching, research, management, legal_case.")],
        text: Annotated[str, typer.Option(help="What the data are for, in a sentence.")],
        column: Annotated[
            list[str],
            typer.Option(help="DATASET.TABLE:COLUMN,COLUMN… – once per table."),
        ],
        person: Annotated[list[str], typer.Option(help="Number of a user; repeat for more.")],
        until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day.")],
        where: Annotated[
            list[str] | None,
            typer.Option(help="COLUMN=VALUE; repeat for more values or columns."),
        ] = None,
        channel: Annotated[
            list[str] | None, typer.Option(help="sql, file, interface; default sql.")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        """Grant columns and rows of the authority data to people of a unit; prints the id.

        Example: campus grant create --unit academic_affairs_office --purpose management
        --text "grade analysis" --column student_academic_data.course_grade:student_no,course_code
        --where college_code=03 --person T0001 --until 2027-07-31
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.grant_request import make_grant

        with open_desk(settings_of(context)) as desk:
            made, rows = make_grant(
                desk,
                unit=unit,
                purpose=purpose,
                text=text,
                columns=column,
                where=where or [],
                numbers=person,
                last_day=until.date(),
                channels=channel or ["sql"],
            )
        if as_json:
            print_json({"id": made.id, "expires_at": made.expires_at, "rows": rows})
        else:
            typer.echo(made.id)
        for table, count in rows.items():
            mark = "✓" if count else "! no row fits --where:"
            err.print(f"{mark} {table}: {count} rows", highlight=False)

    @grant.command("list")
    def listing(context: typer.Context, as_json: AsJson = False) -> None:
        """List every grant with its state.

        Example: campus grant list --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.grants import grants, state_of
        from warehouse.state import session

        with open_desk(settings_of(context)) as desk:
            with session(desk.engine, read_only=True) as opened:
                found = grants(opened)
            rows = [
                {
                    "id": one.id,
                    "state": state_of(one, desk.now),
                    "unit": one.unit_code,
                    "purpose": one.purpose,
                    "expires_at": one.expires_at,
                    "columns": one.columns,
                    "row_filter": one.row_filter,
                    "people": len(one.people),
                    "channels": one.channels,
                }
                for one in found
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
        from warehouse.access.grant_files import authority_columns

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
