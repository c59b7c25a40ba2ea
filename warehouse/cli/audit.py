"""`campus audit …`: is the log whole, what does it say, and its daily seal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from warehouse.audit.seals import Seal
    from warehouse.settings import Settings

__all__ = ["register"]

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
_MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]


def register(app: typer.Typer) -> None:
    audit = typer.Typer(no_args_is_help=True, help="Check, read and seal the audit log.")
    app.add_typer(audit, name="audit")
    audit.command("verify")(_verify)
    audit.command("list")(_list)
    audit.command("seal")(_seal)


@contextmanager
def _state(settings: Settings) -> Iterator[Engine]:
    from warehouse.state import open_state

    settings.paths.require()
    engine = open_state(settings)
    try:
        yield engine
    finally:
        engine.dispose()


def _verify(
    context: typer.Context,
    seals: Annotated[
        Path | None,
        typer.Option("--seals", help="Folder of the daily seals; default: audit_seal_dir."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check that no entry was changed, removed or moved; exit code 1 where one was.

    Compares with the head file and with every daily seal, and says of which day the first is that
    differs.

    Example: campus audit verify --seals /mnt/seals
    """
    from warehouse.audit import head_file
    from warehouse.audit.reading import verify

    settings = settings_of(context)
    with _state(settings) as engine:
        found, seal_problem = _seals(engine, settings, seals or settings.audit_seal_dir)
        report = verify(engine, head_file(settings.paths), found)
    if as_json:
        print_json(
            {
                "whole": report.whole,
                "entries": report.entries,
                "compared_with_heads": report.heads,
                "compared_with_seals": report.seals,
                "sealed_until": report.sealed_until,
                "last_hash": report.last_hash,
                "broken_seq": report.broken_seq,
                "problem": report.problem,
                "seal_problem": seal_problem,
            }
        )
    elif report.whole:
        sealed = (
            f"{report.seals} daily seals agree, the last of {report.sealed_until}"
            if report.seals
            else "no daily seal was compared"
        )
        typer.echo(
            f"The log is whole: {report.entries} entries, {report.heads} of them compared "
            f"with the head file; {sealed}. Last hash: {report.last_hash}"
        )
    if not report.whole:
        err.print(f"[bold red]✗[/] entry {report.broken_seq}: {report.problem}", highlight=False)
    if seal_problem is not None:
        err.print(f"[bold red]✗[/] {seal_problem}", highlight=False)
    if not report.whole or seal_problem is not None:
        raise typer.Exit(1)


def _seals(
    engine: Engine, settings: Settings, folder: Path | None
) -> tuple[list[Seal], str | None]:
    """The seals, or why they cannot be compared."""
    from warehouse.audit.seals import seals_of
    from warehouse.errors import SealError

    if folder is None:
        return [], None
    try:
        return seals_of(engine, settings.paths, folder), None
    except SealError as error:
        return [], str(error)


def _seal(
    context: typer.Context,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Folder outside the data home; default: audit_seal_dir."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Close the day: write where the log ends to a place outside the data home.

    A new file a day, never overwritten; a second call on the same day changes nothing. The daily
    job (campus refresh) does this where audit_seal_dir is set.

    Example: campus audit seal --to /mnt/seals
    """
    from warehouse.audit import Audit, command, head_file
    from warehouse.audit.seals import seal_log
    from warehouse.errors import UsageError

    settings = settings_of(context)
    folder = to or settings.audit_seal_dir
    if folder is None:
        raise UsageError(
            "No place for the seal is configured.",
            next_step="Name one with --to DIR, or set audit_seal_dir (docs/operations.md).",
        )
    with _state(settings) as engine:
        audit = Audit(engine, head_file(settings.paths))
        made, is_new = seal_log(audit, settings.paths, folder, command())
    if as_json:
        print_json({**asdict(made), "sha256": made.sha256, "new": is_new})
    else:
        typer.echo(f"{made.date} {made.seq} {made.hash}")
        err.print("Sealed." if is_new else "The day was sealed already.")


def _list(
    context: typer.Context,
    actor: Annotated[
        str | None,
        typer.Option(
            help="Who did it: a staff or student number, or command:NAME, job:NAME, anonymous; "
            "or a kind: person, command, job."
        ),
    ] = None,
    action: Annotated[
        str | None, typer.Option(help="What was done: sql.run, or sql for all of them.")
    ] = None,
    subject: Annotated[
        str | None, typer.Option(help="Number of the person whose data was used.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=_MOMENTS, help="From this moment on (UTC).")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_MOMENTS, help="Before this moment (UTC).")
    ] = None,
    grant: Annotated[str | None, typer.Option(help="Under this grant.")] = None,
    before: Annotated[
        int | None, typer.Option(min=1, help="The next page: entries before this seq.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Latest so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List the latest entries, newest first, with how each ended. Reading it is noted too.

    Example: campus audit list --subject T0001 --since 2026-11-01 --json
    """
    from warehouse.access.audit_view import read_log
    from warehouse.access.desk import open_desk
    from warehouse.audit import person
    from warehouse.audit.reading import Wanted

    with open_desk(settings_of(context)) as desk:
        wanted = Wanted(
            **_actor(desk, actor),
            action=action,
            subject=person(desk.person(subject).person_key) if subject else None,
            grant=grant,
            since=_utc(since),
            until=_utc(until),
        )
        rows = read_log(desk.audit, desk.actor, wanted, before=before, limit=limit)
    if as_json:
        print_json(rows)
        return
    columns = ("seq", "at", "actor", "action", "subject", "detail", "outcome")
    print_rows(columns, ([row[name] for name in columns] for row in rows))
    if len(rows) == limit:
        err.print(f"Earlier ones: --before {rows[-1]['seq']}", highlight=False)


def _actor(desk: Any, named: str | None) -> dict[str, str]:
    from warehouse.audit import person
    from warehouse.audit.reading import ACTOR_KINDS

    if named is None:
        return {}
    if named in ACTOR_KINDS:
        return {"actor_kind": named}
    if named.partition(":")[0] in ("command", "job"):
        return {"actor": named}
    return {"actor": person(desk.person(named).person_key)}


def _utc(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(tzinfo=moment.tzinfo or UTC)
