"""`campus incident …`: suspected leaks, and the grants they freeze (Article 23)."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]

IncidentId = Annotated[str, typer.Argument(metavar="INCIDENT", help="Id of the incident.")]
Grants = Annotated[
    list[str] | None, typer.Option("--grant", help="Id of a grant to freeze; may be repeated.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    incident = typer.Typer(no_args_is_help=True, help="Record leaks and freeze the grants named.")
    app.add_typer(incident, name="incident")

    @incident.command("open")
    def opening(
        context: typer.Context,
        title: Annotated[str, typer.Option(help="What happened, in a line.")],
        grant: Grants = None,
        text: Annotated[str, typer.Option(help="What is known so far.")] = "",
    ) -> None:
        """Record a suspected leak and freeze the grants it names at once; prints its id.

        Example: campus incident open --title "list found on a share" --grant g20260910-1a2b3c4d
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.incidents import open_incident

        with open_desk(settings_of(context)) as desk:
            made = open_incident(desk.audit, title, text, grant or (), actor=desk.actor)
        typer.echo(made)

    @incident.command("note")
    def note(
        context: typer.Context,
        incident_id: IncidentId,
        text: Annotated[str, typer.Option(help="What was found.")] = "",
        grant: Grants = None,
    ) -> None:
        """Add what was found; freeze further grants.

        Example: campus incident note i20260910-1a2b3c4d --text "traced to one export"
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.incidents import note_incident

        with open_desk(settings_of(context)) as desk:
            note_incident(desk.audit, incident_id, text, actor=desk.actor, grants=grant or ())
        err.print("✓ noted", highlight=False)

    @incident.command("release")
    def release(
        context: typer.Context,
        incident_id: IncidentId,
        grant: Annotated[str, typer.Argument(metavar="GRANT", help="Id of the grant.")],
        reason: Annotated[str, typer.Option(help="Why it may be used again.")],
    ) -> None:
        """Let a grant go that the incident froze; others that froze it still hold.

        Example: campus incident release i20260910-1a2b3c4d g20260910-5e6f7a8b --reason "not its"
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.incidents import release_from

        with open_desk(settings_of(context)) as desk:
            release_from(desk.audit, incident_id, grant, actor=desk.actor, reason=reason)
        err.print("✓ released", highlight=False)

    @incident.command("close")
    def close(
        context: typer.Context,
        incident_id: IncidentId,
        result: Annotated[str, typer.Option(help="What came of it.")],
    ) -> None:
        """End an incident that freezes nothing any more.

        Example: campus incident close i20260910-1a2b3c4d --result "grant revoked, unit warned"
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.incidents import close_incident

        with open_desk(settings_of(context)) as desk:
            close_incident(desk.audit, incident_id, actor=desk.actor, text=result)
        err.print("✓ closed", highlight=False)

    @incident.command("list")
    def listing(context: typer.Context, as_json: AsJson = False) -> None:
        """List incidents, newest first, with the grants each holds.

        Example: campus incident list --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.incidents import frozen_by, incidents, is_closed
        from warehouse.state import session

        with (
            open_desk(settings_of(context)) as desk,
            session(desk.engine, read_only=True) as opened,
        ):
            rows = [
                {
                    "id": one.id,
                    "opened_at": one.opened_at,
                    "title": one.title,
                    "closed": is_closed(opened, one.id),
                    "freezes": frozen_by(opened, one.id),
                }
                for one in incidents(opened)
            ]
        if as_json:
            print_json(rows)
        else:
            columns = ("id", "opened_at", "title", "closed", "freezes")
            print_rows(columns, ([row[name] for name in columns] for row in rows))

    @incident.command("show")
    def show(context: typer.Context, incident_id: IncidentId, as_json: AsJson = False) -> None:
        """Show what was found and done, in order.

        Example: campus incident show i20260910-1a2b3c4d
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.incidents import incident_events
        from warehouse.state import session

        columns = ("at", "kind", "grant", "text", "by")
        with (
            open_desk(settings_of(context)) as desk,
            session(desk.engine, read_only=True) as opened,
        ):
            rows = [
                dict(zip(columns, (e.at, e.kind, e.grant_id, e.text, e.by), strict=True))
                for e in incident_events(opened, incident_id)
            ]
        if as_json:
            print_json(rows)
        else:
            print_rows(columns, ([row[name] for name in columns] for row in rows))
