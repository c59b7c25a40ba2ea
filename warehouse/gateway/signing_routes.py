"""Owner units look through the figures of a period and sign or reject them."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.sessions import SessionView
from warehouse.access.statistics import read_statistics, release_note
from warehouse.audit import audited_read
from warehouse.authority import load_authority
from warehouse.errors import Conflict, Forbidden, UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.governance.signatures import sign

__all__ = ["ROUTES"]


def _units(view: SessionView) -> list[str]:
    """Ids of the units that this person is an officer of."""
    return sorted(
        {held.unit for held in view.standing.roles if held.role == "unit_officer" and held.unit}
    )


def _datasets(found: Services, units: list[str]) -> list[str]:
    """Those whose figures the units answer for, by the owners as of the data."""
    _release, sheets = found.signing.sheets()
    return sorted({sheet.dataset for sheet in sheets if set(sheet.owners) & set(units)})


def sheets(request: Request) -> Response:
    """The sheets of the datasets that the reader's units answer for."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "figures.sign")
    found = services(request)

    def read() -> dict[str, Any]:
        units = _units(view)
        # None of the datasets is an empty list of sheets, not all of them.
        authority = load_authority(home=found.settings.paths)
        datasets = _datasets(found, units)
        with found.reader.open("statistics") as (_cursor, release):
            note = release_note(release)
        return {
            "units": [{"unit": unit, "name": authority.units.get(unit, unit)} for unit in units],
            "sheets": found.signing.described(datasets) if datasets else [],
            "release": note,
        }

    return answer(
        audited_read(
            found.audit,
            view.actor,
            "statistics.read",
            read,
            detail={"page": "figures_sign"},
            result=lambda d: {"release": d["release"]["id"], "rows": len(d["sheets"])},
        )
    )


def figures(request: Request) -> Response:
    """The figures of one sheet, every level of it, and its content's sha256."""
    view = signed_in(request)
    allow(request, view, "figures.sign")
    asked = parameters(request, "dataset", "period", view=view)
    if set(asked) != {"dataset", "period"}:
        raise UsageError("A sheet is named by dataset and period.")
    found = services(request)
    _require_owner(found, asked["dataset"], _units(view))

    def read() -> dict[str, Any]:
        release_id, sheet = found.signing.sheet(asked["dataset"], asked["period"])
        with found.reader.open("statistics") as (cursor, release):
            own = cursor.execute(
                "select id from indicator where row_code = ?", [sheet.dataset]
            ).fetchall()
            document = read_statistics(cursor, indicators=[indicator for (indicator,) in own])
            note = release_note(release)
        return {
            "indicators": document["indicators"],
            "values": [row for row in document["values"] if row["period"] == sheet.period],
            # A release that was switched meanwhile would be signed for by mistake.
            "content": sheet.content if note["id"] == release_id else "",
            "release": note,
        }

    return answer(
        audited_read(
            found.audit,
            view.actor,
            "statistics.read",
            read,
            detail={"page": "figures_sign", **asked},
            result=lambda d: {"release": d["release"]["id"], "rows": len(d["values"])},
        )
    )


async def decide(request: Request) -> Response:
    """Sign or reject. `content` says which figures the reader saw: others are not signed."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(request, "dataset", "period", "unit", "decision", "reason", "content")
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "figures.sign")
        if body["unit"] not in _units(view):
            raise Forbidden("You are no officer of that unit.")
        _require_owner(found, body["dataset"], [body["unit"]])
        release, sheet = found.signing.sheet(body["dataset"], body["period"])
        if body["content"] != sheet.content:
            raise Conflict(
                "The figures have changed since you opened them.",
                next_step="Open them again, look through them, then sign.",
            )
        recorded = sign(
            found.audit,
            sheet,
            unit=body["unit"],
            decision=body["decision"],
            reason=body["reason"],
            release=release,
            person_key=view.person.person_key,
            actor=view.actor,
            now=found.clock(),
        )
        (entry,) = [
            entry
            for entry in found.signing.described([sheet.dataset])
            if entry["period"] == sheet.period
        ]
        return {"recorded": recorded, "sheet": entry}

    return answer(await run_in_threadpool(work))


def _require_owner(found: Services, dataset: str, units: list[str]) -> None:
    if dataset not in _datasets(found, units):
        raise Forbidden("Your unit does not answer for that dataset.")


ROUTES = [
    Route("/v1/sign-offs", sheets, methods=["GET"]),
    Route("/v1/sign-offs/figures", figures, methods=["GET"]),
    Route("/v1/sign-offs", decide, methods=["POST"]),
]
