"""`campus application …`: applications for data, from the form to the authorisation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the application.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]
By = Annotated[str, typer.Option("--by", help="Number of the person whose step it is.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; the applicant reads it.")]
Paper = Annotated[
    Path | None,
    typer.Option("--paper", exists=True, dir_okay=False, help="Scan of the signed paper."),
]


def register(app: typer.Typer) -> None:
    application = typer.Typer(
        no_args_is_help=True, help="Apply for data; sign, return, reject, withdraw (annex 5)."
    )
    app.add_typer(application, name="application")

    @application.command("submit")
    def submit(
        context: typer.Context,
        form: Annotated[Path, typer.Argument(help="The form as YAML or JSON.", exists=True)],
        by: By,
        application_id: Annotated[
            str | None, typer.Option("--again", help="A returned application, submitted anew.")
        ] = None,
        paper: Paper = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the form only.")] = False,
    ) -> None:
        """Submit a form on behalf of a person, as from its paper; prints the id.

        In the form, users are staff or student numbers. Columns there are: campus grant columns

        Example: campus application submit form.yaml --by T0001
        """
        from warehouse.access import application_desk, application_form
        from warehouse.access.desk import open_desk
        from warehouse.access.paper_desk import keep_scan
        from warehouse.access.unit_heads import heads_by_unit
        from warehouse.governance import applications

        with open_desk(settings_of(context)) as desk:
            content = application_form.read_form(desk, form)
            actor = application_form.actor_by_number(desk, by)
            application_desk.check_content(desk.reader, content, actor.person_key)
            if dry_run:
                err.print("✓ the form can be submitted", highlight=False)
                return
            channel, scan = keep_scan(desk, paper)
            made = applications.submit(
                desk.audit,
                content,
                actor,
                recorded_by=desk.actor,
                heads=heads_by_unit(desk.reader),
                application_id=application_id,
                channel=channel,
                attachment=scan,
                now=desk.now,
            )
        typer.echo(made)

    @application.command("sign")
    def sign(
        context: typer.Context,
        application_id: Id,
        by: By,
        decision: Annotated[
            str, typer.Option("--decision", help="approve, return or reject.")
        ] = "approve",
        reason: Reason = "",
        paper: Paper = None,
    ) -> None:
        """Record what the person who is to act has decided; the last approval makes the grant.

        With --paper the signature stands on the scanned form, which is kept.

        Example: campus application sign SQ20261129-1a2b3c4d --by T0001 --paper scan.pdf
        """
        from warehouse.access import application_form
        from warehouse.access.desk import open_desk
        from warehouse.access.paper_desk import keep_scan
        from warehouse.access.unit_heads import heads_by_unit
        from warehouse.governance import applications
        from warehouse.state import session

        with open_desk(settings_of(context)) as desk:
            with session(desk.engine, read_only=True) as opened:
                state = applications.application_state(opened, application_id)
            channel, scan = keep_scan(desk, paper)
            made = applications.decide(
                desk.audit,
                application_id,
                application_form.actor_by_number(desk, by),
                decision,
                stage=state.stage or "",
                content_sha256=state.content_sha256,
                recorded_by=desk.actor,
                reason=reason,
                heads=heads_by_unit(desk.reader),
                channel=channel,
                attachment=scan,
                now=desk.now,
            )
        if made.grant is not None and made.recorded:
            typer.echo(made.grant)
        waits = f"; it waits for: {made.state.stage}" if made.state.stage else ""
        err.print(f"✓ {made.state.status}{waits}", highlight=False)

    @application.command("print")
    def printing(
        context: typer.Context,
        out: Annotated[Path, typer.Option("--out", help="The PDF to write; must not be there.")],
        application_id: Annotated[
            str | None, typer.Argument(metavar="ID", help="Id of the application.")
        ] = None,
        blank: Annotated[
            bool, typer.Option("--blank", help="An empty form to fill in by hand.")
        ] = False,
    ) -> None:
        """Print an application as the form of annex 5, as a PDF.

        Example: campus application print SQ20261129-1a2b3c4d --out form.pdf
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.paper_desk import print_application, write_paper

        with open_desk(settings_of(context)) as desk:
            write_paper(out, print_application(desk, application_id, blank=blank))
        err.print(f"✓ {out}", highlight=False, markup=False)

    @application.command("reconcile")
    def reconcile(context: typer.Context, as_json: AsJson = False) -> None:
        """Compare the office system's extract with the applications here; exit 1 if they differ.

        Nothing is changed: an approval in the office system alone makes no grant.

        Example: campus application reconcile --json
        """
        from warehouse.access import office_reconciliation
        from warehouse.access.desk import open_desk

        with open_desk(settings_of(context)) as desk:
            rows = office_reconciliation.reconcile(desk)
        differing = [row for row in rows if row.differences]
        if as_json:
            print_json([row.to_json() for row in rows])
        else:
            columns = ("number", "application", "status", "expires there", "differs", "what to do")
            print_rows(
                columns,
                (
                    (
                        row.application_no,
                        row.application,
                        row.status,
                        row.expires,
                        ", ".join(row.differences),
                        "; ".join(
                            office_reconciliation.DIFFERENCES[one] for one in row.differences
                        ),
                    )
                    for row in differing
                ),
            )
            err.print(f"{len(rows)} compared, {len(differing)} differ", highlight=False)
        if differing:
            raise typer.Exit(1)

    @application.command("withdraw")
    def withdraw(context: typer.Context, application_id: Id, by: By, reason: Reason = "") -> None:
        """Take an application back, on behalf of its applicant.

        Example: campus application withdraw SQ20261129-1a2b3c4d --by T0001
        """
        from warehouse.access import application_form
        from warehouse.access.desk import open_desk
        from warehouse.governance import applications

        with open_desk(settings_of(context)) as desk:
            applications.withdraw(
                desk.audit,
                application_id,
                application_form.actor_by_number(desk, by),
                recorded_by=desk.actor,
                reason=reason,
                now=desk.now,
            )
        err.print("✓ withdrawn", highlight=False)

    @application.command("list")
    def listing(context: typer.Context, as_json: AsJson = False) -> None:
        """List applications, newest first, with whom each waits for.

        Example: campus application list --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.applications import list_applications
        from warehouse.state import session

        with (
            open_desk(settings_of(context)) as desk,
            session(desk.engine, read_only=True) as opened,
        ):
            rows = [
                {
                    "id": row.id,
                    "status": state.status,
                    "stage": state.stage,
                    "unit": state.content.unit,
                    "purpose": state.content.purpose,
                    "created_at": row.created_at,
                    "channel": row.channel,
                }
                for row, state in list_applications(opened)
            ]
        if as_json:
            print_json(rows)
        else:
            columns = ("id", "status", "stage", "unit", "purpose", "created_at", "channel")
            print_rows(columns, ([row[name] for name in columns] for row in rows))

    @application.command("show")
    def show(context: typer.Context, application_id: Id, as_json: AsJson = False) -> None:
        """Print an application: what it asks for, its steps, its undertakings.

        Example: campus application show SQ20261129-1a2b3c4d --json
        """
        from warehouse.access import application_form
        from warehouse.access.desk import open_desk

        with open_desk(settings_of(context)) as desk:
            document = application_form.describe_application(desk, application_id)
        if as_json:
            print_json(document)
            return
        for name in ("id", "status", "stage", "undertakings_missing"):
            typer.echo(f"{name}: {document[name]}")
        columns = ("at", "kind", "stage", "number", "channel", "reason")
        print_rows(columns, ([step[name] for name in columns] for step in document["steps"]))
