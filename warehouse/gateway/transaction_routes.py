"""My card transactions of one month. The person is the session's, always."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.own_rows import own_rows
from warehouse.access.personal import read_transactions
from warehouse.access.sessions import SessionView
from warehouse.access.statistics import release_note
from warehouse.errors import UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.gateway.own_reads import own_read, rows_read

__all__ = ["ROUTES"]

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def my_transactions(request: Request) -> Response:
    view = signed_in(request)
    month = _month(parameters(request, "month", view=view).get("month", ""))
    allow(request, view, "my.life")
    found = services(request)
    return answer(own_read(found, view, "my_life", lambda: _read(found, view, month), rows_read))


def _read(found: Services, view: SessionView, month: date) -> dict[str, Any]:
    with found.reader.open("personal") as (cursor, release):
        tables = read_transactions(cursor, view.person.person_key, month, release.manifest)
        tables = own_rows(cursor, view.person, tables, found.clock(), view.hidden)
        return {"release": release_note(release), "tables": tables}


def _month(text: str) -> date:
    """The first day of `2026-05`."""
    found = _MONTH.fullmatch(text)
    if found is None or not 1 < int(found[1]) < 9999:
        raise UsageError("A month is asked for as in 2026-05.", next_step="Choose one of the list.")
    return date(int(found[1]), int(found[2]), 1)


ROUTES = [Route("/v1/my/life/transactions", my_transactions, methods=["GET"])]
