"""`campus undertaking …`: confidentiality undertakings (annex 6)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]

Role = Annotated[str | None, typer.Option("--role", help="The role it is for.")]
Unit = Annotated[str | None, typer.Option("--unit", help="The unit of the role.")]
For = Annotated[str | None, typer.Option("--application", help="The application it is for.")]
Party = Annotated[str, typer.Option("--party", help="person, unit or vendor.")]


def register(app: typer.Typer) -> None:
    undertaking = typer.Typer(
        no_args_is_help=True, help="Confidentiality undertakings: read, sign, list, end (annex 6)."
    )
    app.add_typer(undertaking, name="undertaking")

    @undertaking.command("text")
    def text(
        context: typer.Context,
        role: Role = None,
        unit: Unit = None,
        application: For = None,
        party: Party = "person",
    ) -> None:
        """Print the words to be signed, for a role or for an application.

        Example: campus undertaking text --role unit_officer --unit 人事处
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.undertaking_desk import words

        with open_desk(settings_of(context)) as desk:
            typer.echo(words(desk, role, unit, application, party), nl=False)

    @undertaking.command("sign")
    def sign(
        context: typer.Context,
        number: Annotated[
            str | None,
            typer.Argument(help="Number of the person who signed; none for a vendor."),
        ] = None,
        role: Role = None,
        unit: Unit = None,
        application: For = None,
        party: Party = "person",
        paper: Annotated[
            Path | None,
            typer.Option("--paper", exists=True, dir_okay=False, help="Scan of the signed paper."),
        ] = None,
    ) -> None:
        """Record that a person signed the present words on paper.

        For a role they hold, for their own use of an application's data, (--party unit) for the
        unit they head, or (--party vendor) by the vendor, whose scan is needed.

        Example: campus undertaking sign T0001 --role unit_officer --unit 人事处 --paper scan.pdf
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.paper_desk import keep_scan
        from warehouse.access.undertaking_desk import sign_at_desk

        with open_desk(settings_of(context)) as desk:
            channel, scan = keep_scan(desk, paper)
            recorded = sign_at_desk(
                desk, number, role, unit, application, party, channel=channel, scan=scan
            )
        err.print("✓ recorded" if recorded else "= had been signed", highlight=False)

    @undertaking.command("print")
    def printing(
        context: typer.Context,
        out: Annotated[Path, typer.Option("--out", help="The PDF to write; must not be there.")],
        undertaking_id: Annotated[
            int | None, typer.Argument(metavar="ID", help="Number of a signed undertaking.")
        ] = None,
        role: Role = None,
        unit: Unit = None,
        application: For = None,
        party: Party = "person",
        blank: Annotated[
            bool, typer.Option("--blank", help="An empty form to fill in by hand.")
        ] = False,
    ) -> None:
        """Print an undertaking as the form of annex 6, as a PDF.

        With --role or --application: the words that are to be signed by hand.

        Example: campus undertaking print 12 --out undertaking.pdf
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.paper_desk import print_undertaking, write_paper
        from warehouse.access.undertaking_desk import words

        with open_desk(settings_of(context)) as desk:
            text = None
            if role is not None or application is not None:
                text = words(desk, role, unit, application, party)
            write_paper(out, print_undertaking(desk, undertaking_id, text=text, blank=blank))
        err.print(f"✓ {out}", highlight=False, markup=False)

    @undertaking.command("list")
    def listing(
        context: typer.Context,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    ) -> None:
        """List every undertaking, newest first, ended ones too.

        Example: campus undertaking list --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.undertaking_desk import list_undertakings

        with open_desk(settings_of(context)) as desk:
            rows = list_undertakings(desk)
        if as_json:
            print_json(rows)
        else:
            columns = (
                "id",
                "party",
                "number",
                "role",
                "unit",
                "application",
                "signed_at",
                "ended_at",
            )
            print_rows(columns, ([row[name] for name in columns] for row in rows))

    @undertaking.command("end")
    def end(
        context: typer.Context,
        undertaking_id: Annotated[
            int, typer.Argument(metavar="ID", help="Number of the undertaking.")
        ],
        reason: Annotated[str, typer.Option("--reason", help="Why.")],
    ) -> None:
        """End one: the role or the grant that rests on it is shut at the next use.

        Example: campus undertaking end 12 --reason "left the project"
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.undertakings import end_undertaking

        with open_desk(settings_of(context)) as desk:
            end_undertaking(
                desk.audit, undertaking_id, actor=desk.actor, reason=reason, now=desk.now
            )
        err.print("✓ ended", highlight=False)
