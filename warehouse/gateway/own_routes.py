"""What a member of staff keeps up themselves. The person is the session's, always."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.own_edit import Wish, save_edit
from warehouse.access.own_items import OwnItems, read_own_items
from warehouse.access.sessions import SessionView
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_document
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.gateway.own_reads import own_read
from warehouse.governance.appointments import school_day

__all__ = ["ROUTES"]


def own_items(request: Request) -> Response:
    """The rows as they will stand, their fields, and what was changed when."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "own.read")
    found = services(request)
    items, simulated = _audited(found, view)
    return answer(items.document() | {"simulated": simulated})


def _audited(found: Services, view: SessionView) -> tuple[OwnItems, bool]:
    return own_read(
        found,
        view,
        "my_own_items",
        lambda: _read(found, view),
        lambda read: {
            "rows": {name: len(rows) for name, rows in read[0].released.items()},
            "edits": len(read[0].edits),
        },
    )


def _read(found: Services, view: SessionView) -> tuple[OwnItems, bool]:
    with found.reader.open("personal") as (cursor, release):
        batches = frozenset(batch["id"] for batch in release.manifest.get("batches", ()))
        items = read_own_items(
            cursor,
            batches,
            found.engine,
            found.settings.paths,
            view.person.person_key,
            school_day(found.clock()),
        )
        return items, bool(release.manifest.get("simulated"))


async def edit(request: Request) -> Response:
    """Save one form: `table`, `record` (empty for a new one), `kind` set or remove, `values` and
    the values `seen` when it was opened."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_document(request, table=str, record=str, kind=str, values=dict, seen=dict)
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "own.edit")
        items, simulated = _audited(found, view)
        return save_edit(
            found.audit,
            found.settings.paths,
            items,
            Wish(**body),
            person_key=view.person.person_key,
            simulated=found.settings.demo and simulated,
            now=found.clock(),
        )

    return answer(await run_in_threadpool(work))


ROUTES = [
    Route("/v1/own", own_items, methods=["GET"]),
    Route("/v1/own/edits", edit, methods=["POST"]),
]
