"""Signatures on paper, entered by the working group; their scan came before (`/v1/attachments`)."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.desk import Desk
from warehouse.access.paper_signatures import record_decision, record_undertaking
from warehouse.access.sessions import SessionView
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.governance_guard import applications
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in

__all__ = ["ROUTES"]


async def decision(request: Request) -> Response:
    """What the person with `number` decided on paper at the `stage` that the recorder saw."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(
        request, "number", "stage", "content_sha256", "decision", "reason", "attachment"
    )
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "papers.record")
        made = record_decision(
            _desk(found, view),
            view.person.person_key,
            _known(found, view, request.path_params["application"]),
            body["number"],
            body["decision"],
            stage=body["stage"],
            content_sha256=body["content_sha256"],
            reason=body["reason"],
            scan=body["attachment"],
        )
        return {"recorded": made.recorded, "status": made.state.status, "grant": made.grant}

    return answer(await run_in_threadpool(work))


async def undertaking(request: Request) -> Response:
    """An undertaking for an application, of a `party` person, unit or vendor (without number)."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(
        request, "application", "party", "number", "content_sha256", "attachment"
    )
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "papers.record")
        recorded = record_undertaking(
            _desk(found, view),
            view.person.person_key,
            _known(found, view, body["application"]),
            body["party"],
            body["number"].strip(),
            content_sha256=body["content_sha256"],
            scan=body["attachment"],
        )
        return {"recorded": recorded}

    return answer(await run_in_threadpool(work))


def _desk(found: Services, view: SessionView) -> Desk:
    """The desk of who is in the session: what is entered at it bears their name."""
    return Desk(
        found.settings, found.engine, found.reader, found.audit, view.actor, clock=found.clock
    )


def _known(found: Services, view: SessionView, application_id: str) -> str:
    with applications(found, view) as reading:
        _state, row = reading.known(application_id)
        return row.id


ROUTES = [
    Route("/v1/applications/{application}/paper", decision, methods=["POST"]),
    Route("/v1/undertakings/paper", undertaking, methods=["POST"]),
]
