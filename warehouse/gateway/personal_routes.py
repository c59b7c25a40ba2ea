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
from warehouse.errors import NotFound
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.gateway.own_reads import own_read, rows_read

__all__ = ["ROUTES"]


def my_page(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    page = request.path_params["page"]
    if page not in MY_PAGES:
        raise NotFound("There is no such page.", next_step=f"Pages: {', '.join(MY_PAGES)}, uses.")
    allow(request, view, f"my.{page}")
    found = services(request)
    return answer(own_read(found, view, f"my_{page}", lambda: _read(found, view, page), rows_read))


def _read(found: Services, view: SessionView, page: str) -> dict[str, Any]:
    with found.reader.open("personal") as (cursor, release):
        tables = read_page(cursor, page, view.person.person_key, release.manifest)
        tables = own_rows(cursor, view.person, tables, found.clock(), view.hidden)
        return {
            "person": {"name": view.person.name, "kinds": sorted(view.person.kinds)},
            "release": release_note(release),
            "tables": tables,
        }


def my_items(request: Request) -> Response:
    """The items of the annexes that concern the reader. A part of the page of basics, apart since
    it looks into the tables of all others."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "my.basics")
    found = services(request)
    return answer(
        own_read(
            found,
            view,
            "my_basics",
            lambda: _items(found, view),
            lambda d: {"release": d["release"]["id"], "items": len(d["items"])},
            part="items",
        )
    )


def _items(found: Services, view: SessionView) -> dict[str, Any]:
    kinds = sorted(view.person.annex_kinds)
    with found.reader.open("personal") as (cursor, release):
        items = read_items(cursor, kinds, view.person.person_key, release.manifest)
        return {"release": release_note(release), "items": items}


ROUTES = [
    Route("/v1/my/items", my_items, methods=["GET"]),
    Route("/v1/my/{page}", my_page, methods=["GET"]),
]
