"""Scripts and styles of the site go out compressed, each compressed once.

Streamlit sends its bundle as it lies on disk and leaves compression to a proxy in front. Its files
bear a hash of their content in their name and never change while the site runs, so the compressed
ones are kept in memory (a quarter of what was asked for).
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Callable, MutableMapping
from typing import Any

__all__ = ["CompressedStatic"]

Scope = MutableMapping[str, Any]
_TEXT = (".js", ".css", ".json", ".svg")
_LEAST_BYTES = 1024


class CompressedStatic:
    """Pure ASGI middleware around what serves `/static/…`.

    A whole answer (200, no range) to a browser that takes gzip is compressed; anything else passes
    as it is. Headers, `Cache-Control` among them, stay Streamlit's.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self._kept: dict[bytes, bytes] = {}

    async def __call__(self, scope: Scope, receive: Callable, send: Callable) -> None:
        if not _wanted(scope):
            await self.app(scope, receive, send)
            return
        start: MutableMapping[str, Any] = {}
        parts: list[bytes] = []

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                if not _whole_and_plain(message):
                    await send(message)
            elif not _whole_and_plain(start):
                await send(message)
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    await self._send(start, b"".join(parts), send)

        await self.app(scope, receive, sending)

    async def _send(self, start: MutableMapping[str, Any], body: bytes, send: Callable) -> None:
        headers = [*start["headers"], (b"vary", b"Accept-Encoding")]
        if len(body) >= _LEAST_BYTES:
            body = await self._compressed(body)
            headers = [
                # The tag names other bytes now, which hold the same: a weak tag says so.
                (name, _weak(value) if name == b"etag" else value)
                for name, value in headers
                if name != b"content-length"
            ]
            headers += [
                (b"content-encoding", b"gzip"),
                (b"content-length", str(len(body)).encode()),
            ]
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _compressed(self, body: bytes) -> bytes:
        # By content, not by path: one file has many spellings of its path.
        known = hashlib.sha256(body).digest()
        if known not in self._kept:
            self._kept[known] = await asyncio.to_thread(gzip.compress, body, 6)
        return self._kept[known]


def _wanted(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    if not (scope["path"].startswith("/static/") and scope["path"].endswith(_TEXT)):
        return False
    headers = dict(scope["headers"])
    return b"range" not in headers and _takes_gzip(headers.get(b"accept-encoding", b""))


def _takes_gzip(accepted: bytes) -> bool:
    for choice in accepted.lower().split(b","):
        name, _, quality = choice.replace(b" ", b"").partition(b";")
        if name == b"gzip":
            return quality not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False


def _whole_and_plain(start: MutableMapping[str, Any]) -> bool:
    encoded = any(name == b"content-encoding" for name, _ in start["headers"])
    return start["status"] == 200 and not encoded


def _weak(tag: bytes) -> bytes:
    return tag if tag.startswith(b"W/") else b"W/" + tag
