"""Confidentiality undertakings (annex 6): the words that wait for me, and my name under them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.sessions import SessionView
from warehouse.access.undertaking_view import UndertakingReader
from warehouse.access.unit_heads import heads_by_unit
from warehouse.audit import audited_read
from warehouse.errors import Conflict, NotFound
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.governance.applications import application_state
from warehouse.governance.roles import holders
from warehouse.governance.undertakings import sign_for_application, sign_for_role
from warehouse.state import session

__all__ = ["ROUTES"]


def _reader(found: Services, view: SessionView, opened: Session) -> UndertakingReader:
    return UndertakingReader(opened, found.settings, view.standing, view.waiting, found.clock())


def mine(request: Request) -> Response:
    """Those that wait for me, with their words, and those that I signed."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "undertakings.own")
    found = services(request)

    def read() -> dict[str, Any]:
        with session(found.engine, read_only=True) as opened:
            reading = _reader(found, view, opened)
            return {"waiting": reading.waiting(), "signed": reading.signed()}

    return answer(
        audited_read(
            found.audit,
            view.actor,
            "undertaking.list",
            read,
            detail={"page": "my_applications"},
            result=lambda d: {"rows": len(d["waiting"]) + len(d["signed"])},
        )
    )


async def sign(request: Request) -> Response:
    """Put my name under the words of a role (`role`, `unit`) or of an application (`application`,
    `party`). `text_sha256` is that of the words as they were shown: others are not signed."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(request, "role", "unit", "application", "party", "text_sha256")
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        action = "undertakings.sign_role" if body["role"] else "undertakings.sign"
        allow(request, view, action)
        wanted = tuple(body[name] or None for name in ("role", "application", "party"))
        with session(found.engine, read_only=True) as opened:
            reading = _reader(found, view, opened)
            words = next(
                (
                    one
                    for one in reading.waiting()
                    if (one["role"], one["application"], one["party"]) == wanted
                    and (not one["role"] or (one["unit"] or "") == body["unit"])
                ),
                None,
            )
            signed = words is None and _has_signed(reading, body)
        if signed:
            return {"recorded": False, "text_sha256": body["text_sha256"]}
        if words is None:
            raise NotFound("No such undertaking waits for you.", next_step="Open the page again.")
        if words["text_sha256"] != body["text_sha256"]:
            raise Conflict(
                "The words have changed since you opened them.", next_step="Read them again."
            )
        return {"recorded": _record(found, view, words), "text_sha256": words["text_sha256"]}

    return answer(await run_in_threadpool(work))


def _has_signed(reading: UndertakingReader, body: dict[str, str]) -> bool:
    """A second click: the same words were signed a moment ago."""
    return any(
        one["text_sha256"] == body["text_sha256"]
        and (one["role"] or "", one["application"] or "", one["party"])
        == (body["role"], body["application"], body["party"])
        and one["ended_at"] is None
        for one in reading.signed()
    )


def _record(found: Services, view: SessionView, words: dict[str, Any]) -> bool:
    me, now = view.person.person_key, found.clock()
    if words["role"]:
        return sign_for_role(
            found.audit, me, words["role"], unit=words["unit"], text=words["text"],
            actor=view.actor, now=now,
        )  # fmt: skip
    with session(found.engine, read_only=True) as opened:
        state = application_state(opened, words["application"])
        unit = state.content.unit
        by_hr = heads_by_unit(found.reader).get(unit)
        heads = holders(opened, "unit_head", unit, now, head_by_hr=by_hr)
    return sign_for_application(
        found.audit, words["application"], state, words["party"], signer_key=me,
        text=words["text"], actor=view.actor, heads=[head.person_key for head in heads], now=now,
    )  # fmt: skip


ROUTES = [
    Route("/v1/undertakings", mine, methods=["GET"]),
    Route("/v1/undertakings", sign, methods=["POST"]),
]
