"""`campus ministry`: the ministry's tables, filled as far as the release can."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

__all__ = ["register"]

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_Year = Annotated[
    int | None, typer.Option("--year", help="The year of the return; default: the latest.")
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Tables of the Ministry of Education.")
    app.add_typer(group, name="ministry")
    group.command("list")(_list)
    group.command("fill")(_fill)


def _list(
    context: typer.Context,
    year: _Year = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="One row per missing cell instead.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """The tables, how far each is filled, what is missing and when it is due.

    Example: campus ministry list --year 2026 --missing
    """
    from warehouse.access.desk import open_desk
    from warehouse.access.operator_ministry import list_tables

    with open_desk(settings_of(context)) as desk:
        found = list_tables(desk, year)
    if as_json:
        print_json(found)
    elif missing:
        print_rows(
            ("table", "cell", "reason", "why", "could supply it"),
            (
                (table["number"], gap["cell"], gap["reason_text"], gap["why"], gap["unit_name"])
                for table in found["tables"]
                for gap in table["missing"]
            ),
        )
    else:
        print_rows(
            ("table", "title", "known", "filled", "state", "missing", "files", "due"),
            (_row(table) for table in found["tables"]),
        )


def _row(table: dict[str, Any]) -> tuple[Any, ...]:
    return (
        table["number"],
        table["title"],
        table["sure"],
        f"{table['filled']} of {table['cells']}",
        table["state"],
        len(table["missing"]),
        table["filed_by_name"],
        table["due"],
    )


def _fill(
    context: typer.Context,
    table: Annotated[
        str | None, typer.Argument(help="Number of the table, such as 312; bkzl is the report.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All tables.")] = False,
    year: _Year = None,
    out: Annotated[
        Path, typer.Option("--out", help="The folder of the files; they must not be there yet.")
    ] = Path(),
) -> None:
    """Write the tables as workbooks: the numbers, what is missing, how each column is counted.

    They hold whole cells, small ones too: they are for the unit that files them. Only the account
    that runs this may read the files. The reading is noted in the audit log.

    Example: campus ministry fill 312 --year 2026 --out returns
    """
    from warehouse.access.desk import open_desk
    from warehouse.access.operator_ministry import fill_tables
    from warehouse.errors import UsageError

    if (table is None) == (not every):
        raise UsageError("Name one table, or say --all.", next_step="campus ministry list")
    with open_desk(settings_of(context)) as desk:
        files = fill_tables(desk, [table] if table else None, year, taken=_taken(out))
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files:
        handle = os.open(out / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        err.print(f"✓ {out / name}", highlight=False, markup=False)


def _taken(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()
