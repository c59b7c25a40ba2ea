"""Files on their way from the gateway to a browser: scans, papers, archives, the ministry's tables.

The framework's own media links know no reader and are no secret, so no file takes that way. Here
the sign-in cookie is read as Streamlit reads it, and the gateway decides and notes.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from urllib.parse import quote

import httpx
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME

from dashboards.text import TEXT

__all__ = ["file_routes", "id_token"]

_NO_STORE = {"Cache-Control": "no-store"}
#: Of the gateway's answer these go on to the browser, and nothing else.
_PASSED = ("content-type", "content-length", "content-disposition", "content-security-policy")
_TIMEOUT = httpx.Timeout(60.0, connect=3.0)


def id_token(cookies: Mapping[str, str], cookie_secret: str) -> str | None:
    """The ID token in Streamlit's signed cookie, which may be cut into several; None where there
    is none, or where the signature does not fit."""

    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        try:
            content = value.encode("latin-1") if value is not None else None
        except UnicodeEncodeError:
            return None
        return decode_signed_value(cookie_secret, name, content) if content else None

    kept = get_cookie_with_chunks(signed, TOKENS_COOKIE_NAME)
    try:
        tokens = json.loads(kept) if kept is not None else {}
    except ValueError:
        return None
    token = tokens.get("id_token") if isinstance(tokens, dict) else None
    return token if isinstance(token, str) and token else None


def file_routes(transport: Callable[[], httpx.AsyncBaseTransport], secret: str) -> list[Route]:
    """`/files/…` for every file of the gateway. `transport` leads to it; one a request."""

    async def scan(request: Request) -> Response:
        return await _pass_on(request, f"/v1/attachments/{_part(request, 'digest')}")

    async def application(request: Request) -> Response:
        return await _pass_on(request, f"/v1/applications/{_part(request, 'id')}/paper.pdf")

    async def undertaking(request: Request) -> Response:
        return await _pass_on(request, f"/v1/undertakings/{request.path_params['id']}/paper.pdf")

    async def archive(request: Request) -> Response:
        return await _pass_on(request, f"/v1/archives/{_part(request, 'id')}/file")

    async def briefing(request: Request) -> Response:
        return await _pass_on(request, f"/v1/briefings/{_part(request, 'id')}/file")

    async def ministry(request: Request) -> Response:
        year = request.path_params["year"]
        return await _pass_on(request, f"/v1/ministry/{_part(request, 'form')}/file?year={year}")

    async def _pass_on(request: Request, path: str) -> Response:
        token = id_token(request.cookies, secret)
        # A page elsewhere may link here, but it shall not make a browser fetch in passing.
        if token is None or request.headers.get("sec-fetch-site") == "cross-site":
            return _say(401, *TEXT["file.sign_in"])
        client = httpx.AsyncClient(
            transport=transport(), base_url="http://gateway", timeout=_TIMEOUT, trust_env=False
        )
        try:
            asked = client.build_request("GET", path, headers={"Authorization": f"Bearer {token}"})
            answer = await client.send(asked, stream=True)
        except httpx.HTTPError:
            await client.aclose()
            return _say(503, *TEXT["file.away"])
        if not answer.is_success:
            status = answer.status_code
            await answer.aclose()
            await client.aclose()
            key = {401: "file.sign_in", 403: "file.none", 404: "file.none"}.get(status, "file.away")
            return _say(status, *TEXT[key])

        async def close() -> None:
            await answer.aclose()
            await client.aclose()

        headers = {name: answer.headers[name] for name in _PASSED if name in answer.headers}
        return StreamingResponse(
            _pieces(answer), headers=headers | _NO_STORE, background=BackgroundTask(close)
        )

    return [
        Route("/files/attachments/{digest:str}", scan, methods=["GET"]),
        Route("/files/applications/{id:str}/paper.pdf", application, methods=["GET"]),
        Route("/files/archives/{id:str}.zip", archive, methods=["GET"]),
        Route("/files/briefings/{id:str}.pdf", briefing, methods=["GET"]),
        Route("/files/ministry/{form:str}-{year:int}.xlsx", ministry, methods=["GET"]),
        Route("/files/undertakings/{id:int}/paper.pdf", undertaking, methods=["GET"]),
    ]


def _part(request: Request, name: str) -> str:
    """One part of the path, spelt so that it stays one: `#` or `?` in it cuts nothing off."""
    return quote(request.path_params[name], safe="")


async def _pieces(answer: httpx.Response) -> AsyncIterator[bytes]:
    async for piece in answer.aiter_raw():
        yield piece


def _say(status: int, chinese: str, english: str) -> Response:
    return PlainTextResponse(f"{chinese}\n{english}\n", status, headers=_NO_STORE)
