"""The ministry's tables for an operator on the server, noted in the audit log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from warehouse.access.desk import Desk
from warehouse.access.ministry import Ministry, form_of
from warehouse.access.signing import Signing
from warehouse.audit import audited_read
from warehouse.errors import UsageError
from warehouse.ministry import forms

__all__ = ["fill_tables", "list_tables"]


def _tables(desk: Desk) -> Ministry:
    home = desk.settings.paths
    return Ministry(desk.reader, Signing(desk.engine, desk.reader, home), home)


def list_tables(desk: Desk, year: int | None = None) -> dict[str, Any]:
    """`Ministry.listed`, noted."""
    return audited_read(
        desk.audit,
        desk.actor,
        "ministry.list",
        lambda: _tables(desk).listed(year),
        detail={"year": year},
        result=lambda found: {"release": found["release"]["id"], "rows": len(found["tables"])},
    )


def fill_tables(
    desk: Desk, numbers: Sequence[str] | None, year: int | None, *, taken: Collection[str]
) -> list[tuple[str, bytes]]:
    """Name and content of a workbook for each table, or for all. Raises `NotFound` for a table that
    there is not, and `UsageError` where a name is `taken`, before anything is written."""
    wanted = [form_of(number).no for number in numbers] if numbers else list(forms())
    ministry = _tables(desk)
    files = []
    for number in wanted:
        name, content = audited_read(
            desk.audit,
            desk.actor,
            "ministry.fetch",
            lambda number=number: ministry.workbook(number, year),
            detail={"table": form_of(number).number, "year": year},
            result=lambda file: {"bytes": len(file[1])},
        )
        if name in taken:
            raise UsageError(
                f"There is a file {name} already.", next_step="Name another folder with --out."
            )
        files.append((name, content))
    return files
