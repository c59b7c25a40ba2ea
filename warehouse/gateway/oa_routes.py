"""The office system's address (办公 OA, Article 8): submit, sign, undertake, ask.

It answers only where a key is set. What is not signed is refused before its body is looked into.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access import office_desk
from warehouse.access.desk import Desk
from warehouse.access.office_messages import OfficeAnswers
from warehouse.access.office_signature import HEADERS, read_message, verify_message
from warehouse.errors import NotSignedIn
from warehouse.gateway.answers import answer, error_answer
from warehouse.gateway.guard import Services, services

__all__ = ["ACTOR", "MOST_BODY", "ROUTES", "Office"]

#: How the log and the events name what came from the office system.
ACTOR = "oa"
MOST_BODY = 256 << 10
_NOTED_PER_MINUTE = 10


class Office:
    """What the endpoint keeps between messages. `keys` is empty where it is closed."""

    def __init__(self, found: Services, keys: list[bytes]) -> None:
        self.keys = keys
        self.answers = OfficeAnswers(found.engine)
        # Only what is signed counts against the limit: whoever has no key cannot use it up.
        self.taken = _Minute(found.settings.oa_messages_per_minute)
        self.noted = _Minute(_NOTED_PER_MINUTE)
        self.desk = Desk(
            found.settings, found.engine, found.reader, found.audit, ACTOR, clock=found.clock
        )


class _Minute:
    """At most so many in any minute."""

    def __init__(self, most: int) -> None:
        self._most, self._times = most, deque[datetime]()
        self._turn = threading.Lock()

    def take(self, now: datetime) -> bool:
        with self._turn:
            while self._times and now - self._times[0] >= timedelta(minutes=1):
                self._times.popleft()
            if len(self._times) >= self._most:
                return False
            self._times.append(now)
            return True


async def submit(request: Request) -> Response:
    return await _carry_out(request, lambda desk, body: office_desk.submit(desk, body))


async def sign(request: Request) -> Response:
    process = request.path_params["process"]
    return await _carry_out(request, lambda desk, body: office_desk.sign(desk, process, body))


async def undertake(request: Request) -> Response:
    return await _carry_out(request, lambda desk, body: office_desk.undertake(desk, body))


async def state(request: Request) -> Response:
    """Changes nothing, so its nonce is not kept: asking again tells how it stands then."""
    process = request.path_params["process"]
    return await _carry_out(
        request, lambda desk, _body: office_desk.describe(desk, process), keep=False
    )


async def _carry_out(
    request: Request, act: Callable[[Desk, bytes], dict[str, Any]], *, keep: bool = True
) -> Response:
    office: Office = request.app.state.office
    if not office.keys:
        return error_answer(404, "not_found", "There is nothing at this address.")
    body = await _body(request)
    if body is None:
        return error_answer(413, "too_large", f"A message is {MOST_BODY >> 10} KB at most.")
    if request.url.query:
        return error_answer(400, "usage_error", "This address takes no parameters.")
    found = services(request)

    def work() -> Response:
        now = found.clock()
        path = request.scope.get("raw_path", b"").decode("ascii", "replace")
        headers = {name: request.headers.getlist(name) for name in HEADERS}
        try:
            message = read_message(request.method, path, headers, body)
            verify_message(message, office.keys, now)
        except NotSignedIn as error:
            if office.noted.take(now):
                found.audit.event("anonymous", "oa.refuse", detail={"reason": error.message})
            raise
        if not office.taken.take(now):
            refused = error_answer(
                429, "too_many", "Too many messages in a minute.", "Send it again in a minute."
            )
            refused.headers["Retry-After"] = "60"
            return refused
        if not keep:
            return answer(act(office.desk, body))
        status, document = office.answers.answer_once(message, now, lambda: act(office.desk, body))
        if status == 403:
            route = request.scope["route"].path
            found.audit.event(ACTOR, "access.refuse", detail={"action": "oa", "route": route})
        return answer(document, status)

    return await run_in_threadpool(work)


async def _body(request: Request) -> bytes | None:
    """The body, or None for one that is too long; it is not read to its end then."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > MOST_BODY:
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BODY:
            return None
    return bytes(body)


ROUTES = [
    Route("/oa/v1/applications", submit, methods=["POST"]),
    Route("/oa/v1/applications/{process}", state, methods=["GET"]),
    Route("/oa/v1/applications/{process}/signatures", sign, methods=["POST"]),
    Route("/oa/v1/undertakings", undertake, methods=["POST"]),
]
