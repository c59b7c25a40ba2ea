"""`campus simulate`: a synthetic college in the inbox."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from warehouse.cli.shell import err, progress, settings_of
from warehouse.errors import UsageError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def simulate(
        context: typer.Context,
        students: Annotated[
            int | None, typer.Option(help="Students in residence in the last autumn.  [2000]")
        ] = None,
        staff: Annotated[int | None, typer.Option(help="Staff on post at as-of.  [200]")] = None,
        years: Annotated[int | None, typer.Option(help="Years of history, at least.  [2]")] = None,
        seed: Annotated[
            int | None, typer.Option(help="Another seed, another college.  [7]")
        ] = None,
        as_of: Annotated[
            datetime | None,
            typer.Option(
                formats=["%Y-%m-%d"],
                help="Day of the last extract; default: today, with --delta the next day.",
            ),
        ] = None,
        delta: Annotated[
            bool,
            typer.Option(
                "--delta",
                help="Write what changed on the day after the last delivery, no more.",
            ),
        ] = False,
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

        Equal sizes, seed and day give equal bytes. With --delta the college of this data home
        goes on by one day: the rows that changed, and snapshots that changed in whole.

        Example: campus simulate --students 2000 --staff 200 --years 2 --seed 7 --as-of 2026-11-20

        Example: campus simulate --delta

        Example: campus simulate --mess, campus ingest, campus simulate --mended, campus ingest
        """
        from warehouse.simulate import simulate as make
        from warehouse.simulate import simulate_day

        home = settings_of(context).paths
        if mended:
            from warehouse.simulate.mess import deliver_mended

            written = deliver_mended(home)
            err.print(f"{len(written)} mended files in {home.inbox}", highlight=False)
            return
        sizes = {"students": students, "staff": staff, "years": years, "seed": seed}
        given = {name: value for name, value in sizes.items() if value is not None}
        day = as_of.date() if as_of else None
        if delta and given:
            raise UsageError(
                f"--delta goes on with the college that is there; "
                f"{', '.join('--' + name for name in given)} would make another one.",
                next_step="Leave them out: campus simulate --delta",
            )
        if delta and mess:
            raise UsageError(
                "--delta and --mess do not go together: a mess is made of a whole delivery.",
                next_step="Make the mess first, and the following days with --delta.",
            )
        with progress("simulate") as bar:

            def show(what: str, done: int, total: int) -> None:
                bar.update(0, description=f"simulate: {what}", completed=done, total=total)

            if delta:
                written = simulate_day(home, day, show)
            else:
                written = make(home, **given, as_of=day or date.today(), progress=show, mess=mess)
        size = sum(path.stat().st_size for path in written) / 1e6
        err.print(f"{len(written)} files, {size:.1f} MB, in {home.inbox}", highlight=False)
