"""`campus notice …`: the mails that tell people what waits for them."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of
from warehouse.errors import CampusError
from warehouse.settings import Settings

__all__ = ["register", "send_after_refresh"]

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    notice = typer.Typer(
        no_args_is_help=True, help="Mails that tell people what waits for them: list, send."
    )
    app.add_typer(notice, name="notice")

    @notice.command("list")
    def listing(context: typer.Context, as_json: AsJson = False) -> None:
        """List the notices that were not sent yet, with what kept them.

        Example: campus notice list --json
        """
        from sqlalchemy import select

        from warehouse.access.desk import open_desk
        from warehouse.state import session
        from warehouse.state.models import Notice

        with open_desk(settings_of(context)) as desk:
            numbers = desk.shown_numbers()
            with session(desk.engine, read_only=True) as opened:
                rows = [
                    {
                        "id": one.id,
                        "at": one.at,
                        "number": numbers.get(one.person_key),
                        "kind": one.kind,
                        "application": one.about.get("application"),
                        "attempts": one.attempts,
                        "next_at": one.next_at,
                        "problem": one.problem,
                    }
                    for one in opened.scalars(
                        select(Notice).where(Notice.sent_at.is_(None)).order_by(Notice.id)
                    )
                ]
        if as_json:
            print_json(rows)
        else:
            columns = ("id", "at", "number", "kind", "application", "attempts", "problem")
            print_rows(columns, ([row[name] for name in columns] for row in rows))

    @notice.command("send")
    def send(
        context: typer.Context,
        as_json: AsJson = False,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Say how many are due; send none.")
        ] = False,
    ) -> None:
        """Send the notices that are due, reminders among them; exit 1 if one could not be sent.

        The gateway does so every minute, and the daily job at its end. Settings: smtp_host and
        others, docs/operations.md

        Example: campus notice send --dry-run
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.mail import MailReport, due_notices, send_notices
        from warehouse.access.reminders import remind

        with open_desk(settings_of(context)) as desk:
            if dry_run:
                report = MailReport(len(due_notices(desk)))
            else:
                remind(desk)
                report = send_notices(desk)
        if as_json:
            print_json(report.to_json())
        else:
            err.print(
                f"{report.due} due, {report.sent} sent, {report.failed} failed, "
                f"{report.without_address} without an address",
                highlight=False,
            )
        if report.failed:
            raise typer.Exit(1)


def send_after_refresh(settings: Settings) -> None:
    """The daily job's last step, where a mail server is set. A mail that cannot be sent does not
    make the job fail: it is said, and tried again."""
    from warehouse.access.desk import open_desk
    from warehouse.access.mail import send_notices
    from warehouse.access.reminders import remind

    if settings.smtp_host is None:
        return
    try:
        with open_desk(settings) as desk:
            remind(desk)
            report = send_notices(desk)
    except CampusError as error:
        err.print(f"notices were not sent: {error}", highlight=False, markup=False)
        return
    if report.failed:
        err.print(f"{report.failed} notice(s) could not be sent yet", highlight=False)
