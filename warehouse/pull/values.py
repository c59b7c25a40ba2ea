"""A value of a driver as the text that ingestion reads: nothing rounded, nothing guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

from warehouse.errors import PullError

__all__ = ["BEIJING", "Unfit", "beijing_text", "read_moment", "writer"]

BEIJING = timedelta(hours=8)
_MIDNIGHT = time()


class Unfit(PullError):
    """A value that no column of an extract may hold. Never says the value."""

    def __init__(self, why: str) -> None:
        super().__init__("value", why)


def writer(kind: str, offset: timedelta, deleted: tuple[str, ...] = ()) -> Callable[[Any], str]:
    """A function from a value that is not null to its text.

    `kind` is the contract's type without its size, or 'deleted' (true for the texts of
    `deleted`). `offset` is the zone of times without one. Raises `Unfit`.
    """
    if kind == "timestamp":
        return lambda value: _moment(value, offset)
    if kind == "bool":
        return _truth
    if kind == "deleted":
        return lambda value: "true" if _plain(value).strip() in deleted else "false"
    if kind in ("date", "month"):
        return _day
    return _plain


def _plain(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return value
    if kind is int:
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _span(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, float):
        raise Unfit("holds a floating-point number, which is not exact; CAST it in a query")
    if isinstance(value, bytes | bytearray | memoryview):
        raise Unfit("holds bytes, not text; CAST or convert it in a query")
    raise Unfit(f"holds a {kind.__name__}, which no extract can hold; CAST it in a query")


def _span(value: timedelta) -> str:
    seconds, rest = divmod(abs(value), timedelta(seconds=1))
    sign = "-" if value < timedelta() else ""
    text = f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return text + (f".{rest.microseconds:06d}" if rest else "")


def _day(value: Any) -> str:
    """Oracle's and others' dates come with a time of day; at midnight it is no part of them."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" ")
    return _plain(value)


def _truth(value: Any) -> str:
    if isinstance(value, bytes) and value in (b"\0", b"\1"):
        return "true" if value == b"\1" else "false"
    if value in (0, 1) and isinstance(value, int | Decimal):
        return "true" if value else "false"
    return _plain(value)


def beijing_text(moment: datetime) -> str:
    """A moment without offset, that of Beijing already, as a file holds it."""
    return moment.isoformat(" ")


def _moment(value: Any, offset: timedelta) -> str:
    kind = type(value)
    if kind is str:
        if offset == BEIJING:
            # What PostgreSQL prints in a session of +08; anything else is left to ingestion.
            return value[:-3] if value.endswith("+08") else value
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return _shifted(value.astimezone(UTC).replace(tzinfo=None), BEIJING)
        return value.isoformat(" ") if offset == BEIJING else _shifted(value, BEIJING - offset)
    if isinstance(value, date):
        return _moment(datetime.combine(value, _MIDNIGHT), offset)
    return _plain(value)


def _shifted(value: datetime, span: timedelta) -> str:
    try:
        return (value + span).isoformat(" ")
    except OverflowError:  # year 1 or 9999: a stand-in for "never", left to ingestion
        return value.isoformat(" ")


def read_moment(value: Any, offset: timedelta) -> datetime | None:
    """A watermark or clock as local time of `offset`, or None where it is no moment
    ('infinity', null)."""
    if isinstance(value, str):
        text = value[:26] if value[19:20] == "." and "+" not in value else value
        try:
            value = datetime.fromisoformat(text.strip())
        except ValueError:
            return None
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return value.astimezone(timezone(offset)).replace(tzinfo=None)
        return value
    return datetime.combine(value, _MIDNIGHT) if isinstance(value, date) else None
