"""Monthly briefings that are kept: their list, and each as a file."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.briefings import briefing_content, briefing_list
from warehouse.access.desk import Desk
from warehouse.audit import audited_read
from warehouse.gateway.answers import answer, attachment
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in

__all__ = ["ROUTES"]


def _desk(found: Services, actor: str) -> Desk:
    return Desk(found.settings, found.engine, found.reader, found.audit, actor, clock=found.clock)


def briefings(request: Request) -> Response:
    """The list, newest first, and from which day of a month on one is mailed to how many."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "briefings.read")
    found = services(request)

    def read() -> dict[str, Any]:
        return {
            "briefings": briefing_list(_desk(found, view.actor)),
            "day": found.settings.briefing_day,
            "addresses": len(found.settings.briefing_to),
        }

    return answer(
        audited_read(
            found.audit,
            view.actor,
            "statistics.read",
            read,
            detail={"page": "briefings"},
            result=lambda document: {"rows": len(document["briefings"])},
        )
    )


def briefing_file(request: Request) -> Response:
    """One as PDF, an attachment that nobody keeps on the way."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "briefings.read")
    found, name = services(request), request.path_params["briefing"]
    content = audited_read(
        found.audit,
        view.actor,
        "statistics.read",
        lambda: briefing_content(_desk(found, view.actor), name),
        detail={"page": "briefings", "briefing": name[:64]},
        result=lambda pdf: {"bytes": len(pdf)},
    )
    return attachment(content, f"briefing-{name}.pdf", "application/pdf")


ROUTES = [
    Route("/v1/briefings", briefings, methods=["GET"]),
    Route("/v1/briefings/{briefing}/file", briefing_file, methods=["GET"]),
]
