"""Applications that were submitted: one's own, those that wait for one, and all of them."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.application_access import named_in
from warehouse.access.application_desk import actor_of
from warehouse.access.application_view import ApplicationReader
from warehouse.access.own_units import office_of
from warehouse.access.unit_heads import heads_by_unit
from warehouse.audit import audited_read, named
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.governance_guard import applications, listed
from warehouse.gateway.guard import allow, parameters, services, signed_in
from warehouse.governance.applications import decide, withdraw

__all__ = ["ROUTES"]

#: What is listed → the action it needs.
_SCOPES = {
    "mine": "applications.own",
    "named": "applications.own",
    "unit": "applications.own",
    "waiting": "applications.decide",
    "all": "applications.read_all",
}


def in_scope(request: Request) -> Response:
    """`scope` is mine (default), named, unit, waiting (for my signature) or all."""
    return listed(request, _SCOPES, "application.list", "applications", ApplicationReader)


def shown(request: Request) -> Response:
    """One application with all that was asked, its stages, its steps and its undertakings."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "applications.own")
    found = services(request)
    wanted = request.path_params["application"]

    def read() -> tuple[dict[str, Any], set[int]]:
        with applications(found, view) as reading:
            return reading.shown(wanted), named_in(reading.known(wanted)[0])

    document, _people = audited_read(
        found.audit,
        view.actor,
        "application.read",
        read,
        detail={"page": "application", **office_of(found.reader, view.standing)},
        result=lambda d: {"application": d[0]["id"]},
        concern=lambda d: named(d[1] if d else ()),
    )
    return answer(document)


async def decision(request: Request) -> Response:
    """Approve, return or reject. `stage` and `content_sha256` say what the person saw: what was
    decided or changed meanwhile is a conflict."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(request, "decision", "reason", "stage", "content_sha256")
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "applications.decide")
        with applications(found, view) as reading:
            _state, row = reading.known(request.path_params["application"])
        made = decide(
            found.audit,
            row.id,
            actor_of(view.standing),
            body["decision"],
            stage=body["stage"],
            content_sha256=body["content_sha256"],
            reason=body["reason"],
            recorded_by=view.actor,
            heads=heads_by_unit(found.reader),
            now=found.clock(),
        )
        return {"recorded": made.recorded, "status": made.state.status, "grant": made.grant}

    return answer(await run_in_threadpool(work))


async def take_back(request: Request) -> Response:
    """The applicant withdraws it."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(request, "reason")
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "applications.apply")
        with applications(found, view) as reading:
            _state, row = reading.known(request.path_params["application"])
        state = withdraw(
            found.audit,
            row.id,
            actor_of(view.standing),
            recorded_by=view.actor,
            reason=body["reason"][:2000],
            now=found.clock(),
        )
        return {"status": state.status}

    return answer(await run_in_threadpool(work))


ROUTES = [
    Route("/v1/applications", in_scope, methods=["GET"]),
    Route("/v1/applications/{application}", shown, methods=["GET"]),
    Route("/v1/applications/{application}/decision", decision, methods=["POST"]),
    Route("/v1/applications/{application}/withdrawal", take_back, methods=["POST"]),
]
