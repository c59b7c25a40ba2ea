"""The steps of a correction, each at an address of its own.

`seq` says what whoever acts has seen: what happened meanwhile is a conflict.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.correction_desk import ACTION_OF
from warehouse.access.unit_heads import heads_by_unit
from warehouse.errors import UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_document
from warehouse.gateway.correction_routes import clock_of, desk_of
from warehouse.gateway.guard import allow, parameters, services, signed_in
from warehouse.governance.correction import STEPS
from warehouse.governance.corrections import take_step

__all__ = ["ROUTES"]

_DECISIONS = {"uphold": "upheld", "overturn": "overturned"}


def _step(
    kind_of: Callable[[dict[str, Any]], str], actor: str, *fields: str
) -> Callable[[Request], Awaitable[Response]]:
    """The handler of one address. `kind_of` reads the step from the body, `fields` are its texts
    beside `seq`."""

    async def handle(request: Request) -> Response:
        view = await run_in_threadpool(signed_in, request)
        body = await json_document(request, seq=int, **dict.fromkeys(fields, str))
        found = services(request)

        def work() -> dict[str, Any]:
            parameters(request, view=view)
            allow(request, view, ACTION_OF[actor])
            kind = kind_of(body)
            with desk_of(found, view) as desk:
                row = desk.known(request.path_params["correction"])
                desk.require_step(row, kind)
            state, recorded = take_step(
                found.audit,
                found.settings.paths,
                row.id,
                kind,
                view.person.person_key,
                seq=body["seq"],
                clock=clock_of(found),
                recorded_by=view.actor,
                reason=body.get("reason", ""),
                expected=_day(body["expected"]) if "expected" in fields else None,
                head_by_hr=heads_by_unit(found.reader).get(row.unit_code),
                now=found.clock(),
            )
            return {"recorded": recorded, "status": state.status, "due_on": state.due_on}

        return answer(await run_in_threadpool(work))

    return handle


def _decision(body: dict[str, Any]) -> str:
    if body["decision"] not in _DECISIONS:
        raise UsageError(f"A decision is one of: {', '.join(_DECISIONS)}.")
    return _DECISIONS[body["decision"]]


def _always(kind: str) -> Callable[[dict[str, Any]], str]:
    assert kind in STEPS
    return lambda _body: kind


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("expected is a day such as 2026-12-31.") from None


_AT = "/v1/corrections/{correction}"
ROUTES = [
    Route(f"{_AT}/acknowledgement", _step(_always("acknowledged"), "unit"), methods=["POST"]),
    Route(
        f"{_AT}/corrected",
        _step(_always("corrected"), "unit", "reason", "expected"),
        methods=["POST"],
    ),
    Route(f"{_AT}/refusal", _step(_always("refused"), "unit", "reason"), methods=["POST"]),
    Route(f"{_AT}/contest", _step(_always("contested"), "person", "reason"), methods=["POST"]),
    Route(f"{_AT}/withdrawal", _step(_always("withdrawn"), "person", "reason"), methods=["POST"]),
    Route(
        f"{_AT}/decision",
        _step(_decision, "working_group", "decision", "reason"),
        methods=["POST"],
    ),
]
