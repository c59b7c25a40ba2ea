"""What the site adds around Streamlit's own web server.

Three things Streamlit has no setting for: pages that say which language they are in, cookies
that are Secure and short-lived, and an address that survives signing in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote, unquote

__all__ = ["PageMiddleware", "local_target"]

Scope = MutableMapping[str, Any]
Headers = list[tuple[bytes, bytes]]

#: Remembers the address wanted before signing in; used once, kept for ten minutes.
WANTED_COOKIE = "campus_wanted"
_WANTED_SECONDS = 600
_USER_COOKIE = "_streamlit_user"
_INNER = (
    "/_stcore",
    "/static",
    "/media",
    "/component",
    "/auth/",
    "/oauth2callback",
    "/healthz",
    "/files/",
    "/oa/",
)
_LOCAL = re.compile(r"/[A-Za-z0-9_-]{1,64}(\?[A-Za-z0-9_.~%=&+:,-]{0,512})?")
_LANG = re.compile(rb'<html lang="[^"]*">')


def local_target(value: str | None) -> str | None:
    """The address to return to after signing in: one page of this site with its filters, else
    None. Hosts, `//`, backslashes, further folders and control characters are all refused."""
    return value if value and _LOCAL.fullmatch(value) and value.isascii() else None


class PageMiddleware:
    """Pure ASGI middleware. `https` says whether browsers reach the site by https."""

    def __init__(self, app: Any, *, https: bool, session_seconds: int, title: str) -> None:
        self.app = app
        self.https = https
        self.session_seconds = session_seconds
        self.title = title

    async def __call__(self, scope: Scope, receive: Callable, send: Callable) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        is_page = scope["method"] == "GET" and _is_page(path)
        if is_page and path.count("/") > 1 and _is_navigation(scope):
            # No page lies deeper; Streamlit would answer with one whose scripts are not found.
            # Its own look for where the site begins (fetch …/_stcore/health) must still fail.
            home = [(b"location", b"/"), (b"content-length", b"0"), *self._security(False)]
            await send({"type": "http.response.start", "status": 302, "headers": home})
            await send({"type": "http.response.body", "body": b""})
            return
        if is_page:
            # Compressed pages could not be rewritten below.
            scope = dict(scope)
            scope["headers"] = [
                (name, value) for name, value in scope["headers"] if name != b"accept-encoding"
            ]
        rewrite = _PageBody(self._page_body(scope)) if is_page else None

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._headers(scope, message.get("headers", []), is_page)
            if rewrite is None:
                await send(message)
            else:
                for ready in rewrite.take(message):
                    await send(ready)

        await self.app(scope, receive, sending)

    def _page_body(self, scope: Scope) -> Callable[[bytes], bytes]:
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        language = b"en" if query.get("lang") == ["en"] else b"zh-CN"
        title = self.title.replace("&", "&amp;").replace("<", "&lt;").encode()

        def rewritten(body: bytes) -> bytes:
            body = _LANG.sub(b'<html lang="' + language + b'">', body, count=1)
            return body.replace(b"<title>Streamlit</title>", b"<title>" + title + b"</title>", 1)

        return rewritten

    def _headers(self, scope: Scope, headers: Headers, is_page: bool) -> Headers:
        kept: Headers = []
        signed_in = False
        wanted = local_target(_cookie(scope, WANTED_COOKIE))
        for name, value in headers:
            if name.lower() == b"set-cookie":
                value = self._cookie_attributes(value)
                signed_in = signed_in or _sets(value, _USER_COOKIE)
            kept.append((name, value))
        path = scope["path"]
        if path == "/oauth2callback" and signed_in and wanted:
            kept = [
                (name, wanted.encode() if name.lower() == b"location" else value)
                for name, value in kept
            ]
        if path in ("/oauth2callback", "/auth/logout") or (is_page and path == "/"):
            if _cookie(scope, WANTED_COOKIE):
                kept.append((b"set-cookie", self._wanted("", 0)))
        elif is_page:
            query = scope.get("query_string", b"").decode("latin-1")
            if target := local_target(path + (f"?{query}" if query else "")):
                kept.append((b"set-cookie", self._wanted(target, _WANTED_SECONDS)))
        return kept + self._security(is_page)

    def _wanted(self, target: str, seconds: int) -> bytes:
        secure = "; Secure" if self.https else ""
        return (
            f"{WANTED_COOKIE}={quote(target, safe='')}; Path=/; Max-Age={seconds}; "
            f"HttpOnly; SameSite=Lax{secure}"
        ).encode()

    def _cookie_attributes(self, value: bytes) -> bytes:
        """Streamlit's cookies live 30 days and are never Secure; ours end with the session."""
        parts = [part.strip() for part in value.decode("latin-1").split(";")]
        if not parts[0].startswith("_streamlit"):
            return value
        kept = []
        for part in parts:
            name, _, content = part.partition("=")
            if name.lower() == "max-age" and content.isdigit():
                part = f"Max-Age={min(int(content), self.session_seconds)}"
            if name.lower() != "secure":
                kept.append(part)
        if self.https:
            kept.append("Secure")
        return "; ".join(kept).encode("latin-1")

    def _security(self, is_page: bool) -> Headers:
        headers: Headers = [
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]
        if is_page:
            headers.append((b"content-security-policy", _POLICY))
        if self.https:
            headers.append((b"strict-transport-security", b"max-age=31536000"))
        return headers


# Charts compile their expressions at run time (unsafe-eval) and the page's own start script and
# its styles stand in the page (unsafe-inline). Nothing may be fetched from, or sent to, elsewhere.
_POLICY = (
    b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    b"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    b"connect-src 'self'; worker-src 'self' blob:; frame-src 'none'; object-src 'none'; "
    b"frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)


class _PageBody:
    """Holds an HTML answer back until it is whole, then hands it on rewritten."""

    def __init__(self, rewrite: Callable[[bytes], bytes]) -> None:
        self.rewrite = rewrite
        self.start: MutableMapping[str, Any] | None = None
        self.body = b""

    def take(self, message: MutableMapping[str, Any]) -> list[MutableMapping[str, Any]]:
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            if message["status"] != 200 or not kind.startswith(b"text/html"):
                return [message]
            self.start = message
            return []
        if self.start is None or message["type"] != "http.response.body":
            return [message]
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return []
        body = self.rewrite(self.body)
        # The tag of the file as it lies on disk would answer for every language.
        headers = [
            (name, value)
            for name, value in self.start["headers"]
            if name.lower() not in (b"content-length", b"etag", b"last-modified")
        ]
        self.start["headers"] = [*headers, (b"content-length", str(len(body)).encode())]
        return [self.start, {"type": "http.response.body", "body": body}]


def _is_page(path: str) -> bool:
    return not path.startswith(_INNER) and "." not in path.rsplit("/", 1)[-1]


def _is_navigation(scope: Scope) -> bool:
    """Whether a person follows an address, rather than a script asking."""
    if "/_stcore" in scope["path"]:
        return False
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _cookie(scope: Scope, name: str) -> str | None:
    for header, value in scope["headers"]:
        if header == b"cookie":
            jar: SimpleCookie = SimpleCookie()
            try:
                jar.load(value.decode("latin-1"))
            except CookieError:
                return None
            if name in jar:
                return unquote(jar[name].value)
    return None


def _sets(set_cookie: bytes, name: str) -> bool:
    head = set_cookie.decode("latin-1").split(";", 1)[0]
    given, _, value = head.partition("=")
    return given == name and value.strip('"') != ""
