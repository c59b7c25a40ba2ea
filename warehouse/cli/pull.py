"""`campus pull`: extracts straight from source databases."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from warehouse.cli.shell import begin_job, err, print_json, print_rows, progress

__all__ = ["register", "tell_failures"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("pull")(_pull)


def _pull(
    context: typer.Context,
    place: Annotated[
        str | None,
        typer.Argument(metavar="SOURCE[/TABLE]", help="Only this source, or this table of it."),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Only look: check structure, count rows, show watermark and statement.",
        ),
    ] = False,
    from_start: Annotated[
        bool,
        typer.Option(
            "--from-start", help="Leave watermarks aside and read incremental tables whole."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Pull the source databases that sources.toml declares into the inbox; exit 1 if one fails.

    Sources are pulled side by side and fail alone: the others land. The daily job
    (campus refresh) begins with this.

    Example: campus pull hr_management/staff_basic --dry-run
    """
    from warehouse.pull import pull

    with progress("Pull") as bar:

        def advance(label: str, done: int, total: int) -> None:
            bar.update(0, description=label, completed=done, total=total)

        report = pull(
            begin_job(context), place, dry_run=dry_run, from_start=from_start, progress=advance
        )
    if as_json:
        print_json(report.to_json())
    else:
        _print(report, dry_run)
    tell_failures(report)
    if not report.is_whole:
        raise typer.Exit(1)


def _print(report: Any, dry_run: bool) -> None:
    print_rows(
        ("table", "result", "mode", "rows", "since", "watermark", "seconds", "file"),
        (
            (
                f"{result.source}/{result.table}",
                result.result,
                result.mode,
                result.rows,
                result.since,
                result.watermark,
                f"{result.seconds:.1f}",
                result.path,
            )
            for result in report.tables
        ),
    )
    for result in report.tables:
        for note in result.notes:
            err.print(f"{result.source}/{result.table}: {note}", highlight=False, markup=False)
        if dry_run and result.statement:
            err.print(
                f"{result.source}/{result.table}: {result.statement}", highlight=False, markup=False
            )


def tell_failures(report: Any) -> None:
    """Each failure once on stderr, with its next step; one that befell several tables, together."""
    if report.problem:
        err.print(f"not pulled: {report.problem}", highlight=False, markup=False)
    told: dict[tuple[str, str, str], list[str]] = {}
    for result in report.failed:
        told.setdefault((result.source, result.message, result.next_step), []).append(result.table)
    for (source, message, next_step), tables in told.items():
        err.print(
            f"not pulled: {source} ({', '.join(tables)}): {message}", highlight=False, markup=False
        )
        if next_step:
            err.print(f"  → {next_step}", highlight=False, markup=False)
