"""Grants: those that name me, my unit's, all of them; ending one at once."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.grant_view import GrantReader
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.governance_guard import listed
from warehouse.gateway.guard import allow, parameters, services, signed_in
from warehouse.governance.grants import revoke_grant
from warehouse.state import session

__all__ = ["ROUTES"]

_SCOPES = {"mine": "grants.own", "unit": "grants.own", "all": "grants.read_all"}


def in_scope(request: Request) -> Response:
    """`scope` is mine (default), unit or all."""
    return listed(request, _SCOPES, "grants.list", "grants", GrantReader)


async def revoke(request: Request) -> Response:
    """The working group ends a grant; it is dead at its next use, in every session."""
    return await _end(request, "grants.revoke")


async def give_back(request: Request) -> Response:
    """The unit, or who applied, ends a grant that is no longer needed."""
    return await _end(request, "grants.give_back")


async def _end(request: Request, action: str) -> Response:
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(request, "reason")
    found = services(request)
    grant_id = request.path_params["grant"]

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, action)
        if action == "grants.give_back":
            with session(found.engine, read_only=True) as opened:
                GrantReader(
                    opened, found.reader, found.settings.paths, view.standing, found.clock()
                ).to_give_back(grant_id)
        revoke_grant(
            found.audit,
            grant_id,
            actor=view.actor,
            reason=body["reason"][:2000],
            now=found.clock(),
        )
        return {"state": "revoked"}

    return answer(await run_in_threadpool(work))


ROUTES = [
    Route("/v1/grants/held", in_scope, methods=["GET"]),
    Route("/v1/grants/{grant}/revocation", revoke, methods=["POST"]),
    Route("/v1/grants/{grant}/return", give_back, methods=["POST"]),
]
