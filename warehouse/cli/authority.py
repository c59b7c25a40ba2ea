"""`campus authority`: who owns what, by the annexes."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Who owns which data, by annexes 1 to 4.")
    app.add_typer(group, name="authority")
    group.command("list")(_list)
    group.command("conflicts")(_conflicts)


def _list(
    context: typer.Context,
    items: Annotated[
        bool, typer.Option("--items", help="The 65 items of annexes 3 and 4 instead.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Systems and base datasets with their owner units, or the items and what is held of them.

    Example: campus authority list --items --json
    """
    rows = _item_rows(context) if items else _dataset_rows()
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


def _dataset_rows() -> list[dict[str, object]]:
    from warehouse.authority import load_authority

    authority = load_authority()
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


def _item_rows(context: typer.Context) -> list[dict[str, object]]:
    from warehouse.authority import load_authority
    from warehouse.authority.holdings import describe_items, read_holdings
    from warehouse.contracts import load_contracts

    authority, contracts = load_authority(), load_contracts()
    sources = {
        item.code: [(table.name, columns) for table, columns in contracts.holders(item.code)]
        for item in authority.items
    }
    return describe_items(authority, sources, read_holdings(settings_of(context).paths))


def _conflicts(as_json: _Json = False) -> None:
    """Where the annexes contradict the articles or each other.

    Example: campus authority conflicts
    """
    from warehouse.authority import load_authority
    from warehouse.authority.conflicts import find_conflicts

    found = find_conflicts(load_authority())
    if as_json:
        print_json([vars(conflict) for conflict in found])
        return
    for conflict in found:
        typer.echo(
            f"{', '.join(conflict.rows)}: {conflict.what}（{conflict.article}）"
            f" → {conflict.proposal}"
        )
    err.print(f"{len(found)} contradiction(s)", highlight=False)
