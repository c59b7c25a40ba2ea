"""`campus authority`: who owns what, by the annexes and their changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

if TYPE_CHECKING:
    from warehouse.authority import Authority

__all__ = ["register"]

_AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="What was in force then; default today."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Who owns which data, by annexes 1 to 4.")
    app.add_typer(group, name="authority")
    group.command("list")(_list)
    group.command("history")(_history)
    group.command("conflicts")(_conflicts)


def _in_force(context: typer.Context, as_of: datetime | None) -> Authority:
    from warehouse.authority import load_authority

    return load_authority(as_of.date() if as_of else None, settings_of(context).paths)


def _list(
    context: typer.Context,
    items: Annotated[
        bool, typer.Option("--items", help="The 65 items of annexes 3 and 4 instead.")
    ] = False,
    as_of: _AsOf = None,
    as_json: _Json = False,
) -> None:
    """Systems and base datasets with their owner units, or the items and what is held of them.

    Example: campus authority list --as-of 2026-09-01
    """
    authority = _in_force(context, as_of)
    rows = _item_rows(context, authority) if items else _dataset_rows(authority)
    if as_json:
        print_json(rows)
    elif items:
        print_rows(
            ("code", "name", "owner", "deadline", "held in", "coverage", "newest"),
            (
                (
                    row["code"],
                    row["name"],
                    row["owner"],
                    row["deadline"] or None,
                    ", ".join(holder["table"] for holder in row["source"]) or None,
                    None if row["coverage"] is None else f"{row['coverage']:.1%}",
                    row["newest"],
                )
                for row in rows
            ),
        )
    else:
        print_rows(
            ("code", "id", "name", "owners"),
            ((row["code"], row["id"], row["name"], "、".join(row["owners"])) for row in rows),
        )


def _dataset_rows(authority: Authority) -> list[dict[str, object]]:
    systems: list[dict[str, object]] = [
        {
            "code": system.code,
            "id": system.id,
            "name": system.title,
            "owners": [authority.unit_title(system.owner_id)],
            "annex": 1,
        }
        for system in authority.systems
    ]
    return systems + [
        {
            "code": dataset.code,
            "id": dataset.id,
            "name": dataset.title,
            "owners": [authority.unit_title(unit) for unit in dataset.owner_ids],
            "annex": 2,
        }
        for dataset in authority.datasets
    ]


def _item_rows(context: typer.Context, authority: Authority) -> list[dict[str, object]]:
    from warehouse.authority.holdings import describe_items, read_holdings
    from warehouse.contracts import load_contracts

    contracts = load_contracts()
    sources = {
        item.code: [(table.name, columns) for table, columns in contracts.holders(item.code)]
        for item in authority.items
    }
    return describe_items(authority, sources, read_holdings(settings_of(context).paths))


def _history(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="A row (A2-08, S01, A3-24) or a unit's id.")],
    as_json: _Json = False,
) -> None:
    """What was decided about one row or unit, since the annexes were issued.

    Example: campus authority history A2-08
    """
    from warehouse.authority import authority_changes, issued_authority
    from warehouse.authority.history import history_of
    from warehouse.errors import UsageError

    home = settings_of(context).paths
    try:
        entries = history_of(
            code, issued_authority(), authority_changes(home), datetime.now().date()
        )
    except KeyError:
        raise UsageError(
            f"The annexes and their changes know no row or unit {code}.",
            next_step="See the rows with: campus authority list; the items with --items",
        ) from None
    if as_json:
        print_json([vars(entry) for entry in entries])
        return
    print_rows(
        ("from", "what", "document", "in force"),
        (
            (entry.effective, entry.what, entry.document, "yes" if entry.in_force else "not yet")
            for entry in entries
        ),
    )


def _conflicts(context: typer.Context, as_of: _AsOf = None, as_json: _Json = False) -> None:
    """What the leading group must decide: where the annexes contradict the articles or each other.

    Example: campus authority conflicts
    """
    from warehouse.authority.conflicts import find_conflicts

    found = find_conflicts(_in_force(context, as_of))
    if as_json:
        print_json([vars(conflict) for conflict in found])
        return
    for conflict in found:
        typer.echo(
            f"{', '.join(conflict.rows)}: {conflict.what}（{conflict.article}）"
            f" → {conflict.proposal}"
        )
    err.print(f"{len(found)} decision(s) for the leading group", highlight=False)
