"""A unit's officer hands in the tables of items that annex 3 opens for a time."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.hand_in import (
    MOST_BYTES,
    HandInTable,
    hand_in,
    hand_in_tables,
    last_deliveries,
)
from warehouse.access.sessions import SessionView
from warehouse.authority import load_authority
from warehouse.contracts import load_contracts
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import raw_body
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.governance.appointments import school_day
from warehouse.ingest.advice import REASON_WORDS

__all__ = ["ROUTES"]


def _tables(found: Services, view: SessionView) -> list[HandInTable]:
    units = {h.unit for h in view.standing.roles if h.role == "unit_officer" and h.unit}
    authority = load_authority(school_day(found.clock()), found.settings.paths)
    return hand_in_tables(authority, load_contracts(), units)


def tables(request: Request) -> Response:
    """Tables of the officer's units: whether each is open, and what became of the last files."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "deliveries.hand_in")
    found = services(request)
    today = school_day(found.clock())
    return answer({"tables": [_line(found, one, today) for one in _tables(found, view)]})


def _line(found: Services, one: HandInTable, today: Any) -> dict[str, Any]:
    told = last_deliveries(found.engine, found.settings.paths, one.table)
    for row in told["latest"]:
        row["reasons"] = [REASON_WORDS.get(reason, reason) for reason in row["reasons"]]
    return {
        "source": one.table.source,
        "table": one.table.name,
        "title": one.table.title,
        "kind": one.table.kind,
        "items": [{"code": i.code, "name": i.title, "deadline": i.deadline} for i in one.items],
        "opens_on": one.opens_on(today),
        "last_day": one.last_day(today),
        **told,
    }


async def deliver(request: Request) -> Response:
    """Take a file: the raw body. It is judged with the next ingest."""
    view = await run_in_threadpool(signed_in, request)
    parameters(request, view=view)
    await run_in_threadpool(allow, request, view, "deliveries.hand_in")
    content = await raw_body(request, MOST_BYTES)
    found = services(request)

    def work() -> str:
        return hand_in(
            found.audit,
            found.settings.paths,
            _tables(found, view),
            request.path_params["source"],
            request.path_params["table"],
            content,
            actor=view.actor,
            now=found.clock(),
        )

    return answer({"file": await run_in_threadpool(work)}, status=202)


ROUTES = [
    Route("/v1/deliveries", tables, methods=["GET"]),
    Route("/v1/deliveries/{source}/{table}", deliver, methods=["POST"]),
]
