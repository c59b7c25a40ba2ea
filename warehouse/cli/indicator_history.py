"""`campus indicator values|reported|correct`: figures over time, and how a closed one changes."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register_history"]

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_Indicator = Annotated[str, typer.Argument(help="Id of the indicator.")]


def register_history(group: typer.Typer) -> None:
    """Add the commands to the group `indicator`."""
    group.command("values")(_values)
    group.command("reported")(_reported)
    group.command("correct")(_correct)


def _values(
    context: typer.Context,
    indicator: _Indicator,
    unit: Annotated[
        str | None, typer.Option("--unit", help="Code or name of a unit; the school without it.")
    ] = None,
    level: Annotated[
        str | None, typer.Option("--level", help="school, college, major or class.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """The figures of an indicator as they stand, with the release since which each is so.

    Example: campus indicator values students_enrolled --level college
    """
    from warehouse.access.explanation import shown_value
    from warehouse.access.figure_history import series
    from warehouse.access.statistics import LEVELS
    from warehouse.errors import UsageError
    from warehouse.release import ReleaseReader

    if level is not None and level not in LEVELS:
        raise UsageError(f"There is no level {level}.", next_step=f"One of: {', '.join(LEVELS)}.")
    reader = ReleaseReader(settings_of(context))
    with reader.open("statistics") as (cursor, _):
        rows = series(cursor, indicator, unit=unit, level=level)
    reader.close()
    if as_json:
        print_json(rows)
        return
    print_rows(
        ("period", "level", "unit", "name", "value", "numerator", "denominator", "release"),
        (
            (
                row["period"],
                row["level"],
                row["unit"],
                row["unit_name"],
                shown_value(row),
                row["numerator"],
                row["denominator"],
                row.get("release"),
            )
            for row in rows
        ),
    )


def _reported(
    context: typer.Context,
    indicator: _Indicator,
    period: Annotated[str, typer.Option("--period", help="The period, such as 2025.")],
    unit: Annotated[str, typer.Option("--unit", help="Code or name of a unit.")] = "school",
    as_json: _Json = False,
) -> None:
    """What each kept release said of a period, newest first: as reported then.

    Example: campus indicator reported students_enrolled --period 2025
    """
    from warehouse.access.explanation import shown_value
    from warehouse.access.figure_history import reported

    rows = reported(settings_of(context), indicator, period, unit=unit)
    if as_json:
        print_json(rows)
        return
    print_rows(
        ("release", "published (UTC)", "as of (UTC)", "unit", "value", "numerator", "denominator"),
        (
            (
                row["in_release"],
                f"{row['published_at']:%Y-%m-%d %H:%M}",
                f"{row['as_of']:%Y-%m-%d %H:%M}",
                row["unit_name"],
                shown_value(row),
                row["numerator"],
                row["denominator"],
            )
            for row in rows
        ),
    )


def _correct(
    context: typer.Context,
    indicator: _Indicator,
    period: Annotated[list[str], typer.Option("--period", help="The period; repeat for more.")],
    reason: Annotated[
        str, typer.Option("--reason", help="Why. It is published, so name no person.")
    ],
    by: Annotated[
        str | None, typer.Option("--by", help="Number of whoever decided; the operator without it.")
    ] = None,
) -> None:
    """Let the next release publish closed periods of an indicator as computed then.

    What waits for a correction is in the published table pending_correction, what was corrected
    in indicator_correction.

    Example: campus indicator correct students_enrolled --period 2025 --reason 补录转专业学生
    """
    from warehouse.access.desk import open_desk
    from warehouse.audit import person
    from warehouse.governance.figure_corrections import correct_figures
    from warehouse.release.pointer import current_id

    settings = settings_of(context)
    with open_desk(settings) as desk:
        decided = person(desk.person(by).person_key) if by else None
        numbers = correct_figures(
            desk.audit,
            indicator,
            period,
            reason=reason,
            current=current_id(settings.paths),
            actor=desk.actor,
            by=decided,
        )
    err.print(f"✓ {len(numbers)} correction(s) decided. Next: campus refresh", highlight=False)
