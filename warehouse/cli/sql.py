"""`campus sql`: one governed query, as the site runs it."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli.shell import err, print_json, print_rows, settings_of

if TYPE_CHECKING:
    from warehouse.access.running_queries import RunningQuery

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    @app.command("sql")
    def sql(
        context: typer.Context,
        query: Annotated[str, typer.Argument(help="One SELECT or EXPLAIN; - reads stdin.")],
        grant: Annotated[str, typer.Option("--grant", help="Id of the grant.")],
        number: Annotated[
            str | None,
            typer.Option("--as", help="Number of the grant's user; may be left out for one."),
        ] = None,
        form: Annotated[
            str, typer.Option("--format", help="table, json, csv, jsonl, parquet, arrow or xlsx.")
        ] = "table",
    ) -> None:
        """Run a query over a grant in the confined process; the log notes it. Ctrl-C cancels it.

        A file (csv, jsonl, parquet, arrow, xlsx) bears a mark; whose it is: campus grant trace FILE

        Example: campus sql --grant g20260910-1a2b3c4d "select count(*) from
        student_academic_data.course_grade" --format csv
        """
        from warehouse.access.desk import open_desk
        from warehouse.access.operator_sql import export_as, run_as
        from warehouse.access.query_pool import QueryPool
        from warehouse.access.result_files import BINARY, FORMATS, typed_rows
        from warehouse.errors import UsageError

        if form not in ("table", "json", *FORMATS):
            raise UsageError(
                f"There is no format {form!r}.",
                next_step=f"Choose table, json, {', '.join(FORMATS)}.",
            )
        if form in BINARY and sys.stdout.isatty():
            raise UsageError("That format is not text.", next_step="Send it to a file with >.")
        text = sys.stdin.read() if query == "-" else query
        settings = settings_of(context)
        with closing(QueryPool(settings, size=0)) as pool, open_desk(settings) as desk:
            pool.add(ahead=False)  # it starts while the grant is looked up
            with err.status("preparing") as shown:  # on a terminal only
                answer = run_as(
                    desk, pool, grant, text, number, tell=lambda q: shown.update(_progress(q))
                )
            file = export_as(desk, grant, answer, form, number) if form in FORMATS else None
        result = answer.result
        names = [column["name"] for column in result.columns]
        if file is not None:
            sys.stdout.buffer.write(file)
            sys.stdout.buffer.flush()
        elif form == "table":
            print_rows(names, typed_rows(result))
        else:
            print_json(
                {
                    "columns": result.columns,
                    "rows": typed_rows(result),
                    "row_count": len(result.rows),
                    "truncated": result.truncated is not None,
                    "seconds": result.seconds,
                    "release": answer.release.id,
                }
            )
        if result.truncated:
            err.print(f"! cut by the cap on {result.truncated}", highlight=False)


def _progress(query: RunningQuery) -> str:
    percent = "" if query.progress is None else f", {query.progress:.0f} %"
    return f"{query.state}, {query.seconds:.0f} s{percent}; Ctrl-C cancels"
