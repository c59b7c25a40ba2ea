"""`campus indicator`: what a published figure means and what stands behind it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from warehouse.cli.shell import out, print_json, print_rows, settings_of

__all__ = ["register"]

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_LISTED = ("id", "name", "formula", "unit", "source", "owners", "periods", "levels")


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="What a figure means.")
    app.add_typer(group, name="indicator")
    group.command("list")(_list)
    group.command("explain")(_explain)


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
    as_json: _Json = False,
) -> None:
    """Definition, owner units, batches behind it, failing checks and the SQL of one indicator.

    Example: campus indicator explain student_teacher_ratio
    """
    from warehouse.access.statistics import read_receipt
    from warehouse.release import ReleaseReader

    reader = ReleaseReader(settings_of(context))
    with reader.open("statistics") as (cursor, release):
        receipt = read_receipt(cursor, indicator, release.manifest)
    reader.close()
    if as_json:
        print_json(receipt)
    else:
        _print_receipt(receipt)


def _print_receipt(receipt: dict[str, Any]) -> None:
    definition, checks = receipt["indicator"], receipt["checks"]
    print_rows(
        ("", definition["name"]),
        (
            ("formula", definition["formula"]),
            ("unit", definition["unit"]),
            ("source", definition["source"]),
            ("certainty", definition["certainty"]),
            ("target", definition["target_text"] or None),
            ("owners", "、".join(receipt["owners"])),
            ("as of", receipt["as_of"]),
            ("batches", len(receipt["batches"])),
            ("checks passed", checks["passing"]),
            ("checks failed", ", ".join(check["name"] for check in checks["failing"]) or None),
        ),
    )
    out.print(receipt["sql"] or "", markup=False, highlight=False)
