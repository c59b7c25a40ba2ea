"""The audit log, for auditors."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.audit_view import parse_wanted, read_log
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import allow, parameters, services, signed_in

__all__ = ["ROUTES"]


def audit_log(request: Request) -> Response:
    """`{"entries": [{seq, at, actor, action, phase, subject, detail, outcome}], "next"}`, newest
    first; `next` is the `before` of the following page, null on the last."""
    view = signed_in(request)
    allow(request, view, "audit.read")
    asked = parameters(
        request, "since", "until", "action", "grant", "actor_kind", "before", "limit", view=view
    )
    wanted, before, limit = parse_wanted(asked)
    rows = read_log(services(request).audit, view.actor, wanted, before=before, limit=limit)
    following = rows[-1]["seq"] if len(rows) == limit else None
    return answer({"entries": rows, "next": following})


ROUTES = [Route("/v1/audit", audit_log, methods=["GET"])]
