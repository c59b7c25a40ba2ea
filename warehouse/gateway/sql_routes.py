"""The SQL bench: what I was granted, and one governed query at a time."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.grant_catalogue import describe_grant
from warehouse.access.sessions import SessionView
from warehouse.access.statistics import release_note
from warehouse.audit import audited_read
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.gateway.session_routes import json_body
from warehouse.governance.grants import grants_of
from warehouse.state import session

__all__ = ["ROUTES"]


def my_grants(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "grants.list")
    found = services(request)
    return answer(
        audited_read(
            found.audit,
            view.actor,
            "grants.list",
            lambda: _grants(found, view),
            detail={"page": "sql_bench"},
            result=lambda d: {"rows": len(d["grants"])},
        )
    )


def _grants(found: Services, view: SessionView) -> dict[str, Any]:
    with session(found.engine, read_only=True) as opened:
        live = grants_of(opened, view.person.person_key, found.clock(), "sql")
    return {"grants": [describe_grant(grant, found.reader, found.settings.paths) for grant in live]}


async def run_sql(request: Request) -> Response:
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(request, "grant", "sql")
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "sql.run")
        query = found.sql.run(view.standing, body["grant"], body["sql"])
        return {
            "columns": query.result.columns,
            "rows": query.result.rows,
            "row_count": len(query.result.rows),
            "truncated": query.result.truncated is not None,
            "truncated_by": query.result.truncated,
            "seconds": query.result.seconds,
            "release": release_note(query.release),
        }

    return answer(await run_in_threadpool(work))


ROUTES = [
    Route("/v1/grants", my_grants, methods=["GET"]),
    Route("/v1/sql", run_sql, methods=["POST"]),
]
