"""`campus audit …`: is the log whole, and what does it say."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    audit = typer.Typer(no_args_is_help=True, help="Check and read the audit log.")
    app.add_typer(audit, name="audit")

    @audit.command("verify")
    def verify(
        context: typer.Context,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    ) -> None:
        """Check that no entry was changed, removed or moved; exit code 1 where one was.

        Example: campus audit verify
        """
        from warehouse.audit import head_file
        from warehouse.audit.reading import verify
        from warehouse.state import open_state

        settings = settings_of(context)
        settings.paths.require()
        engine = open_state(settings)
        try:
            report = verify(engine, head_file(settings.paths))
        finally:
            engine.dispose()
        if as_json:
            print_json(
                {
                    "whole": report.whole,
                    "entries": report.entries,
                    "compared_with_heads": report.heads,
                    "last_hash": report.last_hash,
                    "broken_seq": report.broken_seq,
                    "problem": report.problem,
                }
            )
        elif report.whole:
            typer.echo(
                f"The log is whole: {report.entries} entries, {report.heads} of them compared "
                f"with the head file. Last hash: {report.last_hash}"
            )
        if not report.whole:
            err.print(
                f"[bold red]✗[/] entry {report.broken_seq}: {report.problem}", highlight=False
            )
            raise typer.Exit(1)

    @audit.command("list")
    def listing(
        context: typer.Context,
        subject: Annotated[
            str | None, typer.Option(help="Number of the person whose data was used.")
        ] = None,
        limit: Annotated[int, typer.Option(min=1, max=100_000, help="Latest so many.")] = 50,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    ) -> None:
        """List the latest entries, newest first, with how each ended. Reading it is noted too.

        Example: campus audit list --subject T0001 --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.audit import audited_read, person
        from warehouse.audit.reading import entries_about

        with open_desk(settings_of(context)) as desk:
            wanted = person(desk.person(subject).person_key) if subject else None
            found = audited_read(
                desk.audit,
                desk.actor,
                "audit.read",
                lambda: entries_about(desk.engine, wanted, limit=limit),
                subject=wanted,
                detail={"purpose": "audit"},
                result=lambda entries: {"rows": len(entries)},
            )
        rows = [
            {
                "seq": entry.seq,
                "at": entry.at,
                "actor": entry.actor,
                "action": entry.action,
                "phase": entry.phase,
                "subject": entry.subject,
                "detail": json.loads(entry.detail),
                "outcome": json.loads(outcome.detail) if outcome else None,
            }
            for entry, outcome in found
        ]
        if as_json:
            print_json(rows)
        else:
            columns = ("seq", "at", "actor", "action", "subject", "detail", "outcome")
            print_rows(columns, ([row[name] for name in columns] for row in rows))
