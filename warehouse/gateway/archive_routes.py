"""Take it with me: ask for an archive, see how far it is, fetch it. The person is the session's."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.archives import Archives
from warehouse.gateway.answers import answer, attachment
from warehouse.gateway.bodies import json_document
from warehouse.gateway.guard import allow, parameters, services, signed_in

__all__ = ["ROUTES"]


def _archives(request: Request) -> Archives:
    return request.app.state.archives


def my_archive(request: Request) -> Response:
    """The last archive that this person asked for, and how many may be asked for today."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "archive.own")
    return answer(_archives(request).mine(view.person.person_key))


async def ask(request: Request) -> Response:
    """Begin one, with or without `care`. The password is in this answer and in none after it."""
    body = await json_document(request, care=bool)

    def work() -> dict[str, Any]:
        view = signed_in(request)
        parameters(request, view=view)
        allow(request, view, "archive.own")
        return _archives(request).ask(view, care=body["care"])

    return answer(await run_in_threadpool(work), status=202)


def fetch(request: Request) -> Response:
    """The file, as an attachment that nobody keeps on the way."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "archive.own")
    content = _archives(request).take(view, request.path_params["archive"])
    day = services(request).clock()
    return attachment(content, f"my-data-{day:%Y%m%d}.zip", "application/zip")


ROUTES = [
    Route("/v1/archives", my_archive, methods=["GET"]),
    Route("/v1/archives", ask, methods=["POST"]),
    Route("/v1/archives/{archive}/file", fetch, methods=["GET"]),
]
