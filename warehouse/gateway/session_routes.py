"""Sign-in, sign-out, and who I am."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.policy import allowed_pages
from warehouse.access.sessions import SessionView
from warehouse.access.statistics import release_note
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.guard import Services, bearer, parameters, services, signed_in

__all__ = ["ROUTES"]


def _me(found: Services, view: SessionView) -> dict[str, Any]:
    with found.reader.open("personal") as (_cursor, release):
        note = release_note(release)
    return {
        "person": {
            "name": view.person.name,
            "kinds": sorted(view.person.kinds),
            "left_on": view.person.left_on,
        },
        "roles": [{"role": held.role, "unit": held.unit} for held in view.standing.roles],
        "waiting": [{"role": held.role, "unit": held.unit} for held in view.waiting],
        "pages": allowed_pages(view.standing),
        "release": note,
    }


async def open_session(request: Request) -> Response:
    token = (await json_body(request, "id_token"))["id_token"]
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request)
        return _me(found, found.sessions.open(token))

    return answer(await run_in_threadpool(work))


def end_session(request: Request) -> Response:
    parameters(request)
    services(request).sessions.sign_out(bearer(request))
    return answer({"signed_out": True})


def me(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    return answer(_me(services(request), view))


ROUTES = [
    Route("/v1/session", open_session, methods=["POST"]),
    Route("/v1/session", end_session, methods=["DELETE"]),
    Route("/v1/me", me, methods=["GET"]),
]
