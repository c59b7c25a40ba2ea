"""The office system's address on the public side: every message goes to the gateway unchanged.

The site holds no key and judges nothing; the signature is over what was sent, so nothing may be
added, left out or respelt on the way.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

__all__ = ["MOST_BODY", "office_route"]

#: As the gateway takes; more is not read here either.
MOST_BODY = 256 << 10
_SIGNED = frozenset({b"x-campus-timestamp", b"x-campus-nonce", b"x-campus-signature"})
_BACK = ("content-type", "cache-control", "retry-after", "x-content-type-options")
_TIMEOUT = httpx.Timeout(30.0, connect=3.0)


def office_route(transport: Callable[[], httpx.AsyncBaseTransport]) -> Route:
    """`/oa/v1/…`. `transport` leads to the gateway; one a request."""

    async def pass_on(request: Request) -> Response:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BODY:
                return _refuse(413, "too_large", f"A message is {MOST_BODY >> 10} KB at most.")
        target = request.scope["raw_path"]
        if query := request.scope["query_string"]:
            target += b"?" + query
        # A list, so that a header that stands twice still does when it arrives.
        headers = [pair for pair in request.headers.raw if pair[0] in _SIGNED]
        headers.append((b"content-type", b"application/json"))
        url = httpx.URL("http://gateway").copy_with(raw_path=target)
        try:
            async with httpx.AsyncClient(
                transport=transport(), timeout=_TIMEOUT, trust_env=False
            ) as client:
                answer = await client.request(
                    request.method, url, content=bytes(body), headers=headers
                )
        except httpx.HTTPError:
            return _refuse(503, "gateway_away", "Send the same message again in a minute.")
        back = {name: answer.headers[name] for name in _BACK if name in answer.headers}
        return Response(answer.content, answer.status_code, headers=back)

    return Route("/oa/v1/{rest:path}", pass_on, methods=["GET", "POST"])


def _refuse(status: int, code: str, message: str) -> Response:
    return JSONResponse(
        {"error": code, "message": message}, status, headers={"Cache-Control": "no-store"}
    )
