"""`campus briefing …`: the monthly briefing for those who run the college."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of
from warehouse.errors import CampusError
from warehouse.settings import Settings

__all__ = ["register", "send_briefing_after_refresh"]

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    briefing = typer.Typer(
        no_args_is_help=True, help="The monthly briefing as PDF: make, send, list."
    )
    app.add_typer(briefing, name="briefing")

    @briefing.command("make")
    def make(
        context: typer.Context,
        month: Annotated[
            str | None,
            typer.Option("--month", help="2026-10: of the last release kept of that month."),
        ] = None,
        out: Annotated[Path | None, typer.Option("--out", help="Write a copy here.")] = None,
        as_json: AsJson = False,
    ) -> None:
        """Make the briefing of the current release and keep it in the data home.

        One that was mailed stays as it was sent. Whoever gets a copy sees the college's figures.

        Example: campus briefing make --month 2026-10 --out briefing.pdf
        """
        from warehouse.access.briefings import make_briefing, name_of
        from warehouse.access.desk import open_desk

        settings = settings_of(context)
        with open_desk(settings) as desk:
            made, content = make_briefing(desk, month)
        kept = settings.paths.briefings / f"{name_of(made.month, made.release)}.pdf"
        if out is not None:
            out.write_bytes(content)
            out.chmod(0o600)
        if as_json:
            print_json(
                {"month": made.month, "release": made.release, "file": kept, "bytes": made.bytes}
            )
        else:
            typer.echo(out or kept)

    @briefing.command("send")
    def send(
        context: typer.Context,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Say to how many; send none.")
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        """Mail the current release's briefing to briefing_to; exit 1 if one could not be sent.

        Each address gets the briefing of a release once, however often this runs. The job does so
        once a month by itself, from briefing_day on.

        Example: campus briefing send --dry-run
        """
        from warehouse.access.briefing_mail import send_briefing
        from warehouse.access.desk import open_desk

        with open_desk(settings_of(context)) as desk:
            report = send_briefing(desk, dry_run=dry_run)
        if as_json:
            print_json(report.to_json())
        else:
            err.print(
                f"{report.month}: {report.due} due, {report.sent} sent, {report.failed} failed, "
                f"{report.already} already",
                highlight=False,
            )
        if report.failed:
            raise typer.Exit(1)

    @briefing.command("list")
    def listing(context: typer.Context, as_json: AsJson = False) -> None:
        """List the briefings that are kept and to how many addresses each was mailed.

        Example: campus briefing list --json
        """
        from warehouse.access.briefings import briefing_list
        from warehouse.access.desk import open_desk

        with open_desk(settings_of(context)) as desk:
            rows = briefing_list(desk)
        if as_json:
            print_json(rows)
        else:
            columns = ("id", "as_of", "made_at", "mailed_at", "mailed", "unknown", "bytes")
            print_rows(columns, ([row[name] for name in columns] for row in rows))


def send_briefing_after_refresh(settings: Settings) -> None:
    """The daily job's last step, where a mail server and a list are set. A mail that cannot be sent
    does not make the job fail: it is said, and tried again."""
    from warehouse.access.briefing_mail import send_when_due
    from warehouse.access.desk import open_desk

    if settings.smtp_host is None or not settings.briefing_to:
        return
    try:
        with open_desk(settings) as desk:
            report = send_when_due(desk)
    except CampusError as error:
        err.print(f"the briefing was not sent: {error}", highlight=False, markup=False)
        return
    if report is not None and report.failed:
        err.print(f"the briefing could not be sent to {report.failed} address(es) yet")
