"""`campus return …`: derived data that consumer units owe (Article 8)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    returned = typer.Typer(no_args_is_help=True, help="List and receive return data of grants.")
    app.add_typer(returned, name="return")

    @returned.command("list")
    def listing(
        context: typer.Context,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    ) -> None:
        """List what each grant must send back, when it is due, and what is overdue.

        Example: campus return list --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.return_files import list_returns
        from warehouse.state import session

        with (
            open_desk(settings_of(context)) as desk,
            session(desk.engine, read_only=True) as opened,
        ):
            rows = list_returns(opened, desk.now)
        if as_json:
            print_json(rows)
        else:
            columns = ("grant", "unit", "item", "every", "received", "due", "overdue")
            print_rows(columns, ([row[name] for name in columns] for row in rows))

    @returned.command("receive")
    def receive(
        context: typer.Context,
        grant: Annotated[str, typer.Argument(metavar="GRANT", help="Id of the grant.")],
        item: Annotated[str, typer.Argument(metavar="ITEM", help="Name of the return item.")],
        file: Annotated[
            Path,
            typer.Argument(
                metavar="FILE", exists=True, dir_okay=False, help="csv, parquet, jsonl."
            ),
        ],
    ) -> None:
        """Take a return in: it must be readable and hold rows. The same file twice counts once.

        Example: campus return receive g20260910-1a2b3c4d 质量分析结果 result.csv
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.return_files import receive_return

        with open_desk(settings_of(context)) as desk:
            new = receive_return(
                desk.audit, desk.settings.paths, grant, item, file, actor=desk.actor, now=desk.now
            )
        err.print("✓ received" if new else "· received before", highlight=False)
