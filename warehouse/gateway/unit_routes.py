"""Units with their heads and contacts, and what they lack (Article 12)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.policy import may
from warehouse.access.unit_view import list_units
from warehouse.gateway.answers import answer
from warehouse.gateway.governance_guard import listing
from warehouse.gateway.guard import allow, parameters, services, signed_in

__all__ = ["ROUTES"]


def units(request: Request) -> Response:
    """All units for who oversees them; one's own for the people of a unit."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "units.read")
    found = services(request)
    own = {held.unit for held in view.standing.roles if held.unit}
    only = None if may(view.standing, "units.read_all") else own
    return answer(
        listing(
            found,
            view,
            "unit.list",
            "units",
            lambda opened: list_units(
                opened,
                found.reader,
                found.settings.paths,
                found.clock(),
                viewer=view.person.person_key,
                only=only,
            ),
        )
    )


ROUTES = [Route("/v1/units", units, methods=["GET"])]
