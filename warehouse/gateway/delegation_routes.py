"""Deputies of who signs: those in force, naming one until a day, ending one's own."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.delegation_desk import DelegationDesk
from warehouse.access.desk import Desk
from warehouse.access.sessions import SessionView
from warehouse.audit import audited_read
from warehouse.errors import NotFound, UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in

__all__ = ["ROUTES"]


def listed(request: Request) -> Response:
    """What I may delegate, who stands in for me, for whom I stand in."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "roles.delegate")
    found = services(request)
    return answer(
        audited_read(
            found.audit,
            view.actor,
            "role.list",
            _desk(found, view).shown,
            detail={"page": "inbox"},
            result=lambda document: {"rows": len(document["deputies"])},
        )
    )


async def name(request: Request) -> Response:
    """Let the person with `number` sign for me as `role` of `unit`, `until` (a day) included."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(request, "role", "unit", "number", "until")
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "roles.delegate")
        try:
            until = date.fromisoformat(body["until"])
        except ValueError:
            raise UsageError("until is a day such as 2026-12-31.") from None
        made = _desk(found, view).name(body["role"], body["unit"] or None, body["number"], until)
        return {"id": made}

    return answer(await run_in_threadpool(work))


def end(request: Request) -> Response:
    """End a delegation of mine; it is gone at the deputy's next request."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "roles.delegate")
    wanted = request.path_params["delegation"]
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 10):
        raise NotFound("You have no such delegation.")
    return answer({"recorded": _desk(services(request), view).end(int(wanted))})


def _desk(found: Services, view: SessionView) -> DelegationDesk:
    desk = Desk(
        found.settings, found.engine, found.reader, found.audit, view.actor, clock=found.clock
    )
    return DelegationDesk(desk, view.person.person_key)


ROUTES = [
    Route("/v1/delegations", listed, methods=["GET"]),
    Route("/v1/delegations", name, methods=["POST"]),
    Route("/v1/delegations/{delegation}", end, methods=["DELETE"]),
]
