"""`campus ingest`: check and land what is in the inbox."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.cli.shell import begin_job, err, print_json, print_rows, progress

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def ingest(
        context: typer.Context,
        place: Annotated[
            str | None,
            typer.Argument(metavar="SOURCE[/TABLE]", help="Only this source, or this table of it."),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
        confirm: Annotated[
            list[str] | None,
            typer.Option(
                help="First 12 digits of the sha256 of a file refused for mass_deletion: "
                "let exactly that file through. May be repeated.",
            ),
        ] = None,
    ) -> None:
        """Check and land what is in the inbox; exit 1 if a file is refused whole.

        Example: campus ingest hr_management/staff_basic --json
        """
        from warehouse.ingest import ingest as run_ingest

        source, _, table = (place or "").partition("/")
        with progress("Ingest") as bar:

            def advance(label: str, done: int, total: int) -> None:
                bar.update(0, description=label or "Ingest", completed=done, total=total)

            report = run_ingest(
                begin_job(context), source or None, table or None, advance, confirm=confirm or ()
            )
        if as_json:
            print_json(report.to_json())
        else:
            _print(report)
        if report.refused_whole:
            raise typer.Exit(1)


def _print(report) -> None:  # type: ignore[no-untyped-def]  # imported late
    from warehouse.ingest.report import summarise

    if report.files:
        print_rows(
            ("file", "result", "accepted", "refused", "reasons"),
            (
                (
                    file.path,
                    file.result,
                    file.accepted_rows,
                    file.refused_rows,
                    ", ".join(f"{reason} {rows}" for reason, rows in file.reasons.items()),
                )
                for file in report.files
            ),
        )
    else:
        err.print("Nothing new in the inbox.")
    for file in report.files:
        if file.message and file.result != "duplicate":
            err.print(f"{file.path}: {file.message}", highlight=False, markup=False)
    for file in report.files:
        if file.returned:
            err.print(
                f"{file.path}: for the owner unit: {file.returned}", highlight=False, markup=False
            )
        if said := summarise(file.readings):
            err.print(f"{file.path}: read as {said}", highlight=False, markup=False)
    for held in report.waiting:
        numbers = ", ".join(map(str, held.missing or held.twice))
        what = "missing" if held.missing else "there twice"
        err.print(
            f"{held.paths[0]}: {'late' if held.late else 'waiting'}, of {held.parts} parts "
            f"{numbers} {what}.",
            highlight=False,
            markup=False,
        )
    for path, why in report.failed.items():
        err.print(f"{path} could not be judged and stays: {why}", highlight=False, markup=False)
    for path, why in report.unreturned.items():
        err.print(f"{path} could not be made: {why}", highlight=False, markup=False)
    for path in report.left_alone:
        err.print(f"{path} is no file to take in and is left alone.", markup=False)
    if report.landed_late:
        err.print(f"{report.landed_late} rows that had waited for a parent have landed.")
    for path in report.unsettled:
        err.print(f"{path} changed while it was read and is left for the next run.", markup=False)
