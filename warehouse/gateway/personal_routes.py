"""My data. The person is the session's, always."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.own_rows import own_rows
from warehouse.access.personal import read_items, read_page
from warehouse.access.policy import MY_PAGES
from warehouse.access.sessions import SessionView
from warehouse.access.statistics import release_note
from warehouse.audit import audited_read
from warehouse.errors import NotFound
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in

__all__ = ["ROUTES"]


def my_page(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    page = request.path_params["page"]
    if page not in MY_PAGES:
        raise NotFound("There is no such page.", next_step=f"Pages: {', '.join(MY_PAGES)}, uses.")
    allow(request, view, f"my.{page}")
    found = services(request)
    return answer(
        audited_read(
            found.audit,
            view.actor,
            "personal.read",
            lambda: _read(found, view, page),
            subject=view.actor,
            detail={"page": f"my_{page}", "purpose": "own_data"},
            result=lambda d: {
                "release": d["release"]["id"],
                "rows": {name: len(table["rows"]) for name, table in d["tables"].items()},
            },
        )
    )


def _read(found: Services, view: SessionView, page: str) -> dict[str, Any]:
    with found.reader.open("personal") as (cursor, release):
        read = read_page(cursor, page, view.person.person_key, release.manifest)
        tables = own_rows(cursor, view.person, read, found.clock(), view.hidden)
        document = {
            "person": {"name": view.person.name, "kinds": sorted(view.person.kinds)},
            "release": release_note(release),
            "tables": tables,
        }
        if page == "basics":
            kinds = sorted(view.person.annex_kinds)
            document["items"] = read_items(
                cursor, kinds, view.person.person_key, release.manifest, read=read
            )
        return document


ROUTES = [
    Route("/v1/my/{page}", my_page, methods=["GET"]),
]
