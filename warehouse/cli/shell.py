"""What every command shares: the settings of the data home, how errors end, how results print.

Rows go to stdout, progress and diagnostics to stderr, so that output can be piped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from warehouse.settings import Settings, load_settings

__all__ = ["begin_job", "err", "print_json", "print_rows", "progress", "settings_of"]

# A pipe has no width: what is written to one must not be cut or broken to a terminal's.
_PIPE = 400
out = Console(width=None if sys.stdout.isatty() else _PIPE)
err = Console(stderr=True, width=None if sys.stderr.isatty() else _PIPE)


def settings_of(context: typer.Context) -> Settings:
    """The settings of the data home that `--home` or `CAMPUS_HOME` names, read once."""
    root = context.find_root()
    root.ensure_object(dict)
    if "settings" not in root.obj:
        root.obj["settings"] = load_settings(root.obj.get("home"))
    return root.obj["settings"]


def begin_job(context: typer.Context) -> Settings:
    """The settings, for a command that changes what the hub holds: where they differ from those
    of the last such command, the audit log says so first."""
    from warehouse.audit import command
    from warehouse.audit.configuration import note_start

    settings = settings_of(context)
    settings.paths.require()
    note_start(settings, "command", command())
    return settings


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"cannot print a {type(value).__name__} as JSON")


def print_json(document: Any) -> None:
    """One JSON document on stdout, Chinese text unescaped."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, default=_plain)
    sys.stdout.write("\n")


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table on stdout; an empty one still shows its headings. Where the terminal is too narrow
    a cell goes on in the next line; nothing of it is left out or taken for markup."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("—" if value is None else escape(str(value)) for value in row))
    out.print(table)


@contextmanager
def progress(description: str, total: float | None = None) -> Iterator[Progress]:
    """A progress bar on stderr; add tasks to it or use the one it starts with (id 0)."""
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=not err.is_terminal,
    )
    with bar:
        bar.add_task(description, total=total)
        yield bar
