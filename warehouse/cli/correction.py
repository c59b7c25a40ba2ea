"""`campus correction …`: what people say is wrong, and what the owner units do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the correction.")]
By = Annotated[str, typer.Option("--by", help="Staff or student number of who takes the step.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; at most 1000 characters.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    correction = typer.Typer(
        no_args_is_help=True, help="Corrections of personal data (Article 21): list, show, steps."
    )
    app.add_typer(correction, name="correction")

    @correction.command("list")
    def listing(
        context: typer.Context,
        unit: Annotated[str | None, typer.Option(help="Only those of this owner unit.")] = None,
        late: Annotated[bool, typer.Option("--late", help="Only those past their day.")] = False,
        open_only: Annotated[bool, typer.Option("--open", help="Only those that wait.")] = False,
        as_json: AsJson = False,
    ) -> None:
        """List corrections with unit, state and day; they name nobody.

        Example: campus correction list --late --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.operator_corrections import corrections_listed

        with open_desk(settings_of(context)) as desk:
            rows = corrections_listed(desk, unit=unit, only_late=late, only_open=open_only)
        if as_json:
            print_json(rows)
            return
        columns = ("id", "unit", "item", "table", "status", "waits_for", "due_on", "late")
        print_rows(columns, ([row[name] for name in columns] for row in rows))

    @correction.command("show")
    def show(context: typer.Context, correction_id: Id, as_json: AsJson = False) -> None:
        """Show one with its words and steps; the log notes it as a use of that person's data.

        Example: campus correction show JZ20261129-1a2b3c4d --json
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.operator_corrections import describe_correction

        with open_desk(settings_of(context)) as desk:
            found = describe_correction(desk, correction_id)
        if as_json:
            print_json(found)
            return
        steps = found.pop("events")
        print_rows(("", ""), ([name, value] for name, value in found.items()))
        columns = ("seq", "at", "kind", "by", "due_on", "reason")
        print_rows(columns, ([step[name] for name in columns] for step in steps))

    @correction.command("acknowledge")
    def acknowledge(context: typer.Context, correction_id: Id, by: By) -> None:
        """The unit has read it and looks into it.

        Example: campus correction acknowledge JZ20261129-1a2b3c4d --by T0001
        """
        _step(context, correction_id, "acknowledged", by)

    @correction.command("corrected")
    def corrected(
        context: typer.Context,
        correction_id: Id,
        by: By,
        expected: Annotated[
            datetime,
            typer.Option(formats=["%Y-%m-%d"], help="Day on which the corrected data come."),
        ],
        reason: Reason = "",
    ) -> None:
        """The unit has corrected its own system; a later release closes the correction.

        Example: campus correction corrected JZ20261129-1a2b3c4d --by T0001 --expected 2026-12-01
        """
        _step(context, correction_id, "corrected", by, reason, expected)

    @correction.command("refuse")
    def refuse(context: typer.Context, correction_id: Id, by: By, reason: Reason) -> None:
        """The unit refuses, with a reason that the person can contest once.

        Example: campus correction refuse JZ20261129-1a2b3c4d --by T0001 --reason "as in the file"
        """
        _step(context, correction_id, "refused", by, reason)

    @correction.command("contest")
    def contest(context: typer.Context, correction_id: Id, by: By, reason: Reason) -> None:
        """The person contests a refusal; the working group decides.

        Example: campus correction contest JZ20261129-1a2b3c4d --by S0001 --reason "see the scan"
        """
        _step(context, correction_id, "contested", by, reason)

    @correction.command("decide")
    def decide(
        context: typer.Context,
        correction_id: Id,
        decision: Annotated[str, typer.Argument(metavar="DECISION", help="uphold or overturn.")],
        by: By,
        reason: Reason,
    ) -> None:
        """The working group upholds the refusal, or gives the correction back to the unit.

        Example: campus correction decide JZ20261129-1a2b3c4d overturn --by T0009 --reason "proved"
        """
        from warehouse.errors import UsageError

        kinds = {"uphold": "upheld", "overturn": "overturned"}
        if decision not in kinds:
            raise UsageError(f"A decision is one of: {', '.join(kinds)}.")
        _step(context, correction_id, kinds[decision], by, reason)

    @correction.command("withdraw")
    def withdraw(context: typer.Context, correction_id: Id, by: By, reason: Reason = "") -> None:
        """The person takes it back.

        Example: campus correction withdraw JZ20261129-1a2b3c4d --by S0001
        """
        _step(context, correction_id, "withdrawn", by, reason)


def _step(
    context: typer.Context,
    correction_id: str,
    kind: str,
    by: str,
    reason: str = "",
    expected: datetime | None = None,
) -> None:
    from warehouse.access.desk import open_desk
    from warehouse.access.operator_corrections import correction_step

    with open_desk(settings_of(context)) as desk:
        state = correction_step(
            desk, correction_id, kind, by,
            reason=reason, expected=expected.date() if expected else None,
        )  # fmt: skip
    due = f"; due {state.due_on}" if state.due_on else ""
    err.print(f"✓ {state.status}{due}", highlight=False)
