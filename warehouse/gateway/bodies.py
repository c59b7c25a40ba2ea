"""Bodies of requests: one JSON object with the fields that the address takes, not too long."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from starlette.requests import Request

from warehouse.errors import UsageError

__all__ = ["json_body", "json_document", "raw_body"]

MOST_BODY = 128 << 10


async def raw_body(request: Request, most: int) -> bytes:
    """The body as it came; `UsageError` where it is longer than `most` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise UsageError(f"The file is larger than {most >> 20} MB.")
    return bytes(body)


async def json_body(
    request: Request, *fields: str, optional: Collection[str] = ()
) -> dict[str, str]:
    """The JSON object of a request with these text fields, and no other; `UsageError` otherwise."""
    return await json_document(request, optional=optional, **dict.fromkeys(fields, str))


async def json_document(
    request: Request, *, optional: Collection[str] = (), **fields: type
) -> dict[str, Any]:
    """The JSON object of a request with exactly these fields, each a value of that type (`str`,
    `int`, `dict`), and perhaps the `optional` ones, which are texts; `UsageError` otherwise, also
    where it is longer than `MOST_BODY`."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BODY:
            raise UsageError("The request is too long.")
    try:
        document = json.loads(bytes(body))
    except (ValueError, RecursionError):  # also UTF-8 that is none, and thousands of brackets
        document = None
    if (
        not isinstance(document, dict)
        or set(document) - set(optional) != set(fields)
        or not all(type(value) is fields.get(name, str) for name, value in document.items())
    ):
        raise UsageError(f"The body must be a JSON object with: {', '.join(fields)}.")
    return document
