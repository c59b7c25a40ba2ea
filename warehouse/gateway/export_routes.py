"""Exports of pages of statistics: noted before the site hands out the file.

The site makes the file from what the page holds already; nothing is read here. What is noted is
who takes which page along, under which filters, of which release, in which form.
"""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.policy import PAGES
from warehouse.errors import UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.guard import allow, parameters, services, signed_in

__all__ = ["FORMS", "ROUTES"]

FORMS = ("xlsx", "pdf", "png")
_ADDRESS = re.compile(r"/[A-Za-z0-9_-]{1,64}(\?[A-Za-z0-9_.~%=&+:,-]{0,512})?")
_RELEASE = re.compile(r"[A-Za-z0-9._-]{1,64}")


async def export(request: Request) -> Response:
    """Note one export; refused to whoever may not open the page now."""
    body = await json_body(request, "page", "address", "release", "form")

    def work() -> dict[str, bool]:
        view = signed_in(request)
        parameters(request, view=view)
        action = PAGES.get(body["page"])
        if (
            action is None
            or body["form"] not in FORMS
            or not _ADDRESS.fullmatch(body["address"])
            or not _RELEASE.fullmatch(body["release"])
        ):
            raise UsageError(
                "An export names a page of the site, its address with filters, a release, and "
                f"one of the forms {', '.join(FORMS)}."
            )
        allow(request, view, action)
        services(request).audit.event(view.actor, "statistics.export", detail=dict(body))
        return {"noted": True}

    return answer(await run_in_threadpool(work))


ROUTES = [Route("/v1/statistics/exports", export, methods=["POST"])]
