"""`campus role …` and `campus person …`: who may do what, and who is shut out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]

Number = Annotated[str, typer.Argument(help="Staff or student number.")]
Role = Annotated[
    str,
    typer.Argument(
        help="leader, analyst, unit_officer, unit_head, supervising_leader, working_group, "
        "leading_group, auditor."
    ),
]
Unit = Annotated[str | None, typer.Option("--unit", help="Unit the role is for.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the registry.")]
Until = Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day.")]


def register(app: typer.Typer) -> None:
    role = typer.Typer(no_args_is_help=True, help="Appoint people to roles.")
    person = typer.Typer(no_args_is_help=True, help="Shut a person out, protect one, or undo it.")
    app.add_typer(role, name="role")
    app.add_typer(person, name="person")

    @role.command("appoint")
    def appoint(
        context: typer.Context, number: Number, role: Role, unit: Unit = None, until: Until = None
    ) -> None:
        """Appoint a person, from today on.

        ROLE: leader, analyst, unit_officer, unit_head, supervising_leader, working_group,
        leading_group or auditor. Some begin with a signed undertaking: campus undertaking sign

        Example: campus role appoint T0001 leader
        """
        from warehouse.access.application_desk import unit_id
        from warehouse.access.desk import open_desk
        from warehouse.governance import appointments
        from warehouse.governance.roles import WITH_UNDERTAKING

        with open_desk(settings_of(context)) as desk:
            appointments.appoint(
                desk.audit,
                desk.person(number).person_key,
                role,
                actor=desk.actor,
                unit=unit_id(unit, desk.settings.paths) if unit else None,
                until=until.date() if until else None,
            )
        err.print(f"✓ appointed as {role}", highlight=False)
        if role in WITH_UNDERTAKING:
            err.print("  it begins when the undertaking is signed (annex 6)", highlight=False)

    @role.command("delegate")
    def delegate(
        context: typer.Context,
        number: Number,
        role: Role,
        to: Annotated[str, typer.Option("--to", help="Number of the deputy.")],
        until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day.")],
        unit: Unit = None,
    ) -> None:
        """Let a deputy sign for the holder of a role, from today on.

        Example: campus role delegate T0001 unit_head --unit 人事处 --to T0002 --until 2026-12-31
        """
        from warehouse.access.application_desk import unit_id
        from warehouse.access.desk import open_desk
        from warehouse.governance import appointments

        with open_desk(settings_of(context)) as desk:
            appointments.delegate(
                desk.audit,
                desk.person(number).person_key,
                role,
                desk.person(to).person_key,
                actor=desk.actor,
                unit=unit_id(unit, desk.settings.paths) if unit else None,
                until=until.date(),
            )
        err.print(f"✓ the deputy signs as {role} until {until:%Y-%m-%d}", highlight=False)

    @role.command("end")
    def end(context: typer.Context, number: Number, role: Role, unit: Unit = None) -> None:
        """End a role at once, in every open tab.

        Example: campus role end T0001 leader
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance import appointments

        with open_desk(settings_of(context)) as desk:
            ended = appointments.end_appointment(
                desk.audit,
                desk.person(number).person_key,
                role,
                actor=desk.actor,
                unit=unit,
            )
        err.print(f"✓ {ended} appointment(s) as {role} ended", highlight=False)

    @role.command("list")
    def listing(
        context: typer.Context,
        everything: Annotated[bool, typer.Option("--all", help="Ended ones too.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    ) -> None:
        """List who holds which role today.

        Example: campus role list --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.appointments import appointments, school_day
        from warehouse.state import session

        with open_desk(settings_of(context)) as desk:
            numbers = desk.shown_numbers()
            with session(desk.engine, read_only=True) as opened:
                held = appointments(opened, day=None if everything else school_day(desk.now))
        rows = [
            {
                "id": one.id,
                "number": numbers.get(one.person_key),
                "role": one.role,
                "unit": one.unit_code,
                "from": one.valid_from,
                "until": one.valid_to,
                "appointed_by": one.appointed_by,
            }
            for one in held
        ]
        if as_json:
            print_json(rows)
        else:
            columns = ("id", "number", "role", "unit", "from", "until", "appointed_by")
            print_rows(columns, ([row[column] for column in columns] for row in rows))

    @person.command("disable")
    def disable(context: typer.Context, number: Number, reason: Reason) -> None:
        """Shut a person out now; their sessions end.

        Example: campus person disable T0001 --reason "left the college"
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance import exclusions

        with open_desk(settings_of(context)) as desk:
            key = desk.person(number).person_key
            ended = exclusions.disable(desk.audit, key, actor=desk.actor, reason=reason)
        err.print(f"✓ disabled; {ended} session(s) ended", highlight=False)

    @person.command("enable")
    def enable(context: typer.Context, number: Number, reason: Reason) -> None:
        """Let a person in again; they must sign in anew.

        Example: campus person enable T0001 --reason "back from leave"
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance import exclusions

        with open_desk(settings_of(context)) as desk:
            key = desk.person(number).person_key
            exclusions.enable(desk.audit, key, actor=desk.actor, reason=reason)
        err.print("✓ enabled", highlight=False)

    @person.command("protect")
    def protect(
        context: typer.Context,
        number: Number,
        unit: Annotated[str, typer.Option("--unit", help="Unit that answers for it.")],
        owner: Annotated[str, typer.Option("--owner", help="Number of who answers for it there.")],
        reason: Reason,
        until: Until = None,
    ) -> None:
        """Leave a person out of searches, lists and grants from now on.

        Grant files are built anew at their next use. The owner finds the person on the page 保护.
        What their absence reveals: docs/security.md

        Example: campus person protect 2024010001 --unit 学生处 --owner T0001 --reason "court order"
        """
        from warehouse.access.application_desk import unit_id
        from warehouse.access.desk import open_desk
        from warehouse.governance.protection import protect

        with open_desk(settings_of(context)) as desk:
            changed = protect(
                desk.audit,
                desk.person(number).person_key,
                owner_unit=unit_id(unit, desk.settings.paths),
                owner=desk.person(owner).person_key,
                reason=reason,
                actor=desk.actor,
                last_day=until.date() if until else None,
            )
        err.print("✓ protected" if changed else "· was protected already", highlight=False)

    @person.command("unprotect")
    def unprotect(context: typer.Context, number: Number, reason: Reason) -> None:
        """End a person's protection.

        Example: campus person unprotect 2024010001 --reason "order lifted"
        """
        from warehouse.access.desk import open_desk
        from warehouse.governance.protection import unprotect

        with open_desk(settings_of(context)) as desk:
            unprotect(desk.audit, desk.person(number).person_key, reason=reason, actor=desk.actor)
        err.print("✓ no longer protected", highlight=False)

    @person.command("protected")
    def protected(
        context: typer.Context,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    ) -> None:
        """List protections: on whose word, since when. The log notes the look.

        Who is protected is not told here; who answers for it knows.

        Example: campus person protected --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.audit import named
        from warehouse.governance.protection import protections
        from warehouse.state import session

        with open_desk(settings_of(context)) as desk:
            numbers = desk.shown_numbers()
            with session(desk.engine, read_only=True) as opened:
                listed = protections(opened, desk.now)
                rows = [
                    {
                        "id": one.id,
                        "owner": numbers.get(one.owner_key) if one.owner_key else None,
                        "unit": one.owner_unit,
                        "since": one.valid_from,
                        "until": one.valid_to,
                    }
                    for one in listed
                ]
            desk.audit.event(
                desk.actor, "person.protected", detail={"rows": len(rows)},
                concern=named(one.person_key for one in listed),
            )  # fmt: skip
        if as_json:
            print_json(rows)
        else:
            columns = ("id", "unit", "owner", "since", "until")
            print_rows(columns, ([row[name] for name in columns] for row in rows))
