"""What is still kept of somebody who has left, for how long, and by which promise."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.former import Kept, kept_tables
from warehouse.access.personal import sources
from warehouse.access.sessions import SessionView
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.gateway.own_reads import own_read
from warehouse.governance.appointments import school_day

__all__ = ["ROUTES"]


def my_kept(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "my.kept")
    found = services(request)
    return answer(
        own_read(
            found,
            view,
            "my_kept",
            lambda: _read(found, view),
            lambda document: {"rows": len(document["kept"])},
        )
    )


def _read(found: Services, view: SessionView) -> dict[str, Any]:
    left_on, today = view.person.left_on, school_day(found.clock())
    assert left_on is not None, "the action is for who has left"
    with found.reader.open("personal") as (cursor, release):
        listed = list(kept_tables(cursor, view.person.person_key, left_on, today))
        about = sources(cursor, release.manifest)
    return {
        "left_on": left_on,
        "kept": [_shown(one, about.get(one.table) or {}) for one in listed],
    }


def _shown(one: Kept, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "table": one.table,
        "rows": one.rows,
        "retention": one.retention,
        "permanent": one.permanent,
        "until": one.until,
        "owner": source.get("owner"),
        "source_name": source.get("source_name"),
        "items": [item["name"] for item in source.get("items") or ()],
    }


ROUTES = [Route("/v1/my/kept", my_kept, methods=["GET"])]
