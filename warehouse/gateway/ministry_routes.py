"""The ministry's tables: where each stands, for whoever has to do with them; the numbers as a file
for the unit that files them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.ministry import Ministry, files_table, form_of
from warehouse.audit import audited_read
from warehouse.errors import Forbidden, UsageError
from warehouse.gateway.answers import answer, attachment
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.ministry import forms

__all__ = ["ROUTES"]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _year(asked: dict[str, str]) -> int | None:
    text = asked.get("year")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise UsageError("A year has four digits.")
    return int(text)


def _tables(found: Services) -> Ministry:
    return Ministry(found.reader, found.signing, found.settings.paths)


def listed(request: Request) -> Response:
    """Every table with what is filled and what is missing, and which the reader may fetch."""
    view = signed_in(request)
    allow(request, view, "ministry.read")
    year = _year(parameters(request, "year", view=view))
    found = services(request)

    def read() -> dict[str, Any]:
        document = _tables(found).listed(year)
        for table in document["tables"]:
            table["may_fetch"] = files_table(view.standing, forms()[table["table"]])
        return document

    return answer(
        audited_read(
            found.audit,
            view.actor,
            "ministry.list",
            read,
            detail={"page": "ministry", "year": year},
            result=lambda d: {"release": d["release"]["id"], "rows": len(d["tables"])},
        )
    )


def fetched(request: Request) -> Response:
    """One table as XLSX."""
    view = signed_in(request)
    allow(request, view, "ministry.read")
    year = _year(parameters(request, "year", view=view))
    form = form_of(request.path_params["form"])
    found = services(request)
    if not files_table(view.standing, form):
        found.audit.event(
            view.actor,
            "access.refuse",
            detail={"action": "ministry.fetch", "route": request.scope["route"].path},
        )
        raise Forbidden(
            "The numbers of this table are for the unit that files it.",
            next_step="Ask its head or its contact; the figures of leaders are on the pages.",
        )
    name, content = audited_read(
        found.audit,
        view.actor,
        "ministry.fetch",
        lambda: _tables(found).workbook(form.no, year),
        detail={"table": form.number, "year": year},
        result=lambda file: {"bytes": len(file[1])},
    )
    return attachment(content, name, _XLSX)


ROUTES = [
    Route("/v1/ministry", listed, methods=["GET"]),
    Route("/v1/ministry/{form}/file", fetched, methods=["GET"]),
]
