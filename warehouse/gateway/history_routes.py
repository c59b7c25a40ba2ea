"""As reported then: which releases and days can stand beside now, what they said, and one figure's
story. Read and noted as statistics are."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.figure_reading import Selection, Visible, read_place
from warehouse.access.past_releases import PastReleases, read_then
from warehouse.access.sessions import SessionView
from warehouse.access.statistics import read_units
from warehouse.access.statistics_reach import reach_of
from warehouse.access.then_and_now import choices, story, then_and_now
from warehouse.audit import audited_read
from warehouse.errors import UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in

__all__ = ["ROUTES"]


def _visible(found: Services, view: SessionView, unit: str) -> Visible:
    """The cells that this reader may see, of today's release and of any before it: the one place
    where that is decided. `Forbidden` for a unit that is not open to them."""
    with found.reader.open("statistics") as (cursor, release):
        reach = reach_of(view.standing, cursor, release.manifest)
        reach.require(unit, cursor)
    return reach.condition()


def _past(found: Services) -> PastReleases:
    return PastReleases(found.settings, found.engine)


def releases(request: Request) -> Response:
    """What can stand beside now, and the units that the reader may choose."""
    view = signed_in(request)
    allow(request, view, "statistics.read")
    parameters(request, view=view)
    found = services(request)

    def read() -> dict[str, Any]:
        with found.reader.open("statistics") as (cursor, release):
            units = read_units(cursor, reach_of(view.standing, cursor, release.manifest))
        return {**choices(_past(found)), "units": units}

    return answer(
        audited_read(
            found.audit,
            view.actor,
            "statistics.read",
            read,
            detail={"page": "earlier_figures"},
            result=lambda d: {"release": d["release"]["id"], "rows": len(d["releases"])},
        )
    )


def then(request: Request) -> Response:
    """The figures of a unit (`parts=1`: and of those inside it) as reported then, beside now's."""
    view = signed_in(request)
    allow(request, view, "statistics.read")
    asked = parameters(request, "then", "unit", "parts", "row", "indicator", view=view)
    moment = read_then(asked.get("then", ""))
    if asked.get("parts", "") not in ("", "1"):
        raise UsageError("The parameter parts is 1 or left out.")
    unit = asked.get("unit", "school")
    wanted = Selection(
        *read_place(unit),
        parts=bool(asked.get("parts")),
        indicator=asked.get("indicator"),
        dataset=asked.get("row"),
    )
    found = services(request)

    def read() -> dict[str, Any]:
        visible = _visible(found, view, unit)
        document = then_and_now(_past(found), found.engine, moment, wanted, visible)
        return {**document, "sign_offs": found.signing.states()}

    return answer(
        audited_read(
            found.audit,
            view.actor,
            "statistics.read",
            read,
            detail={
                "page": "earlier_figures",
                "then": moment.release or moment.day.isoformat(),
                "levels": [wanted.level],
            },
            result=lambda d: {
                "release": d["release"]["id"],
                "then": d["then"]["id"] if d["then"] else None,
                "rows": len(d["figures"]),
            },
        )
    )


def history(request: Request) -> Response:
    """One figure's story: what releases said of it, and why it became another one."""
    view = signed_in(request)
    allow(request, view, "statistics.read")
    asked = parameters(request, "indicator", "period", "unit", view=view)
    if not {"indicator", "period"} <= asked.keys():
        raise UsageError("A story needs the parameters indicator and period.")
    unit = asked.get("unit", "school")
    place = read_place(unit)
    found = services(request)

    def read() -> dict[str, Any]:
        visible = _visible(found, view, unit)
        return story(
            _past(found), found.engine, asked["indicator"], asked["period"], place, visible
        )

    return answer(
        audited_read(
            found.audit,
            view.actor,
            "statistics.read",
            read,
            detail={"page": "figure_story", "levels": [place[0]]},
            result=lambda d: {"indicator": d["indicator"]["id"], "rows": len(d["entries"])},
        )
    )


ROUTES = [
    Route("/v1/statistics/releases", releases, methods=["GET"]),
    Route("/v1/statistics/then", then, methods=["GET"]),
    Route("/v1/statistics/history", history, methods=["GET"]),
]
