"""`campus simulate`: a synthetic college in the inbox."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from warehouse.cli.shell import err, progress, settings_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def simulate(
        context: typer.Context,
        students: Annotated[int, typer.Option(help="Students in residence at as-of.")] = 2000,
        staff: Annotated[int, typer.Option(help="Staff on post at as-of.")] = 200,
        years: Annotated[int, typer.Option(help="Years of history, at least.")] = 2,
        seed: Annotated[int, typer.Option(help="Another seed, another college.")] = 7,
        as_of: Annotated[
            datetime | None,
            typer.Option(formats=["%Y-%m-%d"], help="Day of the last extract; default: today."),
        ] = None,
        mess: Annotated[
            bool,
            typer.Option(
                "--mess",
                help="As systems really deliver; mess/mess.json in the data home foretells it all.",
            ),
        ] = False,
        mended: Annotated[
            bool,
            typer.Option(
                "--mended",
                help="Deliver what the units send after a mess has been ingested; nothing else.",
            ),
        ] = False,
    ) -> None:
        """Write extracts of a synthetic college into the inbox.

        Example: campus simulate --students 2000 --staff 200 --years 2 --seed 7 --as-of 2026-11-20
        """
        from warehouse.simulate import simulate as make

        home = settings_of(context).paths
        if mended:
            from warehouse.simulate.mess import deliver_mended

            written = deliver_mended(home)
            err.print(f"{len(written)} mended files in {home.inbox}", highlight=False)
            return
        day = as_of.date() if as_of else date.today()
        with progress("simulate") as bar:

            def show(what: str, done: int, total: int) -> None:
                bar.update(0, description=f"simulate: {what}", completed=done, total=total)

            written = make(home, students, staff, years, seed, day, show, mess=mess)
        size = sum(path.stat().st_size for path in written) / 1e6
        err.print(f"{len(written)} files, {size:.0f} MB, in {home.inbox}", highlight=False)
