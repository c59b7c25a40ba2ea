"""`campus indicator`: what a published figure means and what stands behind it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from warehouse.cli.indicator_history import register_history
from warehouse.cli.shell import err, out, print_json, print_rows, settings_of

__all__ = ["register"]

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_LISTED = ("id", "name", "formula", "unit", "source", "owners", "periods", "levels")


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="What a figure means.")
    app.add_typer(group, name="indicator")
    group.command("list")(_list)
    group.command("explain")(_explain)
    group.command("sign")(_sign)
    group.command("signatures")(_signatures)
    register_history(group)


def _list(context: typer.Context, as_json: _Json = False) -> None:
    """The indicators of the current release: definition, unit, source, owner units.

    Example: campus indicator list --json
    """
    from warehouse.access.statistics import read_statistics
    from warehouse.release import ReleaseReader

    reader = ReleaseReader(settings_of(context))
    with reader.open("statistics") as (cursor, _):
        found = read_statistics(cursor, levels=["school"])["indicators"]
    reader.close()
    if as_json:
        print_json([{key: row[key] for key in _LISTED} for row in found])
    else:
        print_rows(
            ("id", "name", "unit", "owners", "source"),
            (
                (row["id"], row["name"], row["unit"], "、".join(row["owners"]), row["source"])
                for row in found
            ),
        )


def _explain(
    context: typer.Context,
    indicator: Annotated[str, typer.Argument(help="Id of the indicator.")],
    unit: Annotated[
        str | None, typer.Option("--unit", help="Code or name of a unit; the school without it.")
    ] = None,
    period: Annotated[str | None, typer.Option("--period", help="One period only.")] = None,
    release: Annotated[
        str | None, typer.Option("--release", help="Id of an older release.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Definition, figures, owner units and whether they signed, batches behind it, failing checks
    and the SQL of one indicator.

    Example: campus indicator explain student_teacher_ratio --unit 机械工程学院 --period 2025
    """
    from warehouse.access.desk import open_desk
    from warehouse.access.explanation import explain
    from warehouse.access.signing import Signing
    from warehouse.release import PastReader

    settings = settings_of(context)
    with open_desk(settings) as desk:
        reader = PastReader(settings, release) if release else desk.reader
        found = explain(
            reader,
            Signing(desk.engine, reader, desk.settings.paths),
            indicator,
            unit=unit,
            period=period,
        )
    if as_json:
        print_json(found)
    else:
        _print_explanation(found)


def _print_explanation(found: dict[str, Any]) -> None:
    from warehouse.access.explanation import shown_value

    definition, checks = found["indicator"], found["checks"]
    newest = max((str(batch["extracted_at"]) for batch in found["batches"]), default=None)
    print_rows(
        ("", definition["name"]),
        (
            ("formula", definition["formula"]),
            ("unit", definition["unit"]),
            ("source", definition["source"]),
            ("certainty", definition["certainty"]),
            ("note", definition["note"] or None),
            ("target", definition["target_text"] or None),
            ("owners", "、".join(found["owners"])),
            ("inputs", ", ".join(found["inputs"])),
            ("release", found["release"]),
            ("as of", found["as_of"]),
            ("batches", f"{len(found['batches'])}, newest {newest}" if newest else None),
            ("checks passed", checks["passing"]),
            ("checks failed", ", ".join(check["name"] for check in checks["failing"]) or None),
        ),
    )
    out.print()
    states = {sheet["period"]: sheet for sheet in found["sign_offs"]}
    print_rows(
        ("period", "unit", "value", "numerator", "denominator", "signed"),
        (
            (
                row["period"],
                row["unit_name"],
                shown_value(row),
                row["numerator"],
                row["denominator"],
                _signed(states.get(row["period"])),
            )
            for row in found["values"]
        ),
    )
    out.print()
    out.print(found["sql"] or "", markup=False, highlight=False)


def _signed(sheet: dict[str, Any] | None) -> str | None:
    """`signed`, or the word for the sheet and the units that stand in its way."""
    if sheet is None:
        return None
    open_units = [
        f"{unit['name']}（{unit['reason']}）" if unit["reason"] else unit["name"]
        for unit in sheet["units"]
        if unit["state"] == sheet["state"]
    ]
    if sheet["state"] in ("signed", "running"):
        return sheet["state"]
    return f"{sheet['state']}: {'、'.join(open_units)}"


def _dataset_code(key: str, indicators: dict[str, str]) -> str:
    from warehouse.authority import load_authority
    from warehouse.errors import UsageError

    if key in indicators:
        return indicators[key]
    try:
        return load_authority().dataset(key).code
    except KeyError:
        raise UsageError(
            f"There is no dataset or indicator {key}.",
            next_step="Name a row of annex 2 (A2-17, school_people_statistics) or an indicator.",
        ) from None


def _sign(
    context: typer.Context,
    dataset: Annotated[
        str, typer.Argument(help="Row of annex 2 (A2-17), its id, or one of its indicators.")
    ],
    period: Annotated[str, typer.Option("--period", help="The period, such as 2025.")],
    unit: Annotated[str, typer.Option("--unit", help="The owner unit: its id or name.")],
    by: Annotated[str, typer.Option("--by", help="Number of the unit's officer who signed.")],
    reject: Annotated[bool, typer.Option("--reject", help="Reject instead of sign.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; a rejection needs one.")] = "",
) -> None:
    """Record that an owner unit signs (or rejects) the figures of a period, as on its paper.

    The figures are those of the current release; when a later one shows others, the signature
    no longer covers them. The same can be done on the site by the officer.

    Example: campus indicator sign A2-17 --period 2025 --unit 人事处 --by T0001
    """
    from warehouse.access.desk import open_desk
    from warehouse.access.sessions import standing_of
    from warehouse.access.signing import Signing
    from warehouse.authority import load_authority
    from warehouse.errors import UsageError
    from warehouse.governance.signatures import sign

    with open_desk(settings_of(context)) as desk:
        try:
            unit_id = load_authority(home=desk.settings.paths).unit_id(unit)
        except KeyError:
            raise UsageError(
                f"The annexes know no unit {unit}.",
                next_step="See who answers for what with: campus authority list",
            ) from None
        with desk.reader.open("statistics") as (cursor, _release):
            known = dict(cursor.execute("select id, row_code from indicator").fetchall())
        signer = desk.person(by)
        standing = standing_of(desk.engine, desk.reader, signer, desk.now)
        if ("unit_officer", unit_id) not in {(held.role, held.unit) for held in standing.roles}:
            raise UsageError(
                f"The person with that number is no officer of {unit_id} today.",
                next_step=f"Appoint one with: campus role appoint NUMBER unit_officer "
                f"--unit {unit_id}; the role begins with the undertaking: campus undertaking sign",
            )
        release, sheet = Signing(desk.engine, desk.reader, desk.settings.paths).sheet(
            _dataset_code(dataset, known), period
        )
        recorded = sign(
            desk.audit,
            sheet,
            unit=unit_id,
            decision="rejected" if reject else "signed",
            reason=reason,
            release=release,
            person_key=signer.person_key,
            actor=desk.actor,
        )
    word = "rejected" if reject else "signed"
    err.print(
        f"✓ {sheet.dataset} {period} {word} by {unit_id}"
        if recorded
        else f"{sheet.dataset} {period} was {word} by {unit_id} before",
        highlight=False,
    )


def _signatures(
    context: typer.Context,
    dataset: Annotated[str | None, typer.Argument(help="Row of annex 2; all without it.")] = None,
    as_json: _Json = False,
) -> None:
    """Which owner units have signed the figures of which period.

    Example: campus indicator signatures A2-17 --json
    """
    from warehouse.access.desk import open_desk
    from warehouse.access.signing import Signing

    with open_desk(settings_of(context)) as desk:
        wanted = [_dataset_code(dataset, {})] if dataset else []
        sheets = Signing(desk.engine, desk.reader, desk.settings.paths).described(wanted)
    if as_json:
        print_json(sheets)
        return
    print_rows(
        ("row", "dataset", "period", "state", "units"),
        (
            (
                sheet["dataset"],
                sheet["name"],
                sheet["period"],
                sheet["state"],
                "、".join(f"{unit['name']} {unit['state']}" for unit in sheet["units"]),
            )
            for sheet in sheets
        ),
    )
