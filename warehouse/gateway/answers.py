"""How the gateway answers: one JSON spelling, errors with their status, nothing kept by anyone but
figures (`kept_answers`)."""

from __future__ import annotations

import json
import logging
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from warehouse.errors import CampusError, ReleaseError, StateError, UsageError

__all__ = [
    "answer",
    "attachment",
    "error_answer",
    "on_campus_error",
    "on_state_error",
    "on_unexpected_error",
    "plain",
    "spelled",
]

_LOG = logging.getLogger("warehouse.gateway")
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def plain(value: Any) -> Any:
    """A value as JSON can hold it.

    Moments in UTC as ISO 8601 with Z (naive ones are UTC already), dates as ISO, decimals as
    numbers where a double holds all their digits and as text where not, a double that is no
    number as null.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment.replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, UUID | timedelta):
        return str(value)
    raise TypeError(f"the gateway cannot answer with a {type(value).__name__}")


def _decimal(value: Decimal) -> int | float | str | None:
    if not value.is_finite():
        return None
    if value == value.to_integral_value() and value.as_tuple().exponent == 0:
        return int(value)
    return float(value) if len(value.as_tuple().digits) <= 15 else str(value)


def answer(document: Any, status: int = 200) -> Response:
    """A JSON answer that nobody may store."""
    return Response(spelled(document), status, headers=_HEADERS, media_type="application/json")


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """A file that a browser saves and neither shows, runs nor keeps on the way. `name` is ours:
    letters, digits, `-`, `_` and dots."""
    headers = {
        **_HEADERS,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, headers=headers, media_type=media_type)


def spelled(document: Any) -> bytes:
    """A document as JSON, the way every answer is written."""
    return json.dumps(plain(document), ensure_ascii=False, separators=(",", ":")).encode()


def error_answer(status: int, code: str, message: str, next_step: str | None = None) -> Response:
    """`{"error", "message", "next_step"}`; `error` is a word a program can tell apart."""
    return answer({"error": code, "message": message, "next_step": next_step}, status)


def _code(error: CampusError) -> str:
    name = type(error).__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


async def on_campus_error(request: Request, error: Exception) -> Response:
    """An error raised on purpose, as its class says. One that leaves the gateway unable to serve
    is in its log, with the place that it came from."""
    if not isinstance(error, CampusError):
        return await on_unexpected_error(request, error)
    status = getattr(error, "status", None)
    if status is None:
        status = 400 if isinstance(error, UsageError) else 500
        if isinstance(error, ReleaseError | StateError):
            status = 503
    if status >= 500:
        _note_place(request, error.__cause__ or error)
    return error_answer(status, _code(error), error.message, error.next_step)


async def on_state_error(request: Request, error: Exception) -> Response:
    """The state database does not answer: no session can be checked, nothing can be noted."""
    await on_unexpected_error(request, error)
    return error_answer(
        503,
        "state_unavailable",
        "The gateway cannot reach its registry, so nothing personal or granted is served.",
        "Try again; the working group checks it with: campus doctor",
    )


async def on_unexpected_error(request: Request, error: Exception) -> Response:
    """A fault of ours."""
    _note_place(request, error)
    return error_answer(
        500,
        "internal",
        "The gateway could not answer.",
        "Try again; the working group finds the place in the gateway's log.",
    )


def _note_place(request: Request, error: BaseException) -> None:
    """The log gets the kind and the place, never the text: it may quote data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    route = getattr(request.scope.get("route"), "path", "?")
    _LOG.error("%s at %s while answering %s", type(error).__name__, place, route)
