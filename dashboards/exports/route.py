"""`/files/exports/…`: a page as a file, noted by the gateway before it is made and handed out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboards import faults
from dashboards.exports.document import file_name
from dashboards.exports.making import FORMS, make
from dashboards.exports.shelf import SHELF, Lying, Shelf
from dashboards.files import id_token
from dashboards.text import TEXT
from warehouse.errors import CampusError

__all__ = ["export_route"]

_NO_STORE = {"Cache-Control": "no-store"}
_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
#: Files made at once; a third waits its turn. Each may draw in a child of 400 MB.
_AT_ONCE = 2
#: For waiting and making together.
_SECONDS = 60.0


def export_route(
    transport: Callable[[], httpx.AsyncBaseTransport],
    secret: str,
    college: str,
    *,
    shelf: Shelf = SHELF,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Route:
    """`transport` leads to the gateway; one a request."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def noted(token: str, lying: Lying, form: str) -> int:
        """The gateway's answer to the note: whether this reader may, now."""
        said = {
            "page": lying.allowed_by,
            "address": lying.page.address,
            "release": lying.page.release,
            "form": form,
        }
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            transport=transport(), base_url="http://gateway", timeout=_TIMEOUT, trust_env=False
        ) as client:
            answer = await client.post("/v1/statistics/exports", json=said, headers=headers)
        return answer.status_code

    async def made(lying: Lying, form: str) -> bytes:
        async with turns:
            return await asyncio.to_thread(
                make, lying.page, form, language=lying.language, college=college, now=clock()
            )

    async def export(request: Request) -> Response:
        form = request.path_params["form"]
        token = id_token(request.cookies, secret) or ""
        # A page elsewhere may link here, but it shall not make a browser fetch in passing.
        elsewhere = request.headers.get("sec-fetch-site") == "cross-site"
        lying = None if elsewhere else shelf.take(request.path_params["id"], token)
        if lying is None or form not in FORMS:
            return _say(404, "export.gone")
        try:
            if lying.allowed_by is not None:
                status = await noted(token, lying, form)
                if status != 200:
                    return _refusal(status)
            content = await asyncio.wait_for(made(lying, form), _SECONDS)
        except httpx.HTTPError:
            return _say(503, "file.away")
        except (CampusError, TimeoutError) as error:
            faults.note(error)
            return _say(503, "export.failed")
        name = quote(file_name(lying.page, form))
        disposition = f"attachment; filename=\"export.{form}\"; filename*=UTF-8''{name}"
        headers = {"Content-Disposition": disposition, **_NO_STORE}
        return Response(content, media_type=FORMS[form], headers=headers)

    return Route("/files/exports/{id:str}.{form:str}", export, methods=["GET"])


def _refusal(status: int) -> Response:
    if status in (401, 403):
        return _say(status, "file.sign_in" if status == 401 else "file.none")
    return _say(503, "file.away")


def _say(status: int, key: str) -> Response:
    chinese, english = TEXT[key]
    return PlainTextResponse(f"{chinese}\n{english}\n", status, headers=_NO_STORE)
