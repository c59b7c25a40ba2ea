"""From an operator's words to a registered grant with its file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from warehouse.access.desk import Desk
from warehouse.access.grant_files import check_scope, grant_file, row_counts
from warehouse.authority import load_authority
from warehouse.errors import UsageError
from warehouse.governance.grants import create_grant
from warehouse.home import Home
from warehouse.state.models import Grant

__all__ = ["make_grant", "parse_columns", "parse_filter", "unit_id"]

_BEIJING = ZoneInfo("Asia/Shanghai")


def parse_columns(texts: Sequence[str]) -> dict[str, list[str]]:
    """['dataset.table:a,b', …] → {'dataset.table': ['a', 'b']}."""
    found: dict[str, list[str]] = {}
    for text in texts:
        table, colon, names = text.partition(":")
        listed = [name.strip() for name in names.split(",") if name.strip()]
        if not colon or not listed or table.count(".") != 1:
            raise UsageError(
                "A --column is not of the form DATASET.TABLE:COLUMN,COLUMN.",
                next_step="See what there is with: campus grant columns",
            )
        found.setdefault(table.strip(), []).extend(listed)
    return found


def parse_filter(texts: Sequence[str]) -> dict[str, list[str]]:
    """['college_code=03', 'college_code=04'] → {'college_code': ['03', '04']}."""
    found: dict[str, list[str]] = {}
    for text in texts:
        column, equals, value = text.partition("=")
        if not equals or not column.strip() or not value.strip():
            raise UsageError("A --where is not of the form COLUMN=VALUE.")
        found.setdefault(column.strip(), []).append(value.strip())
    return found


def unit_id(word: str, home: Home | None = None) -> str:
    """The id of a unit given by id or by Chinese name; a unit the annexes do not name, such as
    one college, stays as it was written."""
    try:
        return load_authority(home=home).unit_id(word)
    except KeyError:
        if not word.strip() or len(word) > 32:
            raise UsageError("That is not a unit.") from None
        return word.strip()


def make_grant(
    desk: Desk,
    *,
    unit: str,
    purpose: str,
    text: str,
    columns: Sequence[str],
    where: Sequence[str],
    numbers: Sequence[str],
    last_day: date,
    channels: Sequence[str] = ("sql",),
) -> tuple[Grant, dict[str, int]]:
    """Check a scope against the current release, register the grant, build its file. Hands back
    the grant and the rows of each of its tables.

    It lasts to the end of `last_day` at the college. Raises `UsageError` naming every fault.
    """
    wanted, row_filter = parse_columns(columns), parse_filter(where)
    check_scope(desk.reader, wanted, row_filter, unit=unit_id(unit))
    grant = create_grant(
        desk.audit,
        unit=unit_id(unit, desk.settings.paths),
        purpose=purpose,
        text=text,
        columns=wanted,
        row_filter=row_filter,
        people=[desk.person(number).person_key for number in numbers],
        until=datetime.combine(last_day + timedelta(days=1), time(), _BEIJING),
        actor=desk.actor,
        channels=channels,
    )
    path, _release = grant_file(desk.settings, desk.reader, grant)
    return grant, row_counts(path)
