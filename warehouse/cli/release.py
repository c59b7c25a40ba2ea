"""`campus build`, `publish`, `rollback`, `releases`, `refresh`: how data becomes current."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.markup import escape

from warehouse.cli.shell import begin_job, err, print_json, print_rows, progress, settings_of

__all__ = ["register"]

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

#: Steps that each command announces, for its progress bar.
_BUILD_STEPS, _PUBLISH_STEPS = 2, 4


def register(app: typer.Typer) -> None:
    for name, command in (
        ("build", _build),
        ("publish", _publish),
        ("rollback", _rollback),
        ("releases", _releases),
        ("refresh", _refresh),
    ):
        app.command(name)(command)


@contextmanager
def _steps(total: int) -> Iterator[tuple[Callable[[str], None], Callable[[str, int, int], None]]]:
    """A progress bar. Gives a callback for steps, and one for the files of an ingestion."""
    with progress("Start", total) as bar:
        files = None
        done = -1

        def step(text: str) -> None:
            nonlocal done
            done += 1
            bar.update(0, description=text, completed=done)

        def file(text: str, number: int, of: int) -> None:
            nonlocal files
            if files is None:
                files = bar.add_task(text, total=of)
            bar.update(files, description=text, completed=number, total=of)

        yield step, file
        bar.update(0, completed=total)


def _build(
    context: typer.Context,
    full: Annotated[
        bool, typer.Option("--full", help="Start from an empty working file, from the lake alone.")
    ] = False,
) -> None:
    """Build a candidate from the lake and judge it. Nothing that is published changes.

    Example: campus build --full
    """
    from warehouse.release import build

    with _steps(_BUILD_STEPS) as (step, _):
        candidate = build(begin_job(context), full=full, progress=step)
    checks = candidate.draft["tests"]
    warned = sum(1 for check in checks if check["status"] == "warn")
    err.print(f"The candidate passed {len(checks)} checks, {warned} with a warning.")
    err.print("Next: campus publish")


def _publish(
    context: typer.Context,
    pin: Annotated[
        bool, typer.Option("--pin", help="Keep this release whole for good (a census).")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Publish the candidate and make it current.

    Example: campus publish --pin
    """
    from warehouse.cli.after_release import steps_after
    from warehouse.release import publish

    with _steps(_PUBLISH_STEPS) as (step, _):
        release = publish(
            begin_job(context), after=steps_after("release.publish"), pinned=pin, progress=step
        )
    _tell(release, as_json, f"Release {release.id} is current.")


def _rollback(
    context: typer.Context,
    release: Annotated[
        str | None, typer.Argument(help="Release to make current; default: the one before.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Make an earlier release current, at once. Forward again: name the newer one.

    The daily job does not publish again what was rolled back; new data or a changed model does
    become a release.

    Example: campus rollback 20261120T010203Z-1a2b3c4d
    """
    from warehouse.cli.after_release import steps_after
    from warehouse.release import rollback

    target = rollback(begin_job(context), release, after=steps_after("release.rollback"))
    _tell(target, as_json, f"Release {target.id} is current.")


def _releases(context: typer.Context, as_json: _Json = False) -> None:
    """All releases, newest first, with the files that are still kept of each.

    Example: campus releases --json
    """
    from warehouse.release import releases
    from warehouse.release.pointer import current_id

    settings = settings_of(context)
    pointed = current_id(settings.paths.require())
    listed = [_described(release, pointed) for release in releases(settings)]
    if as_json:
        print_json(listed)
        return
    print_rows(
        ("", "release", "published (UTC)", "as of (UTC)", "kept"),
        (
            (
                "→" if entry["current"] else "",
                entry["id"],
                f"{entry['published_at']:%Y-%m-%d %H:%M}",
                f"{entry['as_of']:%Y-%m-%d %H:%M}",
                ", ".join(entry["files"]) + (" (pinned)" if entry["pinned"] else ""),
            )
            for entry in listed
        ),
    )


def _refresh(
    context: typer.Context,
    full: Annotated[
        bool, typer.Option("--full", help="Build everything anew, not only what has changed.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """The daily job: pull, take in the inbox, build, check, publish. Does nothing if all is old.

    Source databases are pulled first where sources.toml declares some; one that fails stops
    nothing, but the command then ends with exit code 1. So it does where the log cannot be sealed.

    Safe to run twice and to kill at any moment: the current release stays valid, and the next
    run finishes.

    Example: campus refresh --json
    """
    from warehouse.cli.after_release import steps_after
    from warehouse.cli.briefing import send_briefing_after_refresh
    from warehouse.cli.notice import send_after_refresh
    from warehouse.cli.pull import tell_failures
    from warehouse.pull import sources_file
    from warehouse.release import refresh
    from warehouse.release.daily_job import ACTOR

    settings = settings_of(context)
    pulls = 1 if sources_file(settings.paths).exists() else 0
    with _steps(pulls + 1 + _BUILD_STEPS + _PUBLISH_STEPS) as (step, file):
        report = refresh(
            settings,
            step,
            full=full,
            after=steps_after("release.publish", ACTOR),
            ingest_progress=file,
            after_pull=tell_failures,
        )
    send_after_refresh(settings)
    send_briefing_after_refresh(settings)
    if as_json:
        print_json(report.to_json())
    else:
        _tell_refresh(report)
    if report.seal_problem is not None:
        err.print(f"[bold red]✗[/] {escape(report.seal_problem)}", highlight=False)
    if report.seal_problem is not None or (report.pull is not None and not report.pull.is_whole):
        raise typer.Exit(1)


def _tell_refresh(report: Any) -> None:
    refused = [result for result in report.ingest.files if result.result == "refused"]
    for result in refused:
        said = escape(f"{result.path}: {result.message}")  # a heading in it may look like markup
        err.print(f"[yellow]refused[/] {said}", highlight=False)
    rows = sum(result.refused_rows for result in report.ingest.files if result.batch)
    if rows:
        err.print(f"[yellow]{rows} row(s) in quarantine[/]; see: campus quarantine list")
    err.print(_outcome(report), highlight=False)


def _outcome(report: Any) -> str:
    files = len(report.ingest.files)
    if report.result == "published":
        return (
            f"{files} file(s) taken in. Release {report.release.id} is current "
            f"({report.seconds:.0f} s)."
        )
    if report.result == "unchanged":
        return f"Nothing new: release {report.release.id} stays current, nothing was touched."
    return (
        f"Release {report.release.id} stays current: what would be published is what was rolled "
        "back. To publish it all the same: campus build, then campus publish."
    )


def _described(release: Any, pointed: str | None) -> dict[str, Any]:
    return {
        "id": release.id,
        "published_at": release.published_at,
        "as_of": release.as_of,
        "current": release.id == pointed,
        "pinned": release.pinned,
        "files": {
            audience: {
                "path": str(release.file(audience)),
                "sha256": release.manifest["files"][audience]["sha256"],
                "bytes": release.manifest["files"][audience]["bytes"],
            }
            for audience in release.audiences_kept
        },
    }


def _tell(release: Any, as_json: bool, sentence: str) -> None:
    if as_json:
        print_json(_described(release, release.id))
    else:
        err.print(sentence, highlight=False)
