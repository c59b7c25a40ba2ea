"""`campus contract`: what sources must deliver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

if TYPE_CHECKING:
    from warehouse.contracts.model import Source, Table

__all__ = ["register"]

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="What sources must deliver, and its checks.")
    app.add_typer(group, name="contract")
    group.command("list")(_list)
    group.command("lint")(_lint)
    group.command("diff")(_diff)
    group.command("docs")(_docs)
    group.command("export")(_export)
    group.command("sync")(_sync)


def _list(
    place: Annotated[
        str | None,
        typer.Argument(
            metavar="UNIT|SOURCE", help="Only the tables of this unit or source; default: all."
        ),
    ] = None,
    as_json: _Json = False,
) -> None:
    """The declared tables by responsible unit, under the names that other commands ask for.

    Units and sources may be named by id or in Chinese.

    Example: campus contract list 学生处
    """
    from warehouse.authority import load_authority

    authority = load_authority()
    rows = [
        {
            "source": table.source,
            "table": table.name,
            "title": table.title,
            "unit": table.owner_unit,
            "owner": authority.unit_title(table.owner_unit),
            "kind": table.kind,
            "level": table.level,
            "cadence": table.cadence,
            "columns": len(table.columns),
            "version": table.version,
        }
        for _, tables in _named(place)
        for table in tables
    ]
    if as_json:
        print_json(rows)
        return
    units = {row["unit"]: row["owner"] for row in rows}
    print_rows(
        ("table", "title"),
        (
            line
            for unit, title in units.items()
            for line in (
                (unit, title),
                *(
                    (f"  {row['source']}/{row['table']}", row["title"])
                    for row in rows
                    if row["unit"] == unit
                ),
            )
        ),
    )


def _named(place: str | None) -> list[tuple[Source, list[Table]]]:
    """The sources and their tables that a unit, a source or a table names, by id or in Chinese.

    All where `place` is None; `UsageError` where it names nothing.
    """
    from warehouse.authority import load_authority
    from warehouse.contracts import load_contracts
    from warehouse.errors import UsageError

    units = load_authority().units
    chosen = [
        (source, tables)
        for source in load_contracts().sources
        if (
            tables := [
                table
                for table in source.tables
                if place is None
                or place in (source.id, source.title, table.id)
                or place in (table.owner_unit, units.get(table.owner_unit))
            ]
        )
    ]
    if not chosen:
        raise UsageError(
            f"{place} is no unit, source or table under contract.",
            next_step="See them all with: campus contract list",
        )
    return chosen


def _lint(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of contracts; default: those in force.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Report every problem at once; exit code 1 if there is one.

    Example: campus contract lint
    """
    from warehouse.contracts.lint import find_problems

    findings = find_problems(folder)
    problems = [finding for finding in findings if not finding.is_note]
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in problems:
            typer.echo(str(finding))
        for finding in findings:
            if finding.is_note:
                err.print(f"note: {finding}", highlight=False, markup=False, soft_wrap=True)
        notes = len(findings) - len(problems)
        err.print(f"{len(problems)} problem(s), {notes} note(s)", highlight=False)
    if problems:
        raise typer.Exit(1)


def _diff(
    old: Annotated[Path, typer.Argument(help="Folder of contracts as they were.")],
    new: Annotated[
        Path | None, typer.Argument(help="Folder as it is now; default: those in force.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """What changed, and what of it breaks deliveries (Article 7).

    Exit code 1 if a breaking change leaves the first number of the contract's version as it was.
    Example: campus contract diff ../contracts-2024
    """
    from warehouse.contracts import load_contracts
    from warehouse.contracts.compare import compare, unannounced

    before, after = load_contracts(old), load_contracts(new)
    changes = compare(before, after)
    if as_json:
        print_json([vars(change) for change in changes])
    else:
        for change in changes:
            typer.echo(str(change))
        err.print(f"{len(changes)} change(s)", highlight=False)
    silent = unannounced(before, after)
    for source in silent:
        err.print(
            f"{source}: a breaking change needs an approved application (Article 7) "
            "and a higher first number in version",
            highlight=False,
        )
    if silent:
        raise typer.Exit(1)


def _docs(
    out: Annotated[Path, typer.Option("--out", help="Folder for the pages.")],
) -> None:
    """Write the pages that owner units work from. Example: campus contract docs --out pages"""
    from warehouse.authority import load_authority
    from warehouse.contracts import load_code_tables, load_contracts
    from warehouse.contracts.pages import render_pages
    from warehouse.ingest.examples import example_rows

    contracts = load_contracts()
    pages = render_pages(contracts, load_authority(), load_code_tables(), example_rows(contracts))
    out.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (out / name).write_text(page, encoding="utf-8", newline="\n")
        typer.echo(str(out / name))


def _export(
    place: Annotated[
        str,
        typer.Argument(
            metavar="UNIT|SOURCE|SOURCE/TABLE",
            help="For example 人事处 or hr_office, hr_management, hr_management/staff_basic.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for an XLSX template, one a source.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Write templates to fill in, or print one contract as the standard has it.

    Example: campus contract export 人事处 --out templates

    Example: campus contract export hr_management --json
    """
    if out is None:
        _print_contract(place, as_json)
        return
    from warehouse.authority import load_authority
    from warehouse.contracts import load_contracts
    from warehouse.ingest.templates import write_template

    contracts, authority, chosen = load_contracts(), load_authority(), _named(place)
    out.mkdir(parents=True, exist_ok=True)
    for source, tables in chosen:
        path = out / f"{place.replace('/', '-') if '/' in place else source.id}.xlsx"
        title = tables[0].title if "/" in place else source.title
        write_template(path, tables, contracts, authority, title)
        typer.echo(str(path))


def _print_contract(place: str, as_json: bool) -> None:
    from warehouse.contracts.loader import contract_files, read_yaml
    from warehouse.errors import UsageError

    source = _named(place)[0][0]
    if place not in (source.id, source.title):
        raise UsageError(
            f"Only the contract of a whole source can be printed, and {place} is none.",
            next_step=f"Write templates with: campus contract export {place} --out DIR, or print: "
            f"campus contract export {source.id}",
        )
    path = next(path for path in contract_files() if path.name == f"{source.id}.odcs.yaml")
    if as_json:
        print_json(read_yaml(path))
    else:
        typer.echo(path.read_text(encoding="utf-8"), nl=False)


def _sync(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Only say what differs.")] = False,
) -> None:
    """Bring the generated dbt sources and seeds in step, and draft the staging models and the
    tables of the base datasets that are missing. Example: campus contract sync --check"""
    from warehouse.authority import issued_authority, load_authority
    from warehouse.contracts import load_contracts
    from warehouse.contracts.dbt_authority import missing_base_models, write_missing_base_models
    from warehouse.contracts.dbt_files import out_of_step, write
    from warehouse.contracts.dbt_staging import missing_models, write_missing_models

    project = settings_of(context).project_folder
    contracts = load_contracts()
    if check:
        changed = out_of_step(project, contracts, issued_authority())
        changed += sorted(missing_models(project, contracts))
        changed += sorted(missing_base_models(project, contracts, load_authority()))
    else:
        changed = write(project, contracts, issued_authority())
        changed += write_missing_models(project, contracts)
        changed += write_missing_base_models(project, contracts, load_authority())
    for path in changed:
        typer.echo(path)
    err.print(f"{len(changed)} file(s) {'differ' if check else 'written'}", highlight=False)
    if check and changed:
        raise typer.Exit(1)
