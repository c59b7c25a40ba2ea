"""Who may send a file to the site at all.

Streamlit keeps an uploaded file in memory for as long as its browser session lasts, and any
session may send one, also a visitor's of the public page. Here only a browser that is signed in
may; whether its file is kept, and what for, the gateway decides.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from dashboards.files import id_token
from dashboards.text import TEXT

__all__ = ["UploadGuard"]

_UPLOADS = "/_stcore/upload_file/"


class UploadGuard:
    """Pure ASGI middleware; refuses before any of the body is read."""

    def __init__(self, app: Any, *, cookie_secret: str) -> None:
        self.app = app
        self.cookie_secret = cookie_secret

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Callable, send: Callable
    ) -> None:
        if (
            scope["type"] == "http"
            and _UPLOADS in scope["path"]
            and scope["method"] not in ("GET", "HEAD", "OPTIONS")
            and id_token(Request(scope).cookies, self.cookie_secret) is None
        ):
            words = "\n".join(TEXT["file.sign_in"])
            refusal = PlainTextResponse(words, 401, headers={"Cache-Control": "no-store"})
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)
