"""The SQL bench: what I was granted, and one governed query at a time."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.grant_catalogue import describe_grant
from warehouse.access.running_queries import new_query_id
from warehouse.access.sessions import SessionView
from warehouse.access.statistics import release_note
from warehouse.audit import audited_read
from warehouse.errors import NotFound, UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.governance.grants import grants_of
from warehouse.state import session

__all__ = ["ROUTES"]

_QUERY_ID = re.compile(r"[0-9a-f]{32}")


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
    """Run a query and answer with its rows. Whoever goes away before that has cancelled it."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(request, "grant", "sql", optional=("id",))
    query_id = body.get("id") or new_query_id()
    if not _QUERY_ID.fullmatch(query_id):
        raise UsageError(
            "The id of a query is 32 hexadecimal digits.", next_step="Leave it out, or draw one."
        )
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "sql.run")
        query = found.sql.run(
            view.standing,
            body["grant"],
            body["sql"],
            query_id=query_id,
            still=lambda: found.sessions.still_holds(view),
        )
        return {
            "id": query.id,
            "columns": query.result.columns,
            "rows": query.result.rows,
            "row_count": len(query.result.rows),
            "truncated": query.result.truncated is not None,
            "truncated_by": query.result.truncated,
            "seconds": query.result.seconds,
            "release": release_note(query.release),
        }

    leaving = asyncio.create_task(_cancel_when_gone(request, view, query_id))
    try:
        return answer(await run_in_threadpool(work))
    finally:
        leaving.cancel()


async def _cancel_when_gone(request: Request, view: SessionView, query_id: str) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    while True:  # it may not have been registered yet
        with suppress(NotFound):
            services(request).sql.running.cancel(view.person.person_key, query_id)
            return
        await asyncio.sleep(0.1)


def my_queries(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "sql.run")
    return answer(
        {
            "queries": [
                {
                    "id": query.id,
                    "grant": query.grant_id,
                    "state": query.state,
                    "seconds": round(query.seconds, 1),
                    "progress": query.progress,
                }
                for query in services(request).sql.running.of(view.person.person_key)
            ]
        }
    )


def cancel_query(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "sql.run")
    services(request).sql.running.cancel(view.person.person_key, request.path_params["query_id"])
    return answer({"cancelled": True})


ROUTES = [
    Route("/v1/grants", my_grants, methods=["GET"]),
    Route("/v1/sql", run_sql, methods=["POST"]),
    Route("/v1/sql/queries", my_queries, methods=["GET"]),
    Route("/v1/sql/queries/{query_id}", cancel_query, methods=["DELETE"]),
]
